//! The hops from a principal to a privilege: the evidence of a proof.

use serde::Serialize;

use crate::model::{Grantee, Name, Object, Privileges};

/// One hop. Where it names a role, that is who one acts as after it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "hop", rename_all = "kebab-case")]
pub enum Hop {
    /// It inherits the rights of a role that it is a member of, or may become the role with SET ROLE.
    Member { role: Name, grantor: Name, how: How },
    /// The implicit member of `pg_database_owner`: here, or in another database, which is then named.
    DatabaseOwner {
        role: Name,
        #[serde(skip_serializing_if = "Option::is_none")]
        database: Option<Name>,
    },
    /// A right in an ACL, of its own or PUBLIC's.
    Acl {
        #[serde(serialize_with = "shown")]
        grantee: Grantee,
        grantor: Name,
        #[serde(serialize_with = "keywords")]
        privileges: Privileges,
    },
    /// The same, on a column.
    Column {
        column: Name,
        #[serde(serialize_with = "shown")]
        grantee: Grantee,
        grantor: Name,
        #[serde(serialize_with = "keywords")]
        privileges: Privileges,
    },
    /// It owns the object, and so has every right, or can give it to itself.
    Owner { role: Name },
    /// A predefined role has the right on everything.
    Predefined { role: Name },
    /// An attribute: SUPERUSER, CREATEROLE …
    Attribute { role: Name, attribute: &'static str },
    /// Through a view (or what a materialized view copied), with its owner's rights.
    View {
        #[serde(serialize_with = "object")]
        view: Object,
        role: Name,
    },
    /// Through a view that runs with its caller's rights, or leads to one, and so names for it what is in a schema that the caller may
    /// not use.
    Caller {
        #[serde(serialize_with = "object")]
        view: Object,
    },
    /// A rule of the relation does it, with its owner's rights.
    Rule {
        rule: Name,
        #[serde(serialize_with = "object")]
        relation: Object,
        role: Name,
    },
    /// A foreign key carries the change over.
    ForeignKey {
        constraint: Name,
        #[serde(serialize_with = "object")]
        table: Object,
        #[serde(serialize_with = "object")]
        references: Object,
    },
    /// A foreign key of the table references another, whose rows can't go as long as it does.
    References {
        constraint: Name,
        #[serde(serialize_with = "object")]
        table: Object,
        #[serde(serialize_with = "object")]
        references: Object,
    },
    /// A right on a table is one on its partitions and children.
    Parent {
        #[serde(serialize_with = "object")]
        table: Object,
    },
    /// The table is a part of another, and its rows are the other's.
    Part {
        #[serde(serialize_with = "object")]
        table: Object,
    },
    /// A trigger of the relation calls what follows.
    Fires {
        trigger: Name,
        #[serde(serialize_with = "object")]
        relation: Object,
    },
    /// A user mapping, by which a foreign server takes one for another.
    Mapped { server: Name, role: Name },
    /// Code that runs with its owner's rights: a SECURITY DEFINER routine, called or set off by a trigger.
    Executes {
        #[serde(serialize_with = "object")]
        routine: Object,
        role: Name,
    },
    /// A part of the relation calls what follows with the rights of whoever uses the relation; `author` decides what it does.
    Calls {
        #[serde(serialize_with = "object")]
        relation: Object,
        part: String,
        name: String,
        #[serde(serialize_with = "object")]
        code: Object,
        author: Name,
    },
    /// Code of this role, which runs as whoever uses the object.
    Plants {
        #[serde(serialize_with = "object")]
        code: Object,
        part: String,
        #[serde(serialize_with = "object")]
        relation: Object,
    },
    /// The role is one of those for whom the restrictive policy is.
    Bound { policy: Name, role: Name },
    /// So many hops between those before and those after it aren't shown.
    More { hops: usize },
}

/// How many hops of a long path are shown from its start on, and to its end.
pub(super) const ENDS: usize = 8;

/// A path, of which the middle is left out where it is very long.
#[must_use]
pub fn shortened(mut path: Vec<Hop>) -> Vec<Hop> {
    if path.len() > 2 * ENDS + 1 {
        let count = |hop: &Hop| if let Hop::More { hops } = hop { *hops } else { 1 };
        let left = ENDS..path.len() - ENDS;
        let hops = path[left.clone()].iter().map(count).sum();
        path.splice(left, [Hop::More { hops }]);
    }
    path
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

/// Where a path comes by, and how it goes on from there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Station {
    pub name: String,
    pub words: String,
}

/// A path for people, from the principal on; what is reached in the end isn't among its stations.
#[must_use]
pub fn stations(who: &str, path: &[Hop]) -> Vec<Station> {
    let mut stations = Vec::new();
    // None: the hop before leads to the object at which the next one starts
    let mut at = Some(who.to_owned());
    for hop in path {
        let from = hop.from();
        if let (Some(role), Some(from)) = (&at, &from)
            && role != from
            && !matches!(hop, Hop::Plants { .. })
        {
            stations.push(Station { name: role.clone(), words: "uses".into() });
            at = None;
        }
        // after an object on which one is asked oneself, one's own way goes on
        let name = at.take().or(from).unwrap_or_else(|| who.to_owned());
        stations.push(Station { name, words: hop.words() });
        if let Hop::Plants { code, part, .. } = hop {
            let a = if part.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
            stations.push(Station { name: code.shown(), words: format!("runs in {a} {part} of") });
        }
        at = hop.leads_to();
    }
    stations
}

impl Hop {
    /// The same, as far as it is about these privileges.
    #[must_use]
    pub(super) fn only(mut self, asked: Privileges) -> Self {
        if let Self::Acl { privileges, .. } | Self::Column { privileges, .. } = &mut self {
            *privileges = privileges.intersection(asked);
        }
        self
    }

