//! How a role leaves: what the layout retires, and what hangs on it, as `pg_shdepend` tells for all databases at once.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Acl, AdoptableCode, DefaultKey, Kind, Name, Object};

/// What the layout retires and the server still has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Retire {
    pub roles: BTreeMap<Name, Retired>,
    /// Databases that go, each with the key of the service that it belonged to.
    pub databases: BTreeMap<Name, String>,
}

/// A role that goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retired {
    /// Who gets what it owns.
    pub to: Name,
    /// The key of the retired service that it belongs to.
    pub service: Option<String>,
}

/// What was read of the roles and databases that the layout retires.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retiring {
    /// The roles that were asked about.
    pub asked: BTreeSet<Name>,
    /// How many sessions each role has; those without any aren't here.
    pub sessions: BTreeMap<Name, i64>,
    /// The sessions in each database that goes.
    pub connected: BTreeMap<Name, i64>,
    /// Transactions that the roles left prepared: role, gid.
    pub prepared: BTreeSet<(Name, String)>,
    /// Databases in which something hangs on a role, and that role; those that accept no connections can't be looked into.
    pub databases: BTreeSet<(Name, Name)>,
    pub dependents: BTreeSet<Dependent>,
    /// The code that the roles own in each database that was looked into; absent in older files.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub code: BTreeMap<Name, Vec<AdoptableCode>>,
}

/// Something that hangs on a role.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Dependent {
    /// None: it is shared by all databases.
    pub database: Option<Name>,
    pub role: Name,
    pub thing: Thing,
    pub hold: Hold,
}

/// An object of any kind, as `pg_identify_object` names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Thing {
    /// `table`, `foreign-data wrapper`, `large object` …
    pub kind: String,
    /// The schema that it is in; for a schema, itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<Name>,
    /// Quoted by the server where it must be: `"Odd schema".jobs`, `public.f(integer)`.
    pub identity: String,
    /// A column of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<Name>,
    /// It belongs to an extension.
    #[serde(default)]
    pub member: bool,
}

/// How it hangs on the role.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hold {
    /// The role owns it. Some things only a superuser can own.
    Owner { superuser_only: bool },
    /// The role stands in its ACL, as grantee or as grantor.
    Rights { owner: Name, acl: Acl },
    /// Default privileges, of the role or for it.
    Default { key: DefaultKey, acl: Acl },
    /// A row security policy names it.
    Policy(Policy),
    /// A user mapping for a foreign server, whose name this is.
    Mapping { server: Name },
    /// The ACL that an extension's script gave (from 17 on).
    Initial,
}

/// A row security policy.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Policy {
    pub name: Name,
    /// All roles that it is for; PUBLIC, which stands alone, isn't among them.
    pub roles: BTreeSet<Name>,
    pub permissive: bool,
    /// `ALL`, `SELECT` …
    pub command: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub using: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
}

/// The first name of an identity without its quotes, and how many bytes it takes there.
fn first_name(identity: &str) -> Option<(String, usize)> {
    let Some(quoted) = identity.strip_prefix('"') else {
        let end = identity.find(['.', '(']).unwrap_or(identity.len());
        return (end > 0).then(|| (identity[..end].into(), end));
    };
    let (mut name, mut rest) = (String::new(), quoted);
    loop {
        let end = rest.find('"')?;
        name.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('"') {
            Some(more) => {
                name.push('"');
                rest = more;
            }
            None => return Some((name, identity.len() - rest.len())),
        }
    }
}

impl Retire {
    /// Is it a role that goes?
    #[must_use]
    pub fn has(&self, role: &Name) -> bool {
        self.roles.contains_key(role)
    }
}

impl Thing {
    /// Returns the identity as SQL text that can be seen and run.
    #[must_use]
    pub fn sql(&self) -> std::borrow::Cow<'_, str> {
        super::visible_sql(&self.identity)
    }

    /// Whether it is this object. The server's quoting is read, not stripped, so that `"a.b".c` isn't `a."b.c"`.
    #[must_use]
    pub fn is(&self, object: &Object) -> bool {
        let names = |identity: &str| -> Option<(Vec<String>, usize)> {
            let (mut names, mut at) = (Vec::new(), 0);
            loop {
                let (name, length) = first_name(&identity[at..])?;
                names.push(name);
                at += length;
                if !identity[at..].starts_with('.') {
                    return Some((names, at));
                }
                at += 1;
            }
        };
        let Some((names, at)) = names(&self.identity) else { return false };
        // `f(integer,pg_catalog.text)` there, `f(integer, text)` here
        let args = |text: &str| text.replace("pg_catalog.", "").replace(", ", ",");
        let same_args = args(self.identity[at..].trim_start_matches('(').trim_end_matches(')')) == args(&object.args);
        let same_name = match names.as_slice() {
            [name] if object.kind == Kind::Schema => name == object.name.as_str(),
            [schema, name] if object.kind != Kind::Schema => {
                schema == object.schema.as_str() && name == object.name.as_str()
            }
            _ => false,
        };
        // the server calls a partitioned table a table, and a domain a type
        let kind = match object.kind {
            Kind::PartitionedTable => Kind::Table,
            Kind::Domain => Kind::Type,
            kind => kind,
        };
        kind.word() == self.kind && same_name && (same_args || !kind.is_routine())
    }

    /// For people: `table orders.jobs`, `column note of table orders.jobs`.
    #[must_use]
    pub fn shown(&self) -> String {
        let whole = format!("{} {}", self.kind, self.sql());
        match &self.column {
            Some(column) => format!("column {} of {whole}", column.shown()),
            None => whole,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_is_one_object() {
        let name = Name::of_server;
        let object = |kind, schema: &str, name: &str, args: &str| Object {
            schema: Name::of_server(schema),
            kind,
            name: Name::of_server(name),
            args: args.into(),
        };
        let thing = |kind: Kind, identity: &str| Thing {
            kind: kind.word().into(),
            schema: Some(name("s")),
            identity: identity.into(),
            column: None,
            member: false,
        };
        assert!(thing(Kind::Table, "\"a.b\".c").is(&object(Kind::Table, "a.b", "c", "")));
        assert!(!thing(Kind::Table, "\"a.b\".c").is(&object(Kind::Table, "a", "b.c", "")));
        assert!(thing(Kind::View, "s.\"odd \"\"one\"").is(&object(Kind::View, "s", "odd \"one", "")));
        assert!(!thing(Kind::View, "s.\"odd\"").is(&object(Kind::View, "s", "\"odd\"", "")));
        assert!(thing(Kind::Function, "s.f(integer,pg_catalog.text)").is(&object(
            Kind::Function,
            "s",
            "f",
            "integer, text"
        )));
        assert!(!thing(Kind::Function, "s.f(integer)").is(&object(Kind::Function, "s", "f", "")));
        assert!(!thing(Kind::Table, "s.f").is(&object(Kind::Function, "s", "f", "")));
        assert!(thing(Kind::Table, "s.t").is(&object(Kind::PartitionedTable, "s", "t", "")));
        assert!(thing(Kind::Schema, "s").is(&Object::schema(&name("s"))));
        assert!(!thing(Kind::Table, "\"broken").is(&object(Kind::Table, "broken", "t", "")));
    }
}
