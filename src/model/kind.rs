//! Kinds of objects, as data: adding a kind is adding a row here and a query under sql/.

use super::Privileges;

/// What kind of thing an object is, as far as privileges and owners go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Database,
    Schema,
    Table,
    PartitionedTable,
    View,
    MaterializedView,
    ForeignTable,
    Sequence,
    Function,
    Procedure,
    Aggregate,
    Type,
    Domain,
}

/// What differs from kind to kind.
struct Facts {
    kind: Kind,
    /// For people and in JSON.
    word: &'static str,
    /// `GRANT … ON keyword name`
    grant: &'static str,
    /// `ALTER keyword name OWNER TO …`
    alter: &'static str,
    /// The letter of pg_class.relkind, pg_proc.prokind or our own in sql/types.sql; ' ' where the query is the kind.
    letter: char,
    privileges: Privileges,
}

const RELATION: Privileges = Privileges::SELECT
    .union(Privileges::INSERT)
    .union(Privileges::UPDATE)
    .union(Privileges::DELETE)
    .union(Privileges::TRUNCATE)
    .union(Privileges::REFERENCES)
    .union(Privileges::TRIGGER)
    .union(Privileges::MAINTAIN);
const SEQUENCE: Privileges = Privileges::SELECT.union(Privileges::UPDATE).union(Privileges::USAGE);
const DATABASE: Privileges = Privileges::CREATE.union(Privileges::CONNECT).union(Privileges::TEMPORARY);
const SCHEMA: Privileges = Privileges::CREATE.union(Privileges::USAGE);

const fn row(kind: Kind, words: [&'static str; 3], letter: char, privileges: Privileges) -> Facts {
    Facts { kind, word: words[0], grant: words[1], alter: words[2], letter, privileges }
}

/// In the order of [`Kind`]; `ALTER ROUTINE` and `GRANT … ON FUNCTION` take aggregates too, without their ORDER BY.
/// <https://www.postgresql.org/docs/current/sql-grant.html>
const FACTS: [Facts; 13] = [
    row(Kind::Database, ["database", "DATABASE", "DATABASE"], ' ', DATABASE),
    row(Kind::Schema, ["schema", "SCHEMA", "SCHEMA"], ' ', SCHEMA),
    row(Kind::Table, ["table", "TABLE", "TABLE"], 'r', RELATION),
    row(Kind::PartitionedTable, ["partitioned table", "TABLE", "TABLE"], 'p', RELATION),
    row(Kind::View, ["view", "TABLE", "VIEW"], 'v', RELATION),
    row(Kind::MaterializedView, ["materialized view", "TABLE", "MATERIALIZED VIEW"], 'm', RELATION),
    row(Kind::ForeignTable, ["foreign table", "TABLE", "FOREIGN TABLE"], 'f', RELATION),
    row(Kind::Sequence, ["sequence", "SEQUENCE", "SEQUENCE"], 'S', SEQUENCE),
    row(Kind::Function, ["function", "FUNCTION", "FUNCTION"], 'F', Privileges::EXECUTE),
    row(Kind::Procedure, ["procedure", "PROCEDURE", "PROCEDURE"], 'P', Privileges::EXECUTE),
    row(Kind::Aggregate, ["aggregate", "FUNCTION", "ROUTINE"], 'A', Privileges::EXECUTE),
    row(Kind::Type, ["type", "TYPE", "TYPE"], 'T', Privileges::USAGE),
    row(Kind::Domain, ["domain", "DOMAIN", "DOMAIN"], 'D', Privileges::USAGE),
];

impl Kind {
    fn facts(self) -> &'static Facts {
        &FACTS[self as usize]
    }

    /// For people and in JSON: `materialized view`.
    #[must_use]
    pub fn word(self) -> &'static str {
        self.facts().word
    }

    /// `GRANT … ON TABLE`.
    #[must_use]
    pub fn grant_keyword(self) -> &'static str {
        self.facts().grant
    }

    /// `ALTER MATERIALIZED VIEW … OWNER TO`.
    #[must_use]
    pub fn alter_keyword(self) -> &'static str {
        self.facts().alter
    }

    /// Everything that can be granted on it; MAINTAIN exists from 17 on.
    #[must_use]
    pub fn privileges(self, server_version_num: u32) -> Privileges {
        let all = self.facts().privileges;
        if server_version_num < 170_000 { all.minus(Privileges::MAINTAIN) } else { all }
    }

    /// Tables, views and their like: what pg_class holds and rows can be read from.
    #[must_use]
    pub fn is_relation(self) -> bool {
        self.facts().grant == "TABLE"
    }

    /// Functions, procedures and aggregates: what can be executed.
    #[must_use]
    pub fn is_routine(self) -> bool {
        self.facts().privileges == Privileges::EXECUTE
    }

    /// By the letter that the query files give.
    #[must_use]
    pub fn of_letter(letter: char) -> Option<Self> {
        FACTS.iter().find(|f| f.letter == letter && letter != ' ').map(|f| f.kind)
    }

    /// The letter that the query files give.
    #[must_use]
    pub fn letter(self) -> char {
        self.facts().letter
    }

    /// Every kind.
    pub fn all() -> impl Iterator<Item = Self> {
        FACTS.iter().map(|f| f.kind)
    }
}

/// What a default privilege is about (`pg_default_acl.defaclobjtype`).
/// <https://www.postgresql.org/docs/current/catalog-pg-default-acl.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Future {
    Tables,
    Sequences,
    Functions,
    Types,
    Schemas,
    /// From 18 on.
    LargeObjects,
}

impl Future {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Tables, Self::Sequences, Self::Functions, Self::Types, Self::Schemas, Self::LargeObjects];

    /// `ALTER DEFAULT PRIVILEGES … ON TABLES`
    #[must_use]
    pub fn keyword(self) -> &'static str {
        match self {
            Self::Tables => "TABLES",
            Self::Sequences => "SEQUENCES",
            Self::Functions => "FUNCTIONS",
            Self::Types => "TYPES",
            Self::Schemas => "SCHEMAS",
            Self::LargeObjects => "LARGE OBJECTS",
        }
    }

    /// By the letter in pg_default_acl.
    #[must_use]
    pub fn of_letter(letter: char) -> Option<Self> {
        "rSfTnL".chars().position(|l| l == letter).map(|i| Self::ALL[i])
    }

    /// The letter in pg_default_acl.
    #[must_use]
    pub fn letter(self) -> char {
        ['r', 'S', 'f', 'T', 'n', 'L'][self as usize]
    }

    /// What PUBLIC gets on such an object unless told otherwise (`acldefault`).
    #[must_use]
    pub fn public(self) -> Privileges {
        match self {
            Self::Functions => Privileges::EXECUTE,
            Self::Types => Privileges::USAGE,
            _ => Privileges::NONE,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_enum() {
        for (at, facts) in FACTS.iter().enumerate() {
            assert_eq!(facts.kind as usize, at);
        }
        for future in Future::ALL {
            assert_eq!(Future::of_letter(future.letter()), Some(future));
        }
    }
}
