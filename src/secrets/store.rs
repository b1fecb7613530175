//! What a store is to us: entries of which one version is current, one may be pending, and one was before.

use std::fmt;
use std::time::SystemTime;

use super::{Entry, EntryError, FileStore};
#[cfg(feature = "aws")]
use super::{SecretsManager, Ssm};

/// Where the entries are.
#[derive(Debug)]
pub enum Store {
    File(FileStore),
    #[cfg(feature = "aws")]
    SecretsManager(SecretsManager),
    #[cfg(feature = "aws")]
    Ssm(Ssm),
}

/// Which version of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// What clients get.
    Current,
    /// What is about to become that.
    Pending,
    /// What was that before.
    Previous,
}

/// What a store tells of an entry without telling what it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// By which configuration refers to it: an ARN, a path.
    pub reference: String,
    /// The versions' names. Equal names of `current` and `pending`: nobody has seen yet that it logs in.
    pub current: Option<String>,
    pub pending: Option<String>,
    pub previous: Option<String>,
    /// Since when the current version has been there.
    pub since: Option<SystemTime>,
    /// Why we must leave it alone: somebody else rotates it, it is about to be deleted, it isn't pgmoat's.
    pub foreign: Option<String>,
}

/// "failed to …: the store …". Never says what an entry holds.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The store can't be used at all, or not now.
    #[error("the store can't be reached: {0}")]
    Unreachable(String),
    /// It answers, and says no.
    #[error("the store refused {action} of `{name}`: {reason}")]
    Refused { action: &'static str, name: String, reason: String },
    /// Somebody else was faster.
    #[error("`{name}` has changed in the meantime")]
    Changed { name: String },
    #[error("`{name}` can't be read: {source}")]
    Entry { name: String, source: EntryError },
    #[error("there is no {} version of `{name}`", stage.word())]
    NoVersion { name: String, stage: Stage },
}

impl Stage {
    /// For people.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Pending => "pending",
            Self::Previous => "previous",
        }
    }
}

impl Store {
    /// What there is of an entry, its values aside.
    ///
    /// # Errors
    /// When the store can't be asked.
    pub async fn describe(&self, name: &str) -> Result<Option<Held>, StoreError> {
        match self {
            Self::File(store) => store.describe(name),
            #[cfg(feature = "aws")]
            Self::SecretsManager(store) => store.describe(name).await,
            #[cfg(feature = "aws")]
            Self::Ssm(store) => store.describe(name).await,
        }
    }

    /// The same without any value being asked for, even where only that would tell that a pending version has none.
    ///
    /// # Errors
    /// When the store can't be asked.
    pub async fn look(&self, name: &str) -> Result<Option<Held>, StoreError> {
        match self {
            #[cfg(feature = "aws")]
            Self::SecretsManager(store) => store.look(name).await,
            other => other.describe(name).await,
        }
    }

    /// One version's value.
    ///
    /// # Errors
    /// When there is none, or it can't be read.
    pub async fn read(&self, name: &str, stage: Stage) -> Result<Entry, StoreError> {
        match self {
            Self::File(store) => store.read(name, stage),
            #[cfg(feature = "aws")]
            Self::SecretsManager(store) => store.read(name, stage).await,
            #[cfg(feature = "aws")]
            Self::Ssm(store) => store.read(name, stage).await,
        }
    }

    /// A new entry, whose first version is current and pending: nobody has seen yet that it logs in. The pending mark is
    /// there no later than the value.
    ///
    /// # Errors
    /// [`StoreError::Changed`] when there is one of this name already.
    pub async fn create(&self, name: &str, entry: &Entry) -> Result<(), StoreError> {
        match self {
            Self::File(store) => store.create(name, entry),
            #[cfg(feature = "aws")]
            Self::SecretsManager(store) => store.create(name, entry).await,
            #[cfg(feature = "aws")]
            Self::Ssm(store) => store.create(name, entry).await,
        }
    }

    /// A new version that is pending, and no client gets.
    ///
    /// # Errors
    /// [`StoreError::Changed`] when another is pending already.
    pub async fn write_pending(&self, name: &str, entry: &Entry) -> Result<(), StoreError> {
        match self {
            Self::File(store) => store.write_pending(name, entry),
            #[cfg(feature = "aws")]
            Self::SecretsManager(store) => store.write_pending(name, entry).await,
            #[cfg(feature = "aws")]
            Self::Ssm(store) => store.write_pending(name, entry).await,
        }
    }

    /// Marks the current version as pending: nobody has seen yet that it logs in.
    ///
    /// # Errors
    /// When the store refuses.
    pub async fn doubt(&self, name: &str, held: &Held) -> Result<(), StoreError> {
        match self {
            Self::File(store) => store.doubt(name, held),
            #[cfg(feature = "aws")]
            Self::SecretsManager(store) => store.doubt(name, held).await,
            #[cfg(feature = "aws")]
            Self::Ssm(store) => store.doubt(name, held).await,
        }
    }

    /// The pending version becomes what clients get, and stays pending still; what was current is previous.
    ///
    /// # Errors
    /// [`StoreError::Changed`] when current or pending aren't what `held` says any more.
    pub async fn promote(&self, name: &str, held: &Held) -> Result<(), StoreError> {
        match self {
            Self::File(store) => store.promote(name, held),
            #[cfg(feature = "aws")]
            Self::SecretsManager(store) => store.promote(name, held).await,
            #[cfg(feature = "aws")]
            Self::Ssm(store) => store.promote(name, held).await,
        }
    }

    /// Nothing is pending any more.
    ///
    /// # Errors
    /// When the store refuses.
    pub async fn settle(&self, name: &str, held: &Held) -> Result<(), StoreError> {
        match self {
            Self::File(store) => store.settle(name, held),
            #[cfg(feature = "aws")]
            Self::SecretsManager(store) => store.settle(name, held).await,
            #[cfg(feature = "aws")]
            Self::Ssm(store) => store.settle(name, held).await,
        }
    }
}

/// For people: where the entries are.
impl fmt::Display for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(store) => write!(f, "{store}"),
            #[cfg(feature = "aws")]
            Self::SecretsManager(store) => write!(f, "{store}"),
            #[cfg(feature = "aws")]
            Self::Ssm(store) => write!(f, "{store}"),
        }
    }
}
