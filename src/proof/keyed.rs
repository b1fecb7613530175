//! Code of a table that a foreign key changes: it runs as the table's owner, for whoever may change the table that the key references.

use std::collections::{BTreeMap, BTreeSet};

use super::acting::Acting;
use super::databases::Passed;
use super::finding::{Certainty, Draft, Target};
use super::used_code::{QUEUED_AS_CAUSED, authors, fix};
use crate::access::Hop;
use crate::model::{Code, ForeignKey, Kind, Name, Object, Privileges, Referential, Used};

/// What a row does that goes to another partition.
const MOVES: Privileges = Privileges::INSERT.union(Privileges::DELETE);

pub(super) fn claims<'a>(acting: &Acting<'a>, passed: &Passed, code: &'a Code) {
    let mut calls: BTreeMap<&Object, Vec<&Used>> = BTreeMap::new();
    let tables: BTreeSet<&Object> = code.foreign_keys.iter().map(|key| &key.table).collect();
    let used = code.used.iter().flatten().filter(|call| tables.contains(&call.relation));
    for call in used.filter(|call| !call.stamps && !authors(acting.ground, call).is_empty()) {
        calls.entry(&call.relation).or_default().push(call);
    }
    for key in &code.foreign_keys {
        let calls = calls.get(&key.table).into_iter().flatten();
        let actions = [(Privileges::DELETE, key.on_delete), (Privileges::UPDATE, key.on_update)];
        for (call, (on, action)) in calls.flat_map(|call| actions.map(|action| (*call, action))) {
            let done = match (action, on) {
                (Referential::Refuse, _) => continue,
                (Referential::Cascade, on) => on,
                (Referential::Set, _) => Privileges::UPDATE,
            };
            if runs(acting, (key, done), call) {
                for owner in owners(acting, &key.table, call) {
                    set_off(acting, passed, (key, on), (call, owner));
                }
            }
        }
    }
}

/// Does the key's own DELETE or UPDATE run it, and as the table's owner? Its policies don't apply to it. Up to 17 an AFTER trigger runs as whoever
/// began it all; its condition is asked at once. (`ri_PerformCheck` in src/backend/utils/adt/ri_triggers.c)
fn runs(acting: &Acting<'_>, (key, done): (&ForeignKey, Privileges), call: &Used) -> bool {
    let named = |names: &[Name]| names.iter().any(|name| name.as_str() == call.name);
    let updates = done == Privileges::UPDATE;
    // an UPDATE may move a row to another partition
    let moves = updates && (key.table.kind == Kind::PartitionedTable || is_part(acting, &key.table));
    let hears =
        call.on.contains(done) && !(updates && named(&key.deaf)) || moves && !call.on.intersection(MOVES).is_empty();
    match call.part.as_str() {
        // what else sets off such a trigger, another finding says, too
        "trigger" => hears && !call.definer && (!call.queued || acting.ground.server().version_num >= QUEUED_AS_CAUSED),
        "trigger's condition" | "rule" => hears,
        "policy" | "statistics" | "view" => false,
        "default" => updates && named(&key.defaults),
        // for a DELETE the planner alone looks at them, and computes what is constant
        _ => call.on.contains(done) && (updates || call.code.args.is_empty()),
    }
}

/// As whom it runs: as the table's owner, or, where the key is that of the whole, the owner of this; if it is SECURITY DEFINER, as its own.
fn owners<'a>(acting: &Acting<'a>, table: &'a Object, call: &'a Used) -> BTreeSet<&'a Name> {
    if call.definer {
        return BTreeSet::from([&call.owner]);
    }
    let contents = acting.both.contents;
    let (mut found, mut next) = (BTreeSet::new(), vec![table]);
    while let Some(table) = next.pop() {
        found.extend(acting.both.actual.database.objects.get(table).map(|held| &held.owner));
        let parents = contents.parents.get(table).into_iter().flatten();
        next.extend(parents.filter(|parent| parent.kind == Kind::PartitionedTable));
    }
    found
}

fn is_part(acting: &Acting<'_>, table: &Object) -> bool {
    let mut parents = acting.both.contents.parents.get(table).into_iter().flatten();
    parents.any(|parent| parent.kind == Kind::PartitionedTable)
}

fn set_off(acting: &Acting<'_>, passed: &Passed, (key, on): (&ForeignKey, Privileges), (call, owner): (&Used, &Name)) {
    let Acting { ground, both, .. } = *acting;
    let Used { relation, part, name, code, owner: author, .. } = call;
    for (principal, privileges, mut path) in passed.holders(&both.actual, &key.references, on) {
        if !ground.is_bound(principal) || ground.actual.reaches(principal, owner) {
            continue;
        }
        let Some(claim) = acting.broken(owner, principal) else { continue };
        let (constraint, table, references) = (key.name.clone(), key.table.clone(), key.references.clone());
        path.push(Hop::ForeignKey { constraint, table, references });
        let (relation, part, name, author) = (relation.clone(), part.clone(), name.clone(), author.clone());
        path.push(Hop::Calls { relation, part, name, code: code.clone(), author });
        path.push(Hop::Executes { routine: code.clone(), role: owner.clone() });
        ground.find(Draft {
            code: "code-by-key",
            who: ground.who(principal),
            privileges,
            object: Target::object(both.name, &key.table),
            claim,
            path,
            fix: fix(call),
            severity: acting.severity(code, principal),
            certainty: Certainty::Conditional,
        });
    }
}
