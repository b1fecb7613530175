//! What no REVOKE reaches: the grants of somebody who has the owner's rights, since whatever he revokes he revokes as the
//! owner, and CASCADE passes him by (`select_best_grantor` and `recursive_revoke` in src/backend/utils/adt/acl.c). The thing
//! is given to him and back: what he granted is then the owner's own (`aclnewowner`), and can be taken away.

use std::collections::{BTreeMap, BTreeSet};

use super::build::{Context, Draft};
use super::grants::{roles, subject};
use super::place::Place;
use super::rebuild::Rebuilds;
use super::standing::Standing;
use super::step::Action;
use super::{Hazard, kept, sql};
use crate::diff::{Change, Revoke, Target};
use crate::model::{Granted, Grantee, Kind, Name, Object, Privileges};

/// For each thing that changes hands: those through whose hands it goes.
#[derive(Default)]
pub(super) struct RoundTrips(BTreeMap<(Place, Target), BTreeSet<Name>>);

impl RoundTrips {
    pub(super) fn of(changes: &[Change], context: &Context<'_>) -> Self {
        let mut trips = Self::default();
        for change in changes {
            let Change::Revoke(revoke) = change else { continue };
            // what others than the owner granted shows in a revoke of it, or of the option that it hangs on
            if revoke.grantor == revoke.owner && revoke.grantable.is_empty() {
                continue;
            }
            let key = (context.place(change), context.root(&revoke.target));
            trips.0.entry(key).or_insert_with_key(|(_, root)| out_of_reach(context, root));
        }
        trips.0.retain(|_, through| !through.is_empty());
        trips
    }

    /// Is what this would take taken on the way?
    pub(super) fn take(&self, context: &Context<'_>, place: &Place, revoke: &Revoke) -> bool {
        if self.0.is_empty() || revoke.grantor == revoke.owner {
            return false;
        }
        let key = (place.clone(), context.root(&revoke.target));
        self.0.get(&key).is_some_and(|through| through.contains(&revoke.grantor))
    }

    /// Through whose hands the thing goes.
    pub(super) fn hands(&self, context: &Context<'_>, revoke: &Revoke) -> Vec<Name> {
        if self.0.is_empty() {
            return vec![];
        }
        let root = context.root(&revoke.target);
        let through = self.0.iter().filter(|((_, target), _)| *target == root).flat_map(|(_, through)| through);
        through.cloned().collect()
    }

    pub(super) fn add(&self, context: &Context<'_>, rebuilds: &Rebuilds, drafts: &mut Vec<Draft>) {
        drafts.extend(self.0.iter().map(|((place, root), through)| {
            let draft = round_trip(context, place.clone(), root, through);
            Draft { undo: rebuilds.undo(context, &[root], vec![]), ..draft }
        }));
    }
}

fn out_of_reach(context: &Context<'_>, root: &Target) -> BTreeSet<Name> {
    let things = context.together(root);
    let Some(table) = things.first() else { return BTreeSet::new() };
    let mut found = BTreeSet::new();
    for thing in &things {
        for (grantee, grantor, granted) in thing.acl.entries() {
            if *grantor != thing.owner
                && goes(context, thing, grantee)
                && !found.contains(grantor)
                && is_out_of_reach(context, (table, thing), grantor, granted)
            {
                found.insert(grantor.clone());
            }
        }
    }
    with_theirs(&things, found)
}

/// And those who granted to these: what they gave would be left as theirs to the owner.
fn with_theirs(things: &[Standing], mut through: BTreeSet<Name>) -> BTreeSet<Name> {
    loop {
        let entries = things.iter().flat_map(|thing| thing.acl.entries().map(move |entry| (&thing.owner, entry)));
        let theirs = entries.filter(|(owner, (grantee, grantor, _))| {
            grantor != owner && grantee.role().is_some_and(|role| through.contains(role))
        });
        let more: BTreeSet<Name> = theirs.map(|(_, (_, grantor, _))| grantor.clone()).collect();
        if more.is_subset(&through) {
            return through;
        }
        through.extend(more);
    }
}

/// Only what the untrusted hold, and the owner doesn't, is to go.
fn goes(context: &Context<'_>, thing: &Standing, grantee: &Grantee) -> bool {
    grantee.role().is_none_or(|role| *role != thing.owner && !context.is_trusted(role))
}

/// CASCADE reaches whoever has no option left, from other roles neither; a trusted grantor keeps his, and with it his word.
fn is_out_of_reach(
    context: &Context<'_>,
    (table, thing): (&Standing, &Standing),
    grantor: &Name,
    granted: Granted,
) -> bool {
    let Some(acts_as) = context.acts_as(grantor, thing.target.database()) else { return true };
    if acts_as.contains(&thing.owner) {
        return true;
    }
    let others = acts_as.iter().filter(|role| *role != grantor);
    let by_others = others.fold(Default::default(), |all, role| thing.options(role).union(all));
    let by_others = !by_others.intersection(granted.privileges).is_empty();
    let is_column = matches!(thing.target, Target::Column(..));
    let above = if is_column { table.options(grantor) } else { Default::default() };
    let his_own = (thing.options(grantor) | above).contains(granted.privileges);
    match context.is_trusted(grantor) {
        true => !his_own && (by_others || !is_column),
        // of a column he can be given the option first
        false => by_others || !his_own && !is_column || thing.is_in_ring(grantor, granted.privileges),
    }
}

