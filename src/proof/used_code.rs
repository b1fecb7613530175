//! Code of another service, or of somebody whom the layout doesn't know, that runs as whoever uses a relation.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::databases::{Both, Passed};
use super::finding::{Certainty, Draft, Target};
use super::ground::Ground;
use super::objects::WRITES;
use super::trusts::Caller;
use crate::access::Hop;
use crate::access::flow::{Flow, flows};
use crate::model::{Kind, Name, Object, Privileges, Used};

/// From this version on an AFTER trigger runs as the role that caused its event: of a cascade, as the table's owner.
pub(super) const QUEUED_AS_CAUSED: u32 = 180_000;

pub(super) fn claims(ground: &Ground<'_>, both: &Both<'_>) {
    let used = both.contents.code.as_ref().and_then(|code| code.used.as_ref());
    let (redirects, abroad) = (redirects(ground, both), abroad(ground, both));
    let used = used.into_iter().flatten().filter(|call| !call.definer).chain(&redirects).chain(&abroad);
    let (calls, inner): (Vec<_>, Vec<_>) = used.partition(|call| call.relation.kind.is_relation());
    let calls = calls_of(ground, &calls, &inner);
    ground.checked(ground.desired.uses.iter().filter(|uses| uses.database == *both.name).count());
    if calls.is_empty() {
        return;
    }
    let ways = Ways::of(ground, both);
    for (relation, calls) in calls {
        let wall = super::code::wall_over(ground, both, relation);
        for (at, user) in ways.users(ground, both, relation) {
            // what others' code does in its own service's relations, other findings say
            if !ground.is_bound(at) || ground.wall(at).is_none() || ground.wall(at) == wall {
                continue;
            }
            calls.iter().for_each(|call| run(ground, both, &ways, (at, &user), call));
        }
    }
}

/// What a relation sets off, and the calls from there on to the one whose authors these are.
struct Call<'a> {
    set_off: &'a Used,
    /// The first is `set_off` itself, the others are made inside of the one before.
    chain: Vec<&'a Used>,
    authors: BTreeSet<&'a Name>,
}

/// By relation. Of the calls inside of a routine one an author is enough.
fn calls_of<'a>(ground: &Ground<'_>, calls: &[&'a Used], inner: &[&'a Used]) -> BTreeMap<&'a Object, Vec<Call<'a>>> {
    let mut by_caller: BTreeMap<&Object, Vec<&Used>> = BTreeMap::new();
    inner.iter().for_each(|call| by_caller.entry(&call.relation).or_default().push(call));
    let mut known: BTreeMap<&Object, Vec<Vec<&Used>>> = BTreeMap::new();
    let mut found: BTreeMap<&Object, Vec<Call<'_>>> = BTreeMap::new();
    for set_off in calls {
        let own = authors(ground, set_off);
        let of = found.entry(&set_off.relation).or_default();
        if by_caller.contains_key(&set_off.code) {
            let further = known.entry(&set_off.code).or_insert_with(|| inside(ground, &by_caller, &set_off.code));
            for way in further.iter() {
                let last = way.last().into_iter();
                let more: BTreeSet<_> =
                    last.flat_map(|call| authors(ground, call)).filter(|a| !own.contains(a)).collect();
                if !more.is_empty() {
                    let chain = std::iter::once(*set_off).chain(way.iter().copied()).collect();
                    of.push(Call { set_off, chain, authors: more });
                }
            }
        }
        if !own.is_empty() {
            of.push(Call { set_off, chain: vec![set_off], authors: own });
        }
    }
    found.retain(|_, calls| !calls.is_empty());
    found
}

/// The shortest ways from a routine to a call of each author.
fn inside<'a>(
    ground: &Ground<'_>,
    by_caller: &BTreeMap<&'a Object, Vec<&'a Used>>,
    routine: &'a Object,
) -> Vec<Vec<&'a Used>> {
    let (mut seen, mut named) = (BTreeSet::from([routine]), BTreeSet::new());
    let (mut ways, mut open) = (Vec::new(), VecDeque::from([(routine, Vec::new())]));
    while let Some((caller, way)) = open.pop_front() {
        for call in by_caller.get(caller).into_iter().flatten() {
            let way: Vec<&Used> = way.iter().copied().chain([*call]).collect();
            let authors: BTreeSet<(&Name, bool)> =
                authors(ground, call).into_iter().map(|author| (author, call.asks_execute)).collect();
            if !authors.is_subset(&named) {
                named.extend(authors);
                ways.push(way.clone());
            }
            if seen.insert(&call.code) {
                open.push_back((&call.code, way));
            }
        }
    }
    ways
}

