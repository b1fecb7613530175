//! The hops from a principal to a privilege: the evidence of a proof.

use serde::Serialize;

use crate::model::{Grantee, Name, Object, Privileges};

/// One hop. Where it names a role, that is who one acts as after it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "hop", rename_all = "kebab-case")]
pub enum Hop {
    /// It inherits the rights of a role that it is a member of, or may become the role with SET ROLE.
    Member { role: Name, grantor: Name, how: How },
    /// The implicit member of `pg_database_owner`.
    DatabaseOwner { role: Name },
    /// A right in an ACL, of its own or PUBLIC's.
    Acl {
        #[serde(serialize_with = "shown")]
        grantee: Grantee,
        grantor: Name,
    },
    /// The same, on a column.
    Column {
        column: Name,
        #[serde(serialize_with = "shown")]
        grantee: Grantee,
        grantor: Name,
    },
    /// It owns the object, and so has every right, or can give it to itself.
    Owner { role: Name },
    /// A predefined role has the right on everything.
    Predefined { role: Name },
    /// An attribute: SUPERUSER, CREATEROLE …
    Attribute { role: Name, attribute: &'static str },
    /// Through a view (or what a materialized view copied), with its owner's rights.
    View { view: Object, role: Name },
    /// Through a view that runs with its caller's rights, and so names for it what is in a schema that the caller may not use.
    Caller { view: Object },
    /// A rule of the relation does it, with its owner's rights.
    Rule { rule: Name, relation: Object, role: Name },
    /// A foreign key carries the change over.
    ForeignKey { constraint: Name, table: Object, references: Object },
    /// A right on a table is one on its partitions and children.
    Parent { table: Object },
    /// Code that runs with its owner's rights: a SECURITY DEFINER routine, called or set off by a trigger.
    Executes { routine: Object, role: Name },
    /// Code of this role, which runs as whoever uses the object.
    Plants { code: Object, part: String, relation: Object },
}

/// What a membership is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    Inherit,
    Set,
    /// ADMIN OPTION: it may make itself a member.
    Admin,
}

impl Hop {
    /// In the middle of an arrow: `billing_app —member of→ orders_dml`; the words, and where they lead, unless to the end.
    #[must_use]
    pub fn words(&self, privileges: Privileges) -> (String, Option<String>) {
        let given = |grantor: &Name| match privileges.is_empty() {
            true => format!("granted by {}", grantor.shown()),
            false => format!("granted {} by {}", privileges.keywords(), grantor.shown()),
        };
        match self {
            Self::Member { role, how: How::Inherit, .. } => ("member of".into(), Some(role.shown())),
            Self::Member { role, how: How::Set, .. } => ("may SET ROLE to".into(), Some(role.shown())),
            Self::Member { role, how: How::Admin, .. } => ("may grant itself".into(), Some(role.shown())),
            Self::DatabaseOwner { role } => ("owns the database, and so is".into(), Some(role.shown())),
            Self::Acl { grantee: Grantee::Public, grantor } => (format!("as PUBLIC, {}", given(grantor)), None),
            Self::Acl { grantor, .. } => (given(grantor), None),
            Self::Column { column, grantee, grantor } => {
                let public = if *grantee == Grantee::Public { "as PUBLIC, " } else { "" };
                (format!("{public}{} on column {}", given(grantor), column.shown()), None)
            }
            Self::Owner { .. } => ("owns".into(), None),
            Self::Predefined { role } => (format!("as {} on everything", role.shown()), None),
            Self::Attribute { attribute, .. } => (format!("has {attribute}"), None),
            Self::View { view, role } => (format!("as {}, through", role.shown()), Some(view.shown())),
            Self::Caller { view } => ("with its own rights, through".into(), Some(view.shown())),
            Self::Rule { rule, relation, role } => {
                (format!("as {}, by the rule {} of", role.shown(), rule.shown()), Some(relation.shown()))
            }
            Self::ForeignKey { constraint, references, .. } => {
                (format!("carried over by {} from", constraint.shown()), Some(references.shown()))
            }
            Self::Parent { table } => ("as a part of".into(), Some(table.shown())),
            Self::Executes { routine, role } => {
                (format!("runs {}, which acts as", routine.shown()), Some(role.shown()))
            }
            Self::Plants { code, part, relation } => {
                (format!("owns {}, which runs in a {part} of", code.shown()), Some(relation.shown()))
            }
        }
    }
}

fn shown<S: serde::Serializer>(grantee: &Grantee, s: S) -> Result<S::Ok, S::Error> {
    s.serialize_str(grantee.role().map_or("PUBLIC", Name::as_str))
}
