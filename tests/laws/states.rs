//! Random small clusters: such as can exist, and such as a layout can mean.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use pgmoat::model::{
    Acl, Contents, Database, DefaultKey, Desired, Ended, Extension, Future, Granted, Grantee, Holding, Home, Kind,
    Membership, MembershipOptions, Name, Object, OwnedBy, Presence, Privileges, Retire, Retiring, Role, Scope,
    ScopedDatabase, Server, SettingKey, Snapshot, State, Ties,
};

use super::dice::Dice;

pub(crate) const VERSION: u32 = 180_000;
/// The ddl role is the owner of everything that a layout means.
const ROLES: [&str; 6] = ["ddl", "dml", "ro", "app", "Al \"ice\"", "PUBLIC"];
const DDL: &str = ROLES[0];
const DATABASES: [&str; 2] = ["d", "e"];
const MAINTENANCE: &str = "postgres";

pub(crate) fn name(text: &str) -> Name {
    Name::of_server(text)
}

fn one_of(dice: &mut Dice<'_>, names: &[&str]) -> Name {
    name(names[dice.below(names.len())])
}

fn object(kind: Kind, object: &str, args: &str) -> Object {
    Object { kind, schema: name("s"), name: name(object), args: args.into() }
}

pub(crate) fn table() -> Object {
    object(Kind::Table, "t", "")
}

/// The sequence behind a column of the table.
pub(crate) fn sequence() -> Object {
    object(Kind::Sequence, "t_id_seq", "")
}

fn objects() -> [Object; 6] {
    [
        Object::schema(&name("s")),
        table(),
        object(Kind::View, "v", ""),
        sequence(),
        object(Kind::Function, "f", "integer, text"),
        object(Kind::Type, "mood", ""),
    ]
}

/// A cluster as it can be: entries of all grantors, each of whom holds the grant option that he used.
pub(crate) fn existing(dice: &mut Dice<'_>) -> State {
    state(dice, true)
}

/// What a layout can mean: the owner grants, without options.
pub(crate) fn wanted(dice: &mut Dice<'_>) -> State {
    state(dice, false)
}

fn state(dice: &mut Dice<'_>, exists: bool) -> State {
    let mut state = State::default();
    for role in ROLES {
        if !exists || !dice.once_in(5) {
            state.roles.insert(name(role), role_of(dice));
        }
    }
    for _ in 0..dice.below(6) {
        let (role, member) = (one_of(dice, &ROLES), one_of(dice, &ROLES));
        let grantor = name(if exists && dice.once_in(3) { "boss" } else { "postgres" });
        let options = if exists { options(dice) } else { MembershipOptions::PLAIN };
        // no server lets memberships close into a ring
        if Ties::of(state.memberships.keys()).way(&role, &member).is_none() {
            state.memberships.insert(Membership { role, member, grantor }, options);
        }
    }
    for _ in 0..dice.below(4) {
        let role = (!dice.once_in(4)).then(|| one_of(dice, &ROLES));
        let database = dice.once_in(2).then(|| one_of(dice, &DATABASES));
        let parameter = (*dice.one(&["role", "work_mem", "app.tenant"])).to_owned();
        if role.is_some() || database.is_some() {
            state.settings.insert(SettingKey { database, role, parameter }, dice.below(3).to_string());
        }
    }
    state.databases = DATABASES.iter().map(|database| (name(database), self::database(dice, exists))).collect();
    state
}

fn role_of(dice: &mut Dice<'_>) -> Role {
    Role {
        login: dice.once_in(2),
        create_role: dice.once_in(4),
        bypass_rls: dice.once_in(4),
        inherit: !dice.once_in(4),
        connection_limit: if dice.once_in(3) { 5 } else { -1 },
        ..Role::PLAIN
    }
}

fn options(dice: &mut Dice<'_>) -> MembershipOptions {
    MembershipOptions { admin: dice.once_in(3), inherit: !dice.once_in(3), set: !dice.once_in(3) }
}

