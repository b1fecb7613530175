//! Every scenario once more, applied by a role that is no superuser: a login that acts as a NOLOGIN group with CREATEROLE and
//! CREATEDB. What is out of its reach a superuser runs once, as the plan shows it; then nothing may be left, and nothing
//! may stay borrowed.

use pgmoat::apply::{Options, begin};
use pgmoat::layout::{At, Layout};
use pgmoat::model::Name;
use pgmoat::plan::Plan;

use super::golden;
use super::scenario::Scenario;
use super::server::{Server, texts};

/// Both names need quotes.
const GROUP: &str = "Pgmoat \"admin\"";
pub(crate) const LOGIN: &str = "dba of the day";

/// A role's rights are borrowed in one database at a time, and a statement that a superuser ran opens the way for others.
pub(crate) const ROUNDS: usize = 6;

/// Makes both roles, and the group the layout's provisioner, unless the layout names one.
pub(crate) async fn make(server: &Server, layout: &mut Layout) {
    let client = server.superuser(server.conninfo.database()).await;
    let (group, login) = (Name::of_server(GROUP).quoted(), Name::of_server(LOGIN).quoted());
    let with = if server.major >= 16 { " WITH INHERIT TRUE, SET TRUE" } else { "" };
    let roles = format!(
        "CREATE ROLE {group} NOLOGIN CREATEROLE CREATEDB; CREATE ROLE {login} LOGIN; GRANT {group} TO {login}{with}"
    );
    client.batch_execute(&roles).await.expect("roles");
    server.admit_logins().await;
    layout.cluster.provisioner = Some(Name::of_server(GROUP));
    layout.cluster.provisioner_at.get_or_insert(At { file: 0, bytes: 0..0 });
}

impl Scenario {
    /// The first plan and, round by round, what must be run by somebody else, until nothing is left.
    pub(crate) async fn converge_as_provisioner(&self) {
        for _ in 0..ROUNDS {
            let plan = self.apply_as_provisioner().await;
            self.nothing_borrowed().await;
            if plan.is_empty() {
                return;
            }
            self.run_once(&plan).await;
        }
        let left = self.plan_as_provisioner().await;
        panic!("after {ROUNDS} rounds there is something to do:\n{}", golden::text(&left));
    }

    pub(crate) async fn apply_as_provisioner(&self) -> Plan {
        let ready = begin(&self.conninfo(), &self.layout).await;
        let ready = ready.unwrap_or_else(|error| panic!("{error}: {error:?}"));
        let planned = golden::text(&ready.survey.plan);
        let done = ready.run(Options::default(), &|_| ()).await;
        done.unwrap_or_else(|error| panic!("{error}: {error:?}\n{planned}")).plan
    }

    pub(crate) async fn plan_as_provisioner(&self) -> Plan {
        self.survey().await.unwrap_or_else(|error| panic!("{error}: {error:?}")).plan
    }

    /// To read a database takes CONNECT, which only its owner can give.
    pub(crate) async fn let_in(&self) {
        let client = self.server.superuser(self.server.conninfo.database()).await;
        let sql = "SELECT format('GRANT CONNECT ON DATABASE %I TO %I', datname, $1::text) FROM pg_database \
                   WHERE datallowconn AND NOT has_database_privilege($1, oid, 'CONNECT')";
        for grant in texts(&client, sql, &[&GROUP]).await {
            client.batch_execute(&grant).await.expect(&grant);
        }
    }

    /// What the plan says somebody with the right must run, as a superuser.
    async fn run_once(&self, plan: &Plan) {
        for beyond in plan.out_of_reach.iter().filter(|beyond| !beyond.once.is_empty()) {
            let client = self.server.superuser(beyond.step.database.as_str()).await;
            client.batch_execute("SET search_path = pg_catalog").await.expect("set");
            let alone = beyond.once.iter().any(|sql| sql.starts_with("DROP DATABASE"));
            client.batch_execute(if alone { "" } else { "BEGIN" }).await.expect("begun");
            for sql in &beyond.once {
                let run = client.batch_execute(sql).await;
                run.unwrap_or_else(|error| panic!("{sql}: {error:?}\n{}", golden::text(plan)));
            }
            client.batch_execute(if alone { "" } else { "COMMIT" }).await.expect("committed");
        }
    }

    /// From 16 on the maker of a role has ADMIN OPTION on it, and nothing else; before, nothing at all.
    async fn nothing_borrowed(&self) {
        let client = self.server.superuser(self.server.conninfo.database()).await;
        let new = self.server.major >= 16;
        let options = if new { "AND (inherit_option OR set_option OR NOT admin_option)" } else { "" };
        let rows = format!(
            "SELECT format('%s by %s', roleid::regrole, grantor::regrole) FROM pg_auth_members \
             WHERE member = $1::text::regrole {options}"
        );
        let left = texts(&client, &rows, &[&Name::of_server(GROUP).quoted()]).await;
        assert!(left.is_empty(), "still borrowed: {left:?}");
    }
}
