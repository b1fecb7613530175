//! Access control lists, with the grantor in the identity of an entry.

use std::collections::BTreeMap;
use std::fmt;

use super::{Name, Privileges};

/// Who holds a privilege. PUBLIC is a variant: a role may well be named `PUBLIC` or `public `.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grantee {
    Public,
    Role(Name),
}

impl Grantee {
    /// For SQL.
    #[must_use]
    pub fn sql(&self) -> String {
        match self {
            Self::Public => "PUBLIC".into(),
            Self::Role(name) => name.quoted(),
        }
    }

    /// For people.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Public => "PUBLIC".into(),
            Self::Role(name) => name.shown(),
        }
    }

    /// The role, unless it is PUBLIC.
    #[must_use]
    pub fn role(&self) -> Option<&Name> {
        match self {
            Self::Public => None,
            Self::Role(name) => Some(name),
        }
    }
}

/// What one grantor gave to one grantee on one object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Granted {
    pub privileges: Privileges,
    /// Those that the grantee may grant on; a subset of `privileges`.
    pub grantable: Privileges,
}

impl Granted {
    /// Both together.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self { privileges: self.privileges | other.privileges, grantable: self.grantable | other.grantable }
    }

    /// What of it is about these privileges.
    #[must_use]
    pub fn only(self, privileges: Privileges) -> Self {
        Self {
            privileges: self.privileges.intersection(privileges),
            grantable: self.grantable.intersection(privileges),
        }
    }

    /// What of it the other hasn't: privileges, or their grant option.
    #[must_use]
    pub fn beyond(self, other: Self) -> Self {
        let grantable = self.grantable.minus(other.grantable);
        Self { privileges: self.privileges.minus(other.privileges) | grantable, grantable }
    }
}

/// An object's ACL. A null ACL of the catalog is already replaced by `acldefault()`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Acl(BTreeMap<(Grantee, Name), Granted>);

/// An aclitem that doesn't read as `grantee=privileges/grantor`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unreadable aclitem {0:?}")]
pub struct AclError(String);

impl Acl {
    /// From the text of each aclitem, as `acl::text[]` gives it.
    ///
    /// # Errors
    /// When an item can't be read, for instance for a privilege letter of a later server.
    pub fn parse<'a>(items: impl IntoIterator<Item = &'a str>) -> Result<Self, AclError> {
        let mut acl = Self::default();
        for item in items {
            let (grantee, grantor, granted) = parse_item(item).ok_or_else(|| AclError(item.into()))?;
            acl.add(grantee, grantor, granted);
        }
        Ok(acl)
    }

    /// Adds to what the grantor gave to the grantee already.
    pub fn add(&mut self, grantee: Grantee, grantor: Name, granted: Granted) {
        if granted.privileges.is_empty() {
            return;
        }
        let entry = self.0.entry((grantee, grantor)).or_default();
        entry.privileges = entry.privileges | granted.privileges;
        entry.grantable = entry.grantable | granted.grantable;
    }

    /// Adds privileges without grant option.
    pub fn grant(&mut self, grantee: Grantee, grantor: &Name, privileges: Privileges) {
        self.add(grantee, grantor.clone(), Granted { privileges, grantable: Privileges::NONE });
    }

    /// The entries in order: PUBLIC first, then by name.
    pub fn entries(&self) -> impl Iterator<Item = (&Grantee, &Name, Granted)> {
        self.0.iter().map(|((grantee, grantor), granted)| (grantee, grantor, *granted))
    }

    /// What this grantor gave to this grantee.
    #[must_use]
    pub fn granted(&self, grantee: &Grantee, grantor: &Name) -> Granted {
        self.0.get(&(grantee.clone(), grantor.clone())).copied().unwrap_or_default()
    }

    /// What the grantee holds of its own, from whomever.
    #[must_use]
    pub fn held_by(&self, grantee: &Grantee) -> Privileges {
        self.entries().filter(|(g, _, _)| *g == grantee).fold(Privileges::NONE, |all, (_, _, g)| all | g.privileges)
    }

    /// The ACL after the object changes hands, as `aclnewowner()` in src/backend/utils/adt/acl.c computes it: the
    /// old owner's name becomes the new one's, as grantee and as grantor, and entries that meet are merged.
    #[must_use]
    pub fn transfer(&self, from: &Name, to: &Name) -> Self {
        let moved = |name: &Name| if name == from { to.clone() } else { name.clone() };
        let mut acl = Self::default();
        for (grantee, grantor, granted) in self.entries() {
            let grantee = grantee.role().map_or(Grantee::Public, |role| Grantee::Role(moved(role)));
            acl.add(grantee, moved(grantor), granted);
        }
        acl
    }

    /// Without the entries that the predicate names.
    #[must_use]
    pub fn without(&self, drop: impl Fn(&Grantee, &Name) -> bool) -> Self {
        Self(self.0.iter().filter(|((g, by), _)| !drop(g, by)).map(|(k, v)| (k.clone(), *v)).collect())
    }

    /// Each entry as an aclitem's text.
    #[must_use]
    pub fn items(&self) -> Vec<String> {
        self.entries().map(|(grantee, grantor, granted)| item(grantee, grantor, granted)).collect()
    }
}

