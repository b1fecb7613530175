//! Answers that don't have the form of their question: rows with other columns or types than a server's own.
//!
//! Rows are read by name and type, and the driver panics where a row has neither. No server does that whose `pg_catalog` is its own, so
//! the questions aren't written for it; whoever answers in a server's place gets an error, not a bug report.

use std::panic::{AssertUnwindSafe, PanicHookInfo, set_hook, take_hook};

use futures_util::FutureExt as _;

use super::Exit;
use super::error::CliError;

/// How the driver begins.
const OF_THE_DRIVER: &str = "error retrieving column ";

/// Runs the command; ends with an error where an answer can't be read.
pub(super) async fn or_unreadable(command: impl Future<Output = Result<Exit, CliError>>) -> Result<Exit, CliError> {
    match AssertUnwindSafe(command).catch_unwind().await {
        Ok(done) => done,
        Err(payload) if is_of_the_driver(payload.as_ref()) => {
            Err(CliError::new("the server answered a question about its catalog with something else")
                .hint("is it PostgreSQL that listens there, and nothing that answers in its place?"))
        }
        Err(bug) => std::panic::resume_unwind(bug),
    }
}

fn is_of_the_driver(payload: &(dyn std::any::Any + Send)) -> bool {
    payload.downcast_ref::<String>().is_some_and(|text| text.starts_with(OF_THE_DRIVER))
}

/// Keeps quiet about what [`or_unreadable`] says.
pub(super) fn quiet() {
    let usual = take_hook();
    set_hook(Box::new(move |info: &PanicHookInfo<'_>| {
        if !is_of_the_driver(info.payload()) {
            usual(info);
        }
    }));
}
