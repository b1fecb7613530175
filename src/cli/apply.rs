//! `pgmoat apply`

use std::collections::BTreeSet;
use std::io::IsTerminal;
use std::path::PathBuf;

use super::documents;
use super::error::CliError;
use super::progress::Watch;
use super::{Context, Exit, secrets};
use crate::apply::{Applied, Options, Outcome, Ready, begin};
use crate::layout::Layout;
use crate::plan::{Hazard, Left, Plan, view};

/// Make the cluster as the layout says: all of it, or nothing
///
/// Plans (or takes a plan saved by `pgmoat plan --out`), shows the plan, asks, and applies it in transactions that are
/// committed only if the catalog, read again inside them, is as the layout says.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A saved plan; refused when the cluster has changed since
    plan: Option<PathBuf>,
    /// Don't ask; needed where there is no terminal
    #[arg(short, long)]
    yes: bool,
    /// Hazards to accept: revokes-access, moves-owner, adopts-code, takes-schema, changes-role, widens-role, changes-settings,
    /// opens-database, cuts-sessions, drops-database, or all; and partial, to go on without the steps that are out of reach.
    /// cuts-sessions ends what outlives the change besides: sessions, and prepared transactions
    #[arg(long, value_name = "HAZARD", value_delimiter = ',', value_parser = allowed)]
    allow: Vec<Allowed>,
}

#[derive(Debug, Clone, Copy)]
enum Allowed {
    One(Hazard),
    All,
    /// Not a hazard: what is out of reach stays undone.
    Partial,
}

fn allowed(text: &str) -> Result<Allowed, String> {
    match text {
        "all" => return Ok(Allowed::All),
        "partial" => return Ok(Allowed::Partial),
        _ => {}
    }
    Hazard::of_code(text).map(Allowed::One).ok_or_else(|| {
        let codes: Vec<&str> = Hazard::ALL.iter().map(|hazard| hazard.code()).collect();
        format!("expected one of {}, all, partial", codes.join(", "))
    })
}

pub(super) async fn run(context: &Context<'_>, args: &Args) -> Result<Exit, CliError> {
    let layout = context.layout()?;
    context.warn_of_ended(&layout);
    apply(context, args, &layout).await.map_err(|error| context.placed(error, &layout))
}

async fn apply(context: &Context<'_>, args: &Args, layout: &Layout) -> Result<Exit, CliError> {
    let saved = match &args.plan {
        Some(path) => Some(view::from_json(&documents::read(path)?)?),
        None => None,
    };
    let conninfo = context.conninfo()?;
    let mut ready = begin(&conninfo, layout).await?;
    context.warn_of_version(&ready.survey.snapshot.server);
    context.warn_of_lookalikes(layout, &ready.survey.snapshot.state);
    for what in &ready.recovered {
        context.printer.talk(what);
    }
    let agreed = agreed(context, args, saved.as_ref(), &mut ready).await;
    if !matches!(agreed, Ok(true)) {
        // without a step nobody has been asked
        let outlives = agreed.is_ok() && !ready.survey.plan.outlives.is_empty();
        let outcome = if outlives { ready.end(args.yes && cuts(&args.allow)).await } else { Outcome::default() };
        ready.leave().await;
        agreed?;
        said(context, &outcome)?;
        secrets::give::after(context, layout, args.yes).await?;
        return Ok(Exit::Done);
    }
    let entries = match secrets::give::before(context, layout, &ready.survey.snapshot).await {
        Ok(entries) => entries,
        Err(error) => {
            ready.leave().await;
            return Err(error);
        }
    };
    let may_clear = cuts(&args.allow) && ready.survey.plan.outlives.can_be_cut();
    let ended = if may_clear { ready.clear().await } else { vec![] };
    said(context, &Outcome { ended: ended.clone(), ..Outcome::default() })?;
    let done = carry_out(context, ready, cuts(&args.allow)).await;
    let done = done.inspect_err(|_| secrets::give::left(context, &entries)).map_err(|mut error| {
        // no rollback of ours brings it back
        error.details.extend(ended.iter().map(|what| format!("except that it ended before: {what}")));
        error
    })?;
    context.printer.answer(&summary(&done.plan))?;
    said(context, &done.outcome)?;
    secrets::give::after(context, layout, true).await.map_err(|error| CliError {
        // somebody else may have the lock by now, and yet something was changed
        exit: Exit::Error,
        ..error.hint("the cluster is as the layout says; run apply again for the passwords")
    })?;
    Ok(Exit::Done)
}

/// Whether there is something to do, and everybody who must has said yes.
async fn agreed(
    context: &Context<'_>,
    args: &Args,
    saved: Option<&Plan>,
    ready: &mut Ready<'_>,
) -> Result<bool, CliError> {
    if let Some(saved) = saved {
        ready.accept(saved)?;
    }
    let plan = &ready.survey.plan;
    let style = context.style();
    context.printer.answer(&view::text(plan, style))?;
    if plan.is_empty() {
        return Ok(false);
    }
    refuse_partial(plan, &args.allow)?;
    refuse_hazards(plan, &args.allow)?;
    if plan.steps.is_empty() {
        return Ok(false);
    }
    if !args.yes {
        confirm(plan)?;
        ready.recheck().await?;
    }
    Ok(true)
}

