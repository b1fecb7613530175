//! What was found: a claim that doesn't hold, and the path that shows it.

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::access::Hop;
use crate::model::{DefaultKey, Grantee, Name, Object, Privileges, Thing, has_hidden, visible_sql};

/// Every code, in alphabetical order: an interface, and each has a page under docs/findings/.
pub const CODES: &[&str] = &[
    "admin-role",
    "blocking-reference",
    "bypass-rls",
    "caller-view",
    "cascade",
    "changes-roles",
    "code-by-key",
    "code-on-path",
    "column-access",
    "creates-databases",
    "database-owner",
    "definer-function",
    "droppable-policy",
    "event-trigger",
    "foreign-code",
    "foreign-owner",
    "foreign-role",
    "foreign-server",
    "group-login",
    "inherited-table",
    "large-object",
    "lingering-session",
    "login-owns",
    "other-database",
    "owner-view",
    "parameter",
    "planted-default",
    "planted-setting",
    "predefined-role",
    "prepared-transaction",
    "replication",
    "rule",
    "schema-owner",
    "second-writer",
    "shadowing",
    "subscription",
    "superuser",
    "system-right",
    "trigger-function",
    "trigger-privilege",
    "undeclared-access",
    "undeclared-connect",
    "unsafe-definer",
    "untrusted-language",
    "used-code",
];

/// Does it break a claim?
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Yes.
    Error,
    /// Not by itself, or not yet.
    Warning,
    /// Worth knowing.
    Note,
}

/// Can it be done now, alone?
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    Certain,
    /// It depends on what code does, or on what somebody else does.
    Conditional,
}

/// What a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Target {
    /// `table`, `role`, `foreign server` …
    pub kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database: Option<Name>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<Name>,
    pub name: String,
}

/// A claim that doesn't hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// One of [`CODES`].
    pub code: &'static str,
    /// Doesn't change between runs, as long as it is the same hole.
    pub id: String,
    pub severity: Severity,
    pub certainty: Certainty,
    pub claim: String,
    /// A role, or PUBLIC.
    pub principal: String,
    /// The first of `privileges`; empty where it isn't about one.
    pub privilege: String,
    pub privileges: Vec<&'static str>,
    pub object: Target,
    pub path: Vec<Hop>,
    /// SQL that closes it, where there is some; for a superuser, in the object's database.
    pub fix: Vec<String>,
    #[serde(skip)]
    pub(in crate::proof) rights: Privileges,
    #[serde(skip)]
    pub(in crate::proof) shown: String,
}

impl Finding {
    /// It is about what somebody has at work at this moment, which no change of rights ends.
    #[must_use]
    pub fn outlives(&self) -> bool {
        matches!(self.code, "prepared-transaction" | "lingering-session")
    }
}

impl Target {
    /// An object of a database.
    #[must_use]
    pub fn object(database: &Name, object: &Object) -> Self {
        let args = if object.args.is_empty() && !object.kind.is_routine() {
            String::new()
        } else {
            format!("({})", object.args)
        };
        Self {
            kind: object.kind.word().into(),
            database: Some(database.clone()),
            schema: (object.kind != crate::model::Kind::Schema).then(|| object.schema.clone()),
            name: format!("{}{args}", object.name.as_str()),
        }
    }

    /// A database.
    #[must_use]
    pub fn database(name: &Name) -> Self {
        Self { kind: "database".into(), database: Some(name.clone()), schema: None, name: name.as_str().into() }
    }

    /// An object of a database, or the database.
    #[must_use]
    pub fn of(database: &Name, object: Option<&Object>) -> Self {
        object.map_or_else(|| Self::database(database), |object| Self::object(database, object))
    }

    /// An object of whatever class.
    #[must_use]
    pub fn thing(database: &Name, thing: &Thing) -> Self {
        let schema = thing.schema.clone().filter(|_| thing.kind != "schema");
        let database = (thing.kind != "tablespace").then(|| database.clone());
        let (kind, name) = match &thing.column {
            Some(column) => ("column".to_owned(), format!("{}.{}", thing.name(), column.as_str())),
            None => (thing.kind.clone(), thing.name().to_owned()),
        };
        Self { kind, database, schema, name }
    }

    /// A role.
    #[must_use]
    pub fn role(name: &Name) -> Self {
        Self { kind: "role".into(), database: None, schema: None, name: name.as_str().into() }
    }

