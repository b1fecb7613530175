//! Today's state against the layout's, as a unified diff of canonical SQL.

use std::collections::{BTreeMap, BTreeSet};

use super::canonical;
use super::hunk::{Hunk, unified};
use super::paint::Paint;
use crate::model::{Acl, Database, Holding, MembershipOptions, Name, Object, State, escaped};

/// One unified diff for what is the cluster's, and one for each database; empty when the states are equal. Only what
/// differs is written out, so that what is equal costs no more than a comparison.
#[must_use]
pub fn diff(current: &State, wanted: &State, color: bool) -> String {
    let paint = Paint(color);
    let mut lines =
        unified("cluster", &[roles(current, wanted), memberships(current, wanted), settings(current, wanted)], paint);
    for (name, before, after) in pairs(&current.databases, &wanted.databases) {
        lines.extend(unified(&name.shown(), &database(name, before, after), paint));
    }
    if lines.is_empty() { String::new() } else { format!("{}\n", lines.join("\n")) }
}

fn roles(current: &State, wanted: &State) -> Hunk {
    let mut hunk = Hunk::new("roles");
    for (name, before, after) in pairs(&current.roles, &wanted.roles) {
        let lines = |role: Option<&_>| role.map(|role| canonical::role(name, role)).into_iter().collect::<Vec<_>>();
        hunk.compare(&lines(before), &lines(after));
    }
    hunk
}

/// By role and member: the grantor matters only where the two sides differ in it.
fn memberships(current: &State, wanted: &State) -> Hunk {
    type Granted<'a> = BTreeMap<&'a crate::model::Membership, &'a MembershipOptions>;
    type ByPair<'a> = BTreeMap<(&'a Name, &'a Name), Granted<'a>>;
    fn by_pair(state: &State) -> ByPair<'_> {
        let mut pairs = ByPair::new();
        for (membership, options) in &state.memberships {
            pairs.entry((&membership.role, &membership.member)).or_default().insert(membership, options);
        }
        pairs
    }
    let mut hunk = Hunk::new("memberships");
    let (before, after) = (by_pair(current), by_pair(wanted));
    for (_, before, after) in pairs(&before, &after) {
        let grantors = |side: Option<&Granted<'_>>| -> Vec<Name> {
            side.into_iter().flat_map(BTreeMap::keys).map(|membership| membership.grantor.clone()).collect()
        };
        let (old, new) = (grantors(before), grantors(after));
        let by = old.len() > 1 || new.len() > 1 || !old.is_empty() && !new.is_empty() && old != new;
        let lines = |side: Option<&Granted<'_>>| -> Vec<String> {
            side.into_iter().flatten().map(|(m, options)| canonical::membership(m, **options, by)).collect()
        };
        hunk.compare(&lines(before), &lines(after));
    }
    hunk
}

fn settings(current: &State, wanted: &State) -> Hunk {
    let mut hunk = Hunk::new("settings");
    for (key, before, after) in pairs(&current.settings, &wanted.settings) {
        let lines = |value: Option<&String>| -> Vec<String> {
            value.into_iter().map(|value| canonical::setting(key, value)).collect()
        };
        hunk.compare(&lines(before), &lines(after));
    }
    hunk
}

fn database(name: &Name, before: Option<&Database>, after: Option<&Database>) -> Vec<Hunk> {
    let mut whole = Hunk::new("database");
    let lines = |side: Option<&Database>| side.map(|d| canonical::database(name, d)).unwrap_or_default();
    whole.compare(&lines(before), &lines(after));

    let mut extensions = Hunk::new("extensions");
    let lines = |side: Option<&Database>| -> Vec<String> {
        side.into_iter().flat_map(|d| &d.extensions).map(canonical::extension).collect()
    };
    extensions.compare(&lines(before), &lines(after));

    let mut hunks = vec![whole, extensions];
    let none = Database::new(name.clone(), Acl::default());
    let (before, after) = (before.unwrap_or(&none), after.unwrap_or(&none));
    objects(name, before, after, &mut hunks);
    for (thing, before, after) in pairs(&before.things, &after.things).into_iter().filter(|(_, b, a)| b != a) {
        let mut hunk = Hunk::new(thing.shown());
        let lines =
            |owner: Option<&Name>| owner.map(|owner| canonical::thing(thing, owner)).into_iter().collect::<Vec<_>>();
        hunk.compare(&lines(before), &lines(after));
        hunks.push(hunk);
    }

    let mut defaults = Hunk::new("default privileges");
    for (key, before, after) in pairs(&before.defaults, &after.defaults) {
        let lines = |acl: Option<&Acl>| acl.map(|acl| canonical::default(key, acl)).unwrap_or_default();
        defaults.compare(&lines(before), &lines(after));
    }
    hunks.push(defaults);
    hunks
}

/// The ACLs of an object's columns.
type Columns<'a> = BTreeMap<&'a Object, Vec<(&'a Name, &'a Acl)>>;

/// A hunk for each object that differs, with all its lines.
fn objects(name: &Name, before: &Database, after: &Database, hunks: &mut Vec<Hunk>) {
    let (old_columns, new_columns) = (columns(before), columns(after));
    let touched: BTreeSet<&Object> = old_columns.keys().chain(new_columns.keys()).copied().collect();
    for (object, before, after) in pairs(&before.objects, &after.objects) {
        let unchanged = matches!((before, after), (Some(before), Some(after)) if same(before, after));
        if unchanged && !touched.contains(object) {
            continue;
        }
        let mut hunk = Hunk::new(escaped(&format!("{} {}", object.kind.word(), object.shown())));
        let lines = |held: Option<&Holding>, columns: &Columns<'_>| {
            let columns = columns.get(object).map(Vec::as_slice).unwrap_or_default();
            held.map(|held| canonical::object(name, object, held, columns)).unwrap_or_default()
        };
        hunk.compare(&lines(before, &old_columns), &lines(after, &new_columns));
        hunks.push(hunk);
    }
}

fn columns(database: &Database) -> Columns<'_> {
    let mut columns = Columns::new();
    for ((object, column), acl) in &database.columns {
        columns.entry(object).or_default().push((column, acl));
    }
    columns
}

/// Equal in everything that is shown.
fn same(before: &Holding, after: &Holding) -> bool {
    before.owner == after.owner
        && canonical::foreign(&before.owner, &before.acl).eq(canonical::foreign(&after.owner, &after.acl))
}

/// The keys of both maps in order, each with its value on either side.
fn pairs<'a, K: Ord, V>(
    from: &'a BTreeMap<K, V>,
    to: &'a BTreeMap<K, V>,
) -> Vec<(&'a K, Option<&'a V>, Option<&'a V>)> {
    let mut both: BTreeMap<&K, (Option<&V>, Option<&V>)> = from.iter().map(|(k, v)| (k, (Some(v), None))).collect();
    for (key, value) in to {
        both.entry(key).or_default().1 = Some(value);
    }
    both.into_iter().map(|(key, (before, after))| (key, before, after)).collect()
}