fn database(dice: &mut Dice<'_>, exists: bool) -> Database {
    let owner = owner(dice, exists);
    let held = acl(dice, Kind::Database, &owner, exists, &Acl::default());
    let mut database = Database::new(owner, held);
    if !exists || dice.once_in(2) {
        database.extensions.insert(name("pgcrypto"));
    }
    for object in objects() {
        if object.kind == Kind::Schema && exists && dice.once_in(6) {
            continue;
        }
        let follows = (object == sequence()).then(|| Arc::new(table()));
        let owner = match &follows {
            Some(table) => database.objects[table.as_ref()].owner.clone(),
            None => self::owner(dice, exists),
        };
        let acl = Arc::new(acl(dice, object.kind, &owner, exists, &Acl::default()));
        database.objects.insert(object, Holding { owner, acl, follows });
    }
    if exists {
        columns(dice, &mut database);
    }
    for _ in 0..dice.below(5) {
        default(dice, exists, &mut database);
    }
    database
}

fn owner(dice: &mut Dice<'_>, exists: bool) -> Name {
    if exists && dice.once_in(3) { one_of(dice, &ROLES) } else { name(DDL) }
}

fn columns(dice: &mut Dice<'_>, database: &mut Database) {
    for column in ["id", "Note"] {
        let held = &database.objects[&table()];
        let acl = acl(dice, Kind::Table, &held.owner, true, &held.acl);
        let acl = on_columns(&acl.without(|grantee, _| grantee.role() == Some(&held.owner)));
        if acl != Acl::default() && dice.once_in(2) {
            database.columns.insert((table(), name(column)), Arc::new(acl));
        }
    }
}

/// What can be granted on a column.
fn on_columns(acl: &Acl) -> Acl {
    let all = Privileges::SELECT | Privileges::INSERT | Privileges::UPDATE | Privileges::REFERENCES;
    let mut column = Acl::default();
    for (grantee, grantor, granted) in acl.entries() {
        let (privileges, grantable) = (granted.privileges.intersection(all), granted.grantable.intersection(all));
        column.add(grantee.clone(), grantor.clone(), Granted { privileges, grantable });
    }
    column
}

fn default(dice: &mut Dice<'_>, exists: bool, database: &mut Database) {
    let role = owner(dice, exists);
    let schema = dice.once_in(2).then(|| name("s"));
    let (future, privileges) = *dice.one(&[
        (Future::Tables, Privileges::SELECT),
        (Future::Functions, Privileges::EXECUTE),
        (Future::Types, Privileges::USAGE),
    ]);
    let key = DefaultKey { role, schema, future };
    let mut acl = if dice.once_in(2) { key.built_in() } else { Acl::default() };
    for _ in 0..dice.below(3) {
        let grantee = grantee(dice);
        let grantable = if exists && dice.once_in(3) { privileges } else { Privileges::NONE };
        let grantable = if grantee == Grantee::Public { Privileges::NONE } else { grantable };
        if grantee.role() != Some(&key.role) {
            acl.add(grantee, key.role.clone(), Granted { privileges, grantable });
        }
    }
    if acl == key.built_in() {
        database.defaults.remove(&key);
    } else {
        database.defaults.insert(key, acl);
    }
}

fn grantee(dice: &mut Dice<'_>) -> Grantee {
    if dice.once_in(5) { Grantee::Public } else { Grantee::Role(one_of(dice, &ROLES)) }
}

