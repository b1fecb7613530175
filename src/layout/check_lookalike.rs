//! Warnings about names that a reader takes for one another, or doesn't see whole.

use std::collections::{BTreeMap, BTreeSet};

use super::names::Named;
use super::{AllowedRole, At, Problem, TablePattern, UsedTables, allow, cluster, service};
use crate::model::{Grantee, Name, has_hidden, is_hidden, lookalike};

/// Every code of a warning that [`super::parse`] can give.
pub const WARNINGS: [&str; 3] = ["hidden-character", "mixed-scripts", "similar-names"];

type Drafts = BTreeMap<String, service::Draft>;

/// A name where it is written, or what it is made of.
struct Written<'a> {
    name: &'a str,
    at: &'a At,
}

/// Collects the warnings. Names that follow from a service's key by a template have its place, and one warning is enough.
#[derive(Default)]
struct Warnings {
    found: Vec<Problem>,
    places: BTreeSet<(&'static str, [(usize, usize); 2])>,
}

/// Returns the warnings about the names of a layout. Roles that leave aren't looked at: their names may be why.
pub(super) fn whole(cluster: &cluster::Draft, drafts: &Drafts, allows: &[allow::Draft]) -> Vec<Problem> {
    let mut warnings = Warnings::default();
    let services = drafts.values().map(|draft| Written { name: &draft.service.key, at: &draft.service.at });
    warnings.of("services", services.collect());
    for draft in drafts.values() {
        let logins = draft.service.logins.values().map(|login| Written { name: &login.key, at: &login.at });
        warnings.of("logins", logins.collect());
    }
    warnings.of("databases", drafts.values().map(|draft| named(&draft.database)).collect());
    warnings.of("roles", roles(cluster, drafts, allows));
    let mut schemas: BTreeMap<&Name, Vec<Written<'_>>> = BTreeMap::new();
    for draft in drafts.values() {
        schemas.entry(&draft.database.name).or_default().extend(draft.schemas.iter().map(named));
    }
    schemas.into_values().for_each(|inside| warnings.of("schemas", inside));
    tables(drafts).into_values().for_each(|tables| warnings.of("tables", tables));
    warnings.found
}

fn named(named: &Named) -> Written<'_> {
    Written { name: named.name.as_str(), at: &named.origin.at }
}

fn roles<'a>(cluster: &'a cluster::Draft, drafts: &'a Drafts, allows: &'a [allow::Draft]) -> Vec<Written<'a>> {
    let own = drafts.values().flat_map(|draft| &draft.roles);
    let allowed = allows.iter().filter_map(|draft| match &draft.allow.role {
        AllowedRole::One(Grantee::Role(name)) => Some(Written { name: name.as_str(), at: &draft.allow.at }),
        _ => None,
    });
    cluster.trusted.iter().chain(&cluster.inspector).chain(own).map(named).chain(allowed).collect()
}

/// The tables that rules name, and those that others use, by the service's key.
fn tables<'a>(drafts: &'a Drafts) -> BTreeMap<&'a str, Vec<Written<'a>>> {
    let mut found: BTreeMap<&'a str, Vec<Written<'a>>> = BTreeMap::new();
    let mut add = |key: &'a str, table: &'a TablePattern| {
        let name = table.name.exact();
        found.entry(key).or_default().extend(name.map(|name| Written { name, at: &table.at }));
    };
    for (key, draft) in drafts {
        draft.rules.iter().for_each(|rule| add(key.as_str(), &rule.rule.table));
    }
    for one in drafts.values().flat_map(|draft| &draft.uses) {
        if let UsedTables::Named(tables) = &one.uses.tables {
            tables.iter().for_each(|table| add(one.service.it.as_str(), table));
        }
    }
    found
}

impl Warnings {
    /// Of the names that share one namespace; `kind` is what they name.
    fn of(&mut self, kind: &str, names: Vec<Written<'_>>) {
        // what was refused has no name
        let names: Vec<Written<'_>> = names.into_iter().filter(|written| !written.name.is_empty()).collect();
        for written in &names {
            self.of_one(written);
        }
        for (first, second) in lookalike::alike(&names, |written| written.name) {
            let (one, two) = lookalike::difference(first.name, second.name);
            let shown = |written: &Written<'_>| Name::of_server(written.name).shown();
            self.push(
                second.at,
                first.at,
                Problem {
                    code: "similar-names",
                    message: format!("two {kind} look alike: `{}` and `{}`", shown(first), shown(second)),
                    at: second.at.clone(),
                    label: format!("this has {two}"),
                    also: Some((first.at.clone(), format!("and this has {one}"))),
                    help: Some(
                        "if the same was meant, write it in the same way; else give one another name".to_owned(),
                    ),
                },
            );
        }
    }

    fn of_one(&mut self, written: &Written<'_>) {
        if written.name.is_ascii() && !has_hidden(written.name) {
            return;
        }
        let shown = Name::of_server(written.name).shown();
        let problem =
            |code, message, label| Problem { code, message, at: written.at.clone(), label, also: None, help: None };
        if let Some(hidden) = written.name.chars().find(|c| is_hidden(*c)) {
            let message = format!("the name `{shown}` has a character that a reader doesn't see");
            let label = format!("{} is in it", lookalike::code_point(hidden));
            self.push(written.at, written.at, problem("hidden-character", message, label));
        }
        if let Some(word) = lookalike::mixed_word(written.name) {
            let message = format!("the name `{shown}` mixes letters of several scripts in one word");
            let label = format!("beside others there is {}", lookalike::beyond_ascii(word));
            self.push(written.at, written.at, problem("mixed-scripts", message, label));
        }
    }

    fn push(&mut self, at: &At, also: &At, problem: Problem) {
        debug_assert!(WARNINGS.contains(&problem.code));
        let place = |at: &At| (at.file, at.bytes.start);
        if self.places.insert((problem.code, [place(at), place(also)])) {
            self.found.push(problem);
        }
    }
}
