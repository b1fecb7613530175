//! No login can be another service's role, a superuser, or change roles.

use std::collections::BTreeSet;

use super::finding::{Certainty, Draft, Severity, Target};
use super::ground::Ground;
use crate::access::{Hop, How};
use crate::model::{Grantee, Name, Privileges, Role};

/// Predefined roles that open everything, or the server's own machine; the others only let their members look at more, or wait less.
/// <https://www.postgresql.org/docs/current/predefined-roles.html>
const OPENING: [&str; 7] = [
    "pg_read_all_data",
    "pg_write_all_data",
    "pg_maintain",
    "pg_execute_server_program",
    "pg_read_server_files",
    "pg_write_server_files",
    "pg_create_subscription",
];

/// By which one sees what others run, or ends their sessions: another service is no business of a service's login, and is a monitor's.
const LOOKING: [&str; 3] = ["pg_monitor", "pg_read_all_stats", "pg_signal_backend"];

pub(super) fn claims(ground: &Ground<'_>) {
    for principal in 0..ground.actual.principals().len() {
        if ground.honoured.contains(&principal) || *ground.who(principal) == Grantee::Public {
            continue;
        }
        // to be no superuser, no other service's role, and to have no attribute beside LOGIN
        ground.checked(3);
        if let Some((role, attribute)) = ground.actual.everything(principal).map(|(r, a)| (r.clone(), a)) {
            everything(ground, principal, &role, attribute);
            continue;
        }
        logs_in(ground, principal);
        roles(ground, principal);
        admins(ground, principal);
        attributes(ground, principal);
    }
}

fn everything(ground: &Ground<'_>, principal: usize, role: &Name, attribute: &'static str) {
    let (who, mut path) = (ground.who(principal).clone(), ground.actual.path_to(principal, role));
    let fix = ground.unmeant_membership(principal, &path);
    let fix = fix.unwrap_or_else(|| vec![format!("ALTER ROLE {} NO{attribute}", role.quoted())]);
    path.push(Hop::Attribute { role: role.clone(), attribute });
    let superuser = attribute == "SUPERUSER";
    let claim = match superuser {
        true => format!("{} is no superuser, and can't become one", who.shown()),
        false => format!("{} can't change roles", who.shown()),
    };
    let (code, severity) = (if superuser { "superuser" } else { "changes-roles" }, ground.severity(principal));
    let (object, certainty, privileges) = (Target::role(role), Certainty::Certain, Privileges::NONE);
    ground.find(Draft { code, who: &who, privileges, object, claim, path, fix, severity, certainty });
}

/// A group of a service that somebody made a login: nobody is to be it but its members.
fn logs_in(ground: &Ground<'_>, principal: usize) {
    let Some(role) = ground.who(principal).role() else { return };
    let login = |role: &Role| role.login;
    // a login that gets slots is a group from then on, and no hole until then
    let group = ground.desired.homes.get(role).is_some_and(|home| home.part != "login");
    let meant = ground.wanted.roles.get(role).is_none_or(login);
    if !group || meant || !ground.snapshot.state.roles.get(role).is_some_and(login) {
        return;
    }
    ground.find(Draft {
        code: "group-login",
        who: ground.who(principal),
        privileges: Privileges::NONE,
        object: Target::role(role),
        claim: format!("nobody logs in as {}", role.shown()),
        path: vec![Hop::Attribute { role: role.clone(), attribute: "LOGIN" }],
        fix: vec![format!("ALTER ROLE {} NOLOGIN", role.quoted())],
        severity: Severity::Error,
        certainty: Certainty::Certain,
    });
}

/// By which a cloud lets a role log in, and which gives nothing else.
const LOGS_IN: [&str; 5] = ["rds_iam", "rds_ad", "cloudsqliamuser", "cloudsqliamserviceaccount", "cloudsqliamgroup"];

/// Every role that it reaches and the layout doesn't let it.
fn roles(ground: &Ground<'_>, principal: usize) {
    let reached: BTreeSet<Name> = ground.actual.roles_of(principal).into_iter().cloned().collect();
    for role in reached {
        let itself = ground.who(principal).role() == Some(&role);
        if itself || ground.expected.reaches(principal, &role) || role.as_str() == "pg_database_owner" {
            continue;
        }
        if !matters(ground, &role) {
            continue;
        }
        let path = ground.actual.path_to(principal, &role);
        let Some((code, severity)) = code_of(ground, principal, &role, &path) else { continue };
        if ground.is_declared(&role) {
            ground.foreign.borrow_mut().insert((principal, role.clone()));
        }
        let who = ground.who(principal).clone();
        let claim = match code {
            "changes-roles" => format!("{} can't make itself a member of {}", who.shown(), role.shown()),
            "predefined-role" => predefined(&who, &role),
            _ => format!("{} can't act as {}", who.shown(), role.shown()),
        };
        let fix = ground.unmeant_membership(principal, &path).unwrap_or_default();
        let (object, certainty, privileges) = (Target::role(&role), Certainty::Certain, Privileges::NONE);
        ground.find(Draft { code, who: &who, privileges, object, claim, path, fix, severity, certainty });
    }
}

