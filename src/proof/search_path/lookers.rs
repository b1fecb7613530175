//! Who looks for names in which schema: sessions of the services' logins, as the roles that they act as, and routines that set their own path.

use std::collections::{BTreeMap, BTreeSet};

use super::super::databases::Both;
use super::super::ground::Ground;
use crate::access::Start;
use crate::model::{Kind, Name, Object, RoutinePath, SearchPath};

/// In place of a service's key: sessions of those who are of no service, and look into a schema that is named like them. No service has this key.
const NO_SERVICE: &str = "";

/// One of a service that looks for names in a schema.
pub(super) struct Looker<'a> {
    pub(super) wall: &'a str,
    /// A login, or a routine, for people.
    pub(super) who: String,
    /// Does it have USAGE on the schema? Else the server passes over it.
    pub(super) uses: bool,
}

/// By schema, one looker a service: one that uses the schema, if there is one.
#[derive(Default)]
pub(super) struct Lookers<'a> {
    by_schema: BTreeMap<Name, BTreeMap<&'a str, Looker<'a>>>,
    /// One login a service: all of them look into the system's own schemas.
    logins: BTreeMap<&'a str, Looker<'a>>,
    /// The roles that sessions of a service act as.
    acting: BTreeMap<&'a str, BTreeSet<Name>>,
}

impl Looker<'_> {
    /// Of no service: trusted, or let in by an exception. Who lures it reaches what it reaches.
    pub(super) fn is_of_no_service(&self) -> bool {
        self.wall == NO_SERVICE
    }
}

impl<'a> Lookers<'a> {
    pub(super) fn of(ground: &Ground<'a>, both: &Both<'_>, routines: &[RoutinePath]) -> Self {
        let mut lookers = Self::default();
        for at in 0..ground.actual.principals().len() {
            let (Some(login), Some(wall)) = (ground.who(at).role(), ground.wall(at)) else { continue };
            if both.actual.connects(at) && ground.is_bound(at) {
                lookers.login(ground, both, (at, login, wall));
            }
        }
        routines.iter().for_each(|routine| lookers.routine(ground, both, routine));
        lookers.of_no_service(ground, both);
        lookers
    }

    /// Schemas that are there and named like a superuser, an admin, the provisioner, or whoever else may connect: what else is on their path they
    /// must know themselves.
    fn of_no_service(&mut self, ground: &Ground<'a>, both: &Both<'_>) {
        let trusted = ground.snapshot.state.roles.keys().filter(|name| ground.is_trusted(name));
        let principals = 0..ground.actual.principals().len();
        let strangers = principals.filter(|at| ground.wall(*at).is_none() && both.actual.connects(*at));
        let strangers = strangers.filter_map(|at| ground.who(at).role());
        for name in trusted.chain(strangers) {
            let there = both.actual.database.objects.contains_key(&Object::schema(name));
            if there && SearchPath::of_login(&ground.snapshot.state.settings, name, both.name).has_user() {
                self.add(name, NO_SERVICE, &name.shown(), || both.actual.role_uses(name, name));
            }
        }
    }

    /// A session starts as one role, and may become others, after which `"$user"` is that one.
    fn login(&mut self, ground: &Ground<'a>, both: &Both<'_>, (at, login, wall): (usize, &Name, &'a str)) {
        let who = login.shown();
        self.logins.entry(wall).or_insert_with(|| Looker { wall, who: who.clone(), uses: true });
        let may_become = ground.graph.may_become(login);
        let settings = &ground.snapshot.state.settings;
        let Start { acting, path } = Start::of(settings, login, both.name, |role| may_become.contains(role));
        for schema in path.schemas(&acting) {
            self.add(&schema, wall, &who, || both.actual.role_uses(&acting, &schema));
        }
        for (role, _) in ground.actual.attributes(at) {
            if path.has_user() {
                self.add(role, wall, &who, || both.actual.role_uses(role, role));
            }
            self.acting.entry(wall).or_default().insert(role.clone());
        }
        self.acting.entry(wall).or_default().insert(acting);
    }

    /// The body of a routine looks where its own path says, as its owner or as whoever calls it.
    fn routine(&mut self, ground: &Ground<'a>, both: &Both<'_>, routine: &RoutinePath) {
        let RoutinePath { routine, owner, definer, path } = routine;
        let Some(wall) = ground.wall_around(both.name, routine).or_else(|| ground.wall_of(owner)) else { return };
        let kind = if routine.kind == Kind::Procedure { "procedure" } else { "function" };
        let (who, path) = (format!("the {kind} {}", routine.shown()), SearchPath::of_setting(path));
        let acting = match definer {
            true => BTreeSet::from([owner.clone()]),
            false => self.acting.get(wall).cloned().unwrap_or_default(),
        };
        for role in acting {
            for schema in path.schemas(&role) {
                self.add(&schema, wall, &who, || both.actual.role_uses(&role, &schema));
            }
        }
    }

    fn add(&mut self, schema: &Name, wall: &'a str, who: &str, uses: impl FnOnce() -> bool) {
        if is_system(schema) {
            return;
        }
        let known = self.by_schema.get(schema).and_then(|walls| walls.get(wall));
        if known.is_some_and(|known| known.uses) {
            return;
        }
        let uses = uses();
        if uses || known.is_none() {
            let looker = Looker { wall, who: who.to_owned(), uses };
            self.by_schema.entry(schema.clone()).or_default().insert(wall, looker);
        }
    }

    /// The schemas that somebody looks into, with one looker of each service.
    pub(super) fn schemas(&self) -> impl Iterator<Item = (&Name, Vec<&Looker<'a>>)> {
        self.by_schema.iter().map(|(schema, walls)| (schema, walls.values().collect()))
    }

    /// Who looks into a schema.
    pub(super) fn of_schema(&self, schema: &Name) -> Vec<&Looker<'a>> {
        let walls = if is_system(schema) { Some(&self.logins) } else { self.by_schema.get(schema) };
        walls.into_iter().flat_map(BTreeMap::values).collect()
    }
}

/// Of several, one who uses the schema.
pub(super) fn first<'l, 'a>(lookers: impl Iterator<Item = &'l Looker<'a>>) -> Option<&'l Looker<'a>>
where
    'a: 'l,
{
    lookers.min_by_key(|looker| (!looker.uses, looker.is_of_no_service()))
}

/// PostgreSQL's own: nobody else may make a schema of such a name.
pub(super) fn is_system(schema: &Name) -> bool {
    schema.as_str().starts_with("pg_") || schema.as_str() == "information_schema"
}
