//! Changes to ordered steps.

use std::cell::OnceCell;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::authority::{Authority, Lack, Once};
use super::outliving::{self, Outliving};
use super::place::{Place, Placement};
use super::reach::Reach;
use super::standing::Followers;
use super::step::{Action, Beyond, ObjectRef, Stage, Step, StepCode};
use super::takeover::Adoptables;
use super::{Hazard, cluster_steps, grants, loans, owners, reach, retire, revokes, settings_steps, things};
use crate::diff::{Change, Target};
use crate::model::{Desired, Membership, Name, Object, Presence, Snapshot};

/// What every kind of step needs to know.
pub(super) struct Context<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) desired: &'a Desired,
    /// Made by this plan, so nobody can lose anything there.
    new_databases: BTreeSet<Name>,
    new_schemas: BTreeSet<(Name, Name)>,
    placement: Placement<'a>,
    leaving: BTreeSet<Membership>,
    new_roles: BTreeSet<Name>,
    /// Roles that were there before, with members or as logins, and become a service's group by this plan: they get default privileges.
    widened: BTreeSet<Name>,
    authority: OnceCell<Authority<'a>>,
    pub(super) followers: OnceCell<Followers<'a>>,
    adoptables: OnceCell<Adoptables<'a>>,
}

/// A step before it has its number.
pub(super) struct Draft {
    pub(super) place: Place,
    pub(super) action: Action,
    pub(super) object: ObjectRef,
    pub(super) objects: Vec<String>,
    pub(super) roles: Vec<String>,
    pub(super) service: Option<String>,
    pub(super) sql: Vec<String>,
    pub(super) undo: Vec<String>,
    pub(super) hazards: Vec<Hazard>,
    pub(super) code: Vec<StepCode>,
    pub(super) what: String,
    pub(super) why: String,
}

/// The steps in the order in which they run, those that are out of reach, and what goes on all the same.
pub(super) fn steps(
    changes: Vec<Change>,
    snapshot: &Snapshot,
    desired: &Desired,
) -> (Vec<Step>, Vec<Beyond>, Outliving) {
    let context = Context::new(&changes, snapshot, desired);
    let reach = reach::split(changes, &context);
    let mut drafts = drafts(&reach.within, &context);
    loans::add(&reach.loans, &context, &mut drafts);
    drafts.sort_by(|a, b| in_order(a, b, &context));
    loans::add_back(&reach.loans, &context, &mut drafts);
    let beyond = beyond_steps(&reach, &context);
    let outlives = outliving::of(&reach.within, &context);
    (drafts.into_iter().enumerate().map(|(at, draft)| draft.numbered(at + 1)).collect(), beyond, outlives)
}

/// What goes on all the same, whatever of these changes is within reach.
pub(super) fn outlives(changes: Vec<Change>, snapshot: &Snapshot, desired: &Desired) -> Outliving {
    let context = Context::new(&changes, snapshot, desired);
    let reach = reach::split(changes, &context);
    outliving::of(&reach.within, &context)
}

/// The steps of these changes, whoever may do them.
pub(super) fn plain_steps(changes: &[Change], snapshot: &Snapshot, desired: &Desired) -> Vec<Step> {
    let context = Context::new(changes, snapshot, desired);
    let mut drafts = drafts(changes, &context);
    drafts.sort_by(|a, b| in_order(a, b, &context));
    drafts.into_iter().enumerate().map(|(at, draft)| draft.numbered(at + 1)).collect()
}

/// The changes that are out of reach.
pub(super) fn beyond(changes: Vec<Change>, snapshot: &Snapshot, desired: &Desired) -> Vec<Change> {
    let context = Context::new(&changes, snapshot, desired);
    let reach = reach::split(changes, &context);
    reach.beyond.into_values().flatten().collect()
}

/// Returns the changes that are within reach.
pub(super) fn within(changes: Vec<Change>, snapshot: &Snapshot, desired: &Desired) -> Vec<Change> {
    let context = Context::new(&changes, snapshot, desired);
    reach::split(changes, &context).within
}

/// Each step lacks one thing; in the order in which they would run if nothing were lacking, since that is how somebody with the
/// right can run them.
fn beyond_steps(reach: &Reach, context: &Context<'_>) -> Vec<Beyond> {
    let mut found: Vec<(Draft, &Lack)> = Vec::new();
    for (lack, changes) in &reach.beyond {
        found.extend(drafts(changes, context).into_iter().map(|draft| (draft, lack)));
    }
    let all: Vec<Change> = reach.beyond.values().flatten().cloned().collect();
    let whole = drafts(&all, context).into_iter().enumerate();
    let order: BTreeMap<String, usize> =
        whole.filter_map(|(at, draft)| Some((draft.sql.first()?.clone(), at))).collect();
    let place = |draft: &Draft| draft.sql.first().and_then(|sql| order.get(sql)).copied();
    found.sort_by(|(a, _), (b, _)| in_order(a, b, context).then_with(|| place(a).cmp(&place(b))));
    let back = context.snapshot.server.set_role_back();
    found.into_iter().enumerate().map(|(at, (draft, lack))| draft.beyond(at + 1, lack, &back)).collect()
}

