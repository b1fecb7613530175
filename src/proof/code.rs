//! Code that runs as another: SECURITY DEFINER routines, triggers, and what a relation uses that isn't its owner's.

use std::collections::BTreeSet;

use super::databases::Both;
use super::finding::{Certainty, Draft, Severity, Target};
use super::fix::revoke;
use super::ground::Ground;
use super::objects::{WRITES, claim as claim_of};
use crate::access::{Hop, Subject};
use crate::model::{Borrowed, Definer, ForeignKey, Grantee, Kind, Name, Object, Privileges, Trigger};

pub(super) fn claims(ground: &Ground<'_>, both: &Both<'_>) {
    let Some(code) = &both.contents.code else { return };
    code.definers.iter().for_each(|definer| called(ground, both, definer));
    code.triggers.iter().for_each(|trigger| set_off(ground, both, trigger));
    code.borrowed.iter().for_each(|borrowed| planted(ground, both, borrowed));
    code.foreign_keys.iter().for_each(|key| blocking(ground, both, key));
    for trigger in &code.event_triggers {
        let relation = format!("the event trigger {}", trigger.name.shown());
        let fix = vec![format!("ALTER EVENT TRIGGER {} DISABLE", trigger.name.quoted())];
        let target = Target::other("event trigger", Some(both.name), trigger.name.as_str());
        let claim = format!("only a superuser's code runs in {relation} of {}", both.name.shown());
        let plants = Plants {
            code: &trigger.function,
            owner: &trigger.owner,
            part: "event trigger",
            relation: &trigger.function,
        };
        by_owner(ground, None, &plants, ("event-trigger", target, claim, fix, Severity::Error));
    }
}

/// Is whom the code acts as worth a finding: a service's role, or one that is trusted?
fn matters(ground: &Ground<'_>, owner: &Name) -> bool {
    ground.is_declared(owner) || ground.is_trusted(owner)
}

/// Who may call a routine acts as its owner, as far as its body goes.
fn called(ground: &Ground<'_>, both: &Both<'_>, definer: &Definer) {
    let Definer { routine, owner, safe } = definer;
    if !matters(ground, owner) || !both.actual.database.objects.contains_key(routine) {
        return;
    }
    ground.checked(1);
    let meant = both.expected.held(routine);
    let own = both.expected.database.objects.get(routine).is_some_and(|held| held.owner == *owner);
    for (principal, held) in both.actual.held(routine).iter() {
        let executes = held.contains(Privileges::EXECUTE);
        if !executes || !ground.is_bound(*principal) || ground.actual.reaches(*principal, owner) {
            continue;
        }
        let mut path = both.actual.path(*principal, Subject::Object(routine), Privileges::EXECUTE);
        let fix = ground.unmeant_membership(*principal, &path).unwrap_or_else(|| execute_fix(both, routine, &path));
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
        // what the layout lets one call is its own service's, and its owner's is another routine
        let declared = own && meant.get(principal).is_some_and(|held| held.contains(Privileges::EXECUTE));
        let beyond = ground.is_beyond(*principal, ground.wall_of(owner));
        // inside one wall its owners decide what code does, but a single writer's table is claimed there, too
        let table = if beyond { None } else { written(ground, both, (*principal, owner)) };
        if let Some(table) = table {
            find("definer-function", claim_of(ground, both, table), Vec::new(), Severity::Warning);
        }
        if beyond {
            let claim = format!("no code acts as {} for {}", owner.shown(), ground.who(*principal).shown());
            find(
                "definer-function",
                claim,
                fix,
                if declared { Severity::Warning } else { ground.severity(*principal) },
            );
        }
        if !safe {
            let claim = format!("{} uses only the objects that its owner meant", target.shown());
            let path = format!("{}, pg_temp", routine.schema.quoted());
            let kind = if routine.kind == Kind::Procedure { "PROCEDURE" } else { "FUNCTION" };
            let fix = vec![format!("ALTER {kind} {} SET search_path = {path}", routine.sql())];
            // to be let call it isn't to be let put one's own tables and triggers in the place of those it means
            find("unsafe-definer", claim, fix, if beyond { ground.severity(*principal) } else { Severity::Warning });
        }
    }
}

/// A table that somebody else alone may write, and that the owner of code may, too.
fn written<'a>(ground: &'a Ground<'_>, both: &Both<'_>, (principal, owner): (usize, &Name)) -> Option<&'a Object> {
    let here = ground.desired.writers.iter().filter(|((database, _), _)| database == both.name);
    let others = here.filter(|(_, writer)| ground.who(principal).role() != Some(*writer));
    let mut tables = others.map(|((_, table), _)| table);
    tables.find(|table| !both.actual.as_role(owner, table).1.intersection(WRITES).is_empty())
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

