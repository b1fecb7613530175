//! Roles, memberships, databases, schemas and extensions.

use std::collections::{BTreeMap, BTreeSet};

use super::build::{Context, Draft};
use super::place::Place;
use super::sponsors::Vouched;
use super::step::{Action, ObjectRef};
use super::{Hazard, sql};
use crate::diff::{Change, Retirement, Target};
use crate::model::{Grantee, Kind, Membership, MembershipOptions, Name, Object, Presence, Role, literal};

pub(super) fn add(changes: &[Change], context: &Context<'_>, drafts: &mut Vec<Draft>) {
    let mut joins: BTreeMap<(Place, Name, MembershipOptions), Vec<&Membership>> = BTreeMap::new();
    let mut leaves: Vec<(&Membership, Draft)> = Vec::new();
    let stays: BTreeSet<(&Name, &Name)> = changes.iter().filter_map(joined).collect();
    for change in changes {
        let place = context.place(change);
        match change {
            Change::CreateRole { name, role } => drafts.push(create_role(context, place, name, role)),
            Change::AlterRole { name, from, to } => drafts.push(alter_role(context, place, (name, from, to))),
            Change::Join { membership, options } => {
                joins.entry((place, membership.role.clone(), *options)).or_default().push(membership);
            }
            Change::AlterMembership { membership, from, to } => {
                leaves.push((membership, alter_membership(context, place, membership, (*from, *to))));
            }
            Change::Leave { membership, options } => {
                let draft = leave(context, place, membership, *options);
                let retired = context.desired.retire.has(&membership.grantor);
                let stays = retired && stays.contains(&(&membership.role, &membership.member));
                leaves.push((membership, if stays { by_another(membership, draft) } else { draft }));
            }
            Change::OpenDatabase { database, owner, from } => {
                open_database(context, &place, (database, owner, *from), drafts);
            }
            Change::CreateSchema { database, schema, owner } => {
                drafts.push(create_schema(context, place, (database, schema, owner)));
            }
            Change::CreateExtension { database, extension } => {
                drafts.push(create_extension(context, place, database, extension));
            }
            _ => {}
        }
    }
    drafts.extend(
        joins.into_iter().map(|((place, role, options), members)| join(context, place, (&role, options), &members)),
    );
    drafts.extend(in_order(context, leaves));
}

fn create_role(context: &Context<'_>, place: Place, name: &Name, role: &Role) -> Draft {
    let attributes = sql::attributes(&Role::PLAIN, role);
    let attributes = if attributes.is_empty() { String::new() } else { format!(" {attributes}") };
    let service = context.service_of_role(name);
    let part = context.desired.homes.get(name).map_or("inspector", |home| home.part);
    let of = service.as_ref().map(|service| format!(" of service {service}")).unwrap_or_default();
    Draft {
        roles: vec![name.as_str().into()],
        sql: vec![format!("CREATE ROLE {} NOLOGIN{attributes}", name.quoted())],
        undo: vec![format!("DROP ROLE {}", name.quoted())],
        what: format!("role {}", name.shown()),
        why: format!("{part}{of}"),
        service,
        ..Draft::empty(place, Action::Create, ObjectRef::shared("role", name))
    }
}

