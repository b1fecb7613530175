//! Concrete objects of one database; never a wildcard.

use std::sync::Arc;

use super::{Kind, Name, escaped};

/// An object inside a database: a schema, or something in one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Object {
    /// The schema that holds it; for a schema, itself. First in the order, so that a schema's objects stand together.
    pub schema: Name,
    pub kind: Kind,
    pub name: Name,
    /// The argument types of a routine as SQL takes them, qualified; empty for everything else.
    pub args: Arc<str>,
}

impl Object {
    /// A schema.
    #[must_use]
    pub fn schema(name: &Name) -> Self {
        Self { schema: name.clone(), kind: Kind::Schema, name: name.clone(), args: Arc::from("") }
    }

    /// What sorts before everything else in the schema.
    #[must_use]
    pub fn first_of(schema: &Name) -> Self {
        Self { schema: schema.clone(), kind: Kind::Database, name: Name::of_server(""), args: Arc::from("") }
    }

    /// How SQL names it after the keyword: `"orders"."jobs"`, `"orders"."f"(integer)`.
    #[must_use]
    pub fn sql(&self) -> String {
        match self.kind {
            Kind::Schema => self.name.quoted(),
            Kind::Function | Kind::Procedure | Kind::Aggregate => {
                format!("{}.{}({})", self.schema.quoted(), self.name.quoted(), self.args)
            }
            _ => format!("{}.{}", self.schema.quoted(), self.name.quoted()),
        }
    }

    /// For people: `orders.jobs`.
    #[must_use]
    pub fn shown(&self) -> String {
        match self.kind {
            Kind::Schema => self.name.shown(),
            Kind::Function | Kind::Procedure | Kind::Aggregate => {
                format!("{}.{}({})", self.schema.shown(), self.name.shown(), escaped(&self.args))
            }
            _ => format!("{}.{}", self.schema.shown(), self.name.shown()),
        }
    }
}
