//! What every claim is looked at with: the two states, who may reach what in each, and whose wall is whose.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use super::finding::Draft;
use super::trusts::Calls;
use super::{Claims, FORMAT, Finding, Proof, Severity, Unseen};
use crate::access::{Reach, outermost};
use crate::model::{Desired, Grantee, Name, Object, Role, RoleGraph, Ruled, Server, Snapshot, State};

pub(super) struct Ground<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) desired: &'a Desired,
    /// What the layout means by itself.
    pub(super) wanted: &'a State,
    /// As it is.
    pub(super) actual: Reach<'a>,
    /// As the layout means it. The same principals under the same numbers.
    pub(super) expected: Reach<'a>,
    /// Whom a session may become as memberships are now.
    pub(super) graph: RoleGraph,
    /// Members of the layout's admins: nothing is claimed about them.
    pub(super) honoured: BTreeSet<usize>,
    /// Roles of services that somebody can act as though he shouldn't: what he can do as them isn't said again.
    pub(super) foreign: RefCell<BTreeSet<(usize, Name)>>,
    /// What code of one service runs as logins of another.
    pub(super) calls: RefCell<Calls>,
    checked: Cell<usize>,
    findings: RefCell<Vec<Finding>>,
    notes: RefCell<Vec<String>>,
    unseen: RefCell<Vec<Unseen>>,
}

impl<'a> Ground<'a> {
    pub(super) fn of(snapshot: &'a Snapshot, desired: &'a Desired) -> Self {
        let version = snapshot.server.version_num;
        let wanted = desired.exclusive.as_ref().unwrap_or(&desired.state);
        let principals = principals(snapshot, desired);
        let actual = Reach::of(&snapshot.state, version, &principals);
        let expected = Reach::over(&meant(snapshot, desired, wanted), &wanted.databases, version, &principals);
        let mut ground = Self {
            snapshot,
            desired,
            wanted,
            actual,
            expected,
            graph: RoleGraph::of(&snapshot.state, version),
            honoured: BTreeSet::new(),
            foreign: RefCell::default(),
            calls: RefCell::default(),
            checked: Cell::new(0),
            findings: RefCell::default(),
            notes: RefCell::default(),
            unseen: RefCell::default(),
        };
        ground.honoured = ground.members_of_admins();
        ground
    }

