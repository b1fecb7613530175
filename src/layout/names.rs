//! Which names PostgreSQL takes, and which of those pgmoat refuses.

use super::read::{Placed, Sink};
use super::{At, Problem};
use crate::model::{Name, NameError};

/// `NAMEDATALEN - 1`.
const MAX_BYTES: usize = Name::MAX_BYTES;

/// What a name is the name of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A role that pgmoat makes.
    Role,
    /// A role that is there already.
    TrustedRole,
    /// A database that pgmoat makes.
    Database,
    /// A database that is there already.
    MaintenanceDatabase,
    Schema,
    Extension,
    Template,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Role | Self::TrustedRole => "a role",
            Self::Database | Self::MaintenanceDatabase => "a database",
            Self::Schema => "a schema",
            Self::Extension => "an extension",
            Self::Template => "a template database",
        }
    }

    /// Why a name of this kind can't be taken.
    fn reserved(self, name: &str) -> Option<&'static str> {
        let prefixed = name.starts_with("pg_");
        match self {
            Self::Role | Self::TrustedRole if name == "public" => Some("`public` stands for every role in PostgreSQL"),
            Self::Role | Self::TrustedRole if name == "none" => Some("`none` stands for no role in PostgreSQL"),
            Self::Role if prefixed => Some("PostgreSQL keeps role names that start with `pg_` for itself"),
            Self::Database if prefixed => Some("names that start with `pg_` are PostgreSQL's own"),
            Self::Schema if prefixed => Some("PostgreSQL keeps schema names that start with `pg_` for itself"),
            Self::Schema if name == "information_schema" => Some("that schema is PostgreSQL's own"),
            Self::Database if name == "template1" => Some("every new database is a copy of it"),
            Self::Database | Self::MaintenanceDatabase if name == "template0" => Some("nobody may connect to it"),
            _ => None,
        }
    }
}

/// Where a name comes from: written there, or made of a template for what stands there.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    pub(super) at: At,
    /// The template, if the layout writes one.
    pub(super) template: Option<At>,
}

impl Origin {
    pub(super) fn written(at: &At) -> Self {
        Self { at: at.clone(), template: None }
    }

    pub(super) fn also(&self) -> Option<(At, String)> {
        self.template.clone().map(|at| (at, "made of this template".to_owned()))
    }
}

/// A name with what it is for and where it comes from.
#[derive(Debug, Clone)]
pub(super) struct Named {
    pub(super) name: Name,
    /// For messages: "the dml role of `orders`".
    pub(super) what: String,
    pub(super) origin: Origin,
}

/// The name, or a stand-in after a problem: no layout comes out then, but reading goes on.
pub(super) fn name(sink: &Sink<'_>, kind: Kind, text: &str, origin: &Origin) -> Name {
    let word = kind.word();
    let (code, message, label) = match (Name::new(text), kind.reserved(text)) {
        (Ok(name), None) => return name,
        (Ok(_), Some(why)) => ("reserved-name", format!("{word} can't be named `{text}`"), why.to_owned()),
        (Err(NameError::Empty), _) => {
            ("empty-name", format!("the name of {word} may not be empty"), format!("expected 1 to {MAX_BYTES} bytes"))
        }
        (Err(NameError::Nul), _) => {
            ("nul-in-name", format!("the name of {word} holds a NUL byte"), "no PostgreSQL name can hold it".to_owned())
        }
        (Err(NameError::TooLong(bytes)), _) => (
            "name-too-long",
            format!("the name of {word} has {bytes} bytes: `{text}`"),
            format!("PostgreSQL allows {MAX_BYTES} bytes"),
        ),
    };
    sink.push(Problem { code, message, at: origin.at.clone(), label, also: origin.also(), help: None });
    stand_in()
}

/// What stands where a name couldn't be read.
pub(super) fn stand_in() -> Name {
    Name::of_server("")
}

/// Nothing more is said about a name that was refused.
pub(super) fn is_stand_in(name: &Name) -> bool {
    name.as_str().is_empty()
}

/// A name that is written as it is.
pub(super) fn written(sink: &Sink<'_>, kind: Kind, text: &Placed<String>) -> Name {
    name(sink, kind, &text.it, &Origin::written(&text.at))
}
