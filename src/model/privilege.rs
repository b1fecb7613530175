//! Privileges as a bit set.

use std::fmt;

/// A set of privileges on one object. Which are legal depends on the object's kind and the server's version
/// ([`crate::model::Kind::privileges`]).
/// <https://www.postgresql.org/docs/current/ddl-priv.html>
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Privileges(u16);

/// Each privilege: its letter in an aclitem (`ACL_ALL_RIGHTS_STR` in src/include/utils/acl.h), and its keyword.
const TABLE: [(char, &str); 15] = [
    ('r', "SELECT"),
    ('a', "INSERT"),
    ('w', "UPDATE"),
    ('d', "DELETE"),
    ('D', "TRUNCATE"),
    ('x', "REFERENCES"),
    ('t', "TRIGGER"),
    ('m', "MAINTAIN"),
    ('X', "EXECUTE"),
    ('U', "USAGE"),
    ('C', "CREATE"),
    ('c', "CONNECT"),
    ('T', "TEMPORARY"),
    ('s', "SET"),
    ('A', "ALTER SYSTEM"),
];

impl Privileges {
    pub const NONE: Self = Self(0);
    pub const SELECT: Self = Self(1);
    pub const INSERT: Self = Self(1 << 1);
    pub const UPDATE: Self = Self(1 << 2);
    pub const DELETE: Self = Self(1 << 3);
    pub const TRUNCATE: Self = Self(1 << 4);
    pub const REFERENCES: Self = Self(1 << 5);
    pub const TRIGGER: Self = Self(1 << 6);
    /// Servers from 17 on.
    pub const MAINTAIN: Self = Self(1 << 7);
    pub const EXECUTE: Self = Self(1 << 8);
    pub const USAGE: Self = Self(1 << 9);
    pub const CREATE: Self = Self(1 << 10);
    pub const CONNECT: Self = Self(1 << 11);
    pub const TEMPORARY: Self = Self(1 << 12);
    /// Of a parameter, from 15 on.
    pub const SET: Self = Self(1 << 13);
    pub const ALTER_SYSTEM: Self = Self(1 << 14);

    /// Both sets together.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in this set and not in the other.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// What is in both.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// By the letter of an aclitem.
    #[must_use]
    pub fn of_letter(letter: char) -> Option<Self> {
        TABLE.iter().position(|(l, _)| *l == letter).map(|i| Self(1 << i))
    }

    /// By its keyword, in capitals.
    #[must_use]
    pub fn of_keyword(keyword: &str) -> Option<Self> {
        TABLE.iter().position(|(_, k)| *k == keyword).map(|i| Self(1 << i))
    }

    /// The single privileges in the order in which psql lists them.
    pub fn each(self) -> impl Iterator<Item = (Self, &'static str)> {
        TABLE.iter().enumerate().map(|(i, (_, k))| (Self(1 << i), *k)).filter(move |(p, _)| self.contains(*p))
    }

    /// The keywords, for SQL and for people: `SELECT, INSERT`.
    #[must_use]
    pub fn keywords(self) -> String {
        self.each().map(|(_, k)| k).collect::<Vec<_>>().join(", ")
    }

    /// The letters, as in an aclitem.
    #[must_use]
    pub fn letters(self) -> String {
        TABLE.iter().enumerate().filter(|(i, _)| self.0 & (1 << i) != 0).map(|(_, (l, _))| *l).collect()
    }
}

impl std::ops::BitOr for Privileges {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        self.union(other)
    }
}

/// As their letters.
impl serde::Serialize for Privileges {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.letters())
    }
}

impl<'de> serde::Deserialize<'de> for Privileges {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let letters = String::deserialize(d)?;
        let each = letters.chars().map(|letter| Self::of_letter(letter).ok_or(letter));
        let set = each.collect::<Result<Vec<Self>, char>>();
        let set = set.map_err(|letter| serde::de::Error::custom(format!("unknown privilege {letter:?}")))?;
        Ok(set.into_iter().fold(Self::NONE, Self::union))
    }
}

impl fmt::Debug for Privileges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.letters())
    }
}
