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

use super::connect_error::WhyNot;
use super::conninfo_error::ConninfoError;
use super::environment::Environment;
use super::frames::Accepted;
use super::limits::Limits;
use super::password::Password;
use super::pgpass::{PasswordFile, Wanted};
use super::require_auth::{Method, Methods};
use settings::Settings;
use std::path::PathBuf;
use std::time::Duration;
use tokio_postgres::config::{ChannelBinding, TargetSessionAttrs};

/// A database or role setting can make even a superuser's session run as somebody else, or find somebody else's
/// functions first. What stands in the startup packet wins over those, and what stands last wins over PGOPTIONS.
///
/// `pg_temp` is named, since it is searched first for relations and types where it isn't.
/// Without JIT: the questions are long and their answers small, so that to compile one takes many times what it saves.
/// A library that isn't there keeps everybody out, so none is loaded that a login or a database's owner may name.
const STARTUP_OPTIONS: &str = "-c role=none -c search_path=pg_catalog,pg_temp -c jit=off -c local_preload_libraries=";

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
    /// `-c parameter=value`s over the settings of the role; left out where whoever answers takes no options.
    pub(super) overrides: String,
    /// As asked for; `None` leaves it to what the session is for.
    channel_binding: Option<ChannelBinding>,
    /// The ways in which the server may ask who we are, as asked for.
    require_auth: Option<Methods>,
    whose: Whose,
    pub(super) target: TargetSessionAttrs,
    pub(super) keepalives: Keepalives,
    /// How long its statements wait; `None` is for ever.
    pub(super) limits: Option<Limits>,
    /// Whether each session asks first whether pg_catalog is the server's own.
    pub(super) distrusts: bool,
}

