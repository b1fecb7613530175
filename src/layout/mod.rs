//! The layout: what the DBA declares. Read from TOML with the place of everything, checked without a server.

mod allow;
mod check;
mod check_allow;
mod check_lookalike;
mod cluster;
mod connects;
mod document;
mod glob;
mod login;
mod lookup;
mod masked;
mod names;
mod naming;
mod privilege;
mod problem;
mod read;
pub mod resolve;
mod retire;
mod secret_places;
mod secrets;
mod service;
mod table_rule;
mod uses;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

pub use crate::model::CreateDatabase;
use crate::model::{Attribute, Day, Grantee, Name, Privileges};

pub use check_lookalike::WARNINGS;
pub use document::parse;
pub use glob::{GlobError, name_parts};
pub use lookup::RoleOf;
pub use problem::{CODES, Problems, render, render_warnings};
pub use retire::{Retire, RetiredRole, RetiredService};
pub use secrets::MANAGED_BY;

/// A file of the layout, as read by the caller.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// As shown in messages.
    pub name: String,
    pub text: String,
}

/// A place in a file: index into the sources, and bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At {
    pub file: usize,
    pub bytes: Range<usize>,
}

/// Everything that a layout says, names resolved.
#[derive(Debug, Clone)]
pub struct Layout {
    pub cluster: Cluster,
    /// By the service's key in the file.
    pub services: BTreeMap<String, Service>,
    /// Exceptions, in the order of the files.
    pub allows: Vec<Allow>,
    /// None: pgmoat has nothing to do with passwords.
    pub secrets: Option<Secrets>,
    /// On which some of them may have ended ([`Layout::on`]); without a day, none has.
    pub today: Option<Day>,
    /// Roles and services that leave.
    pub retire: Retire,
    /// Names that a reader takes for one another, or doesn't see whole.
    pub warnings: Vec<Problem>,
    /// `sha256:…` of the files' text and of `--env`.
    pub digest: String,
    /// For messages that need the server's inventory first.
    pub sources: Vec<SourceFile>,
}

/// `[cluster]`
#[derive(Debug, Clone)]
pub struct Cluster {
    /// Stands in plans and reports; default `cluster`.
    pub name: String,
    /// The maintenance database; default `postgres`.
    pub database: Name,
    /// Default: the role that connects.
    pub provisioner: Option<Name>,
    pub provisioner_at: Option<At>,
    pub admins: BTreeSet<Name>,
    pub mode: Mode,
    pub inspector: Option<Name>,
    pub inspector_at: Option<At>,
    /// The only cluster that the layout is for: `system_identifier` of pg_control_system().
    pub system_identifier: Option<String>,
    pub system_identifier_at: Option<At>,
}

/// `[secrets]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secrets {
    pub store: Store,
    /// The folder of [`Store::File`], as the layout writes it.
    pub path: Option<String>,
    pub format: FileFormat,
    /// The AWS stores': default AWS's own key of the account.
    pub kms_key: Option<String>,
    /// The AWS stores': default as the environment says.
    pub region: Option<String>,
    /// The AWS stores', besides [`MANAGED_BY`].
    pub tags: BTreeMap<String, String>,
    pub engine: Engine,
    /// What services connect to; default what pgmoat itself connects to.
    pub host: Option<String>,
    pub port: Option<u16>,
    /// Default verify-full.
    pub sslmode: Option<ServiceSslMode>,
    /// Logins that exist without an entry get a new password with one, unless they themselves say otherwise.
    pub adopt: bool,
}

/// Where passwords live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Store {
    SecretsManager,
    Ssm,
    File,
}

/// How [`Store::File`] writes an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFormat {
    Json,
    Dotenv,
}

/// What the entry calls the server; some clients of AWS look for `aurora-postgresql`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Postgres,
    Aurora,
}

/// How services encrypt their connections; `allow` and `prefer` would tell the password to whoever refuses TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServiceSslMode {
    Disable,
    Require,
    VerifyCa,
    VerifyFull,
}

/// What becomes of that which the layout doesn't declare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// It is drift.
    Exclusive,
    /// It stays: plans only ever add.
    Additive,
}

/// `[service.KEY]`
#[derive(Debug, Clone)]
pub struct Service {
    pub key: String,
    pub database: Name,
    pub schemas: Vec<Name>,
    pub extensions: BTreeSet<Name>,
    /// May dml and ro create temporary tables? Default true.
    pub temporary: bool,
    pub public_schema: PublicSchema,
    pub search_path: SearchPath,
    /// `single_writer = true`, with its place for the tables that lack a writer.
    pub single_writer: Option<At>,
    pub create_schemas: bool,
    pub new_tables: NewTables,
    pub create: CreateDatabase,
    pub ddl: Name,
    pub dml: Name,
    pub ro: Name,
    /// By the login's key in the file.
    pub logins: BTreeMap<String, Login>,
    pub tables: Vec<TableRule>,
    pub uses: Vec<Uses>,
    pub at: At,
}

