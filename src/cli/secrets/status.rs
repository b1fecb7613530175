//! `pgmoat secrets status`

use std::fmt::Write as _;

use futures_util::StreamExt as _;
use serde_json::{Value, json};

use super::work::{Bench, chosen};
use super::{Chosen, Format};
use crate::cli::error::CliError;
use crate::cli::{Context, Exit};
use crate::model::escaped;
use crate::secrets::{Account, KeepError, LogsIn, Status};

/// Show each login's entry: its age, how it rotates, and whether its password logs in
///
/// Changes nothing. Ends with 3 where something is to be done: an entry is missing, somebody's run isn't finished, or the
/// stored password doesn't log in.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    chosen: Chosen,
}

type Seen = (Account, Result<Status, KeepError>);

pub(super) async fn run(context: &Context<'_>, args: &Args) -> Result<Exit, CliError> {
    let layout = context.layout()?;
    let bench = Bench::look(context, &layout, chosen(&layout, &args.chosen.logins)?).await?;
    let keeper = bench.keeper();
    let one = async |account: &Account| (account.clone(), keeper.status(account).await);
    let seen: Vec<Seen> =
        futures_util::stream::iter(&bench.accounts).map(one).buffered(args.chosen.how.jobs.into()).collect().await;
    context.printer.answer(&match args.chosen.how.format {
        Format::Text => text(&seen),
        Format::Json => as_json(&seen),
    })?;
    if let Some(error) = seen.iter().find_map(|(_, status)| status.as_ref().err()) {
        return Err(CliError::new("the store can't be asked").caused_by(error).hinted(error.hint()));
    }
    let well = seen.iter().all(|(_, status)| status.as_ref().is_ok_and(Status::is_well));
    Ok(if well { Exit::Done } else { Exit::Pending })
}

fn text(seen: &[Seen]) -> String {
    let head = ["LOGIN", "ENTRY", "ROTATION", "AGE", "ROLE", "STATE"].map(str::to_owned);
    let rows: Vec<[String; 6]> = std::iter::once(head).chain(seen.iter().map(row)).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..6).map(width).collect();
    let mut out = String::new();
    for row in &rows {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        let _ = writeln!(out, "{}", cells.join("  ").trim_end());
    }
    out
}

fn row((account, status): &Seen) -> [String; 6] {
    let (mut age, mut role) = ("-".to_owned(), "-".to_owned());
    if let Ok(status) = status {
        age = status.age.map_or(age, crate::secrets::age_for_people);
        role = status.role.clone().unwrap_or(role);
    }
    let state = state(status);
    [account.shown(), account.secret.clone(), rotation(account).to_owned(), age, role, state].map(|cell| escaped(&cell))
}

fn rotation(account: &Account) -> &'static str {
    if account.slots.is_empty() { "single" } else { "alternating" }
}

fn state(status: &Result<Status, KeepError>) -> String {
    let status = match status {
        Ok(status) => status,
        Err(error) => return reason(error),
    };
    let mut said = match &status.login {
        LogsIn::Yes => vec!["logs in".to_owned()],
        LogsIn::No => vec!["doesn't log in".to_owned()],
        LogsIn::NotAsked => vec!["the server asks for no password here".to_owned()],
        LogsIn::Unknown(error) => vec![reason(error)],
        LogsIn::NoEntry => vec!["no entry".to_owned()],
    };
    if let Some(held) = &status.held {
        match &held.pending {
            Some(pending) if Some(pending) == held.current.as_ref() => said.push("not yet seen to log in".to_owned()),
            Some(_) => said.push("a run isn't finished".to_owned()),
            None => {}
        }
        said.extend(held.foreign.as_ref().map(|why| format!("not pgmoat's: {why}")));
    }
    said.join("; ")
}

/// With what the server or the store said to it.
fn reason(error: &KeepError) -> String {
    let causes = std::iter::successors(std::error::Error::source(error), |error| error.source());
    causes.fold(error.to_string(), |said, cause| format!("{said}: {cause}"))
}

fn as_json(seen: &[Seen]) -> String {
    let logins: Vec<Value> = seen
        .iter()
        .map(|(account, status)| {
            let mut value = json!({
                "service": account.service, "login": account.login, "entry": account.secret,
                "rotation": rotation(account), "state": state(status),
                "well": status.as_ref().is_ok_and(Status::is_well),
            });
            if let Ok(status) = status {
                value["logs_in"] = match status.login {
                    LogsIn::Yes => true.into(),
                    LogsIn::No => false.into(),
                    _ => Value::Null,
                };
                value["age_seconds"] = status.age.map(|age| age.as_secs()).into();
                value["role"] = status.role.clone().into();
                value["reference"] = status.held.as_ref().map(|held| held.reference.clone()).into();
                value["pending"] = status.held.as_ref().is_some_and(|held| held.pending.is_some()).into();
            }
            value
        })
        .collect();
    format!("{:#}\n", json!({ "format": 1, "kind": "secrets", "logins": logins }))
}
