//! Who looks for names in which schema: sessions of the services' logins, as the roles that they act as, routines that set their own path, and
//! whoever else comes into the database, the trusted among them.

use std::collections::{BTreeMap, BTreeSet};

use super::super::databases::Both;
use super::super::ground::Ground;
use super::party::Party;
use crate::access::Start;
use crate::model::{Kind, Name, Object, RoutinePath, SearchPath, SettingKey, settings_of};

/// One of a party that looks for names in a schema.
pub(super) struct Looker<'a> {
    pub(super) party: Party<'a>,
    /// A login, or a routine, for people.
    pub(super) who: String,
    /// Does it have USAGE on the schema? Else the server passes over it.
    pub(super) uses: bool,
    /// Who is named first: services where they are at home, else whoever is trusted.
    rank: u8,
}

/// By schema, one looker a party: one that uses the schema, if there is one.
#[derive(Default)]
pub(super) struct Lookers<'a> {
    by_schema: BTreeMap<Name, BTreeMap<Party<'a>, Looker<'a>>>,
    /// One login a party: all of them look into the system's own schemas.
    logins: BTreeMap<Party<'a>, Looker<'a>>,
    /// The roles that sessions of a service act as.
    acting: BTreeMap<&'a str, BTreeSet<Name>>,
    /// Is a service at home in the database?
    managed: bool,
}

impl<'a> Looker<'a> {
    pub(super) fn wall(&self) -> Option<&'a str> {
        if let Party::Service(wall) = self.party { Some(wall) } else { None }
    }

    /// Whether it is a service's, and this one's.
    pub(super) fn is_of(&self, wall: Option<&str>) -> bool {
        wall.is_some() && wall == self.wall()
    }
}

