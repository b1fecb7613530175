//! Concrete objects of one database; never a wildcard.

use std::sync::Arc;

use super::{Kind, Name, visible_sql};

/// An object inside a database: a schema, or something in one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Object {
    /// The schema that holds it; for a schema, itself. First in the order, so that a schema's objects stand together.
    pub schema: Name,
    pub kind: Kind,
    pub name: Name,
    /// The argument types of a routine as the server writes them, qualified; empty for everything else.
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
                format!("{}.{}({})", self.schema.quoted(), self.name.quoted(), visible_sql(&self.args))
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
                format!("{}.{}({})", self.schema.shown(), self.name.shown(), visible_sql(&self.args))
            }
            _ => format!("{}.{}", self.schema.shown(), self.name.shown()),
        }
    }
}

/// (kind, schema, name, arguments)
type Row<'a> = (std::borrow::Cow<'a, str>, Name, Name, std::borrow::Cow<'a, str>);

impl serde::Serialize for Object {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let row: Row<'_> = (self.kind.word().into(), self.schema.clone(), self.name.clone(), (&*self.args).into());
        row.serialize(s)
    }
}

impl<'de> serde::Deserialize<'de> for Object {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let (kind, schema, name, args) = Row::deserialize(d)?;
        let known = Kind::all().find(|k| k.word() == kind);
        let kind = known.ok_or_else(|| serde::de::Error::custom(format!("unknown kind {kind:?}")))?;
        Ok(Self { kind, schema, name, args: args.into() })
    }
}
