//! Who is a member of what, whatever the options: so the server asks before it lets anybody in, because it takes no circle
//! (`is_member_of_role_nosuper` in `AddRoleMems`, src/backend/commands/user.c).

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{Membership, Name};

/// What each role is a member of, directly.
#[derive(Debug, Clone, Default)]
pub struct Ties<'a>(BTreeMap<&'a Name, BTreeSet<&'a Name>>);

impl<'a> Ties<'a> {
    /// Of these memberships, whoever granted them.
    pub fn of(memberships: impl IntoIterator<Item = &'a Membership>) -> Self {
        let mut ties = Self::default();
        memberships.into_iter().for_each(|membership| ties.tie(&membership.role, &membership.member));
        ties
    }

    /// One more.
    pub fn tie(&mut self, role: &'a Name, member: &'a Name) {
        self.0.entry(member).or_default().insert(role);
    }

    /// Is it a member by itself?
    #[must_use]
    pub fn has(&self, role: &Name, member: &Name) -> bool {
        self.0.get(member).is_some_and(|roles| roles.contains(role))
    }

    /// From a member to a role, over memberships: both, and the roles between them, by the shortest way.
    #[must_use]
    pub fn way(&self, member: &'a Name, role: &Name) -> Option<Vec<&'a Name>> {
        let (mut from, mut open) = (BTreeMap::new(), VecDeque::from([member]));
        while let Some(here) = open.pop_front() {
            if here == role {
                let back = std::iter::successors(Some(here), |at| from.get(at).copied());
                let mut way: Vec<&Name> = back.collect();
                way.reverse();
                return Some(way);
            }
            for next in self.0.get(here).into_iter().flatten().copied() {
                if next != member && !from.contains_key(next) {
                    from.insert(next, here);
                    open.push_back(next);
                }
            }
        }
        None
    }

    /// The role itself, and all that it is a member of.
    #[must_use]
    pub fn above(&self, member: &'a Name) -> BTreeSet<&'a Name> {
        let (mut found, mut open) = (BTreeSet::from([member]), vec![member]);
        while let Some(here) = open.pop() {
            open.extend(self.0.get(here).into_iter().flatten().copied().filter(|next| found.insert(next)));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shortest_way_from_a_member_to_a_role() {
        let [a, b, c, d] = ["a", "b", "c", "d"].map(Name::of_server);
        let mut ties = Ties::default();
        for (role, member) in [(&b, &a), (&c, &b), (&c, &a), (&d, &c), (&a, &d)] {
            ties.tie(role, member);
        }
        assert_eq!(ties.way(&a, &d), Some(vec![&a, &c, &d]));
        assert_eq!(ties.way(&a, &a), Some(vec![&a]));
        assert_eq!(ties.way(&b, &Name::of_server("e")), None);
        assert_eq!(ties.above(&d).len(), 4);
        assert!(ties.has(&b, &a) && !ties.has(&a, &b));
    }
}
