//! `pgmoat check`

use super::error::CliError;
use super::{Context, Exit};
use crate::layout::Layout;

/// Read the layout without a server, and show all that is wrong with it
///
/// Every problem is shown at once, with its place in the file, what was expected, and the nearest name for a misspelt one.
/// An exception (`[[allow]]`) that has ended is a problem here; `plan` and `apply` only warn of it.
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) fn run(context: &Context<'_>, _: &Args) -> Result<Exit, CliError> {
    let layout = context.layout()?;
    let ended = layout.ended();
    if !ended.is_empty() {
        return Err(context.wrong(&layout.sources, &ended));
    }
    context.warn(&layout.sources, &layout.warnings);
    context.printer.answer(&summary(&layout))?;
    Ok(Exit::Done)
}

/// What a layout that is right amounts to.
pub(super) fn summary(layout: &Layout) -> String {
    let count = |n: usize, what: &str| if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") };
    let logins = layout.services.values().map(|service| service.logins.len()).sum();
    let parts = [
        count(layout.services.len(), "service"),
        count(layout.managed_databases().len(), "database"),
        count(logins, "login"),
    ];
    format!("the layout is right: {}", parts.join(", "))
}
