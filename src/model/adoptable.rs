//! Code that an apply may take over: objects that execute something, whose owner isn't the role that the layout wants.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Name, Object};

/// The ddl role of each schema that a layout declares in one database.
pub type SchemaOwners = BTreeMap<Name, Name>;

/// The code of one database that doesn't belong to the ddl role of its schema, nor to a superuser.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Adoptable {
    /// The schemas that were read, each with the role whose own code was left out.
    pub asked: SchemaOwners,
    pub code: Vec<AdoptableCode>,
}

/// An object that executes something when it is used.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AdoptableCode {
    pub identity: CodeIdentity,
    /// Type and identity as `pg_identify_object` has them, by which a [`Thing`](super::Thing) is the same object.
    pub thing: (String, String),
    pub owner: Name,
    /// The definition of all code that it is or carries, as the server's `pg_get_*` functions write it.
    pub definition: String,
}

/// Which object it is, exactly.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CodeIdentity {
    /// An object of a kind that a state knows.
    Object(Object),
    /// Anything else, by schema, type and identity of `pg_identify_object`.
    Other { schema: Name, kind: String, identity: String },
}

impl CodeIdentity {
    /// The schema that holds the object.
    #[must_use]
    pub fn schema(&self) -> &Name {
        match self {
            Self::Object(object) => &object.schema,
            Self::Other { schema, .. } => schema,
        }
    }

    /// For people: `function orders.f()`.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Object(object) => format!("{} {}", object.kind.word(), object.shown()),
            Self::Other { kind, identity, .. } => format!("{kind} {}", super::escaped(identity)),
        }
    }
}

impl Adoptable {
    /// Whether the code that this role would take over in this schema was read.
    #[must_use]
    pub fn has_asked(&self, schema: &Name, owner: &Name) -> bool {
        self.asked.get(schema) == Some(owner)
    }
}

/// Identities of objects whose definitions are read again.
pub type CodeIdentities = BTreeSet<CodeIdentity>;