fn alter_role(context: &Context<'_>, place: Place, (name, from, to): (&Name, &Role, &Role)) -> Draft {
    let turned_off = from.flags().into_iter().zip(to.flags()).any(|((_, before), (_, after))| before && !after);
    let limit = |role: &Role| if role.connection_limit < 0 { i32::MAX } else { role.connection_limit };
    let less = turned_off || limit(to) < limit(from);
    // a role that was locked on purpose has its rights still; one that a dead run left has none
    let unlocked = to.login && !from.login && context.snapshot.state.memberships.keys().any(|m| m.member == *name);
    // what it is a member of is its own from then on
    let inherits = to.inherit && !from.inherit && context.snapshot.state.memberships.keys().any(|m| m.member == *name);
    let attributes = sql::attributes(from, to);
    let known = context.snapshot.state.roles.contains_key(name);
    let changes = ((less || unlocked) && known).then_some(Hazard::ChangesRole);
    let hazards = match context.desired.retire.has(name) {
        true => vec![Hazard::RevokesAccess],
        false => changes.into_iter().chain(inherits.then_some(Hazard::WidensRole)).collect(),
    };
    let why = match context.desired.retire.has(name) {
        true => "it is retired, and nobody may come as it any more",
        false if known => "the layout declares it so",
        false => "it may log in once all is in place",
    };
    Draft {
        roles: vec![name.as_str().into()],
        sql: vec![format!("ALTER ROLE {} {attributes}", name.quoted())],
        undo: vec![format!("ALTER ROLE {} {}", name.quoted(), sql::attributes(to, from))],
        hazards,
        what: format!("role {}: {attributes}", name.shown()),
        why: why.into(),
        service: context.service_of_role(name),
        ..Draft::empty(place, Action::Alter, ObjectRef::shared("role", name))
    }
}

fn join(
    context: &Context<'_>,
    place: Place,
    (role, options): (&Name, MembershipOptions),
    memberships: &[&Membership],
) -> Draft {
    let mut members: Vec<&Name> = memberships.iter().map(|m| &m.member).collect();
    members.sort();
    let each = |statement: &dyn Fn(&Membership) -> String| memberships.iter().map(|m| statement(m)).collect();
    let names = |shown: fn(&Name) -> String| members.iter().map(|m| shown(m)).collect::<Vec<_>>().join(", ");
    // a login that a dead run left can't log in yet
    let at_work = |member: &&Name| context.snapshot.state.roles.get(*member).is_some_and(|role| role.login);
    Draft {
        hazards: if members.iter().any(at_work) { vec![Hazard::WidensRole] } else { vec![] },
        roles: members.iter().map(|name| name.as_str().into()).collect(),
        sql: each(&|m| sql::join(m, options, context.has_options())),
        undo: each(&|m| sql::leave(m, "", context.has_options())),
        what: format!(
            "{} become{} member of {}",
            names(Name::shown),
            if members.len() > 1 { "" } else { "s" },
            role.shown()
        ),
        why: if members.iter().all(|member| context.desired.scope.roles.contains(*member)) {
            "the layout declares the membership".into()
        } else {
            "an [[allow]] keeps the membership, which somebody else granted".into()
        },
        service: context.service_of_role(role).or_else(|| context.service_of_role(members[0])),
        ..Draft::empty(place, Action::Join, ObjectRef::shared("role", role))
    }
}

fn alter_membership(
    context: &Context<'_>,
    place: Place,
    membership: &Membership,
    (from, to): (MembershipOptions, MembershipOptions),
) -> Draft {
    let has_options = context.has_options();
    let mut sql = Vec::new();
    if from.admin && !to.admin {
        sql.push(sql::leave(membership, "ADMIN OPTION FOR ", has_options));
    }
    if (from.inherit, from.set) != (to.inherit, to.set) || to.admin && !from.admin {
        sql.push(sql::join_again(membership, to, has_options));
    }
    let (role, member) = (membership.role.shown(), membership.member.shown());
    let less = (from.admin && !to.admin).then_some(Hazard::RevokesAccess);
    let gained = to.inherit && !from.inherit || to.set && !from.set || to.admin && !from.admin;
    let more = gained.then_some(Hazard::WidensRole);
    Draft {
        roles: vec![membership.member.as_str().into()],
        sql,
        undo: vec![sql::join_again(membership, from, has_options)],
        hazards: less.into_iter().chain(more).collect(),
        what: if to == MembershipOptions::PLAIN {
            format!("{member} is a plain member of {role}")
        } else {
            format!("{member} keeps all options of its membership of {role}")
        },
        why: if to == MembershipOptions::PLAIN {
            "a member inherits and may SET ROLE, and administers nothing".into()
        } else {
            "the layout takes none of them away".into()
        },
        service: context.service_of_role(&membership.role).or_else(|| context.service_of_role(&membership.member)),
        ..Draft::empty(place, Action::Leave, ObjectRef::shared("role", &membership.role))
    }
}

