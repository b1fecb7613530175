//! Each code in a sentence, and its page.

use crate::plan::{Beyond, Step};

/// The rule of a change that is pending.
pub(super) const PENDING: (&str, &str) = ("pending-change", "The cluster isn't as the layout says");

/// The rule of what couldn't be seen or tried.
pub(super) const NOT_SEEN: (&str, &str) = ("not-seen", "Something that a claim needs couldn't be seen or tried");

/// The codes of findings, in alphabetical order, and what each says.
pub(super) const RULES: &[(&str, &str)] = &[
    ("admin-role", "Somebody can act as an admin"),
    ("blocking-reference", "Another service's foreign key keeps rows from going"),
    ("bypass-rls", "Somebody has BYPASSRLS, for whom no row is hidden"),
    ("caller-view", "A view names another service's table for who has rights there, but not the use of its schema"),
    ("cascade", "A foreign key carries a change over into another service's table"),
    ("changes-roles", "Somebody can make himself a member of a role, or change roles"),
    ("code-by-key", "A foreign key runs a table's code as the table's owner"),
    ("code-on-path", "Code of somebody else stands where a service's sessions look for names"),
    ("column-access", "Somebody has a right on a column that the layout doesn't give"),
    ("creates-databases", "Somebody can create databases"),
    ("database-owner", "A database belongs to somebody else than the layout says"),
    ("definer-function", "A SECURITY DEFINER routine acts as its owner for another service"),
    ("droppable-policy", "Another service can take a restrictive policy off a role"),
    ("event-trigger", "An event trigger runs code that isn't a superuser's"),
    ("foreign-code", "A relation uses code that another service can change"),
    ("foreign-owner", "An object belongs to somebody else than the layout says"),
    ("foreign-role", "Somebody can act as another service's role"),
    ("foreign-server", "A foreign server lets somebody act as another role"),
    ("group-login", "A group of a service may log in itself"),
    ("inherited-table", "A right on a table is one on another service's partition, child or parent"),
    ("large-object", "Another service's large objects can be read or written"),
    ("lingering-session", "Somebody is connected who may not connect any more"),
    ("login-owns", "A login owns something, and so has every right on it"),
    ("other-database", "A service's login can connect to a database that is none of its business"),
    ("owner-view", "A view gives its owner's rights to another service"),
    ("parameter", "Somebody may set a parameter that is a superuser's"),
    ("planted-default", "A default privilege opens what will be created later"),
    ("planted-setting", "A setting of a role or database steers others' sessions"),
    ("predefined-role", "Somebody is a member of a predefined role"),
    ("prepared-transaction", "Rights may wait in a transaction that somebody has prepared"),
    ("replication", "Somebody has REPLICATION, and so can read every database"),
    ("rule", "A rule writes another service's table with its owner's rights"),
    ("schema-owner", "A schema belongs to somebody else than the layout says"),
    ("second-writer", "Somebody besides its writer can write a table"),
    ("shadowing", "Somebody can create objects that stand before those that others mean"),
    ("subscription", "A subscription writes another service's table"),
    ("superuser", "Somebody can act as a superuser"),
    ("system-right", "A right on the system's own catalogs or functions isn't as initdb made it"),
    ("trigger-function", "A trigger runs another service's code, or acts as its owner"),
    ("trigger-privilege", "Somebody can put a trigger on another service's table"),
    ("undeclared-access", "Somebody has a right that the layout doesn't give"),
    ("undeclared-connect", "Somebody can connect to a database who isn't declared"),
    ("unsafe-definer", "A SECURITY DEFINER routine has no safe search_path"),
    ("untrusted-language", "Somebody besides superusers can write code in an untrusted language"),
    ("used-code", "Code on a used table runs as the service that uses it"),
];

/// Where a code's page is: in the repository that Cargo.toml names, else in the sources.
pub(super) fn page(code: &str) -> String {
    match env!("CARGO_PKG_REPOSITORY").trim_end_matches('/') {
        "" => format!("docs/findings/{code}.md"),
        repository => format!("{repository}/blob/v{}/docs/findings/{code}.md", env!("CARGO_PKG_VERSION")),
    }
}

/// `revoke SELECT on table orders.jobs from PUBLIC`, for a sentence of its own.
pub(super) fn change(step: &Step, beyond: Option<&Beyond>) -> String {
    let needs = beyond.map(|beyond| format!(" (out of reach: {})", beyond.needs)).unwrap_or_default();
    format!("{} {}{needs}", step.action.word(), step.what)
}

#[cfg(test)]
mod tests {
    use super::{PENDING, RULES};
    use crate::proof::CODES;

    #[test]
    fn every_code_has_a_sentence() {
        let codes: Vec<&str> = RULES.iter().map(|(code, _)| *code).collect();
        assert_eq!(codes, CODES);
        assert!(!codes.contains(&PENDING.0));
    }
}
