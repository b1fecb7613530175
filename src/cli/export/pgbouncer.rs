//! `pgmoat export pgbouncer`

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::cli::error::CliError;
use crate::cli::{Context, Exit};
use crate::db::StatementError;
use crate::layout::{Auth, Layout, Login};
use crate::model::{Name, has_hidden};
use crate::secrets::{Stored, stored};

/// pgbouncer's userlist.txt and [databases], so that it lets the layout's logins through by SCRAM, each as itself
///
/// userlist.txt has the server's own SCRAM verifiers. pgbouncer can pass a login on only with the very verifier that the server has:
/// one made anew of the same password is refused. Reading them takes a superuser, so there is no such export on RDS and
/// Aurora; there, pgbouncer needs passwords in the clear, or the services connect without it.
///
/// A verifier can't log in, but guesses can be checked against it: keep it like a password. After a rotation pgbouncer needs the
/// file anew, and RELOAD.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Write userlist.txt and databases.ini into this folder, for nobody else to read (0600); else both go to stdout
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Where pgbouncer finds PostgreSQL; default what pgmoat connects to
    #[arg(long, value_name = "HOST")]
    host: Option<String>,
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    port: Option<u16>,
}

pub(super) async fn run(context: &Context<'_>, args: &Args) -> Result<Exit, CliError> {
    let layout = context.layout()?;
    let conninfo = context.conninfo()?;
    let address = match (&args.host, conninfo.address()) {
        (Some(host), address) => (host.clone(), args.port.or(address.map(|(_, port)| port)).unwrap_or(5432)),
        (None, Some((host, port))) => (host, args.port.unwrap_or(port)),
        (None, None) => {
            return Err(
                CliError::new("the connection names several servers").hint("pgbouncer's comes with --host and --port")
            );
        }
    };
    let databases = databases(&layout, &address);
    let roles: Vec<&Name> = with_password(&layout).flat_map(Login::logging_in).collect();
    let session = context.connect(&conninfo, &layout).await?;
    let stored = stored(&session, &roles).await.map_err(|error| unreadable(&error))?;
    session.close().await;
    for missing in missing(&layout, &stored) {
        context.printer.warning(&missing);
    }
    for database in layout.managed_databases().into_iter().filter(|database| !is_fit(database)) {
        let name = database.shown();
        context
            .printer
            .warning(&format!("the database {name} is left out: pgbouncer can't name it; a line `*` lets all through"));
    }
    let hidden = |role: &&Name| has_hidden(role.as_str());
    for role in stored.keys().filter(hidden) {
        let name = role.shown();
        context.printer.warning(&format!("{name} is left out: userlist.txt has no escape for its hidden characters"));
    }
    let users = users(&stored);
    match &args.out {
        None => context.printer.answer(&format!("; userlist.txt\n{users}\n; databases.ini\n{databases}"))?,
        Some(folder) => {
            for (name, text) in [("userlist.txt", &users), ("databases.ini", &databases)] {
                let path = folder.join(name);
                write(folder, &path, text)
                    .map_err(|error| CliError::new(format!("failed to write {}", path.display())).caused_by(&error))?;
                context.printer.talk(&format!("wrote {}", path.display()));
            }
        }
    }
    Ok(Exit::Done)
}

fn with_password(layout: &Layout) -> impl Iterator<Item = &Login> {
    layout.services.values().flat_map(|service| service.logins.values()).filter(|login| login.auth == Auth::Password)
}

/// <https://www.postgresql.org/docs/current/errcodes-appendix.html>
const INSUFFICIENT_PRIVILEGE: &str = "42501";

fn unreadable(error: &StatementError) -> CliError {
    if error.sqlstate() != Some(INSUFFICIENT_PRIVILEGE) {
        return CliError::new("failed to read the verifiers").caused_by(error);
    }
    CliError::new(
        "only a superuser may read the verifiers (pg_authid), and pgbouncer can pass logins on with nothing else",
    )
    .hint("connect as a superuser; on RDS and Aurora there is none, so pgbouncer must have the passwords themselves")
}

/// Logins that pgbouncer won't let in: apply and rotate give passwords, one slot at a time.
fn missing<'a>(layout: &'a Layout, stored: &'a BTreeMap<Name, Stored>) -> impl Iterator<Item = String> + 'a {
    with_password(layout).filter_map(move |login| {
        let there: Vec<&Stored> = login.logging_in().filter_map(|role| stored.get(role)).collect();
        let any = |is: fn(&Stored) -> bool| there.iter().any(|stored| is(stored));
        let why = if any(|stored| matches!(stored, Stored::Scram(_))) {
            return None;
        } else if any(|stored| matches!(stored, Stored::Other)) {
            "its password is kept as md5, and pgmoat rotate keeps the next as SCRAM"
        } else if there.is_empty() {
            "it isn't there yet, and pgmoat apply makes it"
        } else {
            "it has no password"
        };
        Some(format!("{} is left out: {why}", login.name.shown()))
    })
}

/// Fields in double quotes, with a quote as two (`find_quote` in pgbouncer's src/loader.c).
/// <https://www.pgbouncer.org/config.html#authentication-file-format>
fn users(stored: &BTreeMap<Name, Stored>) -> String {
    let mut text = String::new();
    for (role, stored) in stored.iter().filter(|(role, _)| !has_hidden(role.as_str())) {
        if let Stored::Scram(verifier) = stored {
            // writing to a String can't fail
            let _ = writeln!(text, "{} \"{}\"", role.stored(), verifier.text());
        }
    }
    text
}

/// Can pgbouncer's file name it? The manual speaks of quotes for other names, and versions in use don't read any
/// (`parse_ini_file_internal` in libusual's usual/cfparser.c).
fn is_fit(database: &Name) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
    // that one is pgbouncer's own console
    database.as_str().chars().all(plain) && database.as_str() != "pgbouncer"
}

/// <https://www.pgbouncer.org/config.html#section-databases>
fn databases(layout: &Layout, (host, port): &(String, u16)) -> String {
    let mut text = String::from("[databases]\n");
    for name in layout.managed_databases().into_iter().filter(|database| is_fit(database)).map(Name::as_str) {
        // writing to a String can't fail
        let _ = writeln!(text, "{name} = host={} port={port} dbname={name}", value(host));
    }
    text
}

/// `cstr_get_value` in pgbouncer's src/loader.c: a quote inside quotes is two, and a backslash means nothing.
fn value(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_.-/:".contains(c);
    if text.chars().all(plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', "''")) }
}

/// Whoever reads the file at that moment sees the old one or the new one, and nobody else ever sees either.
fn write(folder: &Path, path: &Path, text: &str) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let fresh = path.with_extension("new");
    match fs::remove_file(&fresh) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&fresh)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&fresh, path)
}
