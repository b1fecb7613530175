//! Where to connect, as whom, and how: resolved from everything that libpq looks at.

mod encryption;
mod endpoint;
mod keyvalue;
mod keyword;
mod service_file;
mod settings;
#[cfg(test)]
mod tests;
mod url;

pub(super) use encryption::{ClientFiles, Encryption, Level, Roots};
pub(super) use endpoint::{Address, Endpoint};

use super::conninfo_error::ConninfoError;
use super::environment::Environment;
use super::limits::Limits;
use super::password::Password;
use super::pgpass::{PasswordFile, Wanted};
use settings::Settings;
use std::path::PathBuf;
use std::time::Duration;
use tokio_postgres::config::{ChannelBinding, TargetSessionAttrs};

/// A database or role setting can make even a superuser's session run as somebody else, or find somebody else's
/// functions first. What stands in the startup packet wins over those, and what stands last wins over PGOPTIONS.
///
/// `pg_temp` is named, since it is searched first for relations and types where it isn't.
/// Without JIT: the questions are long and their answers small, so that to compile one takes many times what it saves.
const STARTUP_OPTIONS: &str = "-c role=none -c search_path=pg_catalog,pg_temp -c jit=off";

/// Where and how to connect, fully resolved. Its Debug shows no password.
#[derive(Clone)]
pub struct Conninfo {
    pub(super) endpoints: Vec<Endpoint>,
    pub(super) encryption: Encryption,
    pub(super) connect_timeout: Option<Duration>,
    pub(super) session: SessionSettings,
    user: String,
    database: String,
    password: Option<Password>,
    password_file: PasswordFile,
    notes: Vec<String>,
}

/// What the driver is told besides the address.
#[derive(Clone)]
pub(super) struct SessionSettings {
    pub(super) application_name: String,
    pub(super) options: String,
    pub(super) channel_binding: ChannelBinding,
    pub(super) target: TargetSessionAttrs,
    pub(super) keepalives: Keepalives,
    /// How long its statements wait; `None` is for ever.
    pub(super) limits: Option<Limits>,
    /// Whether each session asks first whether pg_catalog is the server's own.
    pub(super) distrusts: bool,
}

/// How a dead connection is noticed.
#[derive(Clone, Default)]
pub(super) struct Keepalives {
    pub(super) off: bool,
    pub(super) idle: Option<Duration>,
    pub(super) interval: Option<Duration>,
    pub(super) count: Option<u32>,
    pub(super) user_timeout: Option<Duration>,
}

impl Conninfo {
    /// Resolves the argument of `-d` (a URL, a key=value string, or the name of a database), then the service that it
    /// or PGSERVICE names, then libpq's environment variables, then the defaults. What comes first wins.
    pub fn resolve(dbname: Option<&str>, env: &Environment) -> Result<Conninfo, ConninfoError> {
        let settings = gather(dbname, env)?;
        let mut notes = Vec::new();
        let user = settings.get("user").or(env.os_user.as_deref()).ok_or(ConninfoError::NoUser)?.to_owned();
        let endpoints = endpoint::endpoints(&settings)?;
        let encryption = Encryption::resolve(&settings, env, &mut notes)?;
        encryption.warn(&endpoints, &mut notes);
        Ok(Conninfo {
            endpoints,
            encryption,
            connect_timeout: connect_timeout(&settings)?,
            session: SessionSettings::resolve(&settings)?,
            database: settings.get("dbname").unwrap_or(&user).to_owned(),
            password: settings.get("password").map(Password::new),
            password_file: password_file(&settings, env, &mut notes),
            user,
            notes,
        })
    }

    /// The same server and user, another database. The password is looked up in the password file for that database.
    pub fn with_database(&self, name: &str) -> Conninfo {
        Conninfo { database: name.to_owned(), ..self.clone() }
    }

    /// The same server and database as another role, with its password; without one, the password file is asked.
    /// What others have put into pg_catalog is no danger to that role's session that its clients don't have, so it isn't asked.
    pub fn with_user(&self, user: &str, password: Option<&str>) -> Conninfo {
        let mut other = Conninfo { user: user.to_owned(), password: password.map(Password::new), ..self.clone() };
        other.session.distrusts = false;
        other
    }

