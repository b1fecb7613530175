//! What a service loses when somebody else drops what is his (`DROP … CASCADE`), over as many hops as there are, whoever owns those between.

use std::collections::{BTreeMap, BTreeSet};

use super::databases::Both;
use super::finding::{Certainty, Draft, Severity, Target};
use super::ground::Ground;
use crate::access::Hop;
use crate::model::{Code, Grantee, Hanging, Hangs, Hung, Kind, Name, Object, Part, Privileges};

/// The services that lose something, and whether that is more than what can be made again.
pub(super) type Losing<'a> = BTreeMap<&'a str, bool>;

/// What hangs on things that have a question of their own (others.rs), by kind and identity.
pub(super) type Losses<'a> = BTreeMap<(&'a str, &'a str), Losing<'a>>;

/// Claims it of relations, routines and types; of other things it returns who loses by them.
pub(super) fn claims<'a>(ground: &Ground<'a>, both: &Both<'a>) -> Losses<'a> {
    let mut losses = Losses::new();
    let Some(code) = &both.contents.code else { return losses };
    let Some(Hanging { things, hangs }) = &code.hanging else { return losses };
    let mut by: Vec<Vec<&Hangs>> = vec![Vec::new(); things.len()];
    for one in hangs {
        if let Some(of) = by.get_mut(one.on) {
            of.push(one);
        }
    }
    let said = said(ground, both, code);
    for (at, root) in
        things.iter().enumerate().filter(|(at, root)| !by[*at].is_empty() && !ground.is_trusted(&root.owner))
    {
        ground.checked(1);
        let losing = losing(ground, both, (things, &by), at);
        match &root.object {
            None => _ = losses.insert((&root.thing.kind, &root.thing.identity), losing),
            Some(object) => {
                let own = ground.wall_of(&root.owner);
                let code = object.kind.is_routine() || matches!(object.kind, Kind::Type | Kind::Domain);
                let told = |wall: &str| code && said.contains(&(wall.to_owned(), root.owner.clone()));
                let hurt = losing.into_iter().filter(|(wall, _)| !knows(ground, own, wall) && !told(wall)).collect();
                find(ground, both, (root, object, code), &hurt);
            }
        }
    }
    losses
}

/// Who declares that it uses the other's relations knows whose they are.
pub(super) fn knows(ground: &Ground<'_>, own: Option<&str>, wall: &str) -> bool {
    own.is_some_and(|own| ground.desired.uses.iter().any(|uses| uses.consumer == wall && uses.provider == own))
}

/// Of whom it is said already that his code stands in something of the service's.
fn said(ground: &Ground<'_>, both: &Both<'_>, code: &Code) -> BTreeSet<(String, Name)> {
    let behind = super::behind::Behind::of(ground, &code.borrowed);
    let indirect: Vec<_> = behind.indirect(both).collect();
    let borrowed = code.borrowed.iter().chain(&indirect).filter(|one| !one.code.kind.is_relation());
    let borrowed = borrowed.map(|one| (&one.user, &one.owner));
    let triggers = code.triggers.iter().map(|trigger| (&trigger.relation, &trigger.owner));
    let all = borrowed.chain(triggers);
    all.filter_map(|(of, owner)| Some((super::code::wall_over(ground, both, of)?.to_owned(), owner.clone()))).collect()
}

/// Follows what hangs on one thing, until it is behind a service's wall, and there to what is lost. What hangs on that in turn is said of that.
fn losing<'a>(
    ground: &Ground<'a>,
    both: &Both<'a>,
    (things, by): (&'a [Hung], &[Vec<&Hangs>]),
    root: usize,
) -> Losing<'a> {
    let wall = |at: usize| {
        let schema = things[at].thing.schema.clone()?;
        ground.desired.schemas.get(&(both.name.clone(), schema)).map(String::as_str)
    };
    let owner = &things[root].owner;
    let (own, around) = (ground.wall_of(owner), wall(root));
    let mut losing = Losing::new();
    let mut open = vec![(root, Part::Whole)];
    let mut seen: BTreeSet<(usize, Part)> = open.iter().copied().collect();
    while let Some((at, part)) = open.pop() {
        let inside = wall(at).filter(|wall| Some(*wall) != own && at != root);
        for hangs in by[at].iter().filter(|hangs| part.takes(hangs.on_part)) {
            let to = wall(hangs.what);
            // what the same role owns of these has a finding of its own
            let told = things[root].object.is_some() && things[hangs.what].owner == *owner;
            if told || inside.is_some() && to != inside {
                continue;
            }
            if let Some(to) =
                to.filter(|to| Some(*to) != own && around != Some(*to) && things[hangs.what].owner != *owner)
            {
                *losing.entry(to).or_default() |= hangs.lost;
            }
            // of a row a part is lost: the columns that have it are there still
            let gone =
                if hangs.on_part == Part::AnyColumn && part != Part::Whole { Part::AnyColumn } else { hangs.part };
            if seen.insert((hangs.what, gone)) {
                open.push((hangs.what, gone));
            }
        }
    }
    losing
}

fn find(
    ground: &Ground<'_>,
    both: &Both<'_>,
    (Hung { owner, .. }, object, code): (&Hung, &Object, bool),
    hurt: &Losing<'_>,
) {
    if hurt.is_empty() {
        return;
    }
    // what is made of code can often be made again; on a table others build
    let lost = !code || hurt.values().any(|lost| *lost);
    let names = hurt.keys().copied().collect();
    ground.find(Draft {
        code: "foreign-owner",
        who: &Grantee::Role(owner.clone()),
        privileges: Privileges::NONE,
        object: Target::object(both.name, object),
        claim: format!("nothing of {} hangs on what {} may drop", super::others::join(&names), owner.shown()),
        path: vec![Hop::Owner { role: owner.clone() }],
        fix: vec![],
        severity: if lost { Severity::Error } else { Severity::Warning },
        certainty: Certainty::Certain,
    });
}
