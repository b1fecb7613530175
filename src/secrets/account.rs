//! A login whose password is kept, and where its clients go.

use super::{Entry, SecretString};
use crate::model::Name;

/// A login of the layout, as far as its password is concerned.
#[derive(Debug, Clone)]
pub struct Account {
    /// The keys of the layout.
    pub service: String,
    pub login: String,
    /// The entry of the store.
    pub secret: String,
    /// The login's own role.
    pub role: Name,
    /// The two roles that take turns; empty where the role's own password changes.
    pub slots: Vec<Name>,
    pub database: Name,
    /// It exists, and gets a new password if it has no entry yet.
    pub adopt: bool,
}

impl Account {
    /// For people: `orders.app`.
    #[must_use]
    pub fn shown(&self) -> String {
        format!("{}.{}", self.service, self.login)
    }

    /// The role that logs in next, where `now` does: the other slot, the first if it is none, else the role itself.
    #[must_use]
    pub fn next(&self, now: &str) -> &Name {
        match self.slots.as_slice() {
            [] => &self.role,
            [first, others @ ..] => match others.iter().find(|slot| first.as_str() == now && slot.as_str() != now) {
                Some(other) => other,
                None => first,
            },
        }
    }

    /// The roles that log in.
    pub fn sessions(&self) -> &[Name] {
        if self.slots.is_empty() { std::slice::from_ref(&self.role) } else { &self.slots }
    }

    /// Does the role log in for this login?
    #[must_use]
    pub fn is_session(&self, role: &str) -> bool {
        self.sessions().iter().any(|one| one.as_str() == role)
    }

    /// Has it once: before the layout gave the login slots, or took them away?
    #[must_use]
    pub fn was_session(&self, role: &str) -> bool {
        let slot = |suffix| role.strip_suffix(suffix) == Some(self.role.as_str());
        self.is_session(role) || self.role.as_str() == role || slot("_a") || slot("_b")
    }
}

/// What every client of the cluster is told.
#[derive(Debug, Clone)]
pub struct Place {
    pub engine: String,
    /// A name, an address, or the folder of a socket.
    pub host: String,
    pub port: u16,
    /// libpq's word; None for a socket.
    pub sslmode: Option<String>,
}

impl Place {
    /// What the entry of a login says.
    #[must_use]
    pub fn entry(&self, account: &Account, role: &Name, password: SecretString) -> Entry {
        Entry {
            engine: self.engine.clone(),
            host: self.host.clone(),
            port: self.port,
            dbname: account.database.as_str().to_owned(),
            username: role.as_str().to_owned(),
            password,
            sslmode: self.sslmode.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_take_turns() {
        let name = |text| Name::of_server(text);
        let mut account = Account {
            service: "orders".into(),
            login: "app".into(),
            secret: "orders/app".into(),
            role: name("app"),
            slots: vec![],
            database: name("orders"),
            adopt: false,
        };
        assert_eq!(account.next("app").as_str(), "app");
        assert!(account.was_session("app_b") && !account.is_session("app_b"));
        account.slots = vec![name("app_a"), name("app_b")];
        assert_eq!(account.next("app").as_str(), "app_a");
        assert_eq!(account.next("app_a").as_str(), "app_b");
        assert_eq!(account.next("app_b").as_str(), "app_a");
        assert!(account.was_session("app") && !account.is_session("app") && !account.was_session("postgres"));
    }
}