    /// Default privileges: of which role, in which schema, on which kind of later objects.
    #[must_use]
    pub fn defaults(database: &Name, key: &DefaultKey) -> Self {
        let schema = key.schema.as_ref().map(|schema| format!(" in {}", schema.shown())).unwrap_or_default();
        let name = format!("{} of {}{schema}", key.future.keyword().to_lowercase(), key.role.shown());
        let (kind, database) = ("default privileges".into(), Some(database.clone()));
        Self { kind, database, schema: key.schema.clone(), name }
    }

    /// Something else in a database.
    #[must_use]
    pub fn other(kind: &str, database: Option<&Name>, name: &str) -> Self {
        Self { kind: kind.into(), database: database.cloned(), schema: None, name: name.into() }
    }

    /// Returns the name alone, as it is where all of it can be seen, else as SQL has it: `U&"\202Ef"(integer)`.
    #[must_use]
    pub fn shown_name(&self) -> String {
        if !has_hidden(&self.name) {
            return self.name.clone();
        }
        // the server has quoted it
        if Thing::is_class(&self.kind) {
            return visible_sql(&self.name).into_owned();
        }
        let is_routine = ["function", "procedure", "aggregate"].contains(&self.kind.as_str());
        match self.name.find('(').filter(|_| is_routine) {
            Some(at) => format!("{}{}", Name::of_server(&self.name[..at]).quoted(), visible_sql(&self.name[at..])),
            None => Name::of_server(&self.name).quoted(),
        }
    }

    /// For people: `orders.orders.jobs`, `collation orders.orders.c`.
    #[must_use]
    pub fn shown(&self) -> String {
        let name = self.shown_name();
        match (&self.database, &self.schema) {
            (Some(database), _) if self.kind == "database" => database.shown(),
            (Some(database), Some(schema)) => {
                let other = Thing::is_class(&self.kind);
                let kind = if other { format!("{} ", self.kind) } else { String::new() };
                format!("{kind}{}.{}.{name}", database.shown(), schema.shown())
            }
            (Some(database), None) if self.kind == "schema" => format!("{}.{name}", database.shown()),
            (Some(database), None) => format!("{} {name} in {}", self.kind, database.shown()),
            (None, _) if self.kind == "role" => name,
            (None, _) => format!("{} {name}", self.kind),
        }
    }
}

/// A finding in the making.
pub(super) struct Draft<'a> {
    pub(super) code: &'static str,
    pub(super) who: &'a Grantee,
    pub(super) privileges: Privileges,
    pub(super) object: Target,
    pub(super) claim: String,
    pub(super) path: Vec<Hop>,
    pub(super) fix: Vec<String>,
    pub(super) severity: Severity,
    pub(super) certainty: Certainty,
}

impl Draft<'_> {
    pub(super) fn finding(self) -> Finding {
        let principal = self.who.role().map_or("PUBLIC", Name::as_str).to_owned();
        let privileges: Vec<&'static str> = self.privileges.each().map(|(_, keyword)| keyword).collect();
        debug_assert!(CODES.contains(&self.code), "{} is no known code", self.code);
        Finding {
            id: identity(self.code, self.who, &self.object, &privileges, &self.path),
            code: self.code,
            severity: self.severity,
            certainty: self.certainty,
            claim: self.claim,
            privilege: privileges.first().copied().unwrap_or_default().to_owned(),
            privileges,
            shown: self.who.shown(),
            principal,
            object: self.object,
            path: self.path,
            fix: self.fix,
            rights: self.privileges,
        }
    }
}

/// By what the hole is, not by the way that leads there: `sha256` of its parts, the first 16 digits.
fn identity(code: &str, who: &Grantee, object: &Target, privileges: &[&str], path: &[Hop]) -> String {
    let part = |name: Option<&Name>| name.map_or("", Name::as_str).to_owned();
    let kind = if who.role().is_none() { "public" } else { "role" };
    let mut parts = vec![
        code.to_owned(),
        kind.to_owned(),
        part(who.role()),
        object.kind.clone(),
        part(object.database.as_ref()),
        part(object.schema.as_ref()),
        object.name.clone(),
        privileges.join(","),
    ];
    // two triggers of one table are two holes
    if let Some(Hop::Calls { part, name, code, .. }) = path.iter().rfind(|hop| matches!(hop, Hop::Calls { .. })) {
        parts.extend([part.clone(), name.clone(), code.shown()]);
    }
    if let Some(Hop::Bound { policy, .. }) = path.last() {
        parts.push(policy.as_str().to_owned());
    }
    digest(&parts)
}

/// `sha256` of the parts, the first 16 digits.
pub(super) fn digest(parts: &[impl AsRef<str>]) -> String {
    let parts: Vec<&str> = parts.iter().map(AsRef::as_ref).collect();
    let digest = Sha256::digest(parts.join("\0").as_bytes());
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