fn round_trip(context: &Context<'_>, place: Place, root: &Target, through: &BTreeSet<Name>) -> Draft {
    let things = context.together(root);
    let owner = things.first().map(|thing| thing.owner.clone()).unwrap_or_else(|| Name::of_server(""));
    let hands = through.iter().chain([&owner]);
    let mut statements: Vec<String> = hands.map(|name| sql::owner(root, name)).collect();
    let (mut lost, mut grantees) = (Vec::new(), BTreeSet::new());
    for thing in &things {
        for (grantee, granted) in granted_by(thing, through) {
            let role = grantee.role();
            if role.is_some_and(|role| through.contains(role)) || !goes(context, thing, grantee) {
                continue;
            }
            statements.extend(taken(context, thing, grantee, granted));
            let (keywords, subject) = (granted.privileges.keywords(), subject(&[&thing.target]));
            lost.push(format!("{keywords} on {subject} from {}", grantee.shown()));
            grantees.insert(grantee.clone());
        }
        statements.extend(through.iter().flat_map(|name| restored(context, thing, name)));
    }
    let grantees: Vec<Grantee> = grantees.into_iter().collect();
    let names: Vec<String> = through.iter().map(Name::shown).collect();
    Draft {
        place,
        action: Action::Revoke,
        object: Context::object(root),
        objects: vec![],
        roles: roles(&grantees),
        service: context.service(root),
        sql: context.as_owner(&[root], lending(context, root, through, statements)),
        undo: vec![],
        hazards: context.hazard(Hazard::RevokesAccess, root),
        code: vec![],
        what: lost.join(", "),
        why: format!(
            "the layout doesn't give this; no REVOKE reaches what {} granted, so it passes through {} hands",
            names.join(" and "),
            if names.len() > 1 { "their" } else { "his" },
        ),
    }
}

/// What these together gave to each.
fn granted_by<'a>(thing: &'a Standing, grantors: &BTreeSet<Name>) -> BTreeMap<&'a Grantee, Granted> {
    let mut all: BTreeMap<&Grantee, Granted> = BTreeMap::new();
    for (grantee, _, granted) in thing.acl.entries().filter(|(_, grantor, _)| grantors.contains(grantor)) {
        let sum = all.entry(grantee).or_default();
        *sum = sum.with(granted);
    }
    all
}

/// It is the owner's grant by now, one with what the layout wants.
fn taken(context: &Context<'_>, thing: &Standing, grantee: &Grantee, granted: Granted) -> Vec<String> {
    let excess = granted.privileges.minus(context.wanted(thing, grantee));
    let options = granted.grantable.minus(excess);
    let mut sql = kept::statements(&kept::by_the_trusted(context, thing, grantee, granted.grantable), thing);
    let cascade = if granted.grantable.is_empty() { "" } else { " CASCADE" };
    if !excess.is_empty() {
        sql.push(format!("{}{cascade}", sql::revoke(&thing.target, "", excess, grantee)));
    }
    if !options.is_empty() {
        sql.push(format!("{} CASCADE", sql::revoke(&thing.target, "GRANT OPTION FOR ", options, grantee)));
    }
    sql
}

/// What the one through whose hands it went held became the owner's too, and is given back, if it is his to keep.
fn restored(context: &Context<'_>, thing: &Standing, name: &Name) -> Vec<String> {
    let grantee = Grantee::Role(name.clone());
    let keeps = if context.is_trusted(name) {
        thing.held(name)
    } else {
        Granted { privileges: context.wanted(thing, &grantee), ..Granted::default() }
    };
    sql::grant(&thing.target, &grantee, keeps)
}

/// Without SUPERUSER the new owner of something in a schema must be able to create there: he is lent that for the moment, unless it
/// is his anyway.
fn lending(context: &Context<'_>, root: &Target, through: &BTreeSet<Name>, sql: Vec<String>) -> Vec<String> {
    let Target::Object(database, object) = root else { return sql };
    if context.snapshot.server.superuser || object.kind == Kind::Schema {
        return sql;
    }
    let schema = Target::Object(database.clone(), Object::schema(&object.schema));
    let Some(thing) = context.standing(&schema) else { return sql };
    let create = Granted { privileges: Privileges::CREATE | Privileges::USAGE, ..Granted::default() };
    let lent = |name: &&Name| {
        let held = thing.held(name).privileges;
        **name != thing.owner && !(context.is_trusted(name) && held.contains(create.privileges))
    };
    let lent: Vec<&Name> = through.iter().filter(lent).collect();
    let give = lent.iter().flat_map(|name| sql::grant(&schema, &Grantee::Role((*name).clone()), create));
    let take = lent.iter().flat_map(|name| {
        let grantee = Grantee::Role((*name).clone());
        let keeps = if context.is_trusted(name) { thing.held(name).privileges } else { Privileges::NONE };
        let gone = create.privileges.minus(keeps);
        (!gone.is_empty()).then(|| sql::revoke(&schema, "", gone, &grantee))
    });
    give.chain(sql).chain(take).collect()
}
