//! Why: a sentence a DBA can check against the layout.

use super::build::Context;
use crate::model::{Day, Grantee, Name};

/// Why a role gets something that belongs to a service.
pub(super) fn for_grant(context: &Context<'_>, service: Option<&str>, grantee: &Grantee) -> String {
    let Some(role) = grantee.role() else { return "the layout leaves this to PUBLIC".into() };
    let Some(home) = context.desired.homes.get(role) else {
        return if context.desired.scope.roles.contains(role) {
            "the inspector connects, and nothing else".into()
        } else {
            format!("an [[allow]] keeps it for {}", role.shown())
        };
    };
    match service {
        Some(service) if service != home.service => format!("service {} uses service {service}", home.service),
        // a database that several services share: what a login has of its own there comes by its service's `uses`
        None if home.part == "login" => format!("service {} uses another service there", home.service),
        _ if home.part == "login" => format!("the layout names {} as the writer", role.shown()),
        _ => format!("{} is the {} role of service {}", role.shown(), home.part, home.service),
    }
}

/// Why somebody loses something; `ended` is the day on which an exception did.
pub(super) fn for_revoke(
    context: &Context<'_>,
    (owner, grantor): (&Name, &Name),
    grantee: &Grantee,
    ended: Option<Day>,
) -> String {
    let unknown = grantee.role().is_some_and(|role| !context.desired.scope.roles.contains(role));
    let who = if let Some(day) = ended {
        format!("the exception for {} ended on {day}", grantee.shown())
    } else if unknown {
        format!("the layout doesn't know {}", grantee.shown())
    } else {
        format!("the layout doesn't give this to {}", grantee.shown())
    };
    if grantor == owner { who } else { format!("{who}; granted by {}", grantor.shown()) }
}
