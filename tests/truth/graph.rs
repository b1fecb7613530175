//! What the access graph says about every question.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use pgmoat::access::flow::{Flow, Flowed, flows, follow};
use pgmoat::access::{Held, Inside, Reach};
use pgmoat::model::{Contents, Grantee, Kind, Name, Object, Privileges, Snapshot};

use super::objects::SCHEMAS;
use super::roles::LOGINS;

const EACH: Privileges =
    Privileges::SELECT.union(Privileges::INSERT).union(Privileges::UPDATE).union(Privileges::DELETE);
const ON_COLUMNS: Privileges =
    Privileges::SELECT.union(Privileges::INSERT).union(Privileges::UPDATE).union(Privileges::REFERENCES);

/// The graph over the logins; with PUBLIC among the principals or without.
pub(crate) struct Graph<'a> {
    reach: Reach<'a>,
    version: u32,
    roles: Vec<&'a Name>,
    public: Option<usize>,
}

impl<'a> Graph<'a> {
    pub(crate) fn of(snapshot: &'a Snapshot, public: bool) -> Self {
        let mut principals: Vec<Grantee> = LOGINS.iter().map(|login| Grantee::Role(Name::of_server(login))).collect();
        principals.extend(public.then_some(Grantee::Public));
        let version = snapshot.server.version_num;
        let reach = Reach::of(&snapshot.state, version, &principals);
        Self { reach, version, roles: snapshot.state.roles.keys().collect(), public: public.then_some(LOGINS.len()) }
    }

    /// It can do everything because it has a superuser's rights, without being able to become it (from 16 on): what it owns by that.
    pub(crate) fn only_inherits(&self, at: usize) -> bool {
        self.reach.everything(at).is_some_and(|(role, _)| !self.reach.becomes(at, role))
    }

    /// What a role that can do everything must be able to become: the superuser, or before 16 any other role.
    pub(crate) fn everything(&self, at: usize) -> Option<Name> {
        let (role, attribute) = self.reach.everything(at)?;
        Some(if attribute == "SUPERUSER" { role.clone() } else { Name::of_server("truth_other") })
    }
}

/// The answers about one database: what each login can do for certain, and what it may be able to do.
pub(crate) struct Says {
    asked: BTreeSet<String>,
    certain: Vec<BTreeSet<String>>,
    possible: Vec<BTreeSet<String>>,
}

impl Says {
    pub(crate) fn of(graph: &Graph<'_>, name: &Name, contents: &Contents) -> Self {
        let inside = graph.reach.inside(name, contents).expect("in the state");
        let none = || vec![BTreeSet::new(); LOGINS.len()];
        let mut says = Self { asked: BTreeSet::new(), certain: none(), possible: none() };
        let flows = flows(&inside);
        let flowed = follow(&inside, &flows);
        says.people(graph, &inside);
        let on_database = inside.held_on_database();
        let rights = Kind::Database.privileges(graph.version).minus(Privileges::CONNECT);
        says.asked.extend(lines("held|d", name.as_str(), rights));
        says.each(|at| lines("held|d", name.as_str(), has(graph, &on_database, at).intersection(rights)));
        let ours = |object: &&Object| SCHEMAS.contains(&object.schema.as_str());
        for object in inside.database.objects.keys().filter(ours) {
            says.object(graph, &inside, object);
            if object.kind.is_relation() {
                says.relation(graph, &inside, (object, &flows, &flowed));
            }
        }
        // who may not enter is asked nothing there
        for (at, _) in LOGINS.iter().enumerate().filter(|(at, _)| !inside.connects(*at)) {
            says.certain[at].clear();
            says.possible[at].clear();
        }
        says
    }

    pub(crate) fn asked(&self) -> &BTreeSet<String> {
        &self.asked
    }

    /// May the server answer so?
    pub(crate) fn agrees(&self, at: usize, asked: &str, yes: bool) -> bool {
        yes == self.certain[at].contains(asked) || yes == self.possible[at].contains(asked)
    }

    fn each(&mut self, of: impl Fn(usize) -> Vec<String>) {
        for at in 0..LOGINS.len() {
            let lines = of(at);
            self.certain[at].extend(lines.iter().cloned());
            self.possible[at].extend(lines);
        }
    }

    fn people(&mut self, graph: &Graph<'_>, inside: &Inside<'_>) {
        let line = |role: &Name| format!("become|{}", role.as_str());
        self.asked.extend(graph.roles.iter().map(|role| line(role)));
        self.asked.insert("connect".into());
        self.each(|at| {
            // who can be the owner of the database can be its pg_database_owner
            let owner = |role: &Name| {
                role.as_str() == "pg_database_owner" && graph.reach.becomes(at, &inside.database.held.owner)
            };
            let becomes =
                graph.roles.iter().filter(|role| graph.reach.becomes(at, role) || owner(role)).map(|role| line(role));
            becomes.chain(inside.connects(at).then(|| "connect".to_owned())).collect()
        });
    }