/// A view with its caller's rights writes the tables that its owner chose, as the caller; so do its rules.
fn redirects(ground: &Ground<'_>, both: &Both<'_>) -> Vec<Used> {
    let rules = both.contents.code.iter().flat_map(|code| &code.rules);
    let by_rule = rules.map(|rule| (&rule.relation, rule.name.as_str(), &rule.relations));
    let by_rule = by_rule.flat_map(|(view, name, all)| all.iter().map(move |base| (view, name, base)));
    let views = both.contents.views.iter();
    let direct = views.flat_map(|(view, of)| of.relations.iter().map(move |base| (view, "", base)));
    let mut found = Vec::new();
    for (view, name, base) in direct.chain(by_rule) {
        let wall = ground.wall_around(both.name, base);
        let invoker = both.contents.views.get(view).is_some_and(|of| of.invoker);
        if !invoker || wall.is_none() || wall == ground.wall_around(both.name, view) {
            continue;
        }
        let part = if name.is_empty() { "view" } else { "rule" };
        found.extend(redirect(both, view, (part, name), base));
    }
    found
}

/// A foreign table leads where its owner chose, as the user that is mapped for whoever uses it.
fn abroad(ground: &Ground<'_>, both: &Both<'_>) -> Vec<Used> {
    let code = both.contents.code.iter();
    let tables = code.flat_map(|code| code.foreign_tables.iter().map(move |foreign| (foreign, &code.servers)));
    let found = tables.filter(|(foreign, servers)| {
        let own = ground.wall_around(both.name, &foreign.table);
        let server = servers.iter().find(|server| server.name == foreign.server);
        let mut mapped = server.into_iter().flat_map(|server| server.mapped.iter().flatten());
        mapped.any(|role| ground.wall_of(role).is_some_and(|wall| Some(wall) != own))
    });
    found.filter_map(|(foreign, _)| redirect(both, &foreign.table, ("foreign table", ""), &foreign.table)).collect()
}

/// What a relation's owner made it lead to.
fn redirect(both: &Both<'_>, relation: &Object, (part, name): (&str, &str), to: &Object) -> Option<Used> {
    Some(Used {
        relation: relation.clone(),
        part: part.into(),
        name: name.into(),
        on: WRITES,
        code: to.clone(),
        owner: both.actual.database.objects.get(relation)?.owner.clone(),
        placer: None,
        asks_execute: false,
        fixed: false,
        queued: false,
        stamps: false,
        definer: false,
        roles: None,
    })
}

/// Returns the roles, not trusted with everything, that decide what a call does: who wrote the call, and who owns the code.
pub(super) fn authors<'a>(ground: &Ground<'_>, call: &'a Used) -> BTreeSet<&'a Name> {
    let trusted = |role: &Name| ground.is_trusted(role) || ground.desired.admins.contains(role);
    let harmless = call.fixed && trusted(&call.owner);
    let placer = call.placer.as_ref().filter(|_| !harmless);
    placer.into_iter().chain([&call.owner]).filter(|role| !trusted(role)).collect()
}

/// What one principal has on a relation, by which kind of way.
#[derive(Default)]
struct User {
    /// By ACL, on the relation or its columns.
    direct: Privileges,
    /// Through views, rules and parents.
    passed: Privileges,
    /// By foreign keys besides, which run AFTER triggers as whoever began it.
    cascaded: Privileges,
}

/// How a right on one relation becomes a statement on another with its caller's identity.
struct Ways {
    passed: Passed,
    cascaded: Option<Passed>,
}

impl Ways {
    /// What a materialized view has copied runs nothing; the queries of foreign keys run as the table's owner.
    fn of(ground: &Ground<'_>, both: &Both<'_>) -> Self {
        let copied = |flow: &Flow| flow.from.kind == Kind::MaterializedView;
        let all: Vec<Flow> = flows(&both.actual).into_iter().filter(|flow| !copied(flow)).collect();
        let keys = |flow: &&Flow| matches!(flow.hop, Hop::ForeignKey { .. });
        let cascades = ground.server().version_num < QUEUED_AS_CAUSED && all.iter().any(|flow| keys(&flow));
        let passed = Passed::by(&both.actual, all.iter().filter(|flow| !keys(flow)).cloned().collect());
        Self { passed, cascaded: cascades.then(|| Passed::by(&both.actual, all)) }
    }