    pub(super) fn server(&self) -> &'a Server {
        &self.snapshot.server
    }

    pub(super) fn who(&self, principal: usize) -> &Grantee {
        &self.actual.principals()[principal].who
    }

    /// Superusers, admins, the clouds' own: nothing is claimed about them.
    pub(super) fn is_trusted(&self, role: &Name) -> bool {
        self.desired.scope.trusted.contains(role) || self.snapshot.state.roles.get(role).is_some_and(|r| r.superuser)
    }

    /// Those, and who may become one of the layout's admins.
    pub(super) fn is_honoured(&self, role: &Name) -> bool {
        let member = || self.honoured.iter().any(|at| self.who(*at).role() == Some(role));
        self.is_trusted(role) || member()
    }

    /// Is it of no service, and acts with what the layout speaks of?
    pub(super) fn is_let_in(&self, role: &Name) -> bool {
        let reached = || self.graph.may_become(role).into_iter().chain(self.graph.acts_with(role, None));
        self.wall_of(role).is_none() && reached().any(|role| self.is_declared(&role))
    }

    /// The databases that no service declares.
    pub(super) fn unmanaged(&self) -> impl Iterator<Item = &'a Name> {
        let databases = &self.desired.scope.databases;
        self.snapshot.state.databases.keys().filter(|name| !databases.contains_key(*name))
    }

    /// A role that the layout declares.
    pub(super) fn is_declared(&self, role: &Name) -> bool {
        self.desired.scope.roles.contains(role)
    }

    /// Those about whom something is claimed: not who can do everything anyway, which is a finding of its own.
    pub(super) fn is_bound(&self, principal: usize) -> bool {
        !self.honoured.contains(&principal) && self.actual.everything(principal).is_none()
    }

    /// The service that a role belongs to.
    pub(super) fn wall_of(&self, role: &Name) -> Option<&'a str> {
        self.desired.homes.get(role).map(|home| home.service.as_str())
    }

    /// The service that a principal belongs to.
    pub(super) fn wall(&self, principal: usize) -> Option<&'a str> {
        self.who(principal).role().and_then(|role| self.wall_of(role))
    }

    /// The service in whose schema something is.
    pub(super) fn wall_around(&self, database: &Name, object: &Object) -> Option<&'a str> {
        self.desired.schemas.get(&(database.clone(), object.schema.clone())).map(String::as_str)
    }

    /// What a rule says of a table, or of what it stands for.
    pub(super) fn ruled(&self, database: &Name, object: &Object) -> Option<&'a Ruled> {
        self.desired.ruled.get(&(database.clone(), object.clone()))
    }

    /// The one login that may write a table.
    pub(super) fn writer(&self, database: &Name, object: &Object) -> Option<&'a Name> {
        self.ruled(database, object)?.writer.as_ref()
    }

    /// Does it stand behind another wall than the principal? What stands behind none, a superuser's, is another's, too.
    pub(super) fn is_beyond(&self, principal: usize, wall: Option<&str>) -> bool {
        wall.is_none() || self.wall(principal) != wall
    }

    /// What nobody can log in as breaks nothing yet.
    pub(super) fn severity(&self, principal: usize) -> Severity {
        let principal = &self.actual.principals()[principal];
        if principal.login || principal.who == Grantee::Public { Severity::Error } else { Severity::Warning }
    }

    pub(super) fn find(&self, draft: Draft<'_>) {
        let path = crate::access::shortened(draft.path);
        self.findings.borrow_mut().push(Draft { path, ..draft }.finding());
    }

    /// What a claim needs and couldn't be seen.
    pub(super) fn unseen(&self, unseen: Unseen) {
        self.unseen.borrow_mut().push(unseen);
    }

    /// What a DBA should know besides.
    pub(super) fn note(&self, note: String) {
        self.notes.borrow_mut().push(note);
    }

    /// So many claims were looked at.
    pub(super) fn checked(&self, claims: usize) {
        self.checked.set(self.checked.get() + claims);
    }

    /// What no right divides: who shares a database shares this.
    fn shared(&self) -> Vec<String> {
        let mut services: BTreeMap<&Name, BTreeSet<&str>> = BTreeMap::new();
        for ((database, _), service) in &self.desired.schemas {
            services.entry(database).or_default().insert(service);
        }
        let several = services.into_iter().filter(|(_, services)| services.len() > 1);
        let note = |(database, services): (&Name, BTreeSet<&str>)| {
            format!(
                "{} services share the database {}: each can LISTEN and NOTIFY on every channel of it, take any advisory lock, and read \
                 the names in its catalogs",
                services.len(),
                database.shown()
            )
        };
        several.map(note).collect()
    }

    fn members_of_admins(&self) -> BTreeSet<usize> {
        let stranger = |at: &usize| self.who(*at).role().is_some_and(|role| !self.is_declared(role));
        let admin = |at: &usize| self.desired.admins.iter().any(|admin| self.actual.reaches(*at, admin));
        (0..self.actual.principals().len()).filter(stranger).filter(admin).collect()
    }

    pub(super) fn proof(self) -> Proof {
        let members = self.honoured.iter().filter_map(|at| self.who(*at).role());
        let there = |role: &&Name| self.snapshot.state.roles.contains_key(*role);
        let predefined = |role: &&Name| !role.as_str().starts_with("pg_");
        let superusers = self.snapshot.state.roles.iter().filter(|(_, role)| role.superuser).map(|(name, _)| name);
        let trusted: BTreeSet<&Name> = self
            .desired
            .scope
            .trusted
            .iter()
            .filter(there)
            .filter(predefined)
            .chain(members)
            .chain(superusers)
            .collect();
        let trusted = trusted.into_iter().cloned().collect();
        let notes = self.desired.notes.iter().cloned().chain(self.shared());
        let notes = notes.chain(self.notes.take()).collect();
        let trusts = self.list_trusts();
        let unseen = self.unseen.take();
        let mut findings = self.findings.into_inner();
        findings.sort_by(|a, b| key(a).cmp(&key(b)));
        findings.dedup_by(|a, b| a.id == b.id);
        let broken = |finding: &&Finding| finding.severity == Severity::Error;
        let claims: BTreeSet<&str> = findings.iter().filter(broken).map(|f| f.claim.as_str()).collect();
        let claims = Claims { checked: self.checked.get().max(claims.len()), violated: claims.len() };
        let holds = claims.violated == 0;
        let (kind, none) = ("proof", Vec::new());
        let mut proof = Proof { format: FORMAT, kind, holds, claims, unseen: none, findings, trusted, trusts, notes };
        proof.add_unseen(unseen);
        proof
    }
}

fn key(finding: &Finding) -> impl Ord + '_ {
    (finding.severity, finding.code, &finding.principal, &finding.object, &finding.id)
}

/// Everybody whom a claim is about: PUBLIC, who logs in, and strangers as whom nobody of those, nor another stranger, can act yet.
fn principals(snapshot: &Snapshot, desired: &Desired) -> Vec<Grantee> {
    let scope = &desired.scope;
    let bound = |(name, role): &(&Name, &Role)| {
        let stranger = !scope.roles.contains(*name);
        !(scope.trusted.contains(*name) || role.superuser && stranger)
    };
    let roles = || snapshot.state.roles.iter().filter(bound);
    let logins = roles().filter(|(_, role)| role.login).map(|(name, _)| Grantee::Role(name.clone()));
    let mut principals: Vec<Grantee> = std::iter::once(Grantee::Public).chain(logins).collect();
    let reach = Reach::of(&snapshot.state, snapshot.server.version_num, &principals);
    let groups = roles().filter(|(name, role)| !role.login && !scope.roles.contains(*name));
    let alone = groups.filter(|(name, _)| reach.who_reaches(name).is_empty()).map(|(name, _)| name).collect();
    let alone = outermost(&snapshot.state, snapshot.server.version_num, &alone, &desired.admins);
    principals.extend(alone.into_iter().map(|name| Grantee::Role(name.clone())));
    principals
}

/// Roles and memberships as the layout means them: its own, and those of roles that it doesn't speak of, since what it lets such a
/// role have, its members have.
fn meant(snapshot: &Snapshot, desired: &Desired, wanted: &State) -> State {
    let mut roles = snapshot.state.roles.clone();
    roles.extend(wanted.roles.iter().map(|(name, role)| (name.clone(), *role)));
    let mut memberships = wanted.memberships.clone();
    let scope = &desired.scope;
    let free = |role: &Name| !scope.roles.contains(role) && !scope.trusted.contains(role);
    let others = snapshot.state.memberships.iter().filter(|(m, _)| free(&m.role) && !scope.roles.contains(&m.member));
    memberships.extend(others.map(|(membership, options)| (membership.clone(), *options)));
    State { roles, memberships, ..State::default() }
}
