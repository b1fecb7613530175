//! The steps of the demonstration, each as a DBA would type it.

use super::super::error::CliError;
use super::super::{Context, apply, check};
use super::mess;
use crate::apply::{Survey, begin, connect, survey};
use crate::db::{Conninfo, Environment};
use crate::layout::{self, Layout, SourceFile};
use crate::plan::{Hazard, view};
use crate::throwaway::Server;

const LAYOUT: &str = include_str!("pgmoat.toml");
const BREAK_IN: &str = "UPDATE orders.orders SET total = 0";
const HOLE: [&str; 3] = [
    "GRANT CONNECT ON DATABASE orders TO bob",
    "GRANT USAGE ON SCHEMA orders TO bob",
    "GRANT UPDATE ON orders.orders TO bob",
];

const GO_ON: &str = "
With your own cluster:
  - write pgmoat.toml, one service at first: docs/layout.md has every key
  - pgmoat check                        needs no server
  - pgmoat plan -d 'host=… user=…'      changes nothing; -v shows the SQL, --format sql is a script for psql
  - pgmoat plan --out plan.json         saves the plan, for a review
  - pgmoat apply plan.json --allow …    applies what was reviewed, and refuses when the cluster has changed since
  - pgmoat plan, from cron or CI        ends with 0 while the cluster is as the layout says, and with 3 when it isn't";

/// What the steps share.
pub(super) struct Story<'a> {
    context: &'a Context<'a>,
    conninfo: Conninfo,
    layout: Layout,
}

impl<'a> Story<'a> {
    pub(super) fn new(context: &'a Context<'a>, server: &Server) -> Result<Self, CliError> {
        // nothing of the user's environment: PGUSER and its like are for his own cluster
        let conninfo = Conninfo::resolve(Some(&server.conninfo()), &Environment::default())?;
        let file = SourceFile { name: "pgmoat.toml".into(), text: LAYOUT.into() };
        let layout = layout::parse(vec![file], None)
            .map_err(|problems| CliError { problems: problems.problems, ..CliError::new("the layout is wrong") })?;
        Ok(Self { context, conninfo, layout })
    }

    pub(super) async fn tell(&self) -> Result<(), CliError> {
        mess::make(&self.conninfo).await?;
        self.say(mess::SUMMARY)?;
        self.break_in().await?;

        self.say("\n# How it should be: a layout.")?;
        self.command("cat pgmoat.toml")?;
        self.say(LAYOUT)?;
        self.command("pgmoat check")?;
        self.say(&check::summary(&self.layout))?;

        self.say("\n# What leads there, with its reasons and dangers; nothing is changed yet.")?;
        self.plan().await?;
        self.say("\n# The same as a script, to read every statement, or to give it to psql.")?;
        self.plan_as_sql().await?;
        self.say(
            "\n# All of it or nothing: committed only when the catalog, read again inside, is as the layout says.",
        )?;
        self.apply().await?;
        self.plan().await?;
        self.break_in().await?;

        self.say("\n# Months later, somebody is in a hurry.")?;
        for grant in HOLE {
            self.command(&format!("psql orders -c '{grant}'"))?;
            mess::run(&self.conninfo, "orders", grant).await?;
            self.say("GRANT")?;
        }
        self.break_in().await?;
        self.plan().await?;
        self.apply().await?;
        self.plan().await?;
        self.say(GO_ON)
    }

    async fn plan(&self) -> Result<(), CliError> {
        let made = self.survey().await?;
        self.command("pgmoat plan")?;
        self.say(&view::text(&made.plan, self.style()))
    }

    async fn plan_as_sql(&self) -> Result<(), CliError> {
        let made = self.survey().await?;
        self.command("pgmoat plan --format sql")?;
        self.say(&view::sql(&made.plan, &made.desired.maintenance))
    }

    async fn apply(&self) -> Result<(), CliError> {
        let ready = begin(&self.conninfo, &self.layout).await?;
        let mut hazards: Vec<&str> = ready.survey.plan.hazards().into_iter().map(Hazard::code).collect();
        hazards.sort_unstable();
        self.command(&format!("pgmoat apply --yes --allow {}", hazards.join(",")))?;
        let done = apply::carry_out(self.context, ready, false).await?;
        self.say(&apply::summary(&done.plan))
    }

    /// bob, whom no service knows, tries his luck.
    async fn break_in(&self) -> Result<(), CliError> {
        self.command(&format!("psql -U bob orders -c '{BREAK_IN}'"))?;
        self.say(&mess::attempt(&self.conninfo, "bob", BREAK_IN).await)
    }

    async fn survey(&self) -> Result<Survey, CliError> {
        let session = connect(&self.conninfo, &self.layout).await?;
        Ok(survey(&self.conninfo, &self.layout, &session).await?)
    }

    fn style(&self) -> view::Style {
        view::Style {
            color: self.context.printer.color(),
            verbose: self.context.global.verbose,
            ..view::Style::default()
        }
    }

    fn command(&self, command: &str) -> Result<(), CliError> {
        let (bold, reset) = if self.context.printer.color() { ("\x1b[1m", "\x1b[0m") } else { ("", "") };
        self.say(&format!("\n{bold}$ {command}{reset}"))
    }

    fn say(&self, text: &str) -> Result<(), CliError> {
        self.context.printer.answer(text)
    }
}
