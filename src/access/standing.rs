//! Whom a role can be: the roles whose rights it has, those that it may become, and those that it may make itself a member of.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use super::{Hop, How};
use crate::model::{Membership, MembershipOptions, Name, Role, State};

/// Roles by number, and who is a member of what.
#[derive(Debug)]
pub(super) struct Roles {
    ids: BTreeMap<Name, u32>,
    pub(super) names: Vec<Name>,
    attributes: Vec<Role>,
    edges: Vec<Vec<Edge>>,
    /// Role to its members, and which edge of theirs it is.
    members: Vec<Vec<(u32, usize)>>,
    inherited: RefCell<BTreeMap<u32, Rc<BTreeSet<u32>>>>,
    by_member: bool,
    /// Before 15 a login may give away and take back its own role (`is_admin_of_role` in src/backend/utils/adt/acl.c).
    own_admin: bool,
}

#[derive(Debug, Clone)]
struct Edge {
    to: u32,
    options: MembershipOptions,
    grantor: Name,
}

/// A role, and whether a session may be it, or only has its rights.
type At = (u32, bool);

/// By which of a role's memberships one goes on, and as what.
#[derive(Debug, Clone, Copy)]
struct Step {
    from: At,
    edge: usize,
    how: How,
}

/// Whom one role can be.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    start: u32,
    /// Each role that is reached, as whom one may act (`true`: by SET ROLE) or whose rights one has, and by which hop.
    reached: BTreeMap<At, Option<Step>>,
    /// What a session can be, one role after the other, each with the roles whose rights it then has; not those who have fewer than another
    /// that stands here.
    pub(super) contexts: Vec<Context>,
    /// A superuser that it may become or inherits from; or before 16 a role that it may become and that has CREATEROLE: both may do
    /// everything.
    pub(super) everything: Option<(u32, &'static str)>,
    /// The roles that it has ADMIN OPTION on, as whom, and by which membership.
    granted: BTreeMap<u32, Step>,
}

/// A session as one role.
#[derive(Debug, Clone)]
pub(super) struct Context {
    pub(super) role: u32,
    pub(super) acts_with: BTreeSet<u32>,
}

/// On the way from one role to all that it can be.
struct Walk<'e> {
    start: u32,
    reached: BTreeMap<At, Option<Step>>,
    /// The roles that a session may be, nearest first.
    becoming: Vec<u32>,
    open: VecDeque<At>,
    /// What it may make anybody a member of, as whom, and by which membership.
    granted: BTreeMap<u32, Step>,
    /// Those that are its members, by whatever way; looked for when it matters.
    below: Option<BTreeSet<u32>>,
    /// What it may not make itself a member of, since that would be a circle.
    waiting: Vec<(At, usize, &'e Edge)>,
}

impl Walk<'_> {
    fn from(start: u32) -> Self {
        let (reached, open) = (BTreeMap::from([((start, true), None)]), VecDeque::from([(start, true)]));
        let (becoming, granted) = (vec![start], BTreeMap::new());
        Self { start, reached, becoming, open, granted, below: None, waiting: Vec::new() }
    }
}

impl Roles {
    pub(super) fn of(state: &State, server_version_num: u32) -> Self {
        let names: Vec<Name> = state.roles.keys().cloned().collect();
        let ids: BTreeMap<Name, u32> = (0u32..).zip(&names).map(|(id, name)| (name.clone(), id)).collect();
        let by_member = server_version_num < 160_000;
        let mut edges = vec![Vec::new(); names.len()];
        for (membership, options) in &state.memberships {
            if let (Some(member), Some(edge)) = (ids.get(&membership.member), edge(&ids, membership, *options)) {
                edges[*member as usize].push(edge);
            }
        }
        let mut members = vec![Vec::new(); names.len()];
        for (member, edges) in (0u32..).zip(&edges) {
            edges
                .iter()
                .enumerate()
                .for_each(|(at, edge): (usize, &Edge)| members[edge.to as usize].push((member, at)));
        }
        let (own_admin, inherited) = (server_version_num < 150_000, RefCell::default());
        let attributes = state.roles.values().copied().collect();
        Self { ids, attributes, names, edges, members, inherited, by_member, own_admin }
    }

    pub(super) fn id(&self, name: &Name) -> Option<u32> {
        self.ids.get(name).copied()
    }

    pub(super) fn name(&self, id: u32) -> &Name {
        &self.names[id as usize]
    }

    pub(super) fn attributes(&self, id: u32) -> &Role {
        &self.attributes[id as usize]
    }

    /// By number, what each is a member of.
    pub(super) fn leads_to(&self) -> Vec<Vec<usize>> {
        self.edges.iter().map(|edges| edges.iter().map(|edge| edge.to as usize).collect()).collect()
    }

