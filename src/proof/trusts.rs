//! Which service trusts another's code, as the layout says it, and what code there is.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::ground::Ground;
use crate::model::{Name, Used};

/// One service uses tables of another, whose owner decides what code runs then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Trust {
    /// The key of the service that uses.
    pub service: String,
    /// The key of the service whose tables they are.
    pub uses: String,
    pub database: Name,
    /// The roles of the service to which the layout gives the privileges.
    pub roles: Vec<Name>,
    /// `trusts_code = true`.
    pub trusts_code: bool,
    /// What runs as these roles today: `trigger audit of orders.inbox`.
    pub code: Vec<String>,
}

/// A principal and its service.
pub(super) struct Caller<'a> {
    pub(super) at: usize,
    pub(super) consumer: &'a str,
}

/// Consumer, provider, database, and whether the layout trusts the code for the role that runs it.
pub(super) type Pair = (String, String, Name, bool);

/// What code runs, by pair.
pub(super) type Calls = BTreeMap<Pair, BTreeSet<String>>;

impl Ground<'_> {
    /// Does the layout say that the provider's code may run as the principal?
    pub(super) fn trusts_code(&self, at: usize, consumer: &str, provider: &str) -> bool {
        let own = |role: &Name| self.who(at).role() == Some(role) || self.actual.reaches(at, role);
        let uses = self.desired.uses.iter().filter(|uses| uses.consumer == consumer && uses.provider == provider);
        uses.filter(|uses| uses.trusts_code).any(|uses| uses.roles.iter().any(own))
    }

    /// Remembers that a call runs as a login, for the list of who trusts whom.
    pub(super) fn note_call(&self, caller: &Caller<'_>, (database, call): (&Name, &Used), author: &Name) {
        let Some(provider) = self.wall_of(author) else { return };
        let trusts = self.trusts_code(caller.at, caller.consumer, provider);
        let of = call.relation.shown();
        let what = match call.name.as_str() {
            "" => format!("{} {of}", call.part),
            name => format!("{} {} of {of}", call.part, Name::of_server(name).shown()),
        };
        let pair = (caller.consumer.to_owned(), provider.to_owned(), database.clone(), trusts);
        self.calls.borrow_mut().entry(pair).or_default().insert(what);
    }

    /// Returns who uses whom by the layout, and whose code runs as whom besides, in a fixed order.
    pub(super) fn list_trusts(&self) -> Vec<Trust> {
        let mut roles: BTreeMap<Pair, BTreeSet<&Name>> = BTreeMap::new();
        for uses in &self.desired.uses {
            let pair = (uses.consumer.clone(), uses.provider.clone(), uses.database.clone(), uses.trusts_code);
            roles.entry(pair).or_default().extend(&uses.roles);
        }
        let calls = self.calls.borrow();
        for pair in calls.keys() {
            roles.entry(pair.clone()).or_default();
        }
        let trust = |(pair, roles): (Pair, BTreeSet<&Name>)| {
            let code = calls.get(&pair).into_iter().flatten().cloned().collect();
            let (service, uses, database, trusts_code) = pair;
            Trust { service, uses, database, roles: roles.into_iter().cloned().collect(), trusts_code, code }
        };
        roles.into_iter().map(trust).collect()
    }
}
