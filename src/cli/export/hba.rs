//! `pgmoat export hba`

mod address;
mod token;

use std::fmt::Write as _;

use crate::cli::error::CliError;
use crate::cli::{Context, Exit};
use crate::layout::{Auth, Layout, Login, Service, ServiceSslMode};
use crate::model::{Grantee, Name, escaped, has_hidden};

/// Lines for pg_hba.conf: each login into the databases that it may connect to, over TLS, and nowhere else
///
/// A second wall before the first: who has no CONNECT on a database can't reach it anyway, and with these lines isn't even asked
/// for a password there. Follows from the layout alone, without a server. Logins with auth = "external" get the method cert.
///
/// The first line that fits a connection counts, so these belong before broader ones, or better instead of them. Superusers, the
/// provisioner, replication and admins need lines of their own: a file with nothing but these locks them out. Services behind
/// a pooler come from its address. RDS and Aurora have no pg_hba.conf to write.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// From where: a network (10.0.0.0/8), an address, a host name, or samehost, samenet, all; several, with commas, are several lines
    #[arg(long = "address", value_name = "CIDR", default_value = "samenet", value_delimiter = ',',
          value_parser = address::parse)]
    addresses: Vec<String>,
}

pub(super) fn run(context: &Context<'_>, args: &Args) -> Result<Exit, CliError> {
    let layout = context.layout()?;
    let text = text(&layout, &args.addresses)?;
    if let Some(secrets) = &layout.secrets {
        if secrets.sslmode == Some(ServiceSslMode::Disable) {
            context
                .printer
                .warning("services connect with sslmode = \"disable\", and hostssl lets no such connection in");
        }
        if secrets.host.as_ref().is_some_and(|host| host.starts_with('/')) {
            context.printer.warning("services connect over a socket, and these lines are for TCP");
        }
    }
    context.printer.answer(&text)?;
    Ok(Exit::Done)
}

fn text(layout: &Layout, addresses: &[String]) -> Result<String, CliError> {
    let mut text = format!(
        "# Who may connect to where, by the layout {}, as pgmoat export hba writes it.\n# TYPE DATABASE USER ADDRESS METHOD\n",
        escaped(&layout.cluster.name),
    );
    for service in layout.services.values() {
        for login in service.logins.values() {
            of_login(&mut text, layout, (service, login), addresses)?;
        }
    }
    if let Some(inspector) = &layout.cluster.inspector {
        text.push_str("\n# the inspector, who reads the catalogs\n");
        let mut databases = layout.managed_databases();
        databases.insert(&layout.cluster.database);
        for database in databases {
            lines(&mut text, (database, inspector), addresses, "scram-sha-256")?;
        }
    }
    text.push_str(END);
    for (role, database) in layout.strangers() {
        let role = match role {
            Grantee::Public => "PUBLIC".to_owned(),
            Grantee::Role(name) => name.shown(),
        };
        let _ = writeln!(
            text,
            "# An exception keeps CONNECT on {} for {role}; no line here is for that.",
            database.shown()
        );
    }
    Ok(text)
}

const END: &str = "
# Nobody else is let in by these lines. Lines before them may let others in, and lines after them, too, where none of these
# fits. Superusers, the provisioner, replication and admins need lines of their own.
";

fn of_login(
    text: &mut String,
    layout: &Layout,
    (service, login): (&Service, &Login),
    addresses: &[String],
) -> Result<(), CliError> {
    let (how, method) = match login.auth {
        Auth::Password => ("by password", "scram-sha-256"),
        Auth::External => ("by certificate; for LDAP or Kerberos, write ldap or gss instead of cert", "cert"),
        Auth::Iam => ("by IAM token: RDS has lines of its own for that, and nobody can write others", ""),
    };
    // a backslash at the end of a comment would take the next line with it, so the key isn't the end
    let _ = writeln!(text, "\n# {}.{}, {how}", escaped(&service.key), escaped(&login.key));
    if login.auth == Auth::Iam {
        return Ok(());
    }
    for role in login.logging_in() {
        for database in layout.databases_of(service, login) {
            lines(text, (database, role), addresses, method)?;
        }
    }
    Ok(())
}

/// One line an address.
fn lines(
    text: &mut String,
    (database, role): (&Name, &Name),
    addresses: &[String],
    method: &str,
) -> Result<(), CliError> {
    if let Some(name) = [database, role].into_iter().find(|name| has_hidden(name.as_str())) {
        let message = format!("pg_hba.conf has no escape for the hidden characters of {}", name.shown());
        return Err(CliError::new(message).hint("give it another name, or leave pg_hba.conf to lines for all"));
    }
    if database.as_str().starts_with('/') {
        let before = token::quoted(database.as_str());
        let _ = writeln!(text, "# before PostgreSQL 16, which has no patterns, the next database is {before}");
    }
    let (database, role) = (token::database(database), token::role(role));
    for address in addresses {
        let _ = writeln!(text, "hostssl {database} {role} {address} {method}");
    }
    Ok(())
}