    /// Everything that the role can be.
    pub(super) fn standing(&self, start: u32) -> Standing {
        let mut walk = Walk::from(start);
        while let Some(from) = walk.open.pop_front() {
            for (at, edge) in self.edges[from.0 as usize].iter().enumerate() {
                self.step(&mut walk, from, (at, edge));
            }
            if walk.open.is_empty() {
                // by now it may be able to take a circle apart
                let waiting = std::mem::take(&mut walk.waiting);
                waiting.into_iter().for_each(|(from, at, edge)| self.step(&mut walk, from, (at, edge)));
            }
        }
        let contexts = self.contexts(&walk);
        let everything = self.everything(&walk, &contexts);
        Standing { start, reached: walk.reached, contexts, everything, granted: walk.granted }
    }

    /// Where a membership leads a session that is the member, or only has its rights.
    fn step<'e>(&self, walk: &mut Walk<'e>, from: At, (at, edge): (usize, &'e Edge)) {
        let inherits = if self.by_member { self.attributes(from.0).inherit } else { edge.options.inherit };
        let sets = from.1 && (self.by_member || edge.options.set);
        // only a superuser may grant a superuser (check_role_membership_authorization in src/backend/commands/user.c)
        let admin = edge.options.admin && !self.attributes(edge.to).superuser;
        if inherits {
            Self::reach(walk, (from, at), (edge, How::Inherit));
        }
        if sets {
            Self::reach(walk, (from, at), (edge, How::Set));
        }
        if admin {
            walk.granted.entry(edge.to).or_insert(Step { from, edge: at, how: How::Admin });
            if !self.is_below_start(walk, edge.to) {
                Self::reach(walk, (from, at), (edge, How::Admin));
            } else if !walk.reached.contains_key(&(edge.to, true)) {
                walk.waiting.push((from, at, edge));
            }
        }
    }

    fn reach(walk: &mut Walk<'_>, (from, at): (At, usize), (edge, how): (&Edge, How)) {
        let to = (edge.to, how != How::Inherit);
        walk.reached.entry(to).or_insert_with(|| {
            walk.open.push_back(to);
            walk.becoming.extend(to.1.then_some(to.0));
            Some(Step { from, edge: at, how })
        });
    }

    fn hop(&self, step: Step) -> Hop {
        let edge = &self.edges[step.from.0 as usize][step.edge];
        Hop::Member { role: self.name(edge.to).clone(), grantor: edge.grantor.clone(), how: step.how }
    }

    /// A session as each role that it can be, nearest first, but for those whose rights are among another's: who can do something as one of
    /// them, can do it as that other.
    fn contexts(&self, walk: &Walk<'_>) -> Vec<Context> {
        let (mut contexts, mut covered) = (Vec::new(), BTreeSet::<u32>::new());
        for role in &walk.becoming {
            if covered.contains(role) {
                continue;
            }
            let (context, grants_all) = self.context(walk, *role);
            if grants_all {
                covered.extend(&context.acts_with);
            }
            contexts.push(context);
        }
        contexts
    }

    /// A session as one role. What it may grant itself, it may grant to whatever it is just then, which has it if it inherits.
    /// And whether it has all that any session of the walker can grant.
    fn context(&self, walk: &Walk<'_>, role: u32) -> (Context, bool) {
        let mut acts_with = self.inherited(role);
        if walk.granted.is_empty() {
            return (Context { role, acts_with }, true);
        }
        let mut all = false;
        if !self.is_closed(role) {
            let below = self.below(role, |edge| !self.takes(walk, edge));
            let open = walk.granted.keys().filter(|granted| !below.contains(granted)).copied().collect();
            all = walk.granted.keys().all(|granted| !below.contains(granted));
            self.inherit(&mut acts_with, open);
        }
        (Context { role, acts_with }, all)
    }

    /// Its members, and theirs, by these memberships; and the role itself.
    fn below(&self, role: u32, by: impl Fn(&Edge) -> bool) -> BTreeSet<u32> {
        let (mut found, mut open) = (BTreeSet::from([role]), vec![role]);
        while let Some(to) = open.pop() {
            let members = self.members[to as usize].iter();
            let kept = members.filter(|(member, at)| by(&self.edges[*member as usize][*at]));
            open.extend(kept.map(|(member, _)| *member).filter(|member| found.insert(*member)));
        }
        found
    }

    /// Mostly it isn't, however memberships are taken away.
    fn is_below_start(&self, walk: &mut Walk<'_>, role: u32) -> bool {
        let below = walk.below.get_or_insert_with(|| self.below(walk.start, |_| true));
        below.contains(&role) && self.is_below(walk, role, walk.start)
    }

    /// Is the role a member of the other, by whatever options? Then the other can't be made a member of it (`AddRoleMems`), unless the
    /// walker can take away a membership in between.
    fn is_below(&self, walk: &Walk<'_>, role: u32, other: u32) -> bool {
        let (mut found, mut open) = (BTreeSet::from([role]), vec![role]);
        while let Some(from) = open.pop() {
            let kept = self.edges[from as usize].iter().filter(|edge| !self.takes(walk, edge));
            open.extend(kept.map(|edge| edge.to).filter(|to| found.insert(*to)));
        }
        found.contains(&other)
    }