/// Whose password it is, and so what a server gets of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    Ours,
    /// Of a service, and the server has a SCRAM verifier of it.
    Services,
    /// Likewise, and the server has shown that it asks.
    AskedService,
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
        endpoint::warn(&settings, &endpoints, &mut notes);
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

    /// Makes the password a service's: without one, there is nothing that a server could get.
    pub(super) fn set_service_password(&mut self, password: Option<Password>) {
        (self.password, self.password_file) = (password, PasswordFile::default());
        self.session.whose = Whose::Services;
    }

    /// Returns the text, unless it repeats a piece of the password for the server; the names of user and database are no secrets.
    pub(super) fn withheld(&self, endpoint: &Endpoint, text: &str) -> String {
        match self.password_for(endpoint) {
            Some(password) => password.withhold_from(text, &[&self.user, &self.database]),
            None => text.to_owned(),
        }
    }

    /// The same for a server that asks for a service's password: it must ask now, too, and show that it knows the verifier.
    #[must_use]
    pub fn by_scram_alone(&self) -> Conninfo {
        let mut other = self.clone();
        other.session.whose = Whose::AskedService;
        other
    }

    /// Returns the ways in which this server may ask who we are. A service's password, of which a SCRAM verifier was set, is used with SCRAM
    /// alone, whatever we say of our own. Without a word from anybody, ours is told, or hashed by MD5, only to a server that has
    /// shown who it is.
    pub(super) fn accepted(&self, endpoint: &Endpoint, verified: bool) -> Accepted {
        let unasked = if verified { Methods::ALL } else { Methods::without(&[Method::Password, Method::Md5]) };
        let methods = match (self.session.whose, self.password_for(endpoint)) {
            (Whose::Ours, Some(_)) => self.session.require_auth.unwrap_or(unasked),
            (Whose::Ours, None) => self.session.require_auth.unwrap_or(Methods::ALL),
            (_, None) => Methods::ALL,
            (Whose::AskedService, Some(_)) => Methods::of(&[Method::Scram]),
            (Whose::Services, Some(_)) => Methods::of(&[Method::None, Method::Scram]),
        };
        Accepted { methods, verified }
    }

    /// Returns why a way isn't accepted.
    pub(super) fn why_not(&self) -> WhyNot {
        match self.session.whose {
            Whose::Services | Whose::AskedService => WhyNot::OfService,
            Whose::Ours if self.session.require_auth.is_some() => WhyNot::Required,
            Whose::Ours => WhyNot::Unverified,
        }
    }

    /// Returns whether SCRAM must be bound to the TLS connection. A service's password is where no certificate says who answers,
    /// unless somebody said otherwise: poolers and proxies can't.
    pub(super) fn channel_binding(&self, level: Level) -> ChannelBinding {
        let services = self.session.whose != Whose::Ours && self.password.is_some();
        let bound = services && matches!(level, Level::Encrypted | Level::VerifyCa);
        let unasked = if bound { ChannelBinding::Require } else { ChannelBinding::Prefer };
        self.session.channel_binding.unwrap_or(unasked)
    }

    /// The same, but sessions act as this role from their start (`SET ROLE`), and come back to it after RESET ROLE.
    pub fn acting_as(&self, role: &str) -> Conninfo {
        let mut other = self.clone();
        other.session.options = format!("{} {}", other.session.options, option("role", role));
        other
    }

    /// The same, but sessions start with these values, whatever is set for the role or the database. Where whoever answers takes no such
    /// options, as some poolers, they start without.
    pub fn overriding<'a>(&self, settings: impl IntoIterator<Item = (&'a str, &'a str)>) -> Conninfo {
        let mut other = self.clone();
        let options: Vec<String> = settings.into_iter().map(|(name, value)| option(name, value)).collect();
        other.session.overrides = options.join(" ");
        other
    }

    /// The same without what [`Conninfo::overriding`] said; None where it said nothing.
    pub(super) fn not_overriding(&self) -> Option<Conninfo> {
        (!self.session.overrides.is_empty()).then(|| self.overriding([]))
    }

    /// What the server is told in the startup packet besides whom and where. Empty: nothing is sent, since poolers refuse the parameter, even
    /// an empty one, unless they are told to ignore it.
    pub(super) fn startup_options(&self) -> String {
        let session = &self.session;
        let limits = session.limits.filter(|_| !session.options.is_empty()).map(Limits::options).unwrap_or_default();
        format!("{}{limits} {}", session.options, session.overrides).trim_start().to_owned()
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
            None => None,
            Some("prefer") => Some(ChannelBinding::Prefer),
            Some("disable") => Some(ChannelBinding::Disable),
            Some("require") => Some(ChannelBinding::Require),
            Some(_) => return Err(settings.invalid("channel_binding", "disable, prefer or require")),
        };
        let require_auth = settings.get("require_auth").map(|text| {
            let words =
                "a list of none, password, md5, gss, sspi, scram-sha-256 and oauth, each once, all with `!` or none";
            Methods::parse(text).ok_or_else(|| settings.invalid("require_auth", words))
        });
        let target = match settings.get("target_session_attrs") {
            None | Some("any") => TargetSessionAttrs::Any,
            Some("read-write") => TargetSessionAttrs::ReadWrite,
            Some("read-only") => TargetSessionAttrs::ReadOnly,
            Some(_) => return Err(settings.invalid("target_session_attrs", "any, read-write or read-only")),
        };
        Ok(SessionSettings {
            application_name: name.unwrap_or("pgmoat").to_owned(),
            options: options(settings)?,
            overrides: String::new(),
            channel_binding,
            require_auth: require_auth.transpose()?,
            whose: Whose::Ours,
            target,
            keepalives: Keepalives::resolve(settings)?,
            limits: None,
            distrusts: false,
        })
    }
}

/// `-c parameter=value`. Blanks end a word of the options unless a backslash stands before them (`pg_split_opts` in postinit.c).
fn option(parameter: &str, value: &str) -> String {
    let escape = |c: char| if c.is_whitespace() || c == '\\' { vec!['\\', c] } else { vec![c] };
    let escaped = |text: &str| text.chars().flat_map(escape).collect::<String>();
    format!("-c {}={}", escaped(parameter), escaped(value))
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
