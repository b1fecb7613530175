//! What hangs on what: `DROP … CASCADE` takes it along, over as many hops as there are.

use serde::{Deserialize, Serialize};

use super::{Name, Object, Thing};

/// The ways from things of one owner to those of others, and on from there.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Hanging {
    pub things: Vec<Hung>,
    pub hangs: Vec<Hangs>,
}

/// A thing on which something hangs, or that hangs on something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hung {
    pub thing: Thing,
    pub owner: Name,
    /// A relation, a routine or a type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<Object>,
}

/// One hangs on another, both by their place among the things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hangs {
    pub on: usize,
    pub on_part: Part,
    pub what: usize,
    pub part: Part,
    /// With it go data, or a promise about data: not what can be made again.
    pub lost: bool,
}

/// Which part of a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    Whole,
    Column(i32),
    /// Whatever is in its row type.
    AnyColumn,
    /// An index, a default, a constraint: nothing hangs on it.
    Leaf,
}

impl Part {
    /// As sql/depended_on.sql counts them.
    #[must_use]
    pub fn of_number(number: i32) -> Self {
        match number {
            0 => Self::Whole,
            -1 => Self::AnyColumn,
            column @ 1.. => Self::Column(column),
            _ => Self::Leaf,
        }
    }

    /// Does what hangs on `on` go when this part goes?
    #[must_use]
    pub fn takes(self, on: Self) -> bool {
        match self {
            Self::Whole => true,
            Self::Column(_) => on == self || on == Self::AnyColumn,
            // what is in it has lost a part, and so has what is made of that
            Self::AnyColumn => on == Self::AnyColumn || on == Self::Whole,
            Self::Leaf => false,
        }
    }
}
