//! `pgmoat prove`

use std::path::Path;

use clap::ValueEnum;

use super::error::CliError;
use super::{Context, Exit, look, secrets, snapshot};
use crate::apply::{Survey, survey_all};
use crate::db::Conninfo;
use crate::layout::Layout;
use crate::proof::live::{Live, LiveError, Way, live};
use crate::proof::{prove, view};

/// Show that nobody reaches what isn't theirs, or who does, and by which path
///
/// Derives claims from the layout (only the writer writes its table, a service's objects are used by those declared, nobody else
/// connects, no login can become another service's role, …) and proves each against the catalog: memberships, ownership, ACLs
/// on every level, predefined roles, and whatever acts for another: SECURITY DEFINER functions, views, rules, triggers, foreign keys,
/// partitions, default privileges, settings. Changes nothing.
///
/// Ends with 0 when everything was seen and every claim holds, with 4 when one is violated, and with 6 when something that a claim
/// needs couldn't be seen: it is shown first.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    from: snapshot::SnapshotArgs,
    /// Try each claim on the server, too, as each login; needs a superuser, or --with-secrets, and leaves no trace
    #[arg(long, conflicts_with = "snapshot")]
    live: bool,
    /// With --live: log in as each login, with the password that the layout's [secrets] keep of it; needs no superuser
    #[arg(long, requires = "live")]
    with_secrets: bool,
    /// text: what doesn't hold, its path, and how to close it · json
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_possible_values = false)]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
}

pub(super) async fn run(context: &Context<'_>, args: &Args) -> Result<Exit, CliError> {
    let layout = context.layout()?;
    if args.with_secrets {
        secrets::open::section(&layout)?;
    }
    context.warn_of_ended(&layout);
    let (seen, live) = match &args.from.snapshot {
        Some(path) => (read(context, &args.from, path, &layout)?, None),
        None => asked(context, args, &layout).await?,
    };
    let mut proof = prove(&seen.snapshot, &seen.desired).map_err(|unread| {
        CliError::new("nothing can be proven").caused_by(&unread).hint("run `pgmoat inspect` again")
    })?;
    if let Some(tried) = &live {
        proof.add_unseen(tried.live.unseen.iter().cloned());
    }
    let look = look::View::of(&seen.snapshot, &layout, args.from.snapshot.as_deref());
    context.printer.answer(&match args.format {
        Format::Text => {
            let live = live.as_ref().map(|tried| view::live(&tried.live, context.global.verbose)).unwrap_or_default();
            look.head("") + "\n" + &view::text(&proof, context.printer.color()) + &live
        }
        Format::Json => view::json(&proof, live.as_ref().map(|tried| &tried.live), Some(&look)),
    })?;
    match live {
        Some(Tried { live, changed: true }) if !live.agrees() => {
            let hint = "run it again; where it says so each time, a login itself changes something";
            return Err(CliError::new("the cluster has changed while the claims were tried").hint(hint));
        }
        Some(Tried { live, .. }) if !live.agrees() => {
            let hint = "this is a fault of pgmoat's: please report it, with the lines above";
            return Err(CliError::new("the server and the catalog, as pgmoat reads it, disagree").hint(hint));
        }
        _ => {}
    }
    let exit = match (proof.claims.violated, proof.unseen.len()) {
        (1.., _) => Exit::Broken,
        (0, 1..) => Exit::Unseen,
        (0, 0) => Exit::Done,
    };
    // the process ends: to free a hundred thousand objects one by one is a tenth of its work
    std::mem::forget(seen);
    Ok(exit)
}

/// What the server said, and whether it had become another meanwhile.
struct Tried {
    live: Live,
    changed: bool,
}

fn read(
    context: &Context<'_>,
    from: &snapshot::SnapshotArgs,
    path: &Path,
    layout: &Layout,
) -> Result<Survey, CliError> {
    let seen = from.survey(context, path, layout).map_err(CliError::broken_by_superuser)?;
    context.warn_of_version(&seen.snapshot.server);
    Ok(seen)
}

async fn asked(context: &Context<'_>, args: &Args, layout: &Layout) -> Result<(Survey, Option<Tried>), CliError> {
    let conninfo = context.conninfo()?;
    let seen = read_now(context, &conninfo, layout).await?;
    context.warn_of_version(&seen.snapshot.server);
    if !args.live {
        return Ok((seen, None));
    }
    let way = if args.with_secrets {
        Way::Secrets(secrets::clients::clients(context, layout).await?)
    } else {
        Way::Superuser(&conninfo)
    };
    let live = live(way, &seen.snapshot, &seen.desired).await.map_err(|error| refused(error, layout))?;
    let changed = !live.agrees() && {
        let now = read_now(context, &conninfo, layout).await?.snapshot;
        now.state != seen.snapshot.state || now.contents != seen.snapshot.contents
    };
    Ok((seen, Some(Tried { live, changed })))
}

async fn read_now(context: &Context<'_>, conninfo: &Conninfo, layout: &Layout) -> Result<Survey, CliError> {
    let session = context.connect(conninfo, layout).await?;
    let seen = survey_all(conninfo, layout, &session).await;
    seen.map_err(|error| context.placed(CliError::from(error).broken_by_superuser(), layout))
}

fn refused(error: LiveError, layout: &Layout) -> CliError {
    match error {
        LiveError::Connect(error) => (*error).into(),
        LiveError::NoSuperuser(_) => {
            let with_secrets =
                layout.secrets.as_ref().map(|_| "--with-secrets logs in as each login instead".to_owned());
            CliError::refused(format!("failed to try the claims: {error}"))
                .hint("connect as a superuser; `prove` without --live needs no rights")
                .hinted(with_secrets)
        }
        LiveError::Nobody(why) => {
            let mut told = CliError::new("failed to try the claims: no login could be tried with its secret");
            told.details = why;
            told.hint("`pgmoat secrets status` shows each entry")
        }
        LiveError::Statement(_) => CliError::new("failed to try the claims").caused_by(&error),
    }
}
