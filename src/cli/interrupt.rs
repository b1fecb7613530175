//! Ctrl-C and SIGTERM: the command is given up, and the server told so, wherever it waits.

use tokio::signal::unix::{SignalKind, signal};

use super::Exit;
use super::error::CliError;

/// Runs the command until it is done, or somebody ends it. Its sessions are dropped then, and what they have under way is
/// cancelled.
pub(super) async fn or_interrupted(command: impl Future<Output = Result<Exit, CliError>>) -> Result<Exit, CliError> {
    tokio::select! {
        // first, so that before its first wait a signal ends the process by itself
        biased;
        done = command => done,
        by = interrupted() => Err(CliError::new(format!("interrupted by {by}"))
            .hint("open transactions are rolled back; an apply or a rotation that was under way goes on when it is run again")),
    }
}

async fn interrupted() -> &'static str {
    let (Ok(mut interrupt), Ok(mut terminate)) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => "SIGINT",
        _ = terminate.recv() => "SIGTERM",
    }
}
