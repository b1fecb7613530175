//! One step of a plan.

use serde::{Deserialize, Serialize};

use super::Hazard;
use crate::model::{Kind, Name, Object, escaped};

/// Which part of an apply a step belongs to, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Roles without rights, committed first, since another database's transaction couldn't see them.
    Prepare,
    /// Databases, which can't be made in a transaction, and stay closed to PUBLIC.
    Database,
    /// One transaction a database, and one for what is cluster-wide.
    Converge,
    /// What can only go when nothing hangs on it any more in any database: roles and databases.
    Retire,
}

/// What a step does; in the order in which a stage does it: grants before revokes, so that nobody loses for a moment
/// what he should keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    Create,
    /// Whose rights a role that is no superuser takes to act as an owner; given back in the same transaction.
    Borrow,
    Alter,
    Own,
    Join,
    Grant,
    Default,
    /// Before revoke: as long as a grantor is a member of the owner, CASCADE doesn't reach what he granted on, because he
    /// counts as the owner (`recursive_revoke` in src/backend/utils/adt/acl.c).
    Leave,
    Revoke,
    Drop,
    Return,
}

impl Action {
    /// As in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Alter => "alter",
            Self::Own => "own",
            Self::Join => "join",
            Self::Grant => "grant",
            Self::Default => "default",
            Self::Revoke => "revoke",
            Self::Leave => "leave",
            Self::Borrow => "borrow",
            Self::Drop => "drop",
            Self::Return => "return",
        }
    }
}

/// What a step is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectRef {
    /// `table`, `role`, `default privileges` …
    pub kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database: Option<Name>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<Name>,
    /// The first of `objects`, where a step is about several.
    pub name: String,
}

/// A step: statements that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// From 1, in the order in which steps run.
    pub id: usize,
    pub stage: Stage,
    /// The database in whose transaction it runs.
    pub database: Name,
    pub action: Action,
    pub object: ObjectRef,
    /// All names, where the step is about more than one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub objects: Vec<String>,
    /// The role that gains or loses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// All roles, where the step is about more than one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    pub sql: Vec<String>,
    pub undo: Vec<String>,
    pub hazards: Vec<Hazard>,
    /// The code that gets another owner from beyond the wall, where it was read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub code: Vec<StepCode>,
    /// For people: what it does, without the names of its objects.
    pub what: String,
    pub why: String,
}

/// An object that executes something, and whose owner a step changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepCode {
    pub object: ObjectRef,
    /// The owner before the step.
    pub owner: Name,
    /// The code that the object is or carries, as the server writes it.
    pub definition: String,
}

/// A step that the role which plans has no right to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beyond {
    #[serde(flatten)]
    pub step: Step,
    /// Which right is lacking.
    pub needs: String,
    /// What somebody with the right must run once, in `step.database`.
    pub once: Vec<String>,
}

impl ObjectRef {
    /// Something that isn't in a database.
    #[must_use]
    pub fn shared(kind: &str, name: &Name) -> Self {
        Self { kind: kind.into(), database: None, schema: None, name: name.as_str().into() }
    }

    /// A database.
    #[must_use]
    pub fn database(name: &Name) -> Self {
        Self { database: Some(name.clone()), ..Self::shared(Kind::Database.word(), name) }
    }

    /// For people: `function orders.f(integer)`.
    #[must_use]
    pub fn shown(&self) -> String {
        let schema = self.schema.as_ref().map_or_else(String::new, |schema| format!("{}.", schema.shown()));
        format!("{} {schema}{}", self.kind, escaped(&self.name))
    }

    /// An object in a database.
    #[must_use]
    pub fn of(database: &Name, object: &Object) -> Self {
        let name = match object.kind {
            Kind::Function | Kind::Procedure | Kind::Aggregate => format!("{}({})", object.name.as_str(), object.args),
            _ => object.name.as_str().into(),
        };
        let schema = Some(object.schema.clone());
        Self { kind: object.kind.word().into(), database: Some(database.clone()), schema, name }
    }
}
