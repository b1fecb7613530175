//! SECURITY DEFINER routines: who may call one acts as its owner, as far as its body goes.

use std::collections::BTreeSet;

use super::acting::Acting;
use super::databases::{Both, Passed};
use super::finding::{Certainty, Draft, Severity, Target};
use super::fix::revoke;
use crate::access::{Held, Hop};
use crate::model::{Definer, Kind, Name, Object, Privileges};

pub(super) fn called(acting: &Acting<'_>, passed: &Passed, definer: &Definer) {
    let Acting { ground, both, .. } = *acting;
    let Definer { routine, owner, safe, .. } = definer;
    if !both.actual.database.objects.contains_key(routine) {
        return;
    }
    ground.checked(1);
    let (subject, need) = definer.set_off_by();
    for principal in &who_runs(both, passed, definer) {
        if !ground.is_bound(*principal) || ground.actual.reaches(*principal, owner) {
            continue;
        }
        let beyond = acting.is_beyond(owner, *principal);
        let broken = match (&definer.touches, beyond) {
            (Some(touches), false) => acting.written_of(owner, *principal, touches),
            _ => acting.broken(owner, *principal),
        };
        if beyond && broken.is_none() {
            continue;
        }
        let mut path = passed.way(&both.actual, *principal, subject, need);
        let fix = match definer.through {
            None => ground.unmeant_membership(*principal, &path).unwrap_or_else(|| execute_fix(both, routine, &path)),
            Some(_) => {
                let (trigger, relation) = (routine.name.clone(), subject.clone());
                path.push(Hop::Fires { trigger, relation });
                let kind = if routine.kind == Kind::Procedure { "PROCEDURE" } else { "FUNCTION" };
                vec![format!("ALTER {kind} {} SECURITY INVOKER", routine.sql())]
            }
        };
        path.push(Hop::Executes { routine: routine.clone(), role: owner.clone() });
        let target = Target::object(both.name, routine);
        let find = |code, claim, fix, severity| {
            ground.find(Draft {
                code,
                who: ground.who(*principal),
                privileges: Privileges::EXECUTE,
                object: target.clone(),
                claim,
                path: path.clone(),
                fix,
                severity,
                certainty: Certainty::Conditional,
            });
        };
        let severe = broken.is_some();
        if let Some(claim) = broken {
            // a layout gives EXECUTE beyond the wall by exceptions alone, which vouch for it
            let severity = acting.severity(routine, *principal);
            find("definer-function", claim, if beyond { fix } else { Vec::new() }, severity);
        }
        // what a bound body names was looked up when it was made
        let looks = definer.touches.is_none();
        if looks && (!safe || definer.path.iter().any(|schema| creates_in(both, schema, *principal))) {
            let claim = format!("{} uses only the objects that its owner meant", target.shown());
            let path = format!("{}, pg_temp", routine.schema.quoted());
            let kind = if routine.kind == Kind::Procedure { "PROCEDURE" } else { "FUNCTION" };
            let fix = vec![format!("ALTER {kind} {} SET search_path = {path}", routine.sql())];
            // an aggregate has no settings, and a path of a schema in which he may create is no better
            let helps = routine.kind != Kind::Aggregate && !creates_in(both, &routine.schema, *principal);
            let fix = if helps { fix } else { Vec::new() };
            // to be let call it isn't to be let put one's own tables and triggers in the place of those it means
            find("unsafe-definer", claim, fix, if severe { ground.severity(*principal) } else { Severity::Warning });
        }
    }
}

/// Those for whom it runs, since they may execute it, or use what it is a support function of.
fn who_runs(both: &Both<'_>, passed: &Passed, definer: &Definer) -> BTreeSet<usize> {
    let (subject, need) = definer.set_off_by();
    let held = both.actual.held(subject);
    let all = held.iter().map(|(at, held)| (*at, *held));
    let has = |(_, held): &(usize, Privileges)| !held.intersection(need).is_empty();
    let direct = all.filter(has).map(|(at, _)| at);
    if !subject.kind.is_relation() {
        return direct.collect();
    }
    let columns = both.actual.held_on_columns(subject);
    let columns = columns.iter().map(|(at, held)| (*at, *held)).filter(has).map(|(at, _)| at);
    direct.chain(columns).chain(passed.gained(subject, need)).collect()
}

/// May he put something into a schema, or make one that isn't there, in which code then finds what it doesn't mean?
fn creates_in(both: &Both<'_>, schema: &Name, principal: usize) -> bool {
    let system = schema.as_str().starts_with("pg_") || schema.as_str() == "information_schema";
    let object = Object::schema(schema);
    let there = both.actual.database.objects.contains_key(&object);
    let creates = |held: &Held| {
        // what everybody has stands with PUBLIC alone
        [principal, 0].iter().any(|at| held.get(at).is_some_and(|held| held.contains(Privileges::CREATE)))
    };
    !system && if there { creates(&both.actual.held(&object)) } else { creates(&both.actual.held_on_database()) }
}

fn execute_fix(both: &Both<'_>, routine: &Object, path: &[Hop]) -> Vec<String> {
    let (Some(Hop::Acl { grantee, grantor, .. }), Some(held)) =
        (path.last(), both.actual.database.objects.get(routine))
    else {
        return Vec::new();
    };
    let on = format!("{} {}", routine.kind.grant_keyword(), routine.sql());
    revoke("EXECUTE", &on, grantee, (grantor, &held.owner))
}