fn leave(context: &Context<'_>, place: Place, membership: &Membership, options: MembershipOptions) -> Draft {
    let has_options = context.has_options();
    let (role, member) = (membership.role.shown(), membership.member.shown());
    let by = if has_options { format!(", granted by {}", membership.grantor.shown()) } else { String::new() };
    let roles = [&membership.role, &membership.member, &membership.grantor];
    let retired = roles.into_iter().find(|role| context.desired.retire.has(role));
    Draft {
        roles: vec![membership.member.as_str().into()],
        sql: vec![sql::leave(membership, "", has_options)],
        undo: vec![sql::join_again(membership, options, has_options)],
        hazards: vec![Hazard::RevokesAccess],
        what: format!("{member} is no longer a member of {role}"),
        why: match (context.desired.ended.membership(membership), retired) {
            (Some(day), _) => format!("the exception for {member} ended on {day}{by}"),
            (None, Some(retired)) => format!("{} is retired{by}", retired.shown()),
            (None, None) => format!("the layout doesn't declare the membership{by}"),
        },
        service: context.service_of_role(&membership.role).or_else(|| context.service_of_role(&membership.member)),
        ..Draft::empty(place, Action::Leave, ObjectRef::shared("role", &membership.role))
    }
}

/// Who is a member of what from this plan on.
fn joined(change: &Change) -> Option<(&Name, &Name)> {
    match change {
        Change::Join { membership, .. } | Change::Retire(Retirement::JoinAgain { membership, .. }) => {
            Some((&membership.role, &membership.member))
        }
        _ => None,
    }
}

/// The membership stands by another's word, and nobody loses anything.
fn by_another(membership: &Membership, draft: Draft) -> Draft {
    let (role, member) = (membership.role.shown(), membership.member.shown());
    let what = format!("{member} is a member of {role}, and no longer by {}", membership.grantor.shown());
    Draft { what, hazards: vec![], ..draft }
}

/// Who granted on with an ADMIN option, to himself too, can't lose it before those to whom he granted (2BP01 from 16 on).
fn in_order(context: &Context<'_>, mut leaves: Vec<(&Membership, Draft)>) -> Vec<Draft> {
    let (mut ordered, mut vouched) = (Vec::new(), Vouched::default());
    while !leaves.is_empty() {
        let grants = |m: &Membership| leaves.iter().any(|(l, _)| *l != m && l.role == m.role && l.grantor == m.member);
        let next = leaves.iter().position(|(membership, _)| !grants(membership)).unwrap_or(0);
        let (membership, mut draft) = leaves.remove(next);
        vouched.instead_of(context, membership, &mut draft);
        ordered.push(draft);
    }
    ordered
}

fn open_database(
    context: &Context<'_>,
    place: &Place,
    (database, owner, from): (&Name, &Name, Presence),
    drafts: &mut Vec<Draft>,
) {
    let service = context.service(&Target::Database(database.clone()));
    let quoted = database.quoted();
    if from == Presence::Absent {
        drafts.push(Draft {
            sql: vec![create_database(context, database, owner)],
            undo: vec![format!("DROP DATABASE {quoted}")],
            what: format!("database {}, closed", database.shown()),
            why: "nobody may connect before PUBLIC's CONNECT is gone".into(),
            service: service.clone(),
            ..Draft::empty(place.clone(), Action::Create, ObjectRef::database(database))
        });
    }
    drafts.push(Draft {
        sql: vec![
            format!("REVOKE ALL ON DATABASE {quoted} FROM PUBLIC"),
            format!("ALTER DATABASE {quoted} ALLOW_CONNECTIONS true"),
        ],
        undo: std::iter::once(format!("ALTER DATABASE {quoted} ALLOW_CONNECTIONS false"))
            .chain(given_to_public(context, database))
            .collect(),
        hazards: if from == Presence::Closed && !is_ours(context, database) {
            vec![Hazard::OpensDatabase]
        } else {
            vec![]
        },
        what: format!("database {} opens, without PUBLIC", database.shown()),
        why: "only declared roles may connect".into(),
        service,
        ..Draft::empty(place.clone(), Action::Alter, ObjectRef::database(database))
    });
}

