//! From 16 on nobody can lose a membership's ADMIN OPTION as long as others are members by his word (2BP01, see
//! `plan_recursive_revoke` in src/backend/commands/user.c), and CASCADE would take from the trusted: first we vouch for them
//! ourselves.

use std::collections::BTreeSet;

use super::build::{Context, Draft};
use super::sql;
use crate::model::{Membership, MembershipOptions};

/// Who is a member by our word already, for this reason.
#[derive(Default)]
pub(super) struct Vouched(BTreeSet<Membership>);

impl Vouched {
    /// For the trusted whom the member of this one, who leaves or loses his ADMIN OPTION, made members of the same role.
    /// Not for those that go by steps of their own.
    pub(super) fn instead_of(&mut self, context: &Context<'_>, sponsor: &Membership, draft: &mut Draft) {
        let memberships = &context.snapshot.state.memberships;
        let by_sponsor = |m: &Membership| m.role == sponsor.role && m.grantor == sponsor.member;
        let theirs = memberships.iter().filter(|(m, _)| by_sponsor(m) && !context.has_own_step(m));
        let (mut sql, mut undo, mut names) = (Vec::new(), Vec::new(), Vec::new());
        for (theirs, options) in theirs.filter(|(m, _)| context.has_options() && context.is_trusted(&m.member)) {
            names.push(theirs.member.shown());
            let (ours, back) = self.vouch(context, theirs);
            sql.extend(ours);
            sql.push(sql::leave(theirs, "", true));
            undo.push(sql::join_again(theirs, *options, true));
            undo.extend(back);
        }
        if !names.is_empty() {
            let stays = if names.len() > 1 { "stay members" } else { "stays a member" };
            draft.why = format!("{}; {} {stays} by our word", draft.why, names.join(", "));
            draft.sql.splice(0..0, sql);
            draft.undo.extend(undo);
        }
    }

    /// Grants what the untrusted have granted together, and says how to take it back.
    fn vouch(&mut self, context: &Context<'_>, theirs: &Membership) -> (Option<String>, Vec<String>) {
        let server = &context.snapshot.server;
        let ours = Membership { grantor: context.snapshot.membership_grantor(&theirs.role), ..theirs.clone() };
        let memberships = &context.snapshot.state.memberships;
        let had = memberships.get(&ours).copied();
        let none = MembershipOptions { admin: false, inherit: false, set: false };
        let same = memberships.iter().filter(|(m, _)| m.role == theirs.role && m.member == theirs.member);
        let untrusted = same.filter(|(m, _)| m.grantor == ours.grantor || !context.is_trusted(&m.grantor));
        let mut all = untrusted.fold(none, |all, (_, options)| MembershipOptions {
            admin: all.admin || options.admin,
            inherit: all.inherit || options.inherit,
            set: all.set || options.set,
        });
        // nobody grants ADMIN back to his own grantor (0LP01), and this one needs none
        all.admin &= theirs.member != server.bootstrap;
        if had == Some(all) || !self.0.insert(ours.clone()) {
            return (None, vec![]);
        }
        let back = match had {
            None => vec![sql::leave(&ours, "", true)],
            Some(had) if all.admin && !had.admin => {
                vec![sql::leave(&ours, "ADMIN OPTION FOR ", true), sql::join_again(&ours, had, true)]
            }
            Some(had) => vec![sql::join_again(&ours, had, true)],
        };
        (Some(sql::join(&ours, all, true)), back)
    }
}