/// What was done.
pub(super) fn summary(done: &Plan) -> String {
    let steps = done.steps.len();
    let steps = if steps == 1 { "1 step".into() } else { format!("{steps} steps") };
    match (done.out_of_reach.len(), done.withheld.is_empty()) {
        (0, true) => format!("applied: {steps}; the cluster is as the layout says"),
        (0, false) => {
            format!("applied: {steps}; the cluster has all that the layout gives, and what is withheld stays")
        }
        (1, _) => {
            format!("applied: {steps}; 1 step is out of reach, and wasn't done; `pgmoat prove` shows what stays open")
        }
        (beyond, _) => format!(
            "applied: {steps}; {beyond} steps are out of reach, and weren't done; `pgmoat prove` shows what stays open"
        ),
    }
}

/// What was ended, and what goes on all the same.
fn said(context: &Context<'_>, outcome: &Outcome) -> Result<(), CliError> {
    let lines = |word: &str, of: &[String]| of.iter().map(|what| format!("{word}: {what}")).collect::<Vec<_>>();
    if !outcome.ended.is_empty() {
        context.printer.answer(&lines("ended", &outcome.ended).join("\n"))?;
    }
    lines("goes on", &outcome.goes_on).iter().for_each(|line| context.printer.warning(line));
    Ok(())
}

/// May what goes on be ended?
fn cuts(allow: &[Allowed]) -> bool {
    allow.iter().any(|allowed| matches!(allowed, Allowed::All | Allowed::One(Hazard::CutsSessions)))
}

pub(super) async fn carry_out(context: &Context<'_>, ready: Ready<'_>, cut: bool) -> Result<Applied, CliError> {
    let options = Options {
        cut,
        lock_timeout: context.global.lock_timeout,
        statement_timeout: context.global.statement_timeout,
        ..Options::default()
    };
    let prepared: Vec<String> = ready.survey.plan.outlives.prepared.iter().map(Left::words).collect();
    let watch = Watch::new(!context.printer.is_quiet());
    let done = ready.run(options, &|event| watch.on(event)).await;
    let timings = watch.finish();
    if context.global.verbose {
        for (phase, seconds) in timings {
            context.printer.talk(&format!("{phase}: {seconds:.3} s"));
        }
    }
    done.map_err(|error| {
        let waited = error.waited();
        let mut error = CliError::from(error);
        // a prepared transaction keeps its locks until somebody finishes it
        error
            .details
            .extend(prepared.into_iter().filter(|_| waited).map(|left| format!("it may be in the way: {left}")));
        error
    })
}

/// A layout that is made true in part only is a thing to know of before.
fn refuse_partial(plan: &Plan, allow: &[Allowed]) -> Result<(), CliError> {
    if plan.out_of_reach.is_empty() || allow.iter().any(|allowed| matches!(allowed, Allowed::Partial)) {
        return Ok(());
    }
    let count = plan.out_of_reach.len();
    let steps = if count == 1 { "1 step is".into() } else { format!("{count} steps are") };
    Err(CliError::refused(format!("{steps} out of reach, and nothing was changed")).hint(
        "have what the plan shows below them run by somebody with the right; or add --allow partial to go on without them",
    ))
}

/// Consent is per kind of danger, and the refusal teaches the flag.
fn refuse_hazards(plan: &Plan, allow: &[Allowed]) -> Result<(), CliError> {
    let accepted = |hazard: &Hazard| {
        allow.iter().any(|allowed| match allowed {
            Allowed::All => true,
            Allowed::One(one) => one == hazard,
            Allowed::Partial => false,
        })
    };
    let hazards: BTreeSet<Hazard> = plan.hazards();
    // in the order in which the plan's text has them
    let missing: BTreeSet<&str> = hazards.iter().filter(|hazard| !accepted(hazard)).map(|h| h.code()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let codes: BTreeSet<&str> = hazards.iter().map(|hazard| hazard.code()).collect();
    let list = |codes: &BTreeSet<&str>, between| codes.iter().copied().collect::<Vec<_>>().join(between);
    let error = CliError::refused(format!("the plan has hazards that weren't allowed: {}", list(&missing, ", ")));
    Err(error.hint(format!("read these steps again, then add --allow {}", list(&codes, ","))))
}

fn confirm(plan: &Plan) -> Result<(), CliError> {
    if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
        return Err(CliError::refused("there is no terminal to ask on").hint("add --yes to apply without being asked"));
    }
    let count = plan.steps.len();
    let question = if count == 1 { "Apply this step?".into() } else { format!("Apply these {count} steps?") };
    ask(&question)
}

/// Yes, or refused.
pub(super) fn ask(question: &str) -> Result<(), CliError> {
    let answer = dialoguer::Confirm::new().with_prompt(question).default(false).interact_opt();
    match answer {
        Ok(Some(true)) => Ok(()),
        Ok(_) => Err(CliError::refused("not confirmed, so nothing was changed")),
        Err(e) => {
            // an interrupted question leaves the cursor hidden
            let _ = console::Term::stderr().show_cursor();
            Err(CliError::refused("failed to ask, so nothing was changed").caused_by(&e))
        }
    }
}
