//! Changes to ordered steps.

use std::collections::BTreeSet;

use super::place::{Place, Placement};
use super::step::{Action, ObjectRef, Stage, Step};
use super::{Hazard, cluster_steps, grants, owners, revokes, settings_steps};
use crate::diff::{Change, Target};
use crate::model::{Desired, Granted, Grantee, Name, Presence, Privileges, Snapshot};

/// What every kind of step needs to know.
pub(super) struct Context<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) desired: &'a Desired,
    /// Made by this plan, so nobody can lose anything there.
    new_databases: BTreeSet<Name>,
    new_schemas: BTreeSet<(Name, Name)>,
    placement: Placement<'a>,
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
    pub(super) what: String,
    pub(super) why: String,
}

/// The steps in the order in which they run.
pub(super) fn steps(changes: Vec<Change>, snapshot: &Snapshot, desired: &Desired) -> Vec<Step> {
    let context = Context::new(&changes, snapshot, desired);
    let mut drafts = Vec::new();
    cluster_steps::add(&changes, &context, &mut drafts);
    settings_steps::add(&changes, &context, &mut drafts);
    owners::add(&changes, &context, &mut drafts);
    grants::add(&changes, &context, &mut drafts);
    revokes::add(&changes, &context, &mut drafts);
    // stable: within one action the drafts keep the order in which the diff found them
    let maintenance = |draft: &Draft| draft.place.database == desired.maintenance;
    drafts.sort_by(|a, b| {
        let key = |d: &Draft| (d.place.stage, maintenance(d));
        key(a).cmp(&key(b)).then_with(|| a.place.database.cmp(&b.place.database)).then(a.rank().cmp(&b.rank()))
    });
    drafts.into_iter().enumerate().map(|(at, draft)| draft.numbered(at + 1)).collect()
}

impl<'a> Context<'a> {
    fn new(changes: &[Change], snapshot: &'a Snapshot, desired: &'a Desired) -> Self {
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
            placement: Placement::new(changes, desired),
        }
    }

    pub(super) fn place(&self, change: &Change) -> Place {
        self.placement.of(change)
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
        self.desired.homes.get(role).map(|home| home.service.clone())
    }

    /// What the owner has given to a role on something, the trusted among them.
    pub(super) fn held(&self, target: &Target, role: &Name) -> Granted {
        let Some(database) = self.snapshot.state.databases.get(target.database()) else { return Granted::default() };
        let (owner, acl) = match target {
            Target::Database(_) => (&database.held.owner, Some(&database.held.acl)),
            Target::Object(_, object) | Target::Column(_, object, _) => {
                let Some(held) = database.objects.get(object) else { return Granted::default() };
                match target {
                    Target::Column(_, _, column) => {
                        (&held.owner, database.columns.get(&(object.clone(), column.clone())))
                    }
                    _ => (&held.owner, Some(&held.acl)),
                }
            }
        };
        acl.map(|acl| acl.granted(&Grantee::Role(role.clone()), owner)).unwrap_or_default()
    }

    /// What the owner is to have given to a role on something when the plan is done.
    pub(super) fn wanted(&self, target: &Target, role: &Name) -> Privileges {
        let Some(database) = self.desired.state.databases.get(target.database()) else { return Privileges::NONE };
        let (held, acl) = match target {
            Target::Database(_) => (Some(&database.held), Some(&database.held.acl)),
            Target::Object(_, object) => {
                let held = database.objects.get(object);
                (held, held.map(|held| &held.acl))
            }
            Target::Column(_, table, column) => {
                (database.objects.get(table), database.columns.get(&(table.clone(), column.clone())))
            }
        };
        let granted = held.zip(acl).map(|(held, acl)| acl.granted(&Grantee::Role(role.clone()), &held.owner));
        granted.unwrap_or_default().privileges
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
    /// The place within a transaction: roles are there before their rights are borrowed, and with those all else is done.
    fn rank(&self) -> (u8, Action) {
        let before = match self.action {
            Action::Create if self.object.kind == "role" => 0,
            Action::Borrow => 1,
            _ => 2,
        };
        (before, self.action)
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
            what: self.what,
            why: self.why,
        }
    }
}