/// What PUBLIC had on a database that was closed.
fn given_to_public(context: &Context<'_>, database: &Name) -> Vec<String> {
    let Some(found) = context.snapshot.state.databases.get(database) else { return vec![] };
    let had = found.held.acl.granted(&Grantee::Public, &found.held.owner);
    sql::grant(&Target::Database(database.clone()), &Grantee::Public, had)
}

/// A closed database that a run of ours left: the wanted owner's, and never granted to anybody.
fn is_ours(context: &Context<'_>, database: &Name) -> bool {
    let wanted = &context.desired.state.databases[database].held.owner;
    context.snapshot.state.databases.get(database).is_some_and(|found| {
        let plain = |grantee: &Grantee| *grantee == Grantee::Public || grantee.role() == Some(wanted);
        found.held.owner == *wanted && found.held.acl.entries().all(|(grantee, _, _)| plain(grantee))
    })
}

fn create_database(context: &Context<'_>, database: &Name, owner: &Name) -> String {
    let create = context.desired.create.get(database).cloned().unwrap_or_default();
    let template = create.template.map_or_else(|| "template0".into(), |t| t.quoted());
    let mut statement = format!("CREATE DATABASE {} TEMPLATE {template}", database.quoted());
    let options = [("OWNER", (*owner != context.snapshot.server.user).then(|| owner.quoted()))]
        .into_iter()
        .chain([("ENCODING", create.encoding.map(|e| literal(&e))), ("LOCALE", create.locale.map(|l| literal(&l)))]);
    for (keyword, value) in options {
        if let Some(value) = value {
            statement = format!("{statement} {keyword} {value}");
        }
    }
    format!("{statement} ALLOW_CONNECTIONS false")
}

fn create_schema(context: &Context<'_>, place: Place, (database, schema, owner): (&Name, &Name, &Name)) -> Draft {
    let target = Target::Object(database.clone(), Object::schema(schema));
    Draft {
        roles: vec![owner.as_str().into()],
        sql: vec![format!("CREATE SCHEMA {} AUTHORIZATION {}", schema.quoted(), owner.quoted())],
        undo: vec![format!("DROP SCHEMA {}", schema.quoted())],
        what: format!("schema {}, owned by {}", schema.shown(), owner.shown()),
        why: "the layout declares it".into(),
        service: context.service(&target),
        ..Draft::empty(place, Action::Create, Context::object(&target))
    }
}

/// Without SCHEMA it would go where search_path points first, which for us is pg_catalog.
fn create_extension(context: &Context<'_>, place: Place, database: &Name, extension: &Name) -> Draft {
    let pinned = context.snapshot.available.get(extension).is_some_and(|known| known.schema.is_some());
    let schema = if pinned { "" } else { " SCHEMA \"public\"" };
    let quoted = extension.quoted();
    Draft {
        sql: vec![format!("CREATE EXTENSION {quoted}{schema}")],
        undo: vec![format!("DROP EXTENSION {quoted}")],
        what: format!("extension {}", extension.shown()),
        why: "the layout declares it, and no service may create it".into(),
        service: context.service(&Target::Database(database.clone())),
        object: ObjectRef { database: Some(database.clone()), ..ObjectRef::shared("extension", extension) },
        ..Draft::empty(place, Action::Create, ObjectRef::shared(Kind::Schema.word(), extension))
    }
}