fn drafts(changes: &[Change], context: &Context<'_>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    cluster_steps::add(changes, context, &mut drafts);
    settings_steps::add(changes, context, &mut drafts);
    owners::add(changes, context, &mut drafts);
    things::add(changes, context, &mut drafts);
    grants::add(changes, context, &mut drafts);
    revokes::add(changes, context, &mut drafts);
    retire::add(changes, context, &mut drafts);
    drafts
}

/// By stage, the maintenance database last, and by action; stable, so that within one action the drafts keep the order in
/// which the diff found them.
fn in_order(a: &Draft, b: &Draft, context: &Context<'_>) -> Ordering {
    let key = |draft: &Draft| (draft.place.stage, draft.place.database == context.desired.maintenance);
    key(a)
        .cmp(&key(b))
        .then_with(|| a.place.database.cmp(&b.place.database))
        .then(a.rank(context).cmp(&b.rank(context)))
}

fn widened(changes: &[Change], snapshot: &Snapshot, desired: &Desired) -> BTreeSet<Name> {
    let state = &snapshot.state;
    let gets_later = |change: &Change| match change {
        Change::GrantDefault { database, key, grantee, .. } => {
            let new = key.schema.as_ref().is_some_and(|schema| {
                let inside = state.databases.get(database);
                inside.is_none_or(|inside| !inside.objects.contains_key(&Object::schema(schema)))
            });
            grantee.role().filter(|_| !new).cloned()
        }
        _ => None,
    };
    let used = |role: &Name| {
        let login = state.roles.get(role).is_some_and(|role| role.login);
        // whom a dead run of ours let in is declared
        let stranger = |member: &Name| !desired.scope.roles.contains(member) && !desired.scope.trusted.contains(member);
        let logs_in = |member: &Name| state.roles.get(member).is_some_and(|member| member.login);
        login || state.memberships.keys().any(|m| m.role == *role && (stranger(&m.member) || logs_in(&m.member)))
    };
    changes.iter().filter_map(gets_later).filter(used).collect()
}

fn leaving(change: &Change) -> Option<Membership> {
    if let Change::Leave { membership, .. } = change { Some(membership.clone()) } else { None }
}

impl<'a> Context<'a> {
    pub(super) fn new(changes: &[Change], snapshot: &'a Snapshot, desired: &'a Desired) -> Self {
        let database = |change: &Change| match change {
            Change::OpenDatabase { database, from: Presence::Absent, .. } => Some(database.clone()),
            _ => None,
        };
        let schema = |change: &Change| match change {
            Change::CreateSchema { database, schema, .. } => Some((database.clone(), schema.clone())),
            _ => None,
        };
        Self {
            snapshot,
            desired,
            new_databases: changes.iter().filter_map(database).collect(),
            new_schemas: changes.iter().filter_map(schema).collect(),
            placement: Placement::new(changes, snapshot, desired, reach::unopened(changes, snapshot, desired)),
            leaving: changes.iter().filter_map(leaving).collect(),
            new_roles: reach::made(changes),
            widened: widened(changes, snapshot, desired),
            authority: OnceCell::new(),
            followers: OnceCell::new(),
            adoptables: OnceCell::new(),
        }
    }

    pub(super) fn place(&self, change: &Change) -> Place {
        self.placement.of(change)
    }

