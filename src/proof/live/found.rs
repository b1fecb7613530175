//! What came of trying the claims.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::model::Name;
use crate::proof::{Target, Unseen, UnseenKind};

/// What came of it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Live {
    pub tried: usize,
    /// Each claim that was tried, and how often catalog and server agreed.
    pub claims: Vec<Agreement>,
    pub disagreements: Vec<Disagreement>,
    /// What wasn't tried, and why.
    pub untried: Vec<String>,
    pub logins: Logins,
    /// The logins that should have been tried and couldn't be, for the proof's list.
    #[serde(skip)]
    pub unseen: Vec<Unseen>,
}

/// How many there are, and how many of them could be tried in every database.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Logins {
    pub all: usize,
    pub tried: usize,
}

/// One claim.
#[derive(Debug, Clone, Serialize)]
pub struct Agreement {
    pub claim: String,
    pub tried: usize,
    pub agreed: usize,
}

/// The server lets somebody do what the catalog doesn't give, or the other way round.
#[derive(Debug, Clone, Serialize)]
pub struct Disagreement {
    pub principal: String,
    pub privilege: String,
    pub object: Target,
    pub catalog: bool,
    pub server: bool,
}

impl Live {
    /// Catalog and server say the same.
    #[must_use]
    pub fn agrees(&self) -> bool {
        self.disagreements.is_empty()
    }
}

/// What was found so far.
#[derive(Default)]
pub(super) struct Found {
    claims: BTreeMap<String, (usize, usize)>,
    disagreements: Vec<Disagreement>,
    untried: BTreeSet<String>,
    /// Each login, and whether nothing has kept it out so far.
    logins: BTreeMap<Name, bool>,
    unseen: Vec<Unseen>,
}

impl Found {
    /// Has the server answered for anybody?
    pub(super) fn is_empty(&self) -> bool {
        self.claims.is_empty()
    }

    pub(super) fn login(&mut self, login: &Name) {
        self.logins.entry(login.clone()).or_insert(true);
    }

    pub(super) fn untried(&mut self, what: String) {
        self.untried.insert(what);
    }

    /// The login itself isn't tried, or not everywhere, which is as it should be.
    pub(super) fn left_out(&mut self, login: &Name, why: &str) {
        self.logins.insert(login.clone(), false);
        self.untried(format!("{}: {why}", login.shown()));
    }

    /// The login itself should have been tried, and couldn't be, at least in this database.
    pub(super) fn kept_out(&mut self, login: &Name, database: Option<&Name>, why: &str) {
        let (who, to_do) =
            (login.shown(), "`pgmoat secrets status` shows whether its password logs in; then try again");
        let (what, at) = match database {
            Some(database) => (format!("what {who} can do in database {}", database.shown()), database.as_str()),
            None => (format!("what {who} can do"), ""),
        };
        let parts = [login.as_str(), at];
        self.unseen.push(Unseen::new(UnseenKind::Login, &parts, [what, why.to_owned(), to_do.to_owned()]));
        let place = database.map(|database| format!("in {}, ", database.shown())).unwrap_or_default();
        self.left_out(login, &format!("{place}{why}"));
    }

    pub(super) fn live(self) -> Live {
        let claims = self.claims.into_iter().map(|(claim, (tried, agreed))| Agreement { claim, tried, agreed });
        let claims: Vec<Agreement> = claims.collect();
        let tried = claims.iter().map(|claim| claim.tried).sum();
        let logins =
            Logins { all: self.logins.len(), tried: self.logins.values().filter(|everywhere| **everywhere).count() };
        let untried = self.untried.into_iter().collect();
        Live { tried, claims, disagreements: self.disagreements, untried, logins, unseen: self.unseen }
    }

    pub(super) fn compare(&mut self, claim: String, what: Disagreement) {
        let counts = self.claims.entry(claim).or_default();
        counts.0 += 1;
        if what.catalog == what.server {
            counts.1 += 1;
        } else {
            self.disagreements.push(what);
        }
    }
}
