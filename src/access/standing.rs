//! Whom a role can be: the roles whose rights it has, those that it may become, and those that it may make itself a member of.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{Hop, How};
use crate::model::{Membership, MembershipOptions, Name, Role, State};

/// Roles by number, and who is a member of what.
#[derive(Debug)]
pub(super) struct Roles {
    ids: BTreeMap<Name, u32>,
    pub(super) names: Vec<Name>,
    attributes: Vec<Role>,
    edges: Vec<Vec<Edge>>,
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

/// Whom one role can be.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    start: u32,
    /// Each role that is reached, as whom one may act (`true`: by SET ROLE) or whose rights one has, and by which hop.
    reached: BTreeMap<At, Option<(At, Hop)>>,
    /// What a session can be, one role after the other, each with the roles whose rights it then has.
    pub(super) contexts: Vec<Context>,
    /// A superuser that it may become or inherits from; or before 16 a role that it may become and that has CREATEROLE: both may do
    /// everything.
    pub(super) everything: Option<(u32, &'static str)>,
    /// The roles that it has ADMIN OPTION on, as whom, and by which membership.
    granted: BTreeMap<u32, (At, Hop)>,
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
    reached: BTreeMap<At, Option<(At, Hop)>>,
    open: VecDeque<At>,
    /// What it may make anybody a member of, as whom, and by which membership.
    granted: BTreeMap<u32, (At, Hop)>,
    /// What it may not make itself a member of, since that would be a circle.
    waiting: Vec<(At, &'e Edge)>,
}

impl Walk<'_> {
    fn from(start: u32) -> Self {
        let (reached, open) = (BTreeMap::from([((start, true), None)]), VecDeque::from([(start, true)]));
        Self { start, reached, open, granted: BTreeMap::new(), waiting: Vec::new() }
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
        let own_admin = server_version_num < 150_000;
        Self { ids, attributes: state.roles.values().copied().collect(), names, edges, by_member, own_admin }
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

    /// Everything that the role can be.
    pub(super) fn standing(&self, start: u32) -> Standing {
        let mut walk = Walk::from(start);
        while let Some(from) = walk.open.pop_front() {
            for edge in &self.edges[from.0 as usize] {
                self.step(&mut walk, from, edge);
            }
            if walk.open.is_empty() {
                // by now it may be able to take a circle apart
                let waiting = std::mem::take(&mut walk.waiting);
                waiting.into_iter().for_each(|(from, edge)| self.step(&mut walk, from, edge));
            }
        }
        let becoming = walk.reached.keys().filter(|(_, becomes)| *becomes).map(|(role, _)| *role);
        let contexts: Vec<Context> = becoming.map(|role| self.context(&walk, role)).collect();
        let everything = contexts.iter().find_map(|context| self.everything(context));
        Standing { start, reached: walk.reached, contexts, everything, granted: walk.granted }
    }

    /// Where a membership leads a session that is the member, or only has its rights.
    fn step<'e>(&self, walk: &mut Walk<'e>, from: At, edge: &'e Edge) {
        let inherits = if self.by_member { self.attributes(from.0).inherit } else { edge.options.inherit };
        let sets = from.1 && (self.by_member || edge.options.set);
        // only a superuser may grant a superuser (check_role_membership_authorization in src/backend/commands/user.c)
        let admin = edge.options.admin && !self.attributes(edge.to).superuser;
        if inherits {
            self.reach(walk, from, (edge, How::Inherit));
        }
        if sets {
            self.reach(walk, from, (edge, How::Set));
        }
        if admin {
            walk.granted.entry(edge.to).or_insert_with(|| (from, self.hop(edge, How::Admin)));
            if !self.is_below(walk, edge.to, walk.start) {
                self.reach(walk, from, (edge, How::Admin));
            } else if !walk.reached.contains_key(&(edge.to, true)) {
                walk.waiting.push((from, edge));
            }
        }
    }

    fn reach(&self, walk: &mut Walk<'_>, from: At, (edge, how): (&Edge, How)) {
        let to = (edge.to, how != How::Inherit);
        walk.reached.entry(to).or_insert_with(|| {
            walk.open.push_back(to);
            Some((from, self.hop(edge, how)))
        });
    }

    fn hop(&self, edge: &Edge, how: How) -> Hop {
        Hop::Member { role: self.name(edge.to).clone(), grantor: edge.grantor.clone(), how }
    }

    /// A session as one role. What it may grant itself, it may grant to whatever it is just then, which has it if it inherits.
    fn context(&self, walk: &Walk<'_>, role: u32) -> Context {
        let mut acts_with = self.inherited(role);
        if !self.is_closed(role) {
            let granted = walk.granted.keys().filter(|granted| !self.is_below(walk, **granted, role));
            granted.for_each(|granted| acts_with.extend(self.inherited(*granted)));
        }
        Context { role, acts_with }
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
    fn everything(&self, context: &Context) -> Option<(u32, &'static str)> {
        let superuser = context.acts_with.iter().find(|role| self.attributes(**role).superuser);
        let creates = self.by_member && self.attributes(context.role).create_role;
        superuser.map(|role| (*role, "SUPERUSER")).or_else(|| creates.then_some((context.role, "CREATEROLE")))
    }

    /// `has_privs_of_role` in src/backend/utils/adt/acl.c, but for the implicit membership of a database's owner.
    pub(super) fn inherited(&self, role: u32) -> BTreeSet<u32> {
        let (mut found, mut open) = (BTreeSet::from([role]), vec![role]);
        while let Some(from) = open.pop() {
            for edge in &self.edges[from as usize] {
                let inherits = if self.by_member { self.attributes(from).inherit } else { edge.options.inherit };
                if inherits && found.insert(edge.to) {
                    open.push(edge.to);
                }
            }
        }
        found
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
    pub(super) fn path(&self, role: u32) -> Vec<Hop> {
        let modes = [(role, false), (role, true)];
        let paths = modes.into_iter().filter(|mode| self.reached.contains_key(mode)).map(|mode| self.back(mode));
        paths.min_by_key(Vec::len).unwrap_or_default()
    }

    fn back(&self, mut at: At) -> Vec<Hop> {
        let mut path = Vec::new();
        while let Some(Some((from, hop))) = self.reached.get(&at) {
            path.push(hop.clone());
            at = *from;
        }
        path.reverse();
        path
    }

    /// The roles that it may make others members of.
    pub(super) fn administered(&self) -> impl Iterator<Item = u32> {
        self.granted.keys().copied()
    }

    /// The hops to the ADMIN OPTION on a role.
    pub(super) fn path_to_admin(&self, role: u32) -> Vec<Hop> {
        let Some((from, hop)) = self.granted.get(&role) else { return Vec::new() };
        let mut path = self.back(*from);
        path.push(hop.clone());
        path
    }

    pub(super) fn start(&self) -> u32 {
        self.start
    }
}

fn edge(ids: &BTreeMap<Name, u32>, membership: &Membership, options: MembershipOptions) -> Option<Edge> {
    Some(Edge { to: *ids.get(&membership.role)?, options, grantor: membership.grantor.clone() })
}
