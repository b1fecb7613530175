//! Objects of whatever class, as the server itself names them: what roles own, and what names them in its ACL, besides the
//! kinds that have a question of their own.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Acl, Kind, Name, Object};

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
    /// A function or type that another type has made for itself: a range's constructors and its multirange.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub part: bool,
}

/// Something that hangs on a role, and that no other question reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Other {
    pub thing: Thing,
    pub hold: Held,
    /// Large objects of one owner stand together, by the one with the lowest number.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub count: i64,
    /// The extension that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension: Option<Name>,
    /// The schemas of what hangs on it, directly or through what is in no schema; an extension's own schema, too. Read only where a
    /// proof is made.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub users: BTreeSet<Name>,
}

/// How it hangs on roles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Held {
    /// This one owns it.
    Owner(Name),
    /// Its ACL names some.
    Rights(Acl),
    /// Its ACL names this one; it is of a class whose ACLs we don't know how to read.
    Named(Name),
}

fn one() -> i64 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_one(count: &i64) -> bool {
    *count == 1
}

/// What stands in schemas and has an `ALTER … OWNER TO`, besides the kinds of [`super::Kind`]; of these, the parts of other types.
const MOVED: [&str; 8] = [
    "collation",
    "conversion",
    "operator",
    "operator class",
    "operator family",
    "statistics object",
    "text search configuration",
    "text search dictionary",
];

impl Thing {
    /// Something that is in no schema.
    #[must_use]
    pub fn plain(kind: &str, identity: String) -> Self {
        Self { kind: kind.into(), schema: None, identity, column: None, member: false, part: false }
    }

    /// Is it a class of things that stand in schemas, have an owner, and are none of [`super::Kind`]?
    #[must_use]
    pub fn is_class(kind: &str) -> bool {
        MOVED.contains(&kind)
    }

    /// Can it be given to somebody else by a statement of its own? What belongs to an extension stays as its script made it.
    #[must_use]
    pub fn can_move(&self) -> bool {
        let known = Self::is_class(&self.kind) || super::Kind::all().any(|kind| kind.word() == self.kind);
        known && self.schema.is_some() && self.column.is_none() && !self.member
    }

    /// Its name without the schema, as the server writes it.
    #[must_use]
    pub fn name(&self) -> &str {
        let schema = self.schema.as_ref().filter(|_| self.kind != "schema");
        let forms = schema.map(|schema| [format!("{}.", schema.stored()), format!("{}.", schema.as_str())]);
        let forms = forms.iter().flatten();
        forms.filter_map(|form| self.identity.strip_prefix(form.as_str())).next().unwrap_or(&self.identity)
    }

    /// Returns the identity as SQL text that can be seen and run.
    #[must_use]
    pub fn sql(&self) -> std::borrow::Cow<'_, str> {
        super::visible_sql(&self.identity)
    }

    /// `ALTER MATERIALIZED VIEW … OWNER TO`: mostly the kind itself, in capitals.
    #[must_use]
    pub fn alter_keyword(&self) -> String {
        match self.kind.as_str() {
            "function" | "procedure" | "aggregate" => "ROUTINE".into(),
            "foreign-data wrapper" => "FOREIGN DATA WRAPPER".into(),
            "statistics object" => "STATISTICS".into(),
            other => other.to_uppercase(),
        }
    }

    /// `TABLE`, as GRANT and REVOKE want it.
    #[must_use]
    pub fn grant_keyword(&self) -> &str {
        match self.kind.as_str() {
            "table" | "toast table" | "view" | "materialized view" | "foreign table" => "TABLE",
            "sequence" => "SEQUENCE",
            "function" | "aggregate" => "FUNCTION",
            "procedure" => "PROCEDURE",
            "schema" => "SCHEMA",
            "type" => "TYPE",
            "language" => "LANGUAGE",
            "foreign-data wrapper" => "FOREIGN DATA WRAPPER",
            "server" => "FOREIGN SERVER",
            "large object" => "LARGE OBJECT",
            "database" => "DATABASE",
            "tablespace" => "TABLESPACE",
            "parameter" => "PARAMETER",
            other => other,
        }
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

/// The owners of what can change hands.
#[must_use]
pub fn owners(others: &[Other]) -> BTreeMap<Thing, Name> {
    let owned = |other: &Other| match &other.hold {
        Held::Owner(owner) if other.thing.can_move() => Some((other.thing.clone(), owner.clone())),
        _ => None,
    };
    others.iter().filter_map(owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_has_a_name_without_its_schema() {
        let thing = |schema: &str, identity: &str| Thing {
            schema: Some(Name::of_server(schema)),
            ..Thing::plain("operator class", identity.into())
        };
        assert_eq!(thing("orders", "orders.cls USING btree").name(), "cls USING btree");
        assert_eq!(thing("Odd one", "\"Odd one\".\"Cls\" USING btree").name(), "\"Cls\" USING btree");
        assert_eq!(Thing::plain("publication", "p".into()).name(), "p");
    }

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
            part: false,
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