fn item(grantee: &Grantee, grantor: &Name, granted: Granted) -> String {
    let letters = granted.privileges.letters();
    let starred = |l: char| Privileges::of_letter(l).is_some_and(|p| granted.grantable.contains(p));
    let privileges: String = letters.chars().flat_map(|l| if starred(l) { vec![l, '*'] } else { vec![l] }).collect();
    let who = grantee.role().map(Name::stored).unwrap_or_default();
    format!("{who}={privileges}/{}", grantor.stored())
}

fn parse_item(text: &str) -> Option<(Grantee, Name, Granted)> {
    let (grantee, rest) = parse_name(text)?;
    let rest = rest.strip_prefix('=')?;
    let slash = rest.find('/')?;
    let (grantor, end) = parse_name(&rest[slash + 1..])?;
    let mut granted = Granted::default();
    let mut last = Privileges::NONE;
    for letter in rest[..slash].chars() {
        if letter == '*' {
            granted.grantable = granted.grantable | last;
        } else {
            last = Privileges::of_letter(letter)?;
            granted.privileges = granted.privileges | last;
        }
    }
    let grantee = if grantee.is_empty() { Grantee::Public } else { Grantee::Role(Name::of_server(&grantee)) };
    (end.is_empty() && !grantor.is_empty()).then(|| (grantee, Name::of_server(&grantor), granted))
}

/// A role's name at the start of an aclitem, bare or in double quotes (`putid` in acl.c), and what follows it.
fn parse_name(text: &str) -> Option<(String, &str)> {
    let Some(mut rest) = text.strip_prefix('"') else {
        let end = text.find(['=', '/']).unwrap_or(text.len());
        return Some((text[..end].into(), &text[end..]));
    };
    let mut name = String::new();
    loop {
        let quote = rest.find('"')?;
        name.push_str(&rest[..quote]);
        rest = &rest[quote + 1..];
        match rest.strip_prefix('"') {
            Some(after) => {
                name.push('"');
                rest = after;
            }
            None => return Some((name, rest)),
        }
    }
}

/// As a list of aclitems.
impl serde::Serialize for Acl {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        self.items().serialize(s)
    }
}

impl<'de> serde::Deserialize<'de> for Acl {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let items = Vec::<String>::deserialize(d)?;
        Self::parse(items.iter().map(String::as_str)).map_err(serde::de::Error::custom)
    }
}

impl fmt::Display for Acl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.items().join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Name {
        Name::of_server(text)
    }

    #[test]
    fn items_are_read_and_written() {
        let acl =
            Acl::parse(["own=arwdDxtm/own", "=r/own", "\"Weird \"\"role\"\",=x/\"=r*w/own", "u=r/\"G 2\""]).unwrap();
        let weird = Grantee::Role(name("Weird \"role\",=x/"));
        assert_eq!(acl.granted(&weird, &name("own")).grantable, Privileges::SELECT);
        assert_eq!(acl.held_by(&Grantee::Public), Privileges::SELECT);
        assert_eq!(acl.held_by(&Grantee::Role(name("u"))), Privileges::SELECT);
        assert_eq!(Acl::parse(acl.items().iter().map(String::as_str)).unwrap(), acl);
        for broken in ["", "x", "x=r", "x=?/y", "\"x=r/y", "x=r/y/z"] {
            assert!(Acl::parse([broken]).is_err(), "{broken}");
        }
    }

    #[test]
    fn a_transfer_merges_what_meets() {
        let acl = Acl::parse(["alice=rw/alice", "ddl=r/alice", "bob=r/ddl", "bob=w/alice"]).unwrap();
        let after = Acl::parse(["ddl=rw/ddl", "bob=rw/ddl"]).unwrap();
        assert_eq!(acl.transfer(&name("alice"), &name("ddl")), after);
    }
}
