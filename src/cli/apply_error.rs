//! What is said when an apply stops.

use super::error::CliError;
use super::exit::Exit;
use crate::apply::ApplyError;
use crate::db::StatementError;
use crate::proof::{Finding, view};

impl From<ApplyError> for CliError {
    fn from(error: ApplyError) -> Self {
        const AGAIN: &str = "make a new plan with `pgmoat plan --out FILE`, and read it again";
        match error {
            ApplyError::Connect(error) => (*error).into(),
            ApplyError::Survey(error) => error.into(),
            ApplyError::Locked { .. } => Self::refused(error.to_string())
                .hint("wait until it is done; a session that hangs can be ended with pg_terminate_backend(pid)"),
            ApplyError::LockForged { pid, .. } => Self::refused(error.to_string()).hint(format!(
                "end it: SELECT pg_terminate_backend({pid}); who mustn't do it again needs no CONNECT on the maintenance database"
            )),
            ApplyError::Standby => {
                Self::new(error.to_string()).hint("connect to the primary; `plan` works on a standby")
            }
            ApplyError::NotProvisioner { ref login, ref provisioner } => {
                let grant = format!("GRANT {} TO {}", provisioner.quoted(), login.quoted());
                Self::new(error.to_string()).hint(format!("connect as a member of it, or run once: {grant}"))
            }
            ApplyError::NotReturned(_) => Self::new(error.to_string())
                .hint("somebody changed the memberships of this role at the same time; run it again"),
            ApplyError::Foreign | ApplyError::OtherLayout => Self::refused(error.to_string()).hint(AGAIN),
            ApplyError::Stale { ref changes } => {
                Self { details: changes.clone(), ..Self::refused(error.to_string()) }.hint(AGAIN)
            }
            ApplyError::Refused { ref source, .. } => {
                let hint = source.hint().or_else(|| refused_hint(source));
                Self::about_statement(&error).caused_by(source).hinted(hint)
            }
            ApplyError::NotConverged { ref left } => {
                let details = left.iter().map(|s| format!("left over: {} {}", s.action.word(), s.what)).collect();
                Self { details, ..Self::new(error.to_string()) }
                    .hint("somebody may have changed the same at the same time; run it again")
            }
            ApplyError::Broken { ref broken } => broken_claims(&error, broken),
            ApplyError::Commit { .. } => Self::new(error.to_string())
                .caused_by(&error)
                .hint("run apply again: it finds what was prepared or committed, and finishes; until then what is there gives less access than the layout, never more"),
            other => left_behind(other),
        }
    }
}

/// Where something stays, or the connection is gone.
fn left_behind(error: ApplyError) -> CliError {
    match error {
        ApplyError::After { left, source } => {
            let mut error = CliError::from(*source);
            error.details.extend(left.into_iter().map(|what| format!("what stays: {what}")));
            error.hint("running it again continues from there")
        }
        ApplyError::Leaving { source } => {
            let mut error = CliError::from(*source);
            error.exit = Exit::Error;
            error.details.push("what stays: roles or databases to be dropped, without login and without rights".into());
            error.hint("all other steps are committed; run apply again to finish")
        }
        ApplyError::Remains { ref left } => {
            let details = left.iter().map(|s| format!("left over: {} {}", s.action.word(), s.what)).collect();
            CliError { details, ..CliError::new(error.to_string()) }
        }
        ApplyError::Kept { ref source, .. } => {
            let error = CliError::about_statement(&error).caused_by(source);
            CliError { details: source.detail().map(str::to_owned).into_iter().collect(), ..error }
        }
        ApplyError::Connected { .. } => CliError::new(error.to_string()),
        ApplyError::Session(ref source) if source.is_connection_lost() => {
            CliError::new("the connection was lost, so the server has rolled back").caused_by(source)
        }
        ApplyError::NoEffect { .. } => CliError::new(error.to_string())
            .hint("connect as a superuser, or as the owner of the objects: others' GRANT and REVOKE are ignored"),
        other => CliError::new(other.to_string()).caused_by(&other),
    }
}

fn broken_claims(error: &ApplyError, broken: &[Finding]) -> CliError {
    let finding = |finding: &Finding| {
        [view::headline(finding), format!("  {}", view::route(finding)), format!("  claim: {}", finding.claim)]
    };
    let details = broken.iter().take(10).flat_map(finding).collect();
    let runs = |finding: &Finding| matches!(finding.code, "definer-function" | "trigger-function");
    let hint = if broken.iter().all(runs) {
        "make the function SECURITY INVOKER, or read it and vouch for it: `[[allow]]` with EXECUTE on it, for the role that calls it"
    } else if broken.iter().all(|finding| finding.code == "used-code") {
        "read the code, and then trust it by `trusts_code = true` in that `uses`, or let its owner drop it"
    } else {
        "`pgmoat prove` shows what is open already, and docs/findings/ how to close each kind"
    };
    CliError { details, exit: Exit::Broken, ..CliError::new(error.to_string()) }.hint(hint)
}

fn refused_hint(source: &StatementError) -> Option<String> {
    match source.sqlstate()? {
        "42501" => Some("connect as a superuser, or as a member of the object's owner".into()),
        "25006" => Some(
            "default_transaction_read_only is on, in the server's configuration or by ALTER ROLE or ALTER DATABASE"
                .into(),
        ),
        "42P04" | "42P06" | "42P07" | "42710" | "42723" => Some(
            "something was created since the plan was made, or is in a database that was closed; make a new one".into(),
        ),
        code if code.starts_with("42") => {
            Some("something was dropped or renamed since the plan was made; make a new one".into())
        }
        _ => None,
    }
}