    pub(super) fn placement(&self) -> &Placement<'a> {
        &self.placement
    }

    /// Does this membership go by a step of its own?
    pub(super) fn has_own_step(&self, membership: &Membership) -> bool {
        self.leaving.contains(membership)
    }

    /// What the role that plans may do, if it is no superuser.
    pub(super) fn authority(&self) -> &Authority<'a> {
        self.authority.get_or_init(|| Authority::of(self.snapshot, self.new_roles.clone()))
    }

    /// Returns the code that was read of those whose objects a plan may take over.
    pub(super) fn adoptables(&self) -> &Adoptables<'a> {
        self.adoptables.get_or_init(|| Adoptables::of(self.snapshot))
    }

    /// May we act as this role, with borrowed rights or without?
    pub(super) fn may_be(&self, role: &Name) -> bool {
        self.snapshot.server.superuser || self.authority().be(role).is_ok()
    }

    /// The hazard, where somebody who is at work gets more by becoming a service's.
    pub(super) fn widening<'g>(&self, mut grantees: impl Iterator<Item = &'g Name>) -> Vec<Hazard> {
        if grantees.any(|role| self.widened.contains(role)) { vec![Hazard::WidensRole] } else { vec![] }
    }

    pub(super) fn has_options(&self) -> bool {
        self.snapshot.server.has_membership_options()
    }

    /// Does the plan itself make what this is, or is in?
    pub(super) fn is_new(&self, target: &Target) -> bool {
        self.new_databases.contains(target.database())
            || match target {
                Target::Database(_) => false,
                Target::Object(database, object) | Target::Column(database, object, _) => {
                    self.new_schemas.contains(&(database.clone(), object.schema.clone()))
                }
            }
    }

    /// The hazard, unless the thing is new.
    pub(super) fn hazard(&self, hazard: Hazard, target: &Target) -> Vec<Hazard> {
        if self.is_new(target) { vec![] } else { vec![hazard] }
    }

    /// The service that a thing belongs to; a database or `public` that several share belongs to none.
    pub(super) fn service(&self, target: &Target) -> Option<String> {
        let database = target.database();
        let alone = || {
            let mut services: BTreeSet<&String> =
                self.desired.schemas.iter().filter(|((d, _), _)| d == database).map(|(_, s)| s).collect();
            services.pop_first().filter(|_| services.is_empty()).cloned()
        };
        match target {
            Target::Database(_) => alone(),
            Target::Object(_, object) | Target::Column(_, object, _) => {
                self.desired.schemas.get(&(database.clone(), object.schema.clone())).cloned().or_else(alone)
            }
        }
    }

    /// The service that a role belongs to.
    pub(super) fn service_of_role(&self, role: &Name) -> Option<String> {
        let retired = || self.desired.retire.roles.get(role).and_then(|retired| retired.service.clone());
        self.desired.homes.get(role).map(|home| home.service.clone()).or_else(retired)
    }

    pub(super) fn object(target: &Target) -> ObjectRef {
        match target {
            Target::Database(name) => ObjectRef::database(name),
            Target::Object(database, object) => ObjectRef::of(database, object),
            Target::Column(database, object, column) => {
                let table = ObjectRef::of(database, object);
                ObjectRef { kind: "column".into(), name: format!("{}.{}", table.name, column.as_str()), ..table }
            }
        }
    }
}

impl Draft {
    /// A step without anything in it yet.
    pub(super) fn empty(place: Place, action: Action, object: ObjectRef) -> Self {
        Self {
            place,
            action,
            object,
            objects: vec![],
            roles: vec![],
            service: None,
            sql: vec![],
            undo: vec![],
            hazards: vec![],
            code: vec![],
            what: String::new(),
            why: String::new(),
        }
    }

    /// The place within a transaction: roles are there before their rights are borrowed, and with those all else is done; what
    /// would close a circle of memberships goes before others come.
    fn rank(&self, context: &Context<'_>) -> (u8, Action) {
        let before = match self.action {
            Action::Create if self.object.kind == "role" => 0,
            Action::Borrow => 1,
            Action::Leave if context.placement.goes_first(&self.object.name, &self.roles) => 2,
            _ => 3,
        };
        (before, self.action)
    }

    /// Whoever runs it comes back to himself, not to the role that planned.
    fn beyond(self, id: usize, lack: &Lack, back: &str) -> Beyond {
        let mut step = self.numbered(id);
        for sql in step.sql.iter_mut().chain(&mut step.undo).filter(|sql| *sql == back) {
            "SET LOCAL ROLE NONE".clone_into(sql);
        }
        let once = match &lack.once {
            Once::Step => step.sql.clone(),
            Once::Statement(statement) => vec![statement.clone()],
            Once::Nothing => vec![],
        };
        Beyond { step, needs: lack.needs.clone(), once }
    }

    fn numbered(self, id: usize) -> Step {
        let Place { stage, database } = self.place;
        debug_assert!(stage != Stage::Converge || !self.sql.is_empty());
        Step {
            id,
            stage,
            database,
            action: self.action,
            object: self.object,
            objects: self.objects,
            role: self.roles.first().cloned(),
            roles: if self.roles.len() > 1 { self.roles } else { vec![] },
            service: self.service,
            sql: self.sql,
            undo: self.undo,
            hazards: self.hazards,
            code: self.code,
            what: self.what,
            why: self.why,
        }
    }
}
