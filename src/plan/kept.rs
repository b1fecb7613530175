//! CASCADE takes from the trusted, too, what somebody untrusted granted to them: the owner grants it himself before.

use std::collections::BTreeMap;

use super::build::Context;
use super::sql;
use super::standing::Standing;
use crate::diff::{Change, Retirement, Target};
use crate::model::{Granted, Grantee, Name, Privileges};

/// A trusted role, and what it would lose.
pub(super) type Kept = (Name, Granted);

/// What hangs on these grant options of the grantee and is the trusted's. What they granted on hangs on it no longer.
pub(super) fn by_the_trusted(
    context: &Context<'_>,
    thing: &Standing,
    grantee: &Grantee,
    grantable: Privileges,
) -> Vec<Kept> {
    let mut kept: Vec<Kept> = Vec::new();
    let mut seen = Vec::new();
    let mut open = vec![(grantee.clone(), grantable)];
    while let Some((Grantee::Role(role), grantable)) = open.pop() {
        for (to, _, granted) in thing.acl.entries().filter(|(_, grantor, _)| **grantor == role) {
            let lost = granted.only(grantable);
            let Some(to) = to.role().filter(|to| **to != thing.owner && !lost.privileges.is_empty()) else { continue };
            if context.is_trusted(to) {
                kept.push((to.clone(), lost));
            } else if !seen.contains(to) {
                seen.push(to.clone());
                open.push((Grantee::Role(to.clone()), lost.grantable));
            }
        }
    }
    let owners = |to: &Name| thing.acl.granted(&Grantee::Role(to.clone()), &thing.owner);
    let beyond = kept.into_iter().map(|(to, lost)| (to.clone(), lost.beyond(owners(&to))));
    beyond.filter(|(_, lost)| !lost.privileges.is_empty()).collect()
}

pub(super) fn statements(kept: &[Kept], thing: &Standing) -> Vec<String> {
    kept.iter().flat_map(|(to, lost)| sql::grant(&thing.target, &Grantee::Role(to.clone()), *lost)).collect()
}

/// What was given for this reason already: two grantors may have given the option that goes.
#[derive(Default)]
pub(super) struct Given(BTreeMap<(Target, Name), Granted>);

impl Given {
    /// What the owner gives again, because who had given it leaves.
    pub(super) fn by_retirement(changes: &[Change], context: &Context<'_>) -> Self {
        let mut given = Self::default();
        for change in changes {
            let Change::Retire(Retirement::GrantAgain { database: Some(name), thing, grantee, granted, .. }) = change
            else {
                continue;
            };
            let objects = context.snapshot.state.databases.get(name).map(|database| &database.objects);
            let mut objects = objects.into_iter().flatten().map(|(object, _)| object);
            let found = objects.find(|object| thing.is(object));
            let (Some(object), Some(role)) = (found, grantee.role()) else { continue };
            let target = match &thing.column {
                Some(column) => Target::Column(name.clone(), object.clone(), column.clone()),
                None => Target::Object(name.clone(), object.clone()),
            };
            let entry = given.0.entry((target, role.clone())).or_default();
            *entry = entry.with(*granted);
        }
        given
    }

    /// What is yet to be given.
    pub(super) fn anew(&mut self, thing: &Standing, kept: Vec<Kept>) -> Vec<Kept> {
        let mut new = Vec::new();
        for (to, lost) in kept {
            let given = self.0.entry((thing.target.clone(), to.clone())).or_default();
            let missing = lost.beyond(*given);
            *given = given.with(lost);
            if !missing.privileges.is_empty() {
                new.push((to, missing));
            }
        }
        new
    }
}

/// Who keeps what.
pub(super) fn why(kept: &[Kept]) -> String {
    let keeps =
        |(to, granted): &Kept| format!("{} keeps {}, from the owner", to.shown(), granted.privileges.keywords());
    kept.iter().map(keeps).collect::<Vec<_>>().join(", ")
}
