//! One look at a cluster: when, where and by whom it was read, and for which layout.

use serde::{Deserialize, Serialize};

use super::{Contents, Moment, Name, Snapshot};

/// When, where and by whom a cluster was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// By the server's clock.
    pub at: Moment,
    /// As whoever asked was told to connect: `db.example.com:5432`.
    pub host: String,
    /// The server's setting `cluster_name`; empty where it has none.
    pub cluster_name: String,
    /// The role that asked.
    pub user: Name,
    pub superuser: bool,
    /// `sha256:…` of the text of the layout for which it was read; None where none was known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layout: Option<String>,
}

impl Snapshot {
    /// Writes down for which layout it was read, by the digest of its text.
    pub fn read_for(&mut self, layout: &str) {
        if let Some(look) = &mut self.look {
            look.layout = Some(layout.into());
        }
    }

    /// Returns how many user mappings there are whose options the role that asked couldn't see, in the databases that were read.
    #[must_use]
    pub fn hidden_mappings(&self) -> usize {
        let code = self.contents.values().filter_map(|contents: &Contents| contents.code.as_ref());
        let users = code.flat_map(|code| &code.servers).flat_map(|server| &server.users);
        users.filter(|user| user.is_none()).count()
    }

    /// Returns whether what acts for another was read in each of the databases that were read.
    #[must_use]
    pub fn has_code(&self) -> bool {
        self.contents.values().all(|contents| contents.code.is_some())
    }
}
