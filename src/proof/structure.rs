//! What views, rules, foreign keys and parents pass on: a right on one relation that is a right on another.

use std::collections::BTreeMap;

use super::databases::{Both, Passed};
use super::finding::{Certainty, Draft, Target};
use super::ground::Ground;
use super::objects::{WRITES, claim};
use crate::access::Hop;
use crate::access::flow::{Flow, Flowed, Gain, Meant, flows, follow_meant, path};
use crate::model::{Object, Privileges, Ruled};

pub(super) fn claims(ground: &Ground<'_>, both: &Both<'_>, passed: &Passed) {
    let Passed { flows: all, flowed } = passed;
    // what the layout itself lets through: a service's own views and partitions, for whom it lets use them, and what it gives itself
    let ruled = ground.desired.ruled.iter().filter(|((database, _), _)| database == both.name);
    let ruled: BTreeMap<&Object, &Ruled> = ruled.map(|((_, object), ruled)| (object, ruled)).collect();
    let other_rule = |whole: &Object, part: &Object| ruled.get(part).is_some_and(|rule| ruled.get(whole) != Some(rule));
    let all_meant = flows(&both.expected);
    let meant = Meant { walls: &|object| ground.wall_around(both.name, object), other_rule: &other_rule };
    let meant = follow_meant(&both.expected, &all_meant, &meant);
    let scope = &ground.desired.scope.databases[both.name];
    for (object, gains) in flowed.iter().filter(|(object, _)| scope.has(object)) {
        for (principal, gains) in gains {
            let already = already(both, object, (*principal, &meant));
            report(ground, both, (all, flowed), (object, *principal, gains, already));
        }
    }
}

/// What the principal has there anyway, by the layout or besides: of that there is another finding.
pub(super) fn already(both: &Both<'_>, object: &Object, (principal, meant): (usize, &Flowed)) -> Privileges {
    let sides = [(&both.actual, both.actual.held(object)), (&both.expected, both.expected.held(object))];
    let held = sides.into_iter().fold(Privileges::NONE, |all, (inside, held)| {
        let columns = inside.held_on_columns(object);
        let of = |at: usize| held.get(&at).copied().unwrap_or_default() | columns.get(&at).copied().unwrap_or_default();
        all | of(principal) | of(0)
    });
    let through = meant.get(object).into_iter().flat_map(|by| [by.get(&principal), by.get(&0)]).flatten().flatten();
    through.fold(held, |all, gain| all | gain.privileges)
}

fn report(
    ground: &Ground<'_>,
    both: &Both<'_>,
    (all, flowed): (&[Flow], &Flowed),
    (object, principal, gains, already): (&Object, usize, &[Gain], Privileges),
) {
    if !ground.is_bound(principal) {
        return;
    }
    // one finding a way: gains by flows of one kind and source are one
    let mut ways: BTreeMap<(&'static str, usize), Gain> = BTreeMap::new();
    for gain in gains {
        let extra = gain.privileges.minus(already);
        if extra.is_empty() {
            continue;
        }
        let way = ways.entry((code(&gain.hop(all)), gain.flow)).or_insert(gain.only(extra));
        way.privileges = way.privileges | extra;
    }
    for ((code, at), gain) in ways {
        let mut path = path(&both.actual, all, flowed, principal, gain);
        if matches!(path.last(), Some(Hop::Caller { .. })) {
            // the view names the object for him; by what he has a right on it decides
            path.extend(both.actual.path_unseen(principal, object, gain.privileges));
        }
        if through_foreign(ground, principal, &path) {
            continue;
        }
        let ruled = ground.ruled(both.name, object).is_some();
        let writes = ruled && !gain.privileges.intersection(WRITES).is_empty();
        let other = ground.is_beyond(principal, ground.wall_around(both.name, object));
        // inside one wall only what a rule says of writing is claimed
        if !other && !writes {
            continue;
        }
        ground.find(Draft {
            code,
            who: ground.who(principal),
            privileges: gain.privileges,
            object: Target::object(both.name, object),
            claim: claim(ground, both, (object, gain.privileges)),
            fix: fix(ground, both, (&all[at], gain.hop(all), object), (principal, gain.privileges)),
            path,
            severity: ground.severity(principal),
            certainty: if gain.certain { Certainty::Certain } else { Certainty::Conditional },
        });
    }
}

fn through_foreign(ground: &Ground<'_>, principal: usize, path: &[Hop]) -> bool {
    let foreign = ground.foreign.borrow();
    path.iter().any(|hop| matches!(hop, Hop::Member { role, .. } if foreign.contains(&(principal, role.clone()))))
}

fn code(hop: &Hop) -> &'static str {
    match hop {
        Hop::Rule { .. } => "rule",
        Hop::ForeignKey { .. } => "cascade",
        Hop::Parent { .. } => "inherited-table",
        Hop::Caller { .. } => "caller-view",
        _ => "owner-view",
    }
}

/// Takes the structure away, where that loses no data; a foreign key is made anew by hand.
fn fix(
    ground: &Ground<'_>,
    both: &Both<'_>,
    (flow, hop, to): (&Flow, Hop, &Object),
    who: (usize, Privileges),
) -> Vec<String> {
    use crate::model::Kind::{MaterializedView, PartitionedTable, View};
    match &hop {
        // from 15 on a view may run with its caller's rights
        Hop::View { view, .. } if view.kind == View && ground.server().version_num >= 150_000 => {
            vec![format!("ALTER VIEW {} SET (security_invoker = true)", view.sql())]
        }
        Hop::View { view, .. } if view.kind != MaterializedView => Vec::new(),
        Hop::Rule { rule, relation, .. } if relation.kind != View => {
            let what = "what it did isn't done any more";
            vec![format!("ALTER TABLE {} DISABLE RULE {} /* {what} */", relation.sql(), rule.quoted())]
        }
        Hop::Parent { table } if table.kind == PartitionedTable => {
            let what = "its rows aren't the whole's any more";
            vec![format!("ALTER TABLE {} DETACH PARTITION {} /* {what} */", table.sql(), to.sql())]
        }
        Hop::Parent { table } => {
            let what = "its rows aren't the whole's any more";
            vec![format!("ALTER TABLE {} NO INHERIT {} /* {what} */", to.sql(), table.sql())]
        }
        Hop::Caller { .. } => own_right(ground, both, (flow, to), who),
        _ => Vec::new(),
    }
}

/// Takes the right on one of the relations on which the caller must have it himself, best on that which is reached: other views, and
/// functions whose body is bound, name it for him as well.
fn own_right(
    ground: &Ground<'_>,
    both: &Both<'_>,
    (flow, to): (&Flow, &Object),
    (principal, privileges): (usize, Privileges),
) -> Vec<String> {
    let callers = flow.callers(&both.actual);
    let closing = |relation: &Object| {
        let owner = &both.actual.database.objects.get(relation)?.owner;
        let path = both.actual.path_unseen(principal, relation, privileges);
        Some(ground.closing(principal, both.name, (Some(relation), owner), (&path, privileges)))
    };
    let relations = callers.get(to).into_iter().chain(&callers);
    relations.copied().filter_map(closing).find(|fix| !fix.is_empty()).unwrap_or_default()
}
