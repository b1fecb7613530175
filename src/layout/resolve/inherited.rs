//! Whose rights a role has without SET ROLE, by memberships alone.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Membership, MembershipOptions, Name, Snapshot};

/// By member.
pub(super) struct Inherited(BTreeMap<Name, BTreeSet<Name>>);

impl Inherited {
    /// Before 16 the member's attribute decides, and not the membership.
    pub(super) fn of<'a>(
        snapshot: &Snapshot,
        memberships: impl Iterator<Item = (&'a Membership, &'a MembershipOptions)>,
    ) -> Self {
        let by_option = snapshot.server.has_membership_options();
        let inherits = |name: &Name| snapshot.state.roles.get(name).is_none_or(|role| role.inherit);
        let mut of = BTreeMap::<Name, BTreeSet<Name>>::new();
        for (membership, options) in memberships {
            if if by_option { options.inherit } else { inherits(&membership.member) } {
                of.entry(membership.member.clone()).or_default().insert(membership.role.clone());
            }
        }
        Self(of)
    }

    /// The role itself, and every role that it inherits from.
    pub(super) fn by(&self, role: &Name) -> BTreeSet<Name> {
        let (mut found, mut open) = (BTreeSet::from([role.clone()]), vec![role]);
        while let Some(role) = open.pop() {
            open.extend(self.0.get(role).into_iter().flatten().filter(|further| found.insert((*further).clone())));
        }
        found
    }
}