    /// The same, but no statement of its sessions waits longer, and each asks first whether pg_catalog is the server's own:
    /// a session that acts with the rights of an administrator, on a server where others have rights, too.
    pub fn with_limits(&self, limits: Limits) -> Conninfo {
        let mut other = self.clone();
        (other.session.limits, other.session.distrusts) = (Some(limits), true);
        other
    }

    /// The same for a session that looks who keeps another one waiting, which has asked whom to trust.
    pub(super) fn for_a_look(&self) -> Conninfo {
        let mut other = self.with_connect_timeout(Some(Duration::from_secs(2)));
        (other.session.limits, other.session.distrusts) = (None, false);
        other
    }

    pub(super) fn set_password(&mut self, password: Option<Password>, file: PasswordFile) {
        (self.password, self.password_file) = (password, file);
    }

    /// The same, but sessions act as this role from their start (`SET ROLE`), and come back to it after RESET ROLE.
    pub fn acting_as(&self, role: &str) -> Conninfo {
        let mut other = self.clone();
        // blanks end a word of the options unless a backslash stands before them (`pg_split_opts` in postinit.c)
        let escape = |c: char| if c.is_whitespace() || c == '\\' { vec!['\\', c] } else { vec![c] };
        let role: String = role.chars().flat_map(escape).collect();
        other.session.options = format!("{} -c role={role}", other.session.options);
        other
    }

    /// The name that the server shows for the session in `pg_stat_activity`.
    pub fn with_application_name(&self, name: &str) -> Conninfo {
        let mut other = self.clone();
        name.clone_into(&mut other.session.application_name);
        other
    }

    /// Gives up on a server that doesn't answer within this time; `None` waits for ever.
    pub fn with_connect_timeout(&self, timeout: Option<Duration>) -> Conninfo {
        Conninfo { connect_timeout: timeout, ..self.clone() }
    }

    /// The database.
    pub fn database(&self) -> &str {
        &self.database
    }

    /// The role.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// For people: `db.example.com:5432`, or `socket /tmp port 5433`; several are separated by commas.
    pub fn host(&self) -> String {
        self.endpoints.iter().map(Endpoint::to_string).collect::<Vec<_>>().join(", ")
    }

    /// What was found on the way that people should know: a password file that is ignored, a mode that isn't safe.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The notes about the password file, for when it would have been needed.
    pub(super) fn password_file_notes(&self) -> Vec<String> {
        self.notes.iter().filter(|note| note.starts_with("the password file")).cloned().collect()
    }

    /// The password for one of the servers: the one given, or else the password file's.
    pub(super) fn password_for(&self, endpoint: &Endpoint) -> Option<&Password> {
        let wanted = Wanted {
            host: endpoint.name_in_password_file(),
            port: endpoint.port,
            database: &self.database,
            user: &self.user,
        };
        self.password.as_ref().or_else(|| self.password_file.find(wanted))
    }
}

impl std::fmt::Debug for Conninfo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // `options` may carry a secret of somebody's extension, so it isn't shown either.
        f.debug_struct("Conninfo")
            .field("host", &self.host())
            .field("user", &self.user)
            .field("database", &self.database)
            .field("encryption", &self.encryption)
            .field("password", &self.password)
            .field("password_file", &self.password_file)
            .finish_non_exhaustive()
    }
}

/// All sources in one, strongest first.
fn gather(dbname: Option<&str>, env: &Environment) -> Result<Settings, ConninfoError> {
    let mut settings = match dbname {
        Some(text) => argument(text)?,
        None => Settings::default(),
    };
    let environment = Settings::from_environment(env);
    settings.refuse_run_together()?;
    environment.refuse_run_together()?;
    if let Some(service) = settings.get("service").or(environment.get("service")) {
        let file = settings.get("servicefile").or(environment.get("servicefile"));
        let section = service_file::find(service, file, env)?;
        settings.fill_from(section);
    }
    settings.fill_from(environment);
    settings.refuse_run_together()?;
    settings.refuse_unsupported()?;
    Ok(settings)
}