fn predefined(who: &Grantee, role: &Name) -> String {
    match role.as_str() {
        "pg_monitor" | "pg_read_all_stats" => format!("{} doesn't see what others run", who.shown()),
        "pg_signal_backend" => format!("{} can't end others' sessions", who.shown()),
        _ => format!("{} is no member of {}", who.shown(), role.shown()),
    }
}

/// Who has ADMIN OPTION on a role lets in whom he likes, and gives away what is granted to it, though he is its member anyway.
fn admins(ground: &Ground<'_>, principal: usize) {
    let meant = ground.expected.administered(principal);
    let administered = ground.actual.administered(principal).into_iter();
    let extra = administered.filter(|role| ground.is_declared(role) && !meant.contains(role));
    for role in extra.filter(|role| ground.expected.reaches(principal, role)) {
        let who = ground.who(principal);
        let path = ground.actual.path_to_admin(principal, role);
        ground.find(Draft {
            code: "changes-roles",
            who,
            privileges: Privileges::NONE,
            object: Target::role(role),
            claim: format!("{} can't let others into {}", who.shown(), role.shown()),
            fix: unadmin(ground, principal, &path),
            path,
            severity: ground.severity(principal),
            certainty: Certainty::Certain,
        });
    }
}

/// Takes the option of the last membership on the path, which itself stays.
fn unadmin(ground: &Ground<'_>, principal: usize, path: &[Hop]) -> Vec<String> {
    let [before @ .., Hop::Member { role, grantor, .. }] = path else { return Vec::new() };
    let member = match before.last() {
        Some(Hop::Member { role, .. }) => Some(role),
        _ => ground.who(principal).role(),
    };
    let by = match ground.server().has_membership_options() {
        true => format!(" GRANTED BY {}", grantor.quoted()),
        false => String::new(),
    };
    let option = |member: &Name| format!("REVOKE ADMIN OPTION FOR {} FROM {}{by}", role.quoted(), member.quoted());
    member.map(option).into_iter().collect()
}

/// Strangers lead on, and are nothing by themselves.
fn matters(ground: &Ground<'_>, role: &Name) -> bool {
    ground.is_declared(role) || ground.is_trusted(role) || role.as_str().starts_with("pg_")
}

fn code_of(ground: &Ground<'_>, principal: usize, role: &Name, path: &[Hop]) -> Option<(&'static str, Severity)> {
    let severity = ground.severity(principal);
    if ground.is_declared(role) {
        let grants = path.iter().any(|hop| matches!(hop, Hop::Member { how: How::Admin, .. }));
        return Some((if grants { "changes-roles" } else { "foreign-role" }, severity));
    }
    if role.as_str().starts_with("pg_") {
        let of_service = || ground.wall(principal).is_some();
        let opens = OPENING.contains(&role.as_str()) || LOOKING.contains(&role.as_str()) && of_service();
        return Some(("predefined-role", if opens { severity } else { Severity::Warning }));
    }
    let admin = ground.is_trusted(role) && !LOGS_IN.contains(&role.as_str());
    admin.then_some(("admin-role", severity))
}

/// Attributes aren't inherited, but who may become a role has them.
fn attributes(ground: &Ground<'_>, principal: usize) {
    let mut found = Vec::new();
    for (role, attributes) in ground.actual.attributes(principal) {
        if ground.is_trusted(role) {
            continue;
        }
        // an exception is for the role itself, not for who can become it
        let kept = ground.desired.attributes.get(role).filter(|_| ground.who(principal).role() == Some(role));
        let stays = |word: &str| kept.is_some_and(|kept| kept.iter().any(|attribute| attribute.keyword() == word));
        let broken = held(attributes).filter(|(_, word, _)| !stays(word));
        found.extend(broken.map(|(code, word, severity)| (role.clone(), code, word, severity)));
    }
    for (role, code, attribute, severity) in found {
        let (who, mut path) = (ground.who(principal).clone(), ground.actual.path_to(principal, &role));
        let fix = ground.unmeant_membership(principal, &path);
        let fix = fix.unwrap_or_else(|| vec![format!("ALTER ROLE {} NO{attribute}", role.quoted())]);
        path.push(Hop::Attribute { role: role.clone(), attribute });
        let severity = severity.max(ground.severity(principal));
        let claim = format!("{} has no {attribute}", who.shown());
        let (object, certainty, privileges) = (Target::role(&role), Certainty::Certain, Privileges::NONE);
        ground.find(Draft { code, who: &who, privileges, object, claim, path, fix, severity, certainty });
    }
}

fn held(role: &Role) -> impl Iterator<Item = (&'static str, &'static str, Severity)> {
    let all = [
        (role.replication, ("replication", "REPLICATION", Severity::Error)),
        (role.bypass_rls, ("bypass-rls", "BYPASSRLS", Severity::Error)),
        // from 16 on it may make roles, and change those that it made; before, everything
        (role.create_role, ("changes-roles", "CREATEROLE", Severity::Error)),
        (role.create_db, ("creates-databases", "CREATEDB", Severity::Warning)),
    ];
    all.into_iter().filter(|(has, _)| *has).map(|(_, attribute)| attribute)
}
