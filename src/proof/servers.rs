//! Foreign servers, which may lead back here: who uses one acts as the user that is mapped for him.

use std::collections::{BTreeMap, BTreeSet};

use super::databases::{Both, Passed};
use super::finding::{Certainty, Draft, Severity, Target};
use super::fix::revoke;
use super::ground::Ground;
use super::objects::WRITES;
use super::{Unseen, UnseenKind};
use crate::access::{Hop, Subject};
use crate::model::{ForeignServer, ForeignTable, Grantee, Name, Object, Privileges};

pub(super) fn claims(ground: &Ground<'_>, both: &Both<'_>, passed: &Passed) {
    let Some(code) = &both.contents.code else { return };
    for server in &code.servers {
        for (at, role) in server.mapped.iter().enumerate() {
            let user = server.users.get(at).and_then(Option::as_ref);
            let Some(role) = role else {
                if user.is_none() {
                    ground.unseen(hidden(both, server, None));
                }
                continue;
            };
            let tables = code.foreign_tables.iter().filter(|foreign| foreign.server == server.name);
            let through = through(both, passed, role, tables);
            match user {
                Some(user) => taken_for(ground, both, server, (role, user), through),
                None => taken_for_somebody(ground, both, server, role, &through),
            }
        }
    }
    code.servers.iter().for_each(|server| mapped(ground, both, server));
    code.servers.iter().for_each(|server| led_elsewhere(ground, both, server));
    code.foreign_tables.iter().for_each(|foreign| open_to_all(ground, both, foreign, &code.servers));
}

/// Who comes to one of the foreign tables through a view of this role, as which the server is asked then.
fn through<'t>(
    both: &Both<'_>,
    passed: &Passed,
    role: &Name,
    tables: impl Iterator<Item = &'t ForeignTable>,
) -> BTreeMap<usize, Vec<Hop>> {
    let tables: BTreeSet<&Object> = tables.map(|foreign| &foreign.table).collect();
    let views = both.contents.views.iter().filter(|(view, of)| {
        let owner = both.actual.database.objects.get(*view).map(|held| &held.owner);
        !of.invoker && owner == Some(role) && of.relations.iter().any(|relation| tables.contains(relation))
    });
    let mut found = BTreeMap::new();
    for (view, _) in views {
        for (at, _, mut path) in passed.holders(&both.actual, view, WRITES | Privileges::SELECT) {
            path.push(Hop::View { view: view.clone(), role: role.clone() });
            found.entry(at).or_insert(path);
        }
    }
    found
}

/// As whom a mapping makes a role go there, whoever asks may not see. It matters where somebody who is bound by claims can be that role, or
/// uses a view of it.
fn taken_for_somebody(
    ground: &Ground<'_>,
    both: &Both<'_>,
    server: &ForeignServer,
    role: &Name,
    through: &BTreeMap<usize, Vec<Hop>>,
) {
    let reaching = ground.actual.who_reaches(role);
    if through.keys().chain(&reaching).any(|at| ground.is_bound(*at)) {
        ground.unseen(hidden(both, server, Some(role)));
    }
}

/// A user mapping whose options aren't shown; without a role, that of PUBLIC.
fn hidden(both: &Both<'_>, server: &ForeignServer, role: Option<&Name>) -> Unseen {
    let (user, shown) = role.map_or(("PUBLIC".into(), "PUBLIC".into()), |role| (role.quoted(), role.shown()));
    let (database, name) = (both.name.shown(), server.name.shown());
    let kind = if role.is_some() { "role" } else { "public" };
    let parts = [both.name.as_str(), server.name.as_str(), kind, role.map_or("", Name::as_str)];
    let drop = format!("DROP USER MAPPING FOR {user} SERVER {}", server.name.quoted());
    let what = format!("the options of the user mapping of {shown} for server {name} in database {database}");
    let why = "the role that asks is no superuser, and the server shows it no other role's options; they may make it anybody there";
    let to_do = format!("look as a superuser; or {drop} in {database}, if nobody needs it");
    Unseen::new(UnseenKind::UserMapping, &parts, [what, why.into(), to_do])
}

/// A mapping that makes a role another one behind the server, which may be this one: everybody who can be that role, or uses a view of it, goes
/// as the other. Where it leads nobody knows; by its name it is a service's, or trusted.
fn taken_for(
    ground: &Ground<'_>,
    both: &Both<'_>,
    server: &ForeignServer,
    (role, user): (&Name, &Name),
    through: BTreeMap<usize, Vec<Hop>>,
) {
    let wall = ground.wall_of(user);
    if user == role || wall.is_none() && !ground.is_trusted(user) {
        return;
    }
    let reaching = ground.actual.who_reaches(role).into_iter().map(|at| (at, ground.actual.path_to(at, role)));
    let all: BTreeMap<usize, Vec<Hop>> = through.into_iter().chain(reaching).collect();
    for (at, mut path) in all {
        if !ground.is_bound(at) || !ground.is_beyond(at, wall) || ground.actual.reaches(at, user) {
            continue;
        }
        path.push(Hop::Mapped { server: server.name.clone(), role: user.clone() });
        let fix = vec![format!("DROP USER MAPPING IF EXISTS FOR {} SERVER {}", role.quoted(), server.name.quoted())];
        acts_there(ground, both, (server, at, ground.severity(at)), (Privileges::NONE, path, fix));
    }
}