fn argument(text: &str) -> Result<Settings, ConninfoError> {
    if url::is_url(text) {
        return url::parse(text);
    }
    // `postgre://user:password@host` isn't the name of a database, and must not be shown as one.
    let before_equals = text.split('=').next().unwrap_or_default();
    if before_equals.contains("://") || (!text.contains('=') && text.contains('@') && text.contains([':', '/'])) {
        return Err(ConninfoError::NotOurUrl);
    }
    if text.contains('=') {
        return keyvalue::parse(text);
    }
    let mut settings = Settings::default();
    if let Some(keyword) = keyword::find("dbname").filter(|_| !text.is_empty()) {
        settings.set(keyword, text.to_owned(), &super::conninfo_error::Origin::Argument);
    }
    Ok(settings)
}

fn password_file(settings: &Settings, env: &Environment, notes: &mut Vec<String>) -> PasswordFile {
    // With a password given, the file is for other roles only (`with_user`), and what is wrong with it no news.
    let mut unheard = Vec::new();
    let notes = if settings.get("password").is_some() { &mut unheard } else { notes };
    let named = settings.get("passfile").map(PathBuf::from);
    match named.clone().or_else(|| env.in_home(".pgpass")) {
        Some(path) => PasswordFile::read(&path, named.is_some(), notes),
        None => PasswordFile::default(),
    }
}

/// Ten seconds unless said otherwise; libpq waits for ever, and so do 0 and negative numbers here as there.
fn connect_timeout(settings: &Settings) -> Result<Option<Duration>, ConninfoError> {
    match settings.get("connect_timeout") {
        None => Ok(Some(Duration::from_secs(10))),
        Some(text) => match text.trim().parse::<i32>() {
            Ok(seconds) => Ok(u64::try_from(seconds).ok().filter(|seconds| *seconds > 0).map(Duration::from_secs)),
            Err(_) => Err(settings.invalid("connect_timeout", "a number of seconds")),
        },
    }
}

impl SessionSettings {
    fn resolve(settings: &Settings) -> Result<SessionSettings, ConninfoError> {
        let name = settings.get("application_name").or(settings.get("fallback_application_name"));
        let channel_binding = match settings.get("channel_binding") {
            None | Some("prefer") => ChannelBinding::Prefer,
            Some("disable") => ChannelBinding::Disable,
            Some("require") => ChannelBinding::Require,
            Some(_) => return Err(settings.invalid("channel_binding", "disable, prefer or require")),
        };
        let target = match settings.get("target_session_attrs") {
            None | Some("any") => TargetSessionAttrs::Any,
            Some("read-write") => TargetSessionAttrs::ReadWrite,
            Some("read-only") => TargetSessionAttrs::ReadOnly,
            Some(_) => return Err(settings.invalid("target_session_attrs", "any, read-write or read-only")),
        };
        Ok(SessionSettings {
            application_name: name.unwrap_or("pgmoat").to_owned(),
            options: options(settings)?,
            channel_binding,
            target,
            keepalives: Keepalives::resolve(settings)?,
            limits: None,
            distrusts: false,
        })
    }
}

/// The user's options, with ours after them. A backslash at the end would take the space before ours for a character
/// of the user's last value.
fn options(settings: &Settings) -> Result<String, ConninfoError> {
    let Some(given) = settings.get("options") else {
        return Ok(STARTUP_OPTIONS.to_owned());
    };
    let trailing = given.chars().rev().take_while(|character| *character == '\\').count();
    if trailing % 2 == 1 {
        return Err(settings.invalid("options", "without a single backslash at its end"));
    }
    Ok(format!("{given} {STARTUP_OPTIONS}"))
}

impl Keepalives {
    fn resolve(settings: &Settings) -> Result<Keepalives, ConninfoError> {
        let number = |name| match settings.get(name) {
            None => Ok(None),
            Some(text) => match text.trim().parse::<i32>() {
                Ok(number) => Ok(u32::try_from(number).ok().filter(|number| *number > 0)),
                Err(_) => Err(settings.invalid(name, "a whole number")),
            },
        };
        let seconds = |name| Ok(number(name)?.map(|seconds| Duration::from_secs(seconds.into())));
        Ok(Keepalives {
            off: settings.get("keepalives") == Some("0"),
            idle: seconds("keepalives_idle")?,
            interval: seconds("keepalives_interval")?,
            count: number("keepalives_count")?,
            user_timeout: number("tcp_user_timeout")?.map(|millis| Duration::from_millis(millis.into())),
        })
    }
}