    fn users(&self, ground: &Ground<'_>, both: &Both<'_>, relation: &Object) -> BTreeMap<usize, User> {
        let mut users: BTreeMap<usize, User> = BTreeMap::new();
        let schema = both.actual.held(&Object::schema(&relation.schema));
        let uses = |at: usize| schema.get(&at).is_some_and(|held| held.contains(Privileges::USAGE));
        // what PUBLIC has, each login has
        let each = |at: usize, named: bool| -> Vec<usize> {
            let everybody = 0..ground.actual.principals().len();
            match at {
                0 => everybody.filter(|p| both.actual.connects(*p) && (!named || uses(0) || uses(*p))).collect(),
                at => vec![at],
            }
        };
        let mut add = |at: usize, named: bool, set: &dyn Fn(&mut User)| {
            each(at, named).into_iter().for_each(|at| set(users.entry(at).or_default()));
        };
        let (whole, columns) = (both.actual.held(relation), both.actual.held_on_columns(relation));
        let direct = whole.iter().chain(columns.iter());
        direct.for_each(|(at, held)| add(*at, true, &|user| user.direct = user.direct | *held));
        for (at, held) in self.passed.passed_on(relation) {
            add(at, false, &|user| user.passed = user.passed | held);
        }
        for (at, held) in self.cascaded.iter().flat_map(|passed| passed.passed_on(relation)) {
            add(at, false, &|user| user.cascaded = user.cascaded | held);
        }
        users
    }

    /// The hops to one of these privileges on a relation.
    fn path(&self, both: &Both<'_>, at: usize, relation: &Object, privileges: Privileges) -> Vec<Hop> {
        let ways = || std::iter::once(&self.passed).chain(&self.cascaded);
        // what PUBLIC gains, each login gains
        let all = ways().flat_map(|passed| [at, 0].map(|at| passed.way(&both.actual, at, relation, privileges)));
        all.into_iter().find(|path| !path.is_empty()).unwrap_or_default()
    }
}

/// One call, for one principal.
fn run(ground: &Ground<'_>, both: &Both<'_>, ways: &Ways, (at, user): (usize, &User), call: &Call<'_>) {
    let Call { set_off: call, chain, authors } = call;
    let Some(wall) = ground.wall(at) else { return };
    let beyond = |role: &&&Name| ground.wall_of(role) != Some(wall) && !ground.actual.reaches(at, role);
    let beyond: Vec<&Name> = authors.iter().filter(beyond).copied().collect();
    let on = sets_off(ground, at, user, call);
    if beyond.is_empty() || on.is_empty() || !chain.iter().all(|call| executes(both, at, call)) {
        return;
    }
    let untrusted: Vec<&Name> = beyond
        .iter()
        .filter(|author| {
            let trusts = ground.wall_of(author).is_some_and(|provider| ground.trusts_code(at, wall, provider));
            ground.note_call(&Caller { at, consumer: wall }, (both.name, call), author);
            !trusts
        })
        .copied()
        .collect();
    let Some(author) = untrusted.first() else { return };
    let Used { relation, part, name, .. } = call;
    let code = chain.last().map_or(&call.code, |last| &last.code);
    let mut path = ways.path(both, at, relation, on);
    path.push(Hop::Calls {
        relation: relation.clone(),
        part: part.clone(),
        name: name.clone(),
        code: code.clone(),
        author: (*author).clone(),
    });
    ground.find(Draft {
        code: "used-code",
        who: ground.who(at),
        privileges: on,
        object: Target::object(both.name, relation),
        claim: format!("no code of {} runs as {}", author.shown(), ground.who(at).shown()),
        path,
        fix: fix(call),
        severity: ground.severity(at),
        certainty: Certainty::Conditional,
    });
}

/// Which of the principal's privileges set it off.
fn sets_off(ground: &Ground<'_>, at: usize, user: &User, call: &Used) -> Privileges {
    let is = |role: &Name| ground.who(at).role() == Some(role) || ground.actual.reaches(at, role);
    let applies = call.roles.as_ref().is_none_or(|roles| roles.iter().any(is));
    let direct = if applies { user.direct } else { Privileges::NONE };
    // through a view the policies are those for its owner
    let cascaded = if call.queued { user.cascaded } else { Privileges::NONE };
    (direct | user.passed | cascaded).intersection(call.on)
}

/// May the principal execute it, where PostgreSQL asks for that, or write the table that is written? What isn't among the database's own objects everybody may.
fn executes(both: &Both<'_>, at: usize, call: &Used) -> bool {
    if call.code.kind.is_relation() {
        return !both.actual.path_unseen(at, &call.code, WRITES).is_empty();
    }
    let known = both.actual.database.objects.contains_key(&call.code);
    !call.asks_execute || !known || !both.actual.path_unseen(at, &call.code, Privileges::EXECUTE).is_empty()
}

/// Switches off what can be switched off without losing data or showing rows.
pub(super) fn fix(call: &Used) -> Vec<String> {
    let Used { relation, part, name, .. } = call;
    let name = Name::of_server(name).quoted();
    match (part.as_str(), relation.kind) {
        ("trigger" | "trigger's condition", _) => {
            vec![format!("ALTER TABLE {} DISABLE TRIGGER {name}", relation.sql())]
        }
        ("rule", Kind::Table | Kind::PartitionedTable) => {
            vec![format!("ALTER TABLE {} DISABLE RULE {name}", relation.sql())]
        }
        _ => Vec::new(),
    }
}
