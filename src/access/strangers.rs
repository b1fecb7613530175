//! Groups as whom nobody can act yet: the outermost of them stand for those that they lead to.

use std::collections::BTreeSet;

use super::components::components;
use super::standing::Roles;
use crate::model::{Name, State};

/// Of these roles, those that no other of them reaches. Who may do everything, or reaches one of the admins, stands for himself alone: what is
/// said of him says nothing of those behind him.
#[must_use]
pub fn outermost<'a>(
    state: &State,
    server_version_num: u32,
    groups: &BTreeSet<&'a Name>,
    admins: &BTreeSet<Name>,
) -> BTreeSet<&'a Name> {
    let roles = Roles::of(state, server_version_num);
    let admins: Vec<u32> = admins.iter().filter_map(|admin| roles.id(admin)).collect();
    let mut left: BTreeSet<u32> = groups.iter().filter_map(|group| roles.id(group)).collect();
    let mut found = BTreeSet::new();
    // members before what they are members of
    for role in components(&roles.leads_to()).into_iter().rev().flatten() {
        let Some(role) = u32::try_from(role).ok().filter(|role| left.remove(role)) else { continue };
        found.extend(groups.get(roles.name(role)));
        let standing = roles.standing(role);
        if standing.everything.is_none() && !admins.iter().any(|admin| standing.reaches(*admin)) {
            standing.roles().iter().for_each(|reached| {
                left.remove(reached);
            });
        }
    }
    found
}