/// A trigger's function runs as whoever changes the table: its owner may write into it what he likes. A SECURITY DEFINER one runs as its owner
/// for whoever changes the table.
fn set_off(ground: &Ground<'_>, both: &Both<'_>, trigger: &Trigger) {
    let Trigger { name, relation, on, function, owner, definer } = trigger;
    let wall = ground.wall_around(both.name, relation);
    let target = Target::object(both.name, relation);
    let fix = vec![format!("ALTER TABLE {} DISABLE TRIGGER {}", relation.sql(), name.quoted())];
    if wall.is_some() && wall != ground.wall_of(owner) && !ground.is_trusted(owner) {
        let claim = format!("only its own service's code runs in {}", target.shown());
        let plants = Plants { code: function, owner, part: "trigger", relation };
        by_owner(ground, wall, &plants, ("trigger-function", target.clone(), claim, fix.clone(), Severity::Error));
    }
    if !definer || !matters(ground, owner) {
        return;
    }
    for (principal, held) in both.actual.held(relation).iter() {
        let fires = held.intersection(*on);
        let other = ground.is_beyond(*principal, ground.wall_of(owner));
        if fires.is_empty() || !other || !ground.is_bound(*principal) || ground.actual.reaches(*principal, owner) {
            continue;
        }
        let mut path = both.actual.path(*principal, Subject::Object(relation), fires);
        path.push(Hop::Executes { routine: function.clone(), role: owner.clone() });
        ground.find(Draft {
            code: "trigger-function",
            who: ground.who(*principal),
            privileges: fires,
            object: target.clone(),
            claim: format!("no code acts as {} for {}", owner.shown(), ground.who(*principal).shown()),
            path,
            fix: fix.clone(),
            severity: ground.severity(*principal),
            certainty: Certainty::Conditional,
        });
    }
}

/// Code, whose it is, and where it runs.
struct Plants<'a> {
    code: &'a Object,
    owner: &'a Name,
    part: &'a str,
    relation: &'a Object,
}

/// A finding for everybody beyond the wall who can be the owner of code that runs behind it; for the owner, if nobody can.
fn by_owner(
    ground: &Ground<'_>,
    wall: Option<&str>,
    plants: &Plants<'_>,
    (code, object, claim, fix, severity): (&'static str, Target, String, Vec<String>, Severity),
) {
    if ground.is_trusted(plants.owner) {
        return;
    }
    let bound = |at: &usize| ground.is_bound(*at) && ground.is_beyond(*at, wall);
    let reaching: BTreeSet<usize> = ground.actual.who_reaches(plants.owner).into_iter().filter(bound).collect();
    let hop = Hop::Plants { code: plants.code.clone(), part: plants.part.into(), relation: plants.relation.clone() };
    let find = |who: &Grantee, mut path: Vec<Hop>, severity: Severity| {
        path.push(hop.clone());
        let (object, claim, fix) = (object.clone(), claim.clone(), fix.clone());
        let (privileges, certainty) = (Privileges::NONE, Certainty::Conditional);
        ground.find(Draft { code, who, privileges, object, claim, path, fix, severity, certainty });
    };
    for at in &reaching {
        let path = ground.actual.path_to(*at, plants.owner);
        find(ground.who(*at), path, severity.max(ground.severity(*at)));
    }
    if reaching.is_empty() {
        find(&Grantee::Role(plants.owner.clone()), Vec::new(), Severity::Warning);
    }
}

/// A constraint, default, index, policy or column of a service that another's code stands in.
fn planted(ground: &Ground<'_>, both: &Both<'_>, borrowed: &Borrowed) {
    let Borrowed { user, part, code, owner } = borrowed;
    let wall = ground.wall_around(both.name, user);
    if wall.is_none() || wall == ground.wall_of(owner) {
        return;
    }
    // to another's enum or range its owner can add, but it runs nothing
    let severity = if code.kind == Kind::Type { Severity::Warning } else { Severity::Error };
    let target = Target::object(both.name, user);
    let claim = format!("only its own service's code runs in {}", target.shown());
    by_owner(
        ground,
        wall,
        &Plants { code, owner, part, relation: user },
        ("foreign-code", target, claim, Vec::new(), severity),
    );
}

/// Another's table that references a service's keeps its rows from going, and tells which there are.
fn blocking(ground: &Ground<'_>, both: &Both<'_>, key: &ForeignKey) {
    let (wall, other) = (ground.wall_around(both.name, &key.references), ground.wall_around(both.name, &key.table));
    let Some(held) = both.actual.database.objects.get(&key.table) else { return };
    let own = wall == other || ground.is_trusted(&held.owner) || ground.wall_of(&held.owner) == wall;
    if wall.is_none() || own {
        return;
    }
    let (constraint, table, references) = (key.name.clone(), key.table.clone(), key.references.clone());
    let target = Target::object(both.name, &key.references);
    ground.find(Draft {
        code: "blocking-reference",
        who: &Grantee::Role(held.owner.clone()),
        privileges: Privileges::REFERENCES,
        claim: format!("no other service's foreign key keeps rows of {} from going", target.shown()),
        object: target,
        path: vec![Hop::Owner { role: held.owner.clone() }, Hop::ForeignKey { constraint, table, references }],
        fix: vec![format!("ALTER TABLE {} DROP CONSTRAINT {}", key.table.sql(), key.name.quoted())],
        severity: Severity::Warning,
        certainty: Certainty::Certain,
    });
}