/// An ACL as grants make it, one after another; `above` is the table's, for a column.
fn acl(dice: &mut Dice<'_>, kind: Kind, owner: &Name, exists: bool, above: &Acl) -> Acl {
    let all = kind.privileges(VERSION);
    let mut acl = Acl::default();
    if exists && !dice.once_in(4) {
        acl.grant(Grantee::Role(owner.clone()), owner, all);
    }
    for _ in 0..dice.below(6) {
        let by = if exists && dice.once_in(2) { dice.below(ROLES.len()) } else { 0 };
        let (grantor, grantee) =
            if by == 0 { (owner.clone(), grantee(dice)) } else { (name(ROLES[by]), grantee(dice)) };
        let mut privileges = some_of(dice, all);
        if grantor != *owner {
            let option = |acl: &Acl| options_of(acl, &grantor);
            privileges = privileges.intersection(option(&acl) | option(above));
        }
        // the server lets no chain of grant options close into a ring: here they lead to later names
        let later = grantee.role().is_some_and(|role| rank(role, owner) > rank(&grantor, owner));
        let grantable = if exists && later && dice.once_in(2) { privileges } else { Privileges::NONE };
        if grantee.role() != Some(&grantor) {
            acl.add(grantee, grantor, Granted { privileges, grantable });
        }
    }
    if exists { acl } else { acl.without(|grantee, _| grantee.role() == Some(owner)) }
}

fn rank(role: &Name, owner: &Name) -> usize {
    if role == owner { 0 } else { 1 + ROLES.iter().position(|known| *known == role.as_str()).unwrap_or(ROLES.len()) }
}

fn options_of(acl: &Acl, role: &Name) -> Privileges {
    let own = acl.entries().filter(|(grantee, _, _)| grantee.role() == Some(role));
    own.fold(Privileges::NONE, |all, (_, _, granted)| all | granted.grantable)
}

fn some_of(dice: &mut Dice<'_>, all: Privileges) -> Privileges {
    all.each().filter(|_| dice.once_in(2)).fold(Privileges::NONE, |some, (privilege, _)| some | privilege)
}

pub(crate) fn snapshot(state: State) -> Snapshot {
    let contents = |database: &Name| {
        let owned = OwnedBy { table: Arc::new(table()), identity: false };
        let contents = Contents { sequences: BTreeMap::from([(sequence(), owned)]), ..Contents::default() };
        (database.clone(), contents)
    };
    Snapshot {
        server: Server {
            version_num: VERSION,
            system_identifier: "7".to_owned(),
            user: name("postgres"),
            superuser: true,
            login: None,
            superuser_parameters: BTreeSet::new(),
            user_parameters: BTreeSet::new(),
            bootstrap: name("postgres"),
            in_recovery: false,
        },
        contents: state.databases.keys().map(contents).collect(),
        available: BTreeMap::from([(name("pgcrypto"), Extension { schema: None, superuser: false })]),
        retiring: Retiring::default(),
        parameters: BTreeMap::new(),
        activity: Default::default(),
        look: None,
        maintenance: None,
        state,
    }
}

pub(crate) fn desired(state: State) -> Desired {
    let scoped = ScopedDatabase {
        schemas: BTreeSet::from([name("s")]),
        public: true,
        extensions: BTreeSet::from([name("pgcrypto")]),
    };
    let home = |part| Home { service: "orders".to_owned(), database: name("d"), part };
    let databases = || state.databases.keys();
    debug_assert!(state.databases.values().all(|database| database.presence == Presence::Open));
    Desired {
        attributes: BTreeMap::new(),
        scope: Scope {
            implicit: None,
            roles: ROLES.iter().map(|role| name(role)).collect(),
            trusted: BTreeSet::from([name("postgres")]),
            retired: BTreeSet::new(),
            databases: databases().map(|database| (database.clone(), scoped.clone())).collect(),
        },
        create: BTreeMap::new(),
        maintenance: name(MAINTENANCE),
        pending: vec![],
        notes: vec![],
        homes: ROLES.iter().map(|role| (name(role), home("login"))).collect(),
        retire: Retire::default(),
        schemas: databases().map(|database| ((database.clone(), name("s")), "orders".to_owned())).collect(),
        ended: Ended::default(),
        exclusive: None,
        admins: BTreeSet::new(),
        ruled: BTreeMap::new(),
        vouched: BTreeMap::new(),
        uses: vec![],
        state,
    }
}
