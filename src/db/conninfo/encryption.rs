//! The settings that decide about TLS.

use super::endpoint::Endpoint;
use super::settings::Settings;
use crate::db::conninfo_error::ConninfoError;
use crate::db::environment::Environment;
use std::path::PathBuf;

/// What the connection settings say about TLS, for all servers of the list.
#[derive(Clone, Debug)]
pub(in crate::db) struct Encryption {
    /// As asked for; `None` leaves it to what kind of server it is.
    mode: Option<Level>,
    pub(in crate::db) roots: Roots,
    pub(in crate::db) client: Option<ClientFiles>,
    /// TLS from the first byte (`sslnegotiation=direct`).
    pub(in crate::db) direct: bool,
    /// Whether the server's name is told in the clear.
    pub(in crate::db) sni: bool,
}

/// How far a server is trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::db) enum Level {
    /// No TLS.
    Plain,
    /// TLS with whoever answers.
    Encrypted,
    /// TLS with a certificate of an authority that we trust.
    VerifyCa,
    /// The same, and the certificate must be for that host.
    VerifyFull,
}

/// Which authorities are trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::db) enum Roots {
    /// Those of a PEM file.
    File(PathBuf),
    /// Those of the operating system.
    System,
}

/// A client certificate and its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::db) struct ClientFiles {
    pub(in crate::db) certificate: PathBuf,
    pub(in crate::db) key: PathBuf,
}

impl Encryption {
    pub(super) fn resolve(
        settings: &Settings,
        environment: &Environment,
        notes: &mut Vec<String>,
    ) -> Result<Encryption, ConninfoError> {
        let mode = mode(settings, notes)?;
        let roots = match settings.get("sslrootcert") {
            Some("system") if mode.is_some_and(|mode| mode != Level::VerifyFull) => {
                return Err(ConninfoError::WeakSystemRoots);
            }
            Some("system") => Roots::System,
            Some(path) => Roots::File(PathBuf::from(path)),
            None => match default_file(environment, "root.crt") {
                Some(path) => Roots::File(path),
                None => Roots::System,
            },
        };
        let direct = match settings.get("sslnegotiation") {
            None | Some("postgres") => false,
            Some("direct") => true,
            Some(_) => return Err(settings.invalid("sslnegotiation", "postgres or direct")),
        };
        let client = client_files(settings, environment)?;
        Ok(Encryption { mode, roots, client, direct, sni: settings.get("sslsni") != Some("0") })
    }

    /// What a client of ours does by its own `sslmode`: the same authorities, and no certificate of its own. A word that
    /// isn't known asks for the most.
    pub(in crate::db) fn of_client(ours: &Encryption, sslmode: Option<&str>) -> Encryption {
        let mode = sslmode.map(|word| match word {
            "disable" => Level::Plain,
            "require" => Level::Encrypted,
            "verify-ca" => Level::VerifyCa,
            _ => Level::VerifyFull,
        });
        Encryption { mode, client: None, ..ours.clone() }
    }

    /// What holds for one server. Without a word from anybody, what leaves the machine is verified in full, and what
    /// doesn't is plain. With a file of authorities at hand `require` verifies them, as libpq does.
    pub(in crate::db) fn level(&self, endpoint: &Endpoint) -> Level {
        if matches!(endpoint.address, super::endpoint::Address::Socket(_)) {
            return Level::Plain;
        }
        match self.mode {
            None if endpoint.is_local() => Level::Plain,
            None => Level::VerifyFull,
            Some(Level::Encrypted) if matches!(self.roots, Roots::File(_)) => Level::VerifyCa,
            Some(level) => level,
        }
    }

    /// What people should know about how their servers are reached.
    pub(super) fn warn(&self, endpoints: &[Endpoint], notes: &mut Vec<String>) {
        for endpoint in endpoints.iter().filter(|endpoint| !endpoint.is_local()) {
            match self.level(endpoint) {
                Level::Plain => notes.push(format!(
                    "the connection to {endpoint} isn't encrypted (sslmode=disable): \
                     anybody on the way can read and change it"
                )),
                Level::Encrypted => notes.push(format!(
                    "sslmode=require doesn't look at the certificate of {endpoint}: anybody on the way can pose as it \
                     (sslmode=verify-full with sslrootcert=PATH is safe)"
                )),
                Level::VerifyCa | Level::VerifyFull => {}
            }
        }
    }
}

fn mode(settings: &Settings, notes: &mut Vec<String>) -> Result<Option<Level>, ConninfoError> {
    Ok(Some(match settings.get("sslmode") {
        None => return Ok(None),
        Some("disable") => Level::Plain,
        Some(weak @ ("allow" | "prefer")) => {
            // With `prefer`, whoever answers "no TLS here" is told the password.
            notes.push(format!("sslmode={weak} is treated as require: it would fall back to an open connection"));
            Level::Encrypted
        }
        Some("require") => Level::Encrypted,
        Some("verify-ca") => Level::VerifyCa,
        Some("verify-full") => Level::VerifyFull,
        Some(_) => return Err(settings.invalid("sslmode", "disable, require, verify-ca or verify-full")),
    }))
}

fn client_files(settings: &Settings, environment: &Environment) -> Result<Option<ClientFiles>, ConninfoError> {
    if settings.get("sslcertmode") == Some("disable") {
        return Ok(None);
    }
    let given = |name| settings.get(name).map(PathBuf::from);
    let key = given("sslkey").or_else(|| default_file(environment, "postgresql.key"));
    match (given("sslcert"), key) {
        (Some(certificate), Some(key)) => Ok(Some(ClientFiles { certificate, key })),
        (Some(_), None) => Err(settings.invalid("sslcert", "given together with `sslkey`")),
        (None, key) => Ok(default_file(environment, "postgresql.crt")
            .zip(key)
            .map(|(certificate, key)| ClientFiles { certificate, key })),
    }
}

fn default_file(environment: &Environment, name: &str) -> Option<PathBuf> {
    environment.in_home(".postgresql").map(|folder| folder.join(name)).filter(|path| path.is_file())
}
