//! Restrictive policies that are for certain roles: whoever can act as one of them takes it off by DROP OWNED, and sees or changes more rows.

use super::databases::Both;
use super::finding::{Certainty, Draft, Target};
use super::ground::Ground;
use crate::access::Hop;
use crate::model::{Name, Restriction};

pub(super) fn claims(ground: &Ground<'_>, both: &Both<'_>) {
    for policy in both.contents.code.iter().flat_map(|code| &code.restrictions) {
        policy.roles.iter().filter(|role| !ground.is_trusted(role)).for_each(|role| bound(ground, both, policy, role));
    }
}

/// `RemoveRoleFromObjectPolicy` in src/backend/commands/policy.c asks for no right on the table.
fn bound(ground: &Ground<'_>, both: &Both<'_>, policy: &Restriction, role: &Name) {
    let Restriction { name, relation, on, .. } = policy;
    let Some(wall) = super::code::wall_over(ground, both, relation) else { return };
    ground.checked(1);
    let reaching = ground.actual.who_reaches(role);
    // who has nothing to do there, is bound by nothing there
    if reaching.iter().all(|at| both.actual.path_unseen(*at, relation, *on).is_empty()) {
        return;
    }
    for at in reaching.into_iter().filter(|at| ground.is_bound(*at) && ground.is_beyond(*at, Some(wall))) {
        let mut path = ground.actual.path_to(at, role);
        path.push(Hop::Bound { policy: name.clone(), role: role.clone() });
        ground.find(Draft {
            code: "droppable-policy",
            who: ground.who(at),
            privileges: *on,
            object: Target::object(both.name, relation),
            claim: format!("only {wall} takes the policy {} off {}", name.shown(), role.shown()),
            path,
            fix: Vec::new(),
            severity: ground.severity(at),
            certainty: Certainty::Certain,
        });
    }
}
