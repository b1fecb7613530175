//! Rights on single columns, which no right on the table shows.

use super::databases::Both;
use super::finding::{Certainty, Draft, Target};
use super::ground::Ground;
use super::objects::{WRITES, claim};
use crate::access::{Held, Subject};
use crate::model::Object;

pub(super) fn claims(ground: &Ground<'_>, both: &Both<'_>) {
    let scope = &ground.desired.scope.databases[both.name];
    let mut last: Option<&Object> = None;
    for (object, _) in both.actual.database.columns.keys().filter(|(object, _)| scope.has(object)) {
        if last == Some(object) {
            continue;
        }
        last = Some(object);
        let whole = both.actual.held(object);
        let of = |held: &Held, at: usize| {
            held.get(&at).copied().unwrap_or_default() | held.get(&0).copied().unwrap_or_default()
        };
        let (wanted, wanted_columns) = (both.expected.held(object), both.expected.held_on_columns(object));
        for (principal, held) in both.actual.held_on_columns(object).iter().map(|(at, held)| (*at, *held)) {
            let meant = of(&whole, principal) | of(&wanted, principal) | of(&wanted_columns, principal);
            let extra = held.minus(meant);
            if extra.is_empty() || !ground.is_bound(principal) {
                continue;
            }
            let path = both.actual.path(principal, Subject::Object(object), extra);
            let owner = &both.actual.database.objects[object].owner;
            let writes = ground.writer(both.name, object).is_some() && !extra.intersection(WRITES).is_empty();
            ground.find(Draft {
                code: if writes { "second-writer" } else { "column-access" },
                who: ground.who(principal),
                privileges: extra,
                object: Target::object(both.name, object),
                claim: claim(ground, both, (object, extra)),
                fix: ground.closing(principal, both.name, (Some(object), owner), (&path, extra)),
                path,
                severity: ground.severity(principal),
                certainty: Certainty::Certain,
            });
        }
    }
}
