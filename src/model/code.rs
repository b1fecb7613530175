//! What acts for another inside a database: code that runs as its owner, and structure by which a change of one table is a
//! change of another. Read for proofs only; a plan needs none of it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Acl, Hanging, Name, Object, OnPath, Privileges};

/// Everything in one database through which somebody may act with the rights of somebody else.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Code {
    /// SECURITY DEFINER routines.
    pub definers: Vec<Definer>,
    /// What goes along with what; None in a snapshot from before.
    #[serde(default)]
    pub hanging: Option<Hanging>,
    /// Schemas whose owner may drop what others own there; None in a snapshot from before.
    #[serde(default)]
    pub contained: Option<Vec<Contained>>,
    /// Restrictive policies for certain roles.
    #[serde(default)]
    pub restrictions: Vec<Restriction>,
    /// Views that can be written through.
    pub writable_views: Vec<WritableView>,
    /// Materialized views: what they copied.
    pub copies: Vec<Copied>,
    pub rules: Vec<Rule>,
    pub triggers: Vec<Trigger>,
    /// Those that change the referencing table, and those between tables of different owners.
    pub foreign_keys: Vec<ForeignKey>,
    /// Code that a relation runs, and that belongs to another than the relation.
    pub borrowed: Vec<Borrowed>,
    /// Code that runs as whoever uses a relation. Files from before don't have it.
    #[serde(default)]
    pub used: Option<Vec<Used>>,
    /// Calls of what runs code that a text names. Files from before don't have it.
    #[serde(default)]
    pub by_name: Option<Vec<ByName>>,
    pub servers: Vec<ForeignServer>,
    pub foreign_tables: Vec<ForeignTable>,
    /// From 16 on, since before only superusers own one.
    pub subscriptions: Vec<Subscription>,
    pub large_objects: Vec<LargeObjects>,
    pub event_triggers: Vec<EventTrigger>,
    /// Those that reach outside of the database, and that somebody declared to be trusted.
    pub languages: Vec<Language>,
    /// What initdb didn't give, on the system's own catalogs and functions.
    pub system_rights: Vec<SystemRight>,
    /// What a search_path leads to; None in a snapshot from before.
    #[serde(default)]
    pub on_path: Option<OnPath>,
}

/// A schema in which something of another owner than its own stands, on which something in other schemas hangs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contained {
    pub schema: Name,
    /// The schemas of what hangs on it.
    pub users: BTreeSet<Name>,
}

/// A restrictive row security policy that is for certain roles: each of them is off it by DROP OWNED BY him.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restriction {
    pub name: Name,
    pub relation: Object,
    /// What it is for.
    pub on: Privileges,
    pub roles: Vec<Name>,
}

/// A routine that runs with its owner's rights, or an aggregate that runs a function with those of the function's.
/// <https://www.postgresql.org/docs/current/sql-createfunction.html#SQL-CREATEFUNCTION-SECURITY>
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Definer {
    pub routine: Object,
    /// A type, a schema or a table by whose use it runs, for whoever may use that: nobody is asked for EXECUTE on a support function of a range
    /// type, an operator class or an index. Without it, it is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub through: Option<Object>,
    pub owner: Name,
    /// The tables that its body names, where that is bound and does nothing else: it writes no other. None: only its body knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub touches: Option<Vec<Object>>,
    /// Its `search_path` is set and ends in pg_temp, so that nobody's temporary table stands before what it means.
    pub safe: bool,
    /// The schemas of that `search_path`, in which nobody else may create either. Files from before don't have it.
    #[serde(default)]
    pub path: Vec<Name>,
}

impl Definer {
    /// What one must have a right on for it to run, and which.
    #[must_use]
    pub fn set_off_by(&self) -> (&Object, Privileges) {
        match &self.through {
            None => (&self.routine, Privileges::EXECUTE),
            Some(table) if table.kind.is_relation() => (table, Privileges::INSERT | Privileges::UPDATE),
            Some(type_or_schema) => (type_or_schema, Privileges::USAGE),
        }
    }
}

/// A view, and what it passes on to the tables behind it (`pg_relation_is_updatable`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WritableView {
    pub view: Object,
    pub privileges: Privileges,
    /// By a rule: what it does with the row, only its code knows.
    pub by_rule: bool,
    /// There are so many views below it that the server isn't asked: whatever they let through, it may.
    #[serde(default)]
    pub deep: bool,
}

/// A materialized view and the relations that it read as its owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Copied {
    pub view: Object,
    pub relations: Vec<Object>,
}

/// A rule but a view's own: it runs with the rights of the relation's owner.
/// <https://www.postgresql.org/docs/current/rules-privileges.html>
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    pub name: Name,
    pub relation: Object,
    /// INSERT, UPDATE or DELETE: what sets it going.
    pub on: Privileges,
    pub relations: Vec<Object>,
    /// What its text does to each of them, besides reading; a snapshot from before doesn't know.
    #[serde(default)]
    pub writes: Vec<Privileges>,
}

