//! Settings that a login may have made for itself, and that decide nothing of whom its sessions act as or what code they run.

use super::build::Context;
use crate::model::{Name, SettingKey};

/// Parameters of context `user` that steer all the same: as whom a session acts, what names and libraries it finds, which rows it sees, what its
/// new roles give it.
const STEERING: [&str; 6] = [
    "role",
    "session_authorization",
    "search_path",
    "local_preload_libraries",
    "row_security",
    "createrole_self_grant",
];

/// Whether nobody needs to agree that this setting goes, or gets the value that the layout declares: its role may set it for itself at any time,
/// it steers nothing, and the role has been the layout's before, so that it isn't what somebody had set before pgmoat came.
pub(super) fn is_harmless(key: &SettingKey, context: &Context<'_>) -> bool {
    let Some(role) = &key.role else { return false };
    let parameter = key.parameter.to_ascii_lowercase();
    let own = context.snapshot.server.user_parameters.contains(&key.parameter) || parameter.starts_with("plpgsql.");
    own && !STEERING.contains(&parameter.as_str()) && is_taken_in(role, context)
}

/// Whether a role is as the layout has it, but for its settings.
fn is_taken_in(role: &Name, context: &Context<'_>) -> bool {
    let (there, wanted) = (&context.snapshot.state, &context.desired.state);
    let member = |(of, role): (&Name, &Name)| there.memberships.keys().any(|m| m.role == *of && m.member == *role);
    let mut memberships = wanted.memberships.keys().filter(|m| m.member == *role);
    wanted.roles.contains_key(role)
        && there.roles.get(role) == wanted.roles.get(role)
        && memberships.all(|m| member((&m.role, role)))
}
