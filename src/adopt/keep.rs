//! What the plan would take from somebody becomes an exception, until it takes no more than exceptions can keep.

use std::collections::BTreeMap;

use super::AdoptError;
use super::draft::{Allow, Draft, Kept, On};
use super::taken::Taken;
use super::trial;
use crate::access::{Access, Subject};
use crate::layout::Group;
use crate::model::{Acl, Grantee, Kind, Name, Object, Snapshot};

/// What an exception for rights on an object keeps besides: USAGE on its schema, CONNECT on its database. So the objects
/// come first, and of schemas and databases only what is left.
const DEPTHS: [fn(&On) -> bool; 3] = [
    |on| matches!(on, On::All(..) | On::Named(..)),
    |on| matches!(on, On::Schema(..)),
    |on| matches!(on, On::Database(_)),
];

/// As the provisioner would take it, and as a superuser would: he takes also what is the server's word to who made a role.
pub(super) fn what_is_taken(snapshot: &Snapshot, superuser: &Snapshot, draft: &mut Draft) -> Result<(), AdoptError> {
    let mut taken = Taken::default();
    for depth in DEPTHS {
        for seen in [snapshot, superuser] {
            let trial = trial::of(seen, draft, &[])?;
            trial.changes(seen).iter().for_each(|change| taken.see(change, trial.wanted(), depth));
        }
        draft.allows = taken.allows(snapshot);
    }
    let trial = trial::of(snapshot, draft, &[])?;
    let access = Access::of(trial.wanted(), snapshot.server.version_num);
    let draft_as_it_is = draft.clone();
    for allow in &mut draft.allows {
        allow.by_group = by_group(snapshot, &draft_as_it_is, &access, allow);
    }
    draft.allows = together(std::mem::take(&mut draft.allows));
    Ok(())
}

/// What a login will have by its group anyway is one exception a schema: names would say nothing more.
fn together(allows: Vec<Allow>) -> Vec<Allow> {
    let by_name = |allow: &Allow| allow.by_group.is_some() && allow.schema().is_some();
    let (redundant, mut kept): (Vec<Allow>, Vec<Allow>) = allows.into_iter().partition(by_name);
    let mut schemas: BTreeMap<(Grantee, Name, Name), Allow> = BTreeMap::new();
    for allow in redundant {
        let Some((database, schema)) = allow.schema() else { continue };
        let place = (allow.role.clone(), database.clone(), schema.clone());
        let all = schemas.entry(place).or_insert_with(|| allow.clone());
        all.add(allow);
    }
    kept.extend(schemas.into_values());
    kept.sort();
    kept
}

impl Allow {
    /// The schema, of rights on what it holds.
    fn schema(&self) -> Option<(&Name, &Name)> {
        match &self.what {
            Kept::Rights { on: On::All(database, schema) | On::Named(database, schema, _), .. } => {
                Some((database, schema))
            }
            _ => None,
        }
    }

    /// Another one of the same role in the same schema, if it isn't the same: then both are for all that it holds.
    fn add(&mut self, other: Self) {
        let (Kept::Rights { on, privileges, future }, Kept::Rights { on: other_on, privileges: more, future: later }) =
            (&mut self.what, &other.what)
        else {
            return;
        };
        if let (true, On::Named(database, schema, _)) = (on != other_on, on.clone()) {
            *on = On::All(database, schema);
        }
        *privileges = *privileges | *more;
        *future |= later;
        self.grantors.extend(other.grantors);
    }
}

/// The group of a login, where the layout gives it all that an exception keeps for the login itself.
fn by_group(snapshot: &Snapshot, draft: &Draft, access: &Access<'_>, allow: &Allow) -> Option<Name> {
    let (Grantee::Role(role), Kept::Rights { on, privileges, .. }) = (&allow.role, &allow.what) else { return None };
    let (service, login) = draft.login(role)?;
    let group = match login.group {
        Group::Ddl => &service.ddl,
        Group::Dml => &service.dml,
        Group::Ro => &service.ro,
    };
    let database = &snapshot.state.databases[on.database()];
    let session = access.session(group, on.database());
    let covers = |subject: Subject<'_>, acl: &Acl| {
        let kept = acl.held_by(&allow.role).intersection(*privileges);
        session.with_ownership(subject).contains(kept)
    };
    let covered = match on {
        On::Database(_) => covers(Subject::Database, &database.held.acl),
        On::Schema(_, schema) | On::All(_, schema) | On::Named(_, schema, _) => {
            let mut objects = database.in_schema(schema).filter(|(object, _)| on.means(object));
            objects.all(|(object, held)| covers(Subject::Object(object), &held.acl))
        }
    };
    covered.then(|| group.clone())
}

impl On {
    fn means(&self, object: &Object) -> bool {
        match self {
            Self::Database(_) => false,
            Self::Schema(..) => object.kind == Kind::Schema,
            Self::All(..) => object.kind != Kind::Schema,
            Self::Named(_, _, name) => object.kind != Kind::Schema && object.name == *name,
        }
    }

    /// Is the other a part of this?
    pub(super) fn includes(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::All(a, b), Self::Named(c, d, _)) => (a, b) == (c, d),
            _ => self == other,
        }
    }

    pub(super) fn database(&self) -> &Name {
        match self {
            Self::Database(database)
            | Self::Schema(database, _)
            | Self::All(database, _)
            | Self::Named(database, ..) => database,
        }
    }
}