/// A trigger: its function runs as whoever changes the table, unless it is SECURITY DEFINER.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trigger {
    pub name: Name,
    pub relation: Object,
    pub on: Privileges,
    pub function: Object,
    pub owner: Name,
    pub definer: bool,
}

/// A foreign key: what happens to the rows that reference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignKey {
    pub name: Name,
    pub table: Object,
    pub references: Object,
    pub on_delete: Referential,
    pub on_update: Referential,
    /// The referencing columns that SET DEFAULT gives their default.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub defaults: Vec<Name>,
    /// Triggers of the referencing table that an UPDATE of its columns doesn't set off (`UPDATE OF`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deaf: Vec<Name>,
}

/// `ON DELETE`, `ON UPDATE`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Referential {
    /// NO ACTION, RESTRICT.
    Refuse,
    Cascade,
    /// SET NULL, SET DEFAULT.
    Set,
}

impl Referential {
    /// By the letter of pg_constraint.confdeltype.
    #[must_use]
    pub fn of_letter(letter: char) -> Option<Self> {
        match letter {
            'a' | 'r' => Some(Self::Refuse),
            'c' => Some(Self::Cascade),
            'n' | 'd' => Some(Self::Set),
            _ => None,
        }
    }
}

/// A function, domain or type that a relation (or a type, an aggregate, an operator) uses, though another owns it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Borrowed {
    pub user: Object,
    /// `constraint`, `default`, `index`, `policy`, `rule`, `trigger's condition`, `statistics`, `column`, `definition`, `cast`.
    pub part: String,
    pub code: Object,
    pub owner: Name,
}

/// A call, in what a relation, type or routine is made of, of a function of the system's that runs the code that a text names, or a query
/// that it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByName {
    pub user: Object,
    /// Of the user.
    pub owner: Name,
    /// `constraint`, `default`, `generated column`, `index`, `policy`, `rule`, `view`, `trigger's condition`, `statistics`, `partition key`, `body`.
    pub part: String,
    /// The system's function.
    pub code: Object,
    /// The name of the type, where that is constant; None: it is made when the code runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub names: Option<String>,
}

/// A call that a statement on a relation makes with the rights of whoever runs the statement; or one that a routine which is called so makes itself,
/// as far as the server knows it: what an aggregate, a bound body or a type of its arguments calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Used {
    /// Or the routine that calls.
    pub relation: Object,
    /// `trigger`, `policy`, `view`, `rule`, `default`, `generated column`, `constraint`, `index`, `statistics`, `partition key`,
    /// `trigger's condition`, `domain`, `type`, `cast`; of a routine `body`, `aggregate`.
    pub part: String,
    /// Of the part; empty for a view.
    pub name: String,
    /// Who has one of these privileges on the relation sets it off.
    pub on: Privileges,
    pub code: Object,
    /// Of the code.
    pub owner: Name,
    /// The owner of the relation or domain, who wrote the call; None where the server calls it for values of a type.
    pub placer: Option<Name>,
    /// PostgreSQL asks the caller for EXECUTE on it.
    pub asks_execute: bool,
    /// What it does, its body alone decides, not the arguments of the call.
    pub fixed: bool,
    /// An AFTER trigger: before 18 those of a cascade run as whoever began it, too.
    pub queued: bool,
    /// A trigger function whose whole body sets columns of the new row to the time.
    #[serde(default)]
    pub stamps: bool,
    /// SECURITY DEFINER: it runs as its own owner.
    #[serde(default)]
    pub definer: bool,
    /// Of a policy: None is everybody.
    pub roles: Option<Vec<Name>>,
}

/// A foreign server, and for whom it has a user mapping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignServer {
    pub name: Name,
    pub owner: Name,
    pub acl: Acl,
    pub wrapper: Name,
    /// `host`, `port`, `dbname`, as CREATE SERVER has them; user mappings have the passwords, and aren't read.
    pub options: Vec<String>,
    /// None: PUBLIC.
    pub mapped: Vec<Option<Name>>,
    /// As whom each of them goes there, in the same order; None where that can't be seen.
    #[serde(default)]
    pub users: Vec<Option<Name>>,
}

/// A foreign table and its server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignTable {
    pub table: Object,
    pub server: Name,
}

/// A subscription's table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    pub name: Name,
    pub owner: Name,
    /// It writes as its owner; else as the table's, whom the owner must be able to become.
    pub run_as_owner: bool,
    pub table: Object,
}

/// Large objects of one owner and ACL.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LargeObjects {
    pub owner: Name,
    pub acl: Acl,
    pub count: i64,
    /// The one with the lowest number.
    pub example: u32,
}

/// An event trigger: its function runs as whoever runs the DDL.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventTrigger {
    pub name: Name,
    pub function: Object,
    /// Of the function; the trigger itself is a superuser's.
    pub owner: Name,
}

/// A language whose code no right of SQL binds, and that others than superusers may use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Language {
    pub name: Name,
    pub owner: Name,
    pub acl: Acl,
}

/// An ACL of the system's own that isn't as initdb made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SystemRight {
    pub object: Object,
    pub column: Option<Name>,
    pub acl: Acl,
    pub initial: Acl,
}