/// Who may use a server can make a foreign table there, or a mapping; who may use a foreign table acts as the user that is mapped for
/// him there, which may be another service's login, back here. USAGE isn't asked for again then, so the mapping must go.
fn mapped(ground: &Ground<'_>, both: &Both<'_>, server: &ForeignServer) {
    let wall = ground.wall_of(&server.owner);
    let bound = |at: &usize| ground.is_bound(*at) && ground.is_beyond(*at, wall);
    for (grantee, grantor, _) in server.acl.entries() {
        let reaching = match grantee.role() {
            None => [0].into(),
            Some(role) if *role == server.owner || ground.is_trusted(role) => continue,
            Some(role) => ground.actual.who_reaches(role),
        };
        for at in reaching.into_iter().filter(bound) {
            let mut path = grantee.role().map(|role| ground.actual.path_to(at, role)).unwrap_or_default();
            let privileges = Privileges::USAGE;
            path.push(Hop::Acl { grantee: grantee.clone(), grantor: grantor.clone(), privileges });
            let on = format!("FOREIGN SERVER {}", server.name.quoted());
            let mut fix = revoke("USAGE", &on, grantee, (grantor, &server.owner));
            fix.extend(unmapped(ground, server, at));
            // without a mapping somebody must know a password
            let severity = if is_mapped(ground, server, at) { ground.severity(at) } else { Severity::Warning };
            acts_there(ground, both, (server, at, severity), (Privileges::USAGE, path, fix));
        }
    }
}

/// Whoever owns a server changes its host, and those who have a mapping there bring their names and passwords, or their rows, to another.
fn led_elsewhere(ground: &Ground<'_>, both: &Both<'_>, server: &ForeignServer) {
    let (owner, bootstrap) = (&server.owner, &ground.server().bootstrap);
    if ground.is_trusted(owner) {
        return;
    }
    let own = ground.wall_of(owner);
    for role in server.mapped.iter().flatten() {
        let Some(wall) = ground.wall_of(role).filter(|wall| Some(*wall) != own) else { continue };
        ground.find(Draft {
            code: "foreign-server",
            who: &Grantee::Role(owner.clone()),
            privileges: Privileges::NONE,
            object: Target::other("foreign server", Some(both.name), server.name.as_str()),
            claim: format!("{} decides where {} of {wall} goes", bootstrap.shown(), role.shown()),
            path: vec![Hop::Owner { role: owner.clone() }],
            fix: vec![format!("ALTER SERVER {} OWNER TO {}", server.name.quoted(), bootstrap.quoted())],
            severity: Severity::Error,
            certainty: Certainty::Certain,
        });
    }
}

/// For PUBLIC, or for the principal itself.
fn is_mapped(ground: &Ground<'_>, server: &ForeignServer, principal: usize) -> bool {
    server.mapped.iter().any(|user| user.is_none() || user.as_ref() == ground.who(principal).role())
}

fn unmapped(ground: &Ground<'_>, server: &ForeignServer, principal: usize) -> Vec<String> {
    let his = server.mapped.iter().filter(|user| user.is_none() || user.as_ref() == ground.who(principal).role());
    let user = |user: &Option<Name>| user.as_ref().map_or_else(|| "PUBLIC".into(), Name::quoted);
    his.map(|one| format!("DROP USER MAPPING IF EXISTS FOR {} SERVER {}", user(one), server.name.quoted())).collect()
}

fn acts_there(
    ground: &Ground<'_>,
    both: &Both<'_>,
    (server, at, severity): (&ForeignServer, usize, Severity),
    (privileges, path, fix): (Privileges, Vec<Hop>, Vec<String>),
) {
    let leads = if server.options.is_empty() { String::new() } else { format!(" ({})", server.options.join(" ")) };
    ground.find(Draft {
        code: "foreign-server",
        who: ground.who(at),
        privileges,
        object: Target::other("foreign server", Some(both.name), server.name.as_str()),
        claim: format!("{} acts as nobody else through {}{leads}", ground.who(at).shown(), server.name.shown()),
        path,
        fix,
        severity,
        certainty: Certainty::Conditional,
    });
}

/// A foreign table needs no USAGE on its server from who uses it, and a mapping for PUBLIC is for all who have none of their own
/// (`GetUserMapping` in src/backend/foreign/foreign.c). Who has one drops it by DROP OWNED BY himself.
fn open_to_all(ground: &Ground<'_>, both: &Both<'_>, foreign: &ForeignTable, servers: &[ForeignServer]) {
    let Some(server) = servers.iter().find(|server| server.name == foreign.server) else { return };
    if !server.mapped.contains(&None) {
        return;
    }
    let wall = ground.wall_of(&server.owner);
    for (principal, held) in both.actual.held(&foreign.table).iter() {
        let used = held.intersection(WRITES | Privileges::SELECT);
        if used.is_empty() || !ground.is_bound(*principal) || !ground.is_beyond(*principal, wall) {
            continue;
        }
        let (who, shown) = (ground.who(*principal), server.name.shown());
        ground.find(Draft {
            code: "foreign-server",
            who,
            privileges: used,
            object: Target::object(both.name, &foreign.table),
            claim: format!("{} acts as nobody else through {shown}", who.shown()),
            path: both.actual.path(*principal, Subject::Object(&foreign.table), used),
            fix: vec![format!("DROP USER MAPPING IF EXISTS FOR PUBLIC SERVER {}", server.name.quoted())],
            severity: ground.severity(*principal),
            certainty: Certainty::Conditional,
        });
    }
}
