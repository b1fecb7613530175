//! Options that every command takes.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::Context;
use super::duration;
use super::error::CliError;
use crate::apply::{self, SurveyError};
use crate::catalog;
use crate::db::{Conninfo, Limits, Session};
use crate::layout::Layout;
use crate::layout::resolve::other_cluster;
use crate::plan::view::Style;

/// The global options.
#[derive(Debug, Args)]
pub(super) struct Global {
    /// A TOML file, or a folder whose *.toml are read as one layout
    #[arg(
        short,
        long,
        global = true,
        value_name = "PATH",
        env = "PGMOAT_LAYOUT",
        hide_env_values = true,
        default_value = "pgmoat.toml"
    )]
    pub(super) layout: PathBuf,
    /// Replaces {env} in names
    #[arg(long, global = true, value_name = "NAME", env = "PGMOAT_ENV", hide_env_values = true)]
    pub(super) env: Option<String>,
    /// Where to connect, as in psql: a URL or key=value string; else libpq's environment and ~/.pgpass
    ///
    /// Best without a password in it: other users of this machine see the arguments of processes.
    #[arg(short, long, global = true, value_name = "CONNINFO", hide_env_values = true)]
    pub(super) dbname: Option<String>,
    /// Colour: auto looks for a terminal and NO_COLOR
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(super) color: Color,
    /// Say nothing but the answer and errors
    #[arg(short, long, global = true)]
    pub(super) quiet: bool,
    /// Say more: every statement in a plan, timings of an apply
    #[arg(short, long, global = true)]
    pub(super) verbose: bool,
    /// How long a statement waits for a lock, also one that only reads; 0 is for ever
    #[arg(long, global = true, value_name = "TIME", default_value = "5s", value_parser = duration::parse)]
    pub(super) lock_timeout: Duration,
    /// How long a statement may take, also one that only reads; 0 is for ever
    ///
    /// CREATE DATABASE and DROP DATABASE, which copy and delete files, may take ten times as long.
    #[arg(long, global = true, value_name = "TIME", default_value = "60s", value_parser = duration::parse)]
    pub(super) statement_timeout: Duration,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}

impl Context<'_> {
    /// Where to connect; warns of what the user may not have meant.
    pub(super) fn conninfo(&self) -> Result<Conninfo, CliError> {
        let conninfo = Conninfo::resolve(self.global.dbname.as_deref(), self.environment)?;
        for note in conninfo.notes() {
            self.printer.warning(note);
        }
        let global = self.global;
        let limits = Limits { lock_timeout: global.lock_timeout, statement_timeout: global.statement_timeout };
        Ok(conninfo.with_limits(limits))
    }

    /// How a plan is shown on this stdout.
    pub(super) fn style(&self) -> Style {
        Style { color: self.printer.color(), verbose: self.global.verbose, width: self.printer.width() }
    }

    /// Connects to the maintenance database of the cluster that the layout is for.
    pub(super) async fn connect(&self, conninfo: &Conninfo, layout: &Layout) -> Result<Session, CliError> {
        let session = apply::connect(conninfo, layout).await?;
        if layout.cluster.system_identifier.is_some() {
            let server = catalog::server(&session).await?;
            if let Some(problem) = other_cluster(layout, &server) {
                return Err(self.placed(SurveyError::Layout(vec![problem]).into(), layout));
            }
        }
        Ok(session)
    }

    /// Warns of a server that isn't supported.
    pub(super) fn warn_of_version(&self, server: &crate::model::Server) {
        let major = server.major();
        if major < 14 {
            self.printer.warning(&format!("PostgreSQL {major} is no longer supported; it mostly works"));
        } else if major > 18 {
            self.printer.warning(&format!("PostgreSQL {major} is newer than this pgmoat, which was tried on 14 to 18"));
        }
    }
}