/// Where sessions of a service's logins look for names without a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SearchPath {
    /// The service's schemas, and then `public`, for each login in the service's database.
    Schemas,
    /// As the server, the database or the role itself has it.
    Server,
}

/// Who besides its owner may use the schema `public` of a managed database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublicSchema {
    /// Only roles of the database's services: USAGE.
    Closed,
    /// PUBLIC may use it, not create in it.
    Usage,
    /// Left as it is.
    Open,
}

/// What dml gets on tables that no table rule names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewTables {
    Write,
    Read,
    None,
}

/// The three group roles of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    Ddl,
    Dml,
    Ro,
}

/// `[service.KEY.login.KEY]`, or the short form `KEY = "dml"`.
#[derive(Debug, Clone)]
pub struct Login {
    pub key: String,
    /// The role.
    pub name: Name,
    pub group: Group,
    /// Default: no limit.
    pub connection_limit: Option<i32>,
    /// Parameters set for the role (`ALTER ROLE … SET`).
    pub settings: BTreeMap<String, String>,
    pub auth: Auth,
    /// The entry of the store in which its password lives.
    pub secret: Option<String>,
    pub rotation: Rotation,
    /// It exists, and gets a new password if it has no entry yet.
    pub adopt: bool,
    pub at: At,
}

/// How a login gets its next password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rotation {
    /// The role's own password changes: who holds the one before can open no new session.
    Single,
    /// Two roles take turns, and the one before goes on to work. The login itself is a role without LOGIN, which both
    /// are members of and act as; `keep_login` leaves it its LOGIN while services change over.
    Alternating { slots: [Name; 2], keep_login: bool },
}

/// How a login proves who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Auth {
    Password,
    /// A member of rds_iam; no password.
    Iam,
    /// Certificate, LDAP, Kerberos; no password.
    External,
}

/// `[service.KEY.table.NAME]`
#[derive(Debug, Clone)]
pub struct TableRule {
    pub table: TablePattern,
    /// (service key, login key)
    pub writer: Option<(String, String)>,
    /// The writer's (default INSERT, UPDATE, DELETE), or, without a writer, all that dml has on the table.
    pub privileges: Privileges,
    pub at: At,
}

/// `[[service.KEY.uses]]`
#[derive(Debug, Clone)]
pub struct Uses {
    /// The provider's key.
    pub service: String,
    pub tables: UsedTables,
    pub privileges: Privileges,
    /// None: the consumer's dml role as a whole. Else login keys.
    pub logins: Option<Vec<String>>,
    /// Is code of the provider, which runs with the rights of whoever uses its tables, meant? Default false.
    pub trusts_code: bool,
    /// Of the provider's key.
    pub at: At,
}

#[derive(Debug, Clone)]
pub enum UsedTables {
    /// `["*"]`: SELECT on every table, now and later.
    All,
    Named(Vec<TablePattern>),
}

/// `name`, `schema.name`, with `*` for any run of characters; SQL's double quotes take dots and stars literally.
#[derive(Debug, Clone)]
pub struct TablePattern {
    /// None: any schema of the service.
    pub schema: Option<Glob>,
    pub name: Glob,
    pub at: At,
}

/// A name in which `*` stands for any run of characters: the literal pieces between the stars.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Glob(pub Vec<String>);

/// `[[allow]]`: an exception to what the layout would otherwise take away. It keeps what is there, and grants nothing.
#[derive(Debug, Clone)]
pub struct Allow {
    /// Nobody who is trusted with everything.
    pub role: AllowedRole,
    pub what: Allowed,
    pub reason: String,
    /// The first day on which it counts no more.
    pub until: Option<Day>,
    pub until_at: Option<At>,
    pub at: At,
}

/// Whose exception it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum AllowedRole {
    One(Grantee),
    /// Every role whose name the pattern matches, also those that come and go: `v-*`.
    Family(Glob),
}

/// What an exception keeps.
#[derive(Debug, Clone)]
pub enum Allowed {
    /// `future`: also the default privileges of the schema. `everywhere`: `on = "*"` was written, and stands for each database of the layout, also
    /// for those that it makes.
    Rights { on: On, privileges: Privileges, future: bool, everywhere: bool },
    /// A membership of a role of the layout, or in one.
    MemberOf(Name),
    /// Attributes that no role has by the layout.
    Attributes(BTreeSet<Attribute>),
}

/// A database, a schema, or objects of a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct On {
    pub database: Name,
    pub schema: Option<Name>,
    pub object: Option<Glob>,
}

/// Something wrong in the layout, with its place.
#[derive(Debug, Clone)]
pub struct Problem {
    /// Stable, kebab-case: `unknown-service`.
    pub code: &'static str,
    /// The sentence after `error[code]:`.
    pub message: String,
    pub at: At,
    /// Under the carets.
    pub label: String,
    /// Another place that matters (the first of two writers), with its label.
    pub also: Option<(At, String)>,
    /// What to do, if the label doesn't say it.
    pub help: Option<String>,
}
