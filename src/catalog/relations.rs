//! Tables, views and sequences, as the catalog groups them; and by oid, for the catalogs that refer to them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::CatalogError;
use super::rows::Answer;
use crate::model::{Acl, Kind, Name, Object};

/// A relation of the answer, before it is known what it hangs on.
pub(super) struct Relation {
    pub(super) object: Object,
    pub(super) owner: Name,
    pub(super) acl: Arc<Acl>,
}

/// Relations, and where each oid is found among them.
pub(super) struct Relations {
    /// In the order of their oids.
    pub(super) by_oid: Vec<(u32, Relation)>,
}

impl Relations {
    pub(super) fn read(answer: Answer) -> Result<Self, CatalogError> {
        let mut by_oid = Vec::new();
        let no_args: Arc<str> = Arc::from("");
        let mut schemas: BTreeMap<String, Name> = BTreeMap::new();
        let mut owners = schemas.clone();
        for row in answer.rows() {
            let kind = row.letter(Kind::of_letter)?;
            // thousands of relations share a schema's and an owner's name: one allocation each
            let schema = shared(&mut schemas, row.get("schema")?);
            let owner = shared(&mut owners, row.get("owner")?);
            let acl = row.acl()?;
            let (oids, names): (Vec<u32>, Vec<&str>) = (row.get("oids")?, row.get("names")?);
            by_oid.extend(oids.into_iter().zip(names).map(|(oid, name)| {
                let (schema, name, args) = (schema.clone(), Name::of_server(name), Arc::clone(&no_args));
                let object = Object { kind, schema, name, args };
                (oid, Relation { object, owner: owner.clone(), acl: Arc::clone(&acl) })
            }));
        }
        by_oid.sort_unstable_by_key(|(oid, _)| *oid);
        Ok(Self { by_oid })
    }

    pub(super) fn get(&self, oid: u32) -> Option<&Relation> {
        let at = self.by_oid.binary_search_by_key(&oid, |(oid, _)| *oid).ok()?;
        Some(&self.by_oid[at].1)
    }

    pub(super) fn object(&self, oid: u32) -> Option<&Object> {
        self.get(oid).map(|relation| &relation.object)
    }
}

pub(super) fn shared(names: &mut BTreeMap<String, Name>, text: &str) -> Name {
    if let Some(name) = names.get(text) {
        return name.clone();
    }
    let name = Name::of_server(text);
    names.insert(text.into(), name.clone());
    name
}
