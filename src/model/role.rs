//! Roles, memberships and settings: what all databases of a cluster share.

use std::collections::BTreeMap;

use super::{Name, escaped, literal, visible_sql};

/// A role's attributes.
/// <https://www.postgresql.org/docs/current/role-attributes.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Role {
    pub login: bool,
    pub superuser: bool,
    pub create_db: bool,
    pub create_role: bool,
    pub inherit: bool,
    pub replication: bool,
    pub bypass_rls: bool,
    /// -1: none.
    pub connection_limit: i32,
}

impl Role {
    /// A role as `CREATE ROLE x` makes it.
    pub const PLAIN: Self = Self {
        login: false,
        superuser: false,
        create_db: false,
        create_role: false,
        inherit: true,
        replication: false,
        bypass_rls: false,
        connection_limit: -1,
    };

    /// The attributes by the keyword that turns each on; `NO` before it turns it off.
    #[must_use]
    pub fn flags(&self) -> [(&'static str, bool); 7] {
        [
            ("SUPERUSER", self.superuser),
            ("CREATEDB", self.create_db),
            ("CREATEROLE", self.create_role),
            ("INHERIT", self.inherit),
            ("REPLICATION", self.replication),
            ("BYPASSRLS", self.bypass_rls),
            ("LOGIN", self.login),
        ]
    }
}

/// An attribute of a role that an exception may keep; not SUPERUSER, which is trusted with everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Attribute {
    CreateDb,
    CreateRole,
    Replication,
    BypassRls,
}

impl Attribute {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::CreateDb, Self::CreateRole, Self::Replication, Self::BypassRls];

    /// Its keyword, in capitals.
    #[must_use]
    pub fn keyword(self) -> &'static str {
        match self {
            Self::CreateDb => "CREATEDB",
            Self::CreateRole => "CREATEROLE",
            Self::Replication => "REPLICATION",
            Self::BypassRls => "BYPASSRLS",
        }
    }

    /// Does the role have it?
    #[must_use]
    pub fn of(self, role: &Role) -> bool {
        match self {
            Self::CreateDb => role.create_db,
            Self::CreateRole => role.create_role,
            Self::Replication => role.replication,
            Self::BypassRls => role.bypass_rls,
        }
    }

    /// Gives it to the role.
    pub fn give(self, role: &mut Role) {
        match self {
            Self::CreateDb => role.create_db = true,
            Self::CreateRole => role.create_role = true,
            Self::Replication => role.replication = true,
            Self::BypassRls => role.bypass_rls = true,
        }
    }
}

/// A row of pg_auth_members: from 16 on the grantor belongs to its key; before, one row a pair, whoever granted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Membership {
    pub role: Name,
    pub member: Name,
    pub grantor: Name,
}

/// What a membership gives. Before 16 every membership may SET, and inherits as its member's attribute says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct MembershipOptions {
    pub admin: bool,
    pub inherit: bool,
    pub set: bool,
}

impl MembershipOptions {
    /// As `GRANT role TO member` gives.
    pub const PLAIN: Self = Self { admin: false, inherit: true, set: true };
}

/// Whose setting: `ALTER ROLE … IN DATABASE …`, either of them absent for "all".
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SettingKey {
    pub database: Option<Name>,
    pub role: Option<Name>,
    pub parameter: String,
}

/// Settings with their stored values.
pub type Settings = BTreeMap<SettingKey, String>;

/// Parameters whose value is a list of identifiers: the server takes and stores their elements one by one
/// (`GUC_LIST_QUOTE` in src/include/utils/guc.h; the same list as pg_dump's `variable_is_guc_list_quote`).
const LISTS: [&str; 6] = [
    "local_preload_libraries",
    "search_path",
    "session_preload_libraries",
    "shared_preload_libraries",
    "temp_tablespaces",
    "unix_socket_directories",
];

/// The value as SQL writes it after `SET parameter =`.
#[must_use]
pub fn setting_sql(parameter: &str, value: &str) -> String {
    if !LISTS.contains(&parameter) {
        return literal(value);
    }
    let elements = list_elements(value);
    if elements.is_empty() { "''".into() } else { elements.iter().map(|e| literal(e)).collect::<Vec<_>>().join(", ") }
}

/// Returns the value for people; the names in a list as SQL has them.
#[must_use]
pub fn setting_shown(parameter: &str, value: &str) -> String {
    if LISTS.contains(&parameter) { visible_sql(value).into_owned() } else { escaped(value) }
}

/// The value in the one form in which two equal settings compare equal.
#[must_use]
pub fn canonical_setting(parameter: &str, value: &str) -> String {
    if LISTS.contains(&parameter) {
        list_elements(value).iter().map(|e| Name::of_server(e).stored()).collect::<Vec<_>>().join(", ")
    } else {
        value.into()
    }
}

/// Splits at commas outside double quotes, as the server does (`SplitIdentifierString` in src/backend/utils/adt/varlena.c):
/// an element without quotes is folded to lower case, in quotes a doubled quote is one.
#[must_use]
pub fn list_elements(value: &str) -> Vec<String> {
    let mut elements = Vec::new();
    let mut rest = value.trim_start_matches(is_space);
    while !rest.is_empty() {
        if let Some(mut inside) = rest.strip_prefix('"') {
            let mut element = String::new();
            loop {
                let end = inside.find('"').unwrap_or(inside.len());
                element.push_str(&inside[..end]);
                inside = inside.get(end + 1..).unwrap_or("");
                match inside.strip_prefix('"') {
                    Some(after) => inside = after,
                    None => break,
                }
                element.push('"');
            }
            elements.push(element);
            rest = inside.find(',').map_or("", |comma| &inside[comma + 1..]);
        } else {
            let (element, after) = rest.split_once(',').unwrap_or((rest, ""));
            elements.push(element.trim_matches(is_space).to_ascii_lowercase());
            rest = after;
        }
        rest = rest.trim_start_matches(is_space);
    }
    elements.retain(|element| !element.is_empty());
    elements
}

/// `scanner_isspace` in src/backend/parser/scansup.c.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0b' | '\x0c')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_written_element_by_element() {
        assert_eq!(setting_sql("search_path", "\"$user\", Public"), "'$user', 'public'");
        assert_eq!(setting_sql("search_path", "\"a\"\"b\""), "'a\"b'");
        assert_eq!(setting_sql("search_path", "\"\"\"\" , x"), "'\"', 'x'");
        assert_eq!(setting_sql("search_path", ""), "''");
        assert_eq!(setting_sql("statement_timeout", "30s"), "'30s'");
        assert_eq!(canonical_setting("search_path", "a,b"), canonical_setting("search_path", "\"a\", b"));
    }
}
