//! One hash for everything that was read and is ours.

use std::collections::BTreeMap;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::model::{Acl, Database, Server, State};

/// `sha256:…`; a change of the encoding changes the tag, so that old and new hashes never compare equal.
pub(super) fn of(server: &Server, state: &State) -> String {
    let mut hash = Hasher { sha: Sha256::new(), acls: BTreeMap::new() };
    hash.text("pgmoat state 1");
    hash.text(&server.system_identifier);
    hash.text(&server.version_num.to_string());
    hash.text(&format!("{:?}", state.roles));
    hash.text(&format!("{:?}", state.memberships));
    hash.text(&format!("{:?}", state.settings));
    for (name, database) in &state.databases {
        hash.text(name.as_str());
        hash.database(database);
    }
    let digest = hash.sha.finalize();
    let hex: Vec<String> = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{}", hex.concat())
}

struct Hasher {
    sha: Sha256,
    /// Each ACL is written out once, and then goes by its number.
    acls: BTreeMap<Arc<Acl>, usize>,
}

impl Hasher {
    /// With its length before it, so that no two sequences of texts run together.
    fn text(&mut self, text: &str) {
        self.sha.update((text.len() as u64).to_le_bytes());
        self.sha.update(text.as_bytes());
    }

    fn acl(&mut self, acl: &Arc<Acl>) {
        let next = self.acls.len();
        let number = *self.acls.entry(Arc::clone(acl)).or_insert(next);
        self.sha.update((number as u64).to_le_bytes());
        if number == next {
            self.text(&acl.to_string());
        }
    }

    fn database(&mut self, database: &Database) {
        self.text(&format!("{:?} {:?}", database.presence, database.extensions));
        self.text(database.held.owner.as_str());
        self.acl(&database.held.acl);
        let mut last: Option<(Arc<Acl>, usize)> = None;
        for (object, held) in &database.objects {
            self.text(object.kind.word());
            for text in [object.schema.as_str(), object.name.as_str(), &object.args, held.owner.as_str()] {
                self.text(text);
            }
            match &last {
                Some((acl, number)) if Arc::ptr_eq(acl, &held.acl) => self.sha.update((*number as u64).to_le_bytes()),
                _ => {
                    self.acl(&held.acl);
                    last = Some((Arc::clone(&held.acl), self.acls[&held.acl]));
                }
            }
        }
        for ((object, column), acl) in &database.columns {
            self.text(&object.sql());
            self.text(column.as_str());
            self.acl(acl);
        }
        for (key, acl) in &database.defaults {
            self.text(&format!("{key:?} {acl}"));
        }
    }
}
