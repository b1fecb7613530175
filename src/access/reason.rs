//! Why somebody has a right: an ACL's entry, ownership, a predefined role.

use std::collections::{BTreeMap, BTreeSet};

use super::reach::is_database_owner;
use super::standing::Roles;
use super::{Hop, Inside};
use crate::model::{Acl, Grantee, Holding, Kind, Name, Object, Privileges};

const WRITE: Privileges = Privileges::INSERT.union(Privileges::UPDATE).union(Privileges::DELETE);

/// One reason for a right: who has it, and what shows it.
#[derive(Debug, Clone)]
pub(super) struct Reason {
    pub(super) who: Grantee,
    pub(super) privileges: Privileges,
    /// What they may pass on.
    pub(super) grantable: Privileges,
    pub(super) hop: Hop,
}

impl Reason {
    pub(super) fn is_database_owner(&self) -> bool {
        is_owner(&self.who)
    }
}

pub(super) fn is_owner(who: &Grantee) -> bool {
    who.role().is_some_and(is_database_owner)
}

/// All reasons for rights on something, to be found by role.
#[derive(Debug, Default)]
pub(super) struct Listed {
    all: Vec<Reason>,
    by_role: BTreeMap<u32, Vec<usize>>,
    /// What is of no role of the cluster: PUBLIC's, the database owner's.
    others: Vec<usize>,
}

impl Listed {
    pub(super) fn of(all: Vec<Reason>, roles: &Roles) -> Self {
        let mut listed = Self::default();
        for (at, reason) in all.iter().enumerate() {
            match reason.who.role().filter(|role| !is_database_owner(role)).and_then(|role| roles.id(role)) {
                Some(role) => listed.by_role.entry(role).or_default().push(at),
                None => listed.others.push(at),
            }
        }
        Self { all, ..listed }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    pub(super) fn all(&self) -> &[Reason] {
        &self.all
    }

    /// Those that one who reaches these roles can have, in their order.
    pub(super) fn of_roles(&self, reached: &BTreeSet<u32>) -> Vec<&Reason> {
        let mut found = self.others.clone();
        if reached.len() < self.by_role.len() {
            found.extend(reached.iter().filter_map(|role| self.by_role.get(role)).flatten());
        } else {
            found.extend(self.by_role.iter().filter(|(role, _)| reached.contains(role)).flat_map(|(_, all)| all));
        }
        found.sort_unstable();
        found.into_iter().map(|at| &self.all[at]).collect()
    }
}

impl Inside<'_> {
    /// Who has what on something, as its ACL, its owner and the predefined roles say.
    pub(super) fn reasons(&self, kind: Kind, held: &Holding) -> Vec<Reason> {
        let all = kind.privileges(self.reach.server_version_num);
        let owner = Reason {
            who: Grantee::Role(held.owner.clone()),
            privileges: all,
            grantable: all,
            hop: Hop::Owner { role: held.owner.clone() },
        };
        let mut reasons = acl_reasons(&held.acl);
        reasons.insert(0, owner);
        reasons.extend(predefined(kind));
        reasons.iter_mut().for_each(|reason| reason.privileges = reason.privileges.intersection(all));
        reasons
    }

    pub(super) fn column_reasons(&self, object: &Object) -> impl Iterator<Item = Reason> {
        self.database.columns_of(object).flat_map(|((_, column), acl)| {
            acl_reasons(acl).into_iter().map(|reason| match reason.hop {
                Hop::Acl { grantee, grantor, privileges } => {
                    Reason { hop: Hop::Column { column: column.clone(), grantee, grantor, privileges }, ..reason }
                }
                _ => reason,
            })
        })
    }
}

fn acl_reasons(acl: &Acl) -> Vec<Reason> {
    let reason = |(grantee, grantor, granted): (&Grantee, &Name, crate::model::Granted)| Reason {
        who: grantee.clone(),
        privileges: granted.privileges,
        grantable: granted.grantable,
        hop: Hop::Acl { grantee: grantee.clone(), grantor: grantor.clone(), privileges: granted.privileges },
    };
    acl.entries().map(reason).collect()
}

/// <https://www.postgresql.org/docs/current/predefined-roles.html>
fn predefined(kind: Kind) -> Vec<Reason> {
    let (read, write) = match kind {
        Kind::Schema => (Privileges::USAGE, Privileges::USAGE),
        // a sequence is a relation too (pg_class_aclmask_ext in src/backend/catalog/aclchk.c)
        _ if kind.is_relation() || kind == Kind::Sequence => (Privileges::SELECT, WRITE),
        _ => return Vec::new(),
    };
    let roles = [("pg_read_all_data", read), ("pg_write_all_data", write), ("pg_maintain", Privileges::MAINTAIN)];
    let reason = |(role, privileges): (&str, Privileges)| {
        let role = Name::of_server(role);
        let (who, grantable) = (Grantee::Role(role.clone()), Privileges::NONE);
        Reason { who, privileges, grantable, hop: Hop::Predefined { role } }
    };
    roles.into_iter().map(reason).collect()
}
