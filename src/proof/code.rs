//! Code that runs as another: triggers, and what a relation uses that isn't its owner's.

use std::collections::BTreeSet;

use super::acting::Acting;
use super::behind::Behind;
use super::databases::{Both, Passed};
use super::definers;
use super::finding::{Certainty, Draft, Severity, Target};
use super::ground::Ground;
use super::{keyed, named};
use crate::access::Hop;
use crate::model::{Borrowed, ForeignKey, Grantee, Kind, Name, Object, Privileges, Trigger};

pub(super) fn claims(ground: &Ground<'_>, both: &Both<'_>, passed: &Passed) {
    let Some(code) = &both.contents.code else { return };
    let acting = Acting::of(ground, both);
    code.definers.iter().for_each(|definer| definers::called(&acting, passed, definer));
    code.triggers.iter().for_each(|trigger| set_off(&acting, passed, trigger));
    keyed::claims(&acting, passed, code);
    code.by_name.iter().flatten().for_each(|call| named::looked_up(ground, both, call));
    let behind = Behind::of(ground, &code.borrowed);
    code.borrowed.iter().for_each(|borrowed| planted(ground, both, borrowed));
    behind.indirect(both).for_each(|borrowed| planted(ground, both, &borrowed));
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

/// A trigger's function runs as whoever changes the table: its owner may write into it what he likes. A SECURITY DEFINER one runs as its owner
/// for whoever changes the table.
fn set_off(acting: &Acting<'_>, passed: &Passed, trigger: &Trigger) {
    let Acting { ground, both, .. } = *acting;
    let Trigger { name, relation, on, function, owner, definer } = trigger;
    let wall = wall_over(ground, both, relation);
    let target = Target::object(both.name, relation);
    let what = "what it did isn't done any more";
    let fix = vec![format!("ALTER TABLE {} DISABLE TRIGGER {} /* {what} */", relation.sql(), name.quoted())];
    if wall.is_some() && wall != ground.wall_of(owner) && !ground.is_trusted(owner) {
        let claim = format!("only its own service's code runs in {}", target.shown());
        let plants = Plants { code: function, owner, part: "trigger", relation };
        by_owner(ground, wall, &plants, ("trigger-function", target.clone(), claim, fix.clone(), Severity::Error));
    }
    if !definer {
        return;
    }
    // a view, a key or a parent sets it off, too
    for (principal, fires, mut path) in passed.holders(&both.actual, relation, *on) {
        if !ground.is_bound(principal) || ground.actual.reaches(principal, owner) {
            continue;
        }
        let Some(claim) = acting.broken(owner, principal) else { continue };
        path.push(Hop::Fires { trigger: name.clone(), relation: relation.clone() });
        path.push(Hop::Executes { routine: function.clone(), role: owner.clone() });
        ground.find(Draft {
            code: "trigger-function",
            who: ground.who(principal),
            privileges: fires,
            object: target.clone(),
            claim,
            path,
            fix: fix.clone(),
            severity: acting.severity(function, principal),
            certainty: Certainty::Conditional,
        });
    }
}

/// Code, whose it is, and where it runs.
pub(super) struct Plants<'a> {
    pub(super) code: &'a Object,
    pub(super) owner: &'a Name,
    pub(super) part: &'a str,
    pub(super) relation: &'a Object,
}

/// A finding for everybody beyond the wall who can be the owner of code that runs behind it; for the owner, if nobody can.
pub(super) fn by_owner(
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

/// The service whose rows a relation holds: that of its schema, or of what it is a part of.
pub(super) fn wall_over<'a>(ground: &Ground<'a>, both: &Both<'a>, relation: &Object) -> Option<&'a str> {
    let own = ground.wall_around(both.name, relation);
    own.or_else(|| both.wholes.wall(relation))
}

/// A constraint, default, index, policy or column of a service that another's code stands in.
fn planted(ground: &Ground<'_>, both: &Both<'_>, borrowed: &Borrowed) {
    let Borrowed { user, part, code, owner } = borrowed;
    let wall = wall_over(ground, both, user);
    // what stands in pg_catalog everybody runs
    let everybodys = user.schema.as_str() == "pg_catalog";
    let own = wall.is_none() && !everybodys || wall.is_some() && wall == ground.wall_of(owner);
    // of a row type the table is what counts: others.rs
    if own || code.kind.is_relation() {
        return;
    }
    // another's enum runs nothing, but who drops it with CASCADE drops the column: whoever declares that it uses the other's knows that
    let own = ground.wall_of(owner);
    let mut uses = ground.desired.uses.iter();
    let knows = uses.any(|uses| wall == Some(uses.consumer.as_str()) && own == Some(uses.provider.as_str()));
    let severity = if code.kind == Kind::Type && knows { Severity::Warning } else { Severity::Error };
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
        path: vec![Hop::Owner { role: held.owner.clone() }, Hop::References { constraint, table, references }],
        fix: vec![format!(
            "ALTER TABLE {} DROP CONSTRAINT {} /* its rows may then name rows that aren't there */",
            key.table.sql(),
            key.name.quoted()
        )],
        severity: Severity::Warning,
        certainty: Certainty::Certain,
    });
}
