//! The command line: a file a command. The only module that prints, exits, or reads environment, files and clock.

mod adopt;
mod answers;
mod apply;
mod apply_error;
mod check;
mod clock;
mod core_dump;
mod demo;
mod documents;
mod drift;
mod duration;
mod environment;
mod error;
mod exit;
mod export;
mod global;
mod inspect;
mod interrupt;
mod layout_files;
mod links;
mod look;
mod lookalikes;
mod plan;
mod printer;
mod progress;
mod prove;
mod secrets;
mod snapshot;
mod who;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use drift::is_baseline;
use error::CliError;
pub use exit::Exit;
use global::Global;
use printer::Printer;

/// Gives every service on a PostgreSQL cluster its own walled-off place.
///
/// A layout (TOML) says which services share the cluster; pgmoat compares it with pg_catalog, shows the SQL that leads
/// from one to the other, and applies it so that either everything is as the layout says or nothing changed.
#[derive(Debug, Parser)]
#[command(name = "pgmoat", version, after_help = AFTER_HELP, arg_required_else_help = true)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

const AFTER_HELP: &str = "\
Start with `pgmoat check`, which needs no server, then `pgmoat plan`, which changes nothing.
The connection is psql's: -d, PGHOST, PGUSER, PGSERVICE …, ~/.pgpass.

Exit codes: 0 done, in sync · 1 error · 2 usage · 3 changes are pending · 4 isolation is broken ·
            5 refused, and nothing was changed (stale plan, hazard not allowed, lock held, not confirmed) ·
            6 not everything could be seen or tried; what could, holds";

#[derive(Debug, Subcommand)]
enum Command {
    Check(check::Args),
    Inspect(inspect::Args),
    Plan(plan::Args),
    Apply(apply::Args),
    Adopt(adopt::Args),
    Prove(prove::Args),
    Who(who::Args),
    Drift(drift::Args),
    Rotate(secrets::rotate::Args),
    Secrets(secrets::Args),
    Export(export::Args),
    Demo(demo::Args),
}

/// Runs the command that the process was called with.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return Printer::new(global::Color::Auto, false).usage(&on_one_line(error)),
    };
    let printer = Printer::new(cli.global.color, cli.global.quiet);
    match run(&cli, &printer) {
        Ok(exit) => exit.into(),
        Err(error) => printer.error(&error).into(),
    }
}

/// The same error about the same arguments, with their hidden characters as escapes: an argument may hold a line break.
fn on_one_line(error: clap::Error) -> clap::Error {
    let shown = std::env::args_os().map(|arg| crate::model::escaped(&arg.to_string_lossy()));
    match Cli::try_parse_from(shown) {
        Err(shown) if shown.kind() == error.kind() => shown,
        _ => error,
    }
}

fn run(cli: &Cli, printer: &Printer) -> Result<Exit, CliError> {
    let environment = environment::read();
    core_dump::refuse();
    answers::quiet();
    let context = Context { global: &cli.global, environment: &environment, printer };
    match &cli.command {
        Command::Check(args) => check::run(&context, args),
        Command::Inspect(args) => context.block_on(|| inspect::run(&context, args)),
        Command::Plan(args) => context.block_on(|| plan::run(&context, args)),
        Command::Apply(args) => context.block_on(|| apply::run(&context, args)),
        Command::Adopt(args) => context.block_on(|| adopt::run(&context, args)),
        Command::Prove(args) => context.block_on(|| prove::run(&context, args)),
        Command::Who(args) => context.block_on(|| who::run(&context, args)),
        Command::Drift(args) => context.block_on(|| drift::run(&context, args)),
        Command::Rotate(args) => context.block_on(|| secrets::rotate::run(&context, args)),
        Command::Secrets(args) => context.block_on(|| secrets::run(&context, args)),
        Command::Export(args) => context.block_on(|| export::run(&context, args)),
        Command::Demo(args) => context.block_on(|| demo::run(&context, args)),
    }
}

/// What every command gets.
struct Context<'a> {
    global: &'a Global,
    environment: &'a crate::db::Environment,
    printer: &'a Printer,
}

impl Context<'_> {
    /// One thread: the work is the server's, ours is to wait for several answers at once.
    fn block_on<F: Future<Output = Result<Exit, CliError>>>(
        &self,
        command: impl FnOnce() -> F,
    ) -> Result<Exit, CliError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|e| CliError::new("failed to start").caused_by(&e))?;
        let done = runtime.block_on(async {
            // on the heap: what a command keeps while it waits is large, and a stack may be small
            let done = interrupt::or_interrupted(answers::or_unreadable(Box::pin(command()))).await;
            crate::db::farewell().await;
            done
        });
        // what a thread still waits for, such as a secret store, isn't waited for
        runtime.shutdown_background();
        done
    }
}