    /// The object at which it starts, where that isn't a role.
    fn from(&self) -> Option<String> {
        match self {
            Self::View { view, .. } | Self::Caller { view } => Some(view.shown()),
            Self::Rule { relation, .. } => Some(relation.shown()),
            Self::ForeignKey { references, .. } => Some(references.shown()),
            Self::References { table, .. } => Some(table.shown()),
            Self::Parent { table } | Self::Part { table } => Some(table.shown()),
            Self::Fires { relation, .. } | Self::Calls { relation, .. } => Some(relation.shown()),
            Self::Executes { routine, .. } => Some(routine.shown()),
            Self::More { .. } => Some("…".into()),
            _ => None,
        }
    }

    /// The role that one acts as after it, or the code that it calls.
    #[must_use]
    pub fn leads_to(&self) -> Option<String> {
        match self {
            Self::Member { role, .. }
            | Self::DatabaseOwner { role, .. }
            | Self::Mapped { role, .. }
            | Self::Executes { role, .. } => Some(role.shown()),
            Self::Calls { code, .. } => Some(code.shown()),
            _ => None,
        }
    }

    /// What it is: `member of`, `granted INSERT by orders_ddl`.
    #[must_use]
    pub fn words(&self) -> String {
        let given = |privileges: &Privileges, grantor: &Name, grantee: &Grantee| {
            let public = if *grantee == Grantee::Public { "as PUBLIC, " } else { "" };
            format!("{public}granted {} by {}", privileges.keywords(), grantor.shown())
        };
        match self {
            Self::Member { how: How::Inherit, .. } => "member of".into(),
            Self::Member { how: How::Set, .. } => "may SET ROLE to".into(),
            Self::Member { how: How::Admin, .. } => "may grant itself".into(),
            Self::DatabaseOwner { database: None, .. } => "owns the database, and so is".into(),
            Self::DatabaseOwner { database: Some(other), .. } => {
                format!("owns the database {}, and so is there", other.shown())
            }
            Self::Acl { grantee, grantor, privileges } => given(privileges, grantor, grantee),
            Self::Column { column, grantee, grantor, privileges } => {
                format!("{} on column {}", given(privileges, grantor, grantee), column.shown())
            }
            Self::Owner { .. } | Self::Plants { .. } => "owns".into(),
            Self::Predefined { role } => format!("as {}, has it on everything", role.shown()),
            Self::Attribute { attribute, .. } => format!("has {attribute}"),
            Self::View { role, .. } => format!("as {}", role.shown()),
            Self::Caller { .. } => "with its caller's own rights".into(),
            Self::Rule { rule, role, .. } => format!("by the rule {}, as {}", rule.shown(), role.shown()),
            Self::ForeignKey { constraint, .. } => format!("carried over by {}", constraint.shown()),
            Self::References { constraint, .. } => format!("by {} references", constraint.shown()),
            Self::Parent { .. } => "and what is part of it".into(),
            Self::Mapped { server, .. } => format!("on the foreign server {} is", server.shown()),
            Self::Part { .. } => "is part of".into(),
            Self::Fires { trigger, .. } => format!("sets off {}", trigger.shown()),
            Self::Executes { .. } => "acts as".into(),
            Self::Bound { policy, .. } => format!("is named in the policy {} of", policy.shown()),
            Self::Calls { part, name, .. } if name.is_empty() => format!("as a {part} calls"),
            Self::Calls { part, name, .. } => format!("by the {part} {} calls", Name::of_server(name).shown()),
            Self::More { hops } => format!("{hops} more hops"),
        }
    }
}

fn shown<S: serde::Serializer>(grantee: &Grantee, s: S) -> Result<S::Ok, S::Error> {
    s.serialize_str(grantee.role().map_or("PUBLIC", Name::as_str))
}

fn keywords<S: serde::Serializer>(privileges: &Privileges, s: S) -> Result<S::Ok, S::Error> {
    s.collect_seq(privileges.each().map(|(_, keyword)| keyword))
}

fn object<S: serde::Serializer>(object: &Object, s: S) -> Result<S::Ok, S::Error> {
    use serde::ser::SerializeStruct;
    let mut fields = s.serialize_struct("Object", 4)?;
    fields.serialize_field("kind", object.kind.word())?;
    fields.serialize_field("schema", &object.schema)?;
    fields.serialize_field("name", &object.name)?;
    fields.serialize_field("args", &*object.args)?;
    fields.end()
}
