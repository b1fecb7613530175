//! What code that runs as a role may do.

use super::reason::{Reason, is_owner};
use super::{Hop, Inside};
use crate::model::{Grantee, Name, Object, Privileges};

impl Inside<'_> {
    /// What code that runs as a role may do with an object, without regard to CONNECT and USAGE: on the whole of it, and on some
    /// column. What an owner took from itself the code doesn't give back.
    #[must_use]
    pub fn as_role(&self, role: &Name, object: &Object) -> (Privileges, Privileges) {
        let (Some(id), Some(holding)) = (self.reach.roles.id(role), self.database.objects.get(object)) else {
            return (Privileges::NONE, Privileges::NONE);
        };
        let all = object.kind.privileges(self.reach.server_version_num);
        if self.reach.roles.attributes(id).superuser {
            return (all, all);
        }
        let has = |reasons: &mut dyn Iterator<Item = Reason>| {
            let written = |reason: &Reason| self.reach.owners_have_all || !matches!(reason.hop, Hop::Owner { .. });
            let given = reasons.filter(|reason| written(reason) && self.acts_with(id, &reason.who));
            given.fold(Privileges::NONE, |all, reason| all | reason.privileges)
        };
        let whole = has(&mut self.reasons(object.kind, holding).into_iter());
        (whole, whole | has(&mut self.column_reasons(object)))
    }

    /// May code that runs as a role use a schema?
    #[must_use]
    pub fn role_uses(&self, role: &Name, schema: &Name) -> bool {
        self.as_role(role, &Object::schema(schema)).0.contains(Privileges::USAGE)
    }

    fn acts_with(&self, role: u32, who: &Grantee) -> bool {
        let Some(name) = who.role() else { return true };
        let acts_with = self.reach.roles.acts_with(role);
        let has = |name: &Name| self.reach.roles.id(name).is_some_and(|id| acts_with.contains(&id));
        let owner = &self.database.held.owner;
        let closed = || self.reach.roles.id(owner).is_some_and(|owner| self.reach.roles.is_closed(owner));
        has(name) || (is_owner(who) && has(owner) && !closed())
    }
}
