//! One hash for everything that was read and is ours.

use std::collections::BTreeMap;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::Step;
use crate::model::{Acl, Database, Holding, Name, Object, Snapshot, State};

/// `sha256:…`; a change of the encoding changes the tag, so that old and new hashes never compare equal.
pub(super) fn of<'a>(snapshot: &Snapshot, state: &State, steps: impl Iterator<Item = &'a Step>) -> String {
    let server = &snapshot.server;
    let mut hash = Hasher { sha: Sha256::new(), acls: BTreeMap::new() };
    hash.text("pgmoat state 1");
    for text in [&server.system_identifier, server.user.as_str(), server.bootstrap.as_str()] {
        hash.text(text);
    }
    hash.number(server.version_num as usize);
    hash.number(usize::from(server.superuser));
    hash.shared(state);
    hash.number(state.databases.len());
    for (name, database) in &state.databases {
        hash.text(name.as_str());
        hash.database(database);
    }
    // sessions come and go; what hangs on a role that leaves is part of what was read
    for dependent in &snapshot.retiring.dependents {
        hash.text(&format!("{dependent:?}"));
    }
    // code that a step gives to another owner must be what somebody has read
    for code in steps.flat_map(|step| &step.code) {
        for text in [&format!("{:?}", code.object), code.owner.as_str(), &code.definition] {
            hash.text(text);
        }
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
        self.sha.update((text.len() as u32).to_le_bytes());
        self.sha.update(text.as_bytes());
    }

    fn number(&mut self, number: usize) {
        self.sha.update((number as u64).to_le_bytes());
    }

    fn optional(&mut self, name: Option<&Name>) {
        self.number(usize::from(name.is_some()));
        self.text(name.map_or("", Name::as_str));
    }

    fn acl(&mut self, acl: &Arc<Acl>) {
        let number = self.number_of(acl);
        self.write_acl(number, acl);
    }

    /// The number of an ACL's value, and whether it is new. Equal values have one number, wherever they are kept.
    fn number_of(&mut self, acl: &Arc<Acl>) -> (usize, bool) {
        let next = self.acls.len();
        let number = *self.acls.entry(Arc::clone(acl)).or_insert(next);
        (number, number == next)
    }

    fn write_acl(&mut self, (number, new): (usize, bool), acl: &Acl) {
        self.number(number);
        if new {
            self.text(&acl.to_string());
        }
    }

    fn shared(&mut self, state: &State) {
        self.number(state.roles.len());
        for (name, role) in &state.roles {
            self.text(name.as_str());
            self.text(&format!("{role:?}"));
        }
        self.number(state.memberships.len());
        for (membership, options) in &state.memberships {
            for name in [&membership.role, &membership.member, &membership.grantor] {
                self.text(name.as_str());
            }
            self.text(&format!("{options:?}"));
        }
        self.number(state.settings.len());
        for (key, value) in &state.settings {
            self.optional(key.database.as_ref());
            self.optional(key.role.as_ref());
            self.text(&key.parameter);
            self.text(value);
        }
    }

    fn database(&mut self, database: &Database) {
        self.text(&format!("{:?}", database.presence));
        self.text(database.held.owner.as_str());
        self.acl(&database.held.acl);
        self.number(database.extensions.len());
        for extension in &database.extensions {
            self.text(extension.as_str());
        }
        self.objects(&database.objects);
        // no name has a NUL, so that where there are none nothing is written
        for (thing, owner) in &database.things {
            for text in ["\0thing", &thing.kind, &thing.identity, owner.as_str()] {
                self.text(text);
            }
        }
        self.number(database.columns.len());
        for ((object, column), acl) in &database.columns {
            self.object(object);
            self.text(column.as_str());
            self.acl(acl);
        }
        self.number(database.defaults.len());
        for (key, acl) in &database.defaults {
            self.text(key.role.as_str());
            self.optional(key.schema.as_ref());
            self.text(key.future.keyword());
            self.text(&acl.to_string());
        }
    }

    /// Objects stand by schema, and mostly share owner and ACL: these are written where they change.
    fn objects(&mut self, objects: &BTreeMap<Object, Holding>) {
        self.number(objects.len());
        let mut last: Option<(&Object, &Holding, usize)> = None;
        for (object, held) in objects {
            let number = match last {
                Some((_, before, number)) if Arc::ptr_eq(&before.acl, &held.acl) => (number, false),
                _ => self.number_of(&held.acl),
            };
            let schema = last.is_none_or(|(before, ..)| before.schema != object.schema);
            let owner = last.is_none_or(|(_, before, _)| before.owner != held.owner);
            let acl = last.is_none_or(|(.., before)| before != number.0);
            let flags = [schema, owner, acl, held.follows.is_some(), !object.args.is_empty()];
            let flags = flags.iter().rev().fold(0_u8, |all, flag| all << 1 | u8::from(*flag));
            self.sha.update([flags, object.kind as u8]);
            if schema {
                self.text(object.schema.as_str());
            }
            self.text(object.name.as_str());
            if !object.args.is_empty() {
                self.text(&object.args);
            }
            if owner {
                self.text(held.owner.as_str());
            }
            if acl {
                self.write_acl(number, &held.acl);
            }
            if let Some(table) = &held.follows {
                self.object(table);
            }
            last = Some((object, held, number.0));
        }
    }

    fn object(&mut self, object: &Object) {
        self.sha.update([object.kind as u8]);
        for text in [object.schema.as_str(), object.name.as_str(), &object.args] {
            self.text(text);
        }
    }
}
