//! The way back of what was dropped, as far as there is one.

use std::collections::BTreeMap;

use super::build::Context;
use super::sql;
use crate::model::{Membership, MembershipOptions, Name, Role};

/// Neither that it was dropped nor that it was closed before.
pub(super) fn database(database: &Name) -> String {
    format!("-- cannot be undone: only a backup brings database {} back", database.shown())
}

/// The roles with their settings and the memberships that DROP ROLE took silently.
pub(super) fn roles(context: &Context<'_>, roles: &BTreeMap<Name, Role>) -> Vec<String> {
    let create = |(name, role): (&Name, &Role)| {
        let attributes = sql::attributes(&Role::PLAIN, &Role { login: false, ..*role });
        let space = if attributes.is_empty() { "" } else { " " };
        format!("CREATE ROLE {} NOLOGIN{space}{attributes}", name.quoted())
    };
    let mut statements = vec!["-- cannot be undone: passwords, their VALID UNTIL, and comments are gone".into()];
    statements.extend(roles.iter().map(create));
    statements.extend(settings(context, roles));
    statements.extend(memberships(context, roles));
    statements
}

/// Not those in a database that is gone.
fn settings(context: &Context<'_>, roles: &BTreeMap<Name, Role>) -> Vec<String> {
    let dropped = &context.desired.retire.databases;
    let settings = context.snapshot.state.settings.iter();
    let theirs = settings.filter(|(key, _)| key.role.as_ref().is_some_and(|role| roles.contains_key(role)));
    let there = theirs.filter(|(key, _)| key.database.as_ref().is_none_or(|name| !dropped.contains_key(name)));
    there.map(|(key, value)| sql::setting(key, Some(value))).collect()
}

/// GRANTED BY takes the rights of the grantor (`check_role_grantor` in src/backend/commands/user.c), and none are borrowed here.
fn may_grant_as(context: &Context<'_>, grantor: &Name) -> bool {
    context.snapshot.server.superuser || context.authority().has_rights_of(grantor)
}

/// Those that no other step took. From 16 on each after the one that lets its grantor grant; where that is given back by
/// another step, so is what hangs on it.
fn memberships(context: &Context<'_>, roles: &BTreeMap<Name, Role>) -> Vec<String> {
    let (server, has_options) = (&context.snapshot.server, context.has_options());
    let of_dropped = |m: &Membership| roles.contains_key(&m.role) || roles.contains_key(&m.member);
    let all = context.snapshot.state.memberships.iter();
    let mut open: Vec<(&Membership, &MembershipOptions)> =
        all.filter(|(m, _)| of_dropped(m) && !context.has_own_step(m)).collect();
    // CREATE ROLE gives it to whoever is no superuser, in the name of the bootstrap superuser
    let by_create = |m: &Membership| !server.superuser && m.member == server.user && m.grantor == server.bootstrap;
    let mut placed: Vec<(&Membership, &MembershipOptions)> = Vec::new();
    let mut statements = Vec::new();
    loop {
        let may = |m: &Membership| {
            let admin = |(p, options): &(&Membership, &MembershipOptions)| {
                options.admin && p.role == m.role && p.member == m.grantor
            };
            !has_options || m.grantor == server.bootstrap || placed.iter().any(admin)
        };
        let Some(next) = open.iter().position(|(m, _)| may(m)) else { return statements };
        let (membership, options) = open.remove(next);
        if has_options && !may_grant_as(context, &membership.grantor) && !by_create(membership) {
            let (role, member, by) = (membership.role.shown(), membership.member.shown(), membership.grantor.shown());
            let what = format!("that {member} is a member of {role} was {by}'s word, and is ours now");
            statements.push(format!("-- cannot be undone exactly: {what}"));
            statements.push(sql::join(membership, *options, true));
        } else if !(has_options && by_create(membership)) {
            statements.push(sql::join_again(membership, *options, has_options));
        }
        placed.push((membership, options));
    }
}