impl<'a> Lookers<'a> {
    pub(super) fn of(ground: &Ground<'a>, both: &Both<'_>, routines: &[RoutinePath]) -> Self {
        let managed = ground.desired.scope.databases.contains_key(both.name);
        let mut lookers = Self { managed, ..Self::default() };
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

    /// Whoever else connects. Of what services have here only what a setting of his own names is on his path: a layout that gives `public` to a
    /// service, and a database's path that names one, are said elsewhere.
    fn of_no_service(&mut self, ground: &Ground<'a>, both: &Both<'_>) {
        let roles = &ground.snapshot.state.roles;
        let comes = |name: &Name| roles[name].login || roles[name].superuser || ground.desired.admins.contains(name);
        let trusted = roles.keys().filter(|name| ground.is_honoured(name) && comes(name));
        let principals = 0..ground.actual.principals().len();
        let guests = principals.filter(|at| ground.wall(*at).is_none() && both.actual.connects(*at));
        let guests = guests.filter_map(|at| ground.who(at).role()).filter(|name| !ground.is_honoured(name));
        let managed = self.managed;
        // who has nothing of the layout is no concern of it where no service is at home
        let guests = guests.filter(|name| managed || ground.is_let_in(name));
        let trusted = trusted.map(|name| (name, Party::Trusted));
        for (name, party) in trusted.chain(guests.map(|name| (name, Party::Guest(name.clone())))) {
            self.person(ground, both, (name, party));
        }
    }

    fn person(&mut self, ground: &Ground<'a>, both: &Both<'_>, (name, party): (&Name, Party<'a>)) {
        let (who, settings) = (name.shown(), &ground.snapshot.state.settings);
        let looker = self.looker(&party, &who, true);
        self.logins.entry(party.clone()).or_insert(looker);
        let Start { acting, path } =
            Start::of(settings, name, both.name, |role| ground.graph.may_become(name).contains(role));
        let key = |database| SettingKey { database, role: Some(name.clone()), parameter: "search_path".into() };
        let own = settings.contains_key(&key(Some(both.name.clone()))) || settings.contains_key(&key(None));
        let mut schemas = path.schemas(&acting);
        schemas.extend(configurations(ground, name, both.name));
        for schema in schemas {
            let object = Object::schema(&schema);
            let there = both.actual.database.objects.contains_key(&object);
            let named_like_him = schema == acting && path.has_user();
            let declared = ground.wall_around(both.name, &object).is_some();
            if if named_like_him { there } else { own || !declared } {
                self.add(&schema, party.clone(), &who, || both.actual.role_uses(&acting, &schema));
            }
        }
    }

    /// A session starts as one role, and may become others, after which `"$user"` is that one.
    fn login(&mut self, ground: &Ground<'a>, both: &Both<'_>, (at, login, wall): (usize, &Name, &'a str)) {
        let who = login.shown();
        let party = Party::Service(wall);
        let looker = self.looker(&party, &who, true);
        self.logins.entry(party.clone()).or_insert(looker);
        let may_become = ground.graph.may_become(login);
        let settings = &ground.snapshot.state.settings;
        let Start { acting, path } = Start::of(settings, login, both.name, |role| may_become.contains(role));
        for schema in path.schemas(&acting).into_iter().chain(configurations(ground, login, both.name)) {
            self.add(&schema, party.clone(), &who, || both.actual.role_uses(&acting, &schema));
        }
        for (role, _) in ground.actual.attributes(at) {
            if path.has_user() {
                self.add(role, party.clone(), &who, || both.actual.role_uses(role, role));
            }
            self.acting.entry(wall).or_default().insert(role.clone());
        }
        self.acting.entry(wall).or_default().insert(acting);
    }

    /// The body of a routine looks where its own path says, as its owner or as whoever calls it.
    fn routine(&mut self, ground: &Ground<'a>, both: &Both<'_>, routine: &RoutinePath) {
        let RoutinePath { routine, owner, definer, path } = routine;
        let wall = ground.wall_around(both.name, routine).or_else(|| ground.wall_of(owner));
        // wherever it stands: whose code it finds there acts as somebody who is trusted
        let trusted = *definer && ground.is_honoured(owner);
        let party = if trusted { Some(Party::TrustedCode) } else { wall.map(Party::Service) };
        let Some(party) = party else { return };
        let kind = if routine.kind == Kind::Procedure { "procedure" } else { "function" };
        let (who, path) = (format!("the {kind} {}", routine.shown()), SearchPath::of_setting(path));
        let acting = match wall.filter(|_| !definer) {
            Some(wall) => self.acting.get(wall).cloned().unwrap_or_default(),
            None => BTreeSet::from([owner.clone()]),
        };
        for role in acting {
            for schema in path.schemas(&role) {
                self.add(&schema, party.clone(), &who, || both.actual.role_uses(&role, &schema));
            }
        }
    }

    fn looker(&self, party: &Party<'a>, who: &str, uses: bool) -> Looker<'a> {
        let first = match party {
            Party::Service(_) => self.managed,
            Party::Trusted => !self.managed,
            Party::TrustedCode | Party::Guest(_) => false,
        };
        Looker { party: party.clone(), who: who.to_owned(), uses, rank: u8::from(!first) }
    }

    fn add(&mut self, schema: &Name, party: Party<'a>, who: &str, uses: impl FnOnce() -> bool) {
        if is_system(schema) {
            return;
        }
        let known = self.by_schema.get(schema).and_then(|parties| parties.get(&party));
        if known.is_some_and(|known| known.uses) {
            return;
        }
        let uses = uses();
        if uses || known.is_none() {
            let looker = self.looker(&party, who, uses);
            self.by_schema.entry(schema.clone()).or_default().insert(party, looker);
        }
    }

    /// The schemas that somebody looks into, with one looker of each party.
    pub(super) fn schemas(&self) -> impl Iterator<Item = (&Name, Vec<&Looker<'a>>)> {
        self.by_schema.iter().map(|(schema, parties)| (schema, parties.values().collect()))
    }

    /// Who looks into a schema.
    pub(super) fn of_schema(&self, schema: &Name) -> Vec<&Looker<'a>> {
        let parties = if is_system(schema) { Some(&self.logins) } else { self.by_schema.get(schema) };
        parties.into_iter().flat_map(BTreeMap::values).collect()
    }
}

/// The schema of the text search configuration that a session uses for whatever names none.
fn configurations(ground: &Ground<'_>, role: &Name, database: &Name) -> Option<Name> {
    let values = settings_of(&ground.snapshot.state.settings, role, database, "default_text_search_config");
    SearchPath::of_qualified(values.first()?)?.schemas(role).into_iter().next()
}

/// Of several, one who uses the schema.
pub(super) fn first<'l, 'a>(lookers: impl Iterator<Item = &'l Looker<'a>>) -> Option<&'l Looker<'a>>
where
    'a: 'l,
{
    lookers.min_by_key(|looker| (!looker.uses, looker.rank))
}

/// PostgreSQL's own: nobody else may make a schema of such a name.
pub(super) fn is_system(schema: &Name) -> bool {
    schema.as_str().starts_with("pg_") || schema.as_str() == "information_schema"
}
