//! What a plan says of passwords. It knows nothing of the store, and no statement of it has one; but who gets one is to be known before.

use super::Resolver;
use crate::layout::{Login, Service};

/// So many logins are named.
const NAMED: usize = 8;

impl Resolver<'_> {
    pub(super) fn note_passwords(&mut self) {
        let Some(secrets) = &self.layout.secrets else { return };
        let there = |role| self.snapshot.state.roles.get(role).is_some_and(|role| role.login);
        let (old, new): (Vec<_>, Vec<_>) =
            self.layout.with_secret().partition(|(_, login)| login.sessions().iter().any(there));
        let entry = |(service, login): &(&Service, &Login)| {
            format!("{} ({})", shown((service, login)), login.secret.as_deref().unwrap_or_default())
        };
        if !new.is_empty() {
            let named = list(new.iter().map(entry).collect());
            let store = secrets.store.word();
            self.notes.push(format!("`pgmoat apply` makes passwords, with entries in the store ({store}): {named}"));
        }
        let adopted: Vec<String> = old.into_iter().filter(|(_, login)| login.adopt).map(shown).collect();
        let (verb, has) = if adopted.len() == 1 { ("gets", "it has") } else { ("get", "they have") };
        if !adopted.is_empty() {
            let who = adopted.join(", ");
            self.notes.push(format!("{who} {verb} a new password if {has} no entry in the store yet (adopt = true)"));
        }
    }
}

fn shown((service, login): (&Service, &Login)) -> String {
    format!("{}.{}", service.key, login.key)
}

fn list(mut names: Vec<String>) -> String {
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    match more {
        0 => names.join(", "),
        _ => format!("{}, and {more} more", names.join(", ")),
    }
}
