//! Memberships that the layout declares, and that no server would grant: they would close a circle with others that stay.

use super::Resolver;
use crate::layout::{Allowed, AllowedRole, At, Mode, Problem};
use crate::model::{Membership, MembershipOptions, Name, Scope, State, Ties};

impl Resolver<'_> {
    /// What the plan takes away closes no circle: it goes first.
    pub(super) fn refuse_circles(&mut self, scope: &Scope, wanted: &State) {
        let now = &self.snapshot.state.memberships;
        let there = Ties::of(now.keys());
        let stays = now.iter().filter(|(m, options)| self.stays(scope, m, **options)).map(|(m, _)| m);
        let ties = Ties::of(stays.chain(wanted.memberships.keys()));
        let new = wanted.memberships.keys().filter(|m| !there.has(&m.role, &m.member));
        let closing = new.filter_map(|m| Some(self.circle(m, &ties.way(&m.role, &m.member)?)));
        let problems: Vec<Problem> = closing.collect();
        self.problems.extend(problems);
    }

    /// Where it isn't in the wanted state. Who is retired leaves every role, and every other role leaves him.
    fn stays(&self, scope: &Scope, membership: &Membership, options: MembershipOptions) -> bool {
        let retired = scope.retired.contains(&membership.role) || scope.retired.contains(&membership.member);
        !retired && (self.layout.cluster.mode == Mode::Additive || !scope.has_membership(membership, options))
    }

    /// `way` leads from the role to the one that would be its member.
    fn circle(&self, new: &Membership, way: &[&Name]) -> Problem {
        let (role, member) = (new.role.shown(), new.member.shown());
        let between: Vec<String> =
            way.iter().skip(1).take(way.len().saturating_sub(2)).map(|name| name.shown()).collect();
        let through = if between.is_empty() { String::new() } else { format!(", through {}", between.join(", ")) };
        let first = way.get(1).copied().unwrap_or(&new.member);
        Problem {
            code: "membership-circle",
            message: format!("`{member}` can't become a member of `{role}`, which is a member of `{member}`{through}"),
            at: self.declared(new),
            label: format!("declares {member} a member of {role}"),
            also: self.kept_by(way),
            help: Some(format!(
                "no server takes a circle of memberships: REVOKE {} FROM {} first, or give this part to another role",
                first.quoted(),
                new.role.quoted()
            )),
        }
    }

    /// The login that is made a member.
    fn declared(&self, new: &Membership) -> At {
        let services = &self.layout.services;
        let of_login = services.values().find_map(|service| {
            let login = service.logins.values().find(|login| login.roles().any(|role| *role == new.member))?;
            (*service.group(login.group) == new.role).then(|| login.at.clone())
        });
        of_login.unwrap_or_else(|| super::role_place(self.layout, &new.member))
    }

    /// The first exception by which a membership on the way stays.
    fn kept_by(&self, way: &[&Name]) -> Option<(At, String)> {
        let is_on_it = |role: &Name, member: &Name| way.windows(2).any(|pair| *pair[0] == *member && *pair[1] == *role);
        let (counting, _) = self.layout.allows_by_end();
        let keeps = counting.into_iter().find(|allow| match (&allow.what, &allow.role) {
            (Allowed::MemberOf(of), AllowedRole::One(member)) => {
                member.role().is_some_and(|member| is_on_it(of, member))
            }
            (Allowed::MemberOf(of), AllowedRole::Family(pattern)) => {
                way.iter().any(|member| pattern.matches(member.as_str()) && is_on_it(of, member))
            }
            _ => false,
        });
        keeps.map(|allow| (allow.at.clone(), format!("keeps {}", allow.said())))
    }
}