    fn object(&mut self, graph: &Graph<'_>, inside: &Inside<'_>, object: &Object) {
        let prefix = format!("held|{}", object.kind.letter());
        let prefix = if object.kind == Kind::Schema { "held|n" } else { &prefix };
        let name = shown(object);
        self.asked.extend(lines(prefix, &name, object.kind.privileges(graph.version)));
        let held = inside.held(object);
        self.each(|at| lines(prefix, &name, has(graph, &held, at)));
    }

    fn relation(
        &mut self,
        graph: &Graph<'_>,
        inside: &Inside<'_>,
        (object, flows, flowed): (&Object, &[Flow], &Flowed),
    ) {
        let (held, columns) = (inside.held(object), inside.held_on_columns(object));
        let name = shown(object);
        let some = |at| has(graph, &held, at) | has(graph, &columns, at);
        let prefix = format!("some|{}", object.kind.letter());
        self.asked.extend(lines(&prefix, &name, ON_COLUMNS));
        self.each(|at| lines(&prefix, &name, some(at).intersection(ON_COLUMNS)));
        let explained = if object.kind == Kind::MaterializedView { Privileges::SELECT } else { EACH };
        let prefix = format!("explain|{}", object.kind.letter());
        self.asked.extend(lines(&prefix, &name, explained));
        if object.kind == Kind::View {
            return self.view(graph, inside, (object, flows), &prefix);
        }
        self.each(|at| lines(&prefix, &name, some(at).intersection(explained)));
        if object.kind == Kind::MaterializedView {
            return;
        }
        let reached = EACH | Privileges::TRUNCATE;
        self.asked.extend(lines("reach", &name, reached));
        for at in 0..LOGINS.len() {
            let by_acl = some(at).intersection(reached);
            let gains =
                flowed.get(object).into_iter().flat_map(|by| [by.get(&at), graph.public.and_then(|at| by.get(&at))]);
            let gains: Vec<_> = gains.flatten().flatten().collect();
            let all = |certain: bool| {
                let gains = gains.iter().filter(|gain| gain.certain || !certain);
                gains.fold(by_acl, |all, gain| all | gain.privileges)
            };
            self.certain[at].extend(lines("reach", &name, all(true)));
            self.possible[at].extend(lines("reach", &name, all(false)));
        }
    }

    /// A statement through a view is checked on what is behind it, too.
    fn view(&mut self, graph: &Graph<'_>, inside: &Inside<'_>, (view, flows): (&Object, &[Flow]), prefix: &str) {
        let passes = |at: usize, has: Privileges, certain: bool| {
            let among =
                |only: &Rc<BTreeSet<usize>>| only.contains(&at) || graph.public.is_some_and(|at| only.contains(&at));
            let from = flows.iter().filter(|flow| flow.from == *view && (flow.certain || !certain));
            let from = from.filter(|flow| flow.only.as_ref().is_none_or(among));
            let needs = from.flat_map(|flow| &flow.rights).fold(Privileges::NONE, |all, (need, _)| all | *need);
            needs.intersection(has)
        };
        let behind: Vec<BTreeMap<usize, Privileges>> = inside.contents.views[view]
            .relations
            .iter()
            .map(|base| {
                let (held, columns) = (inside.held(base), inside.held_on_columns(base));
                (0..LOGINS.len()).map(|at| (at, has(graph, &held, at) | has(graph, &columns, at))).collect()
            })
            .collect();
        let (held, columns) = (inside.held(view), inside.held_on_columns(view));
        let whole = |at| has(graph, &held, at).intersection(EACH);
        for at in 0..LOGINS.len() {
            let has = (whole(at) | has(graph, &columns, at)).intersection(EACH);
            // who holds what is behind himself needs nobody's rights: or gives the owner of the view back what it owns
            let himself = behind.iter().fold(Privileges::NONE, |all, base| all | base[&at]);
            self.certain[at].extend(lines(prefix, &shown(view), passes(at, whole(at), true)));
            self.possible[at].extend(lines(prefix, &shown(view), passes(at, has, false) | himself.intersection(has)));
        }
    }
}

/// Its own, and what stands with PUBLIC.
fn has(graph: &Graph<'_>, held: &Held, at: usize) -> Privileges {
    let of = |at: usize| held.get(&at).copied().unwrap_or_default();
    of(at) | graph.public.map(of).unwrap_or_default()
}

/// Without the arguments, since there are none.
fn shown(object: &Object) -> String {
    object.shown().replace("()", "")
}

fn lines(prefix: &str, name: &str, privileges: Privileges) -> Vec<String> {
    privileges.each().map(|(_, keyword)| format!("{prefix}|{name}|{keyword}")).collect()
}