    /// May the walker take the membership away? From 16 on as who granted it (`check_role_grantor`).
    fn takes(&self, walk: &Walk<'_>, edge: &Edge) -> bool {
        if self.by_member {
            return walk.granted.contains_key(&edge.to) || (self.own_admin && edge.to == walk.start);
        }
        let reached =
            |grantor| walk.reached.contains_key(&(grantor, true)) || walk.reached.contains_key(&(grantor, false));
        self.id(&edge.grantor).is_some_and(reached)
    }

    /// A superuser that it may become, or whose rights it inherits: it may then replace a superuser's functions and views, for instance those of
    /// information_schema, with its own code. Before 16 CREATEROLE, which grants itself whatever isn't a superuser.
    fn everything(&self, walk: &Walk<'_>, contexts: &[Context]) -> Option<(u32, &'static str)> {
        let superuser = |role: &&u32| self.attributes(**role).superuser;
        let superuser = contexts.iter().flat_map(|context| &context.acts_with).filter(superuser).min();
        let creates = |role: &&u32| self.by_member && self.attributes(**role).create_role;
        let creates = || walk.becoming.iter().filter(creates).min().map(|role| (*role, "CREATEROLE"));
        superuser.map(|role| (*role, "SUPERUSER")).or_else(creates)
    }

    /// `has_privs_of_role` in src/backend/utils/adt/acl.c, but for the implicit membership of a database's owner.
    pub(super) fn inherited(&self, role: u32) -> BTreeSet<u32> {
        let mut found = BTreeSet::new();
        self.inherit(&mut found, vec![role]);
        found
    }

    /// The same, of one that is asked for often.
    pub(super) fn acts_with(&self, role: u32) -> Rc<BTreeSet<u32>> {
        let mut known = self.inherited.borrow_mut();
        Rc::clone(known.entry(role).or_insert_with(|| Rc::new(self.inherited(role))))
    }

    /// Adds these, and what they inherit from.
    fn inherit(&self, found: &mut BTreeSet<u32>, mut open: Vec<u32>) {
        open.retain(|role| found.insert(*role));
        while let Some(from) = open.pop() {
            for edge in &self.edges[from as usize] {
                let inherits = if self.by_member { self.attributes(from).inherit } else { edge.options.inherit };
                if inherits && found.insert(edge.to) {
                    open.push(edge.to);
                }
            }
        }
    }

    /// Before 16 the owner of a database isn't `pg_database_owner` if it doesn't inherit.
    pub(super) fn is_closed(&self, role: u32) -> bool {
        self.by_member && !self.attributes(role).inherit
    }
}

impl Standing {
    /// Does it reach the role, as whom it may act or whose rights it has?
    pub(super) fn reaches(&self, role: u32) -> bool {
        self.reached.contains_key(&(role, true)) || self.reached.contains_key(&(role, false))
    }

    /// May a session be this role?
    pub(super) fn becomes(&self, role: u32) -> bool {
        self.reached.contains_key(&(role, true))
    }

    /// Every role that it reaches, itself first.
    pub(super) fn roles(&self) -> BTreeSet<u32> {
        self.reached.keys().map(|(role, _)| *role).collect()
    }

    /// The hops to a role; the shortest.
    pub(super) fn path(&self, roles: &Roles, role: u32) -> Vec<Hop> {
        let modes = [(role, false), (role, true)];
        let paths = modes.into_iter().filter(|mode| self.reached.contains_key(mode)).map(|mode| self.back(mode));
        paths.min_by_key(Vec::len).unwrap_or_default().into_iter().map(|step| roles.hop(step)).collect()
    }

    fn back(&self, mut at: At) -> Vec<Step> {
        let mut path = Vec::new();
        while let Some(Some(step)) = self.reached.get(&at) {
            path.push(*step);
            at = step.from;
        }
        path.reverse();
        path
    }

    /// The roles that it may become, itself too.
    pub(super) fn becoming(&self) -> impl Iterator<Item = u32> {
        self.reached.keys().filter(|(_, becomes)| *becomes).map(|(role, _)| *role)
    }

    /// The roles that it may make others members of.
    pub(super) fn administered(&self) -> impl Iterator<Item = u32> {
        self.granted.keys().copied()
    }

    /// The hops to the ADMIN OPTION on a role.
    pub(super) fn path_to_admin(&self, roles: &Roles, role: u32) -> Vec<Hop> {
        let Some(step) = self.granted.get(&role) else { return Vec::new() };
        let path = self.back(step.from).into_iter().chain([*step]);
        path.map(|step| roles.hop(step)).collect()
    }

    pub(super) fn start(&self) -> u32 {
        self.start
    }
}

fn edge(ids: &BTreeMap<Name, u32>, membership: &Membership, options: MembershipOptions) -> Option<Edge> {
    Some(Edge { to: *ids.get(&membership.role)?, options, grantor: membership.grantor.clone() })
}
