//! GRANT by somebody who has the rights of several roles is the word of whichever the server finds first that could give it: the
//! owner, or another who holds the grant option (`select_best_grantor` in src/backend/utils/adt/acl.c). A superuser's is the
//! owner's, always; with borrowed rights it is only as the owner himself.

use std::collections::BTreeSet;

use super::build::Context;
use super::standing::Standing;
use crate::diff::Target;
use crate::model::Name;

impl Context<'_> {
    /// The same statements, with each GRANT and REVOKE by the owner of these things, where it could be another's.
    pub(super) fn as_owner(&self, targets: &[&Target], sql: Vec<String>) -> Vec<String> {
        if self.snapshot.server.superuser {
            return sql;
        }
        // of a column who holds the option on its table is found, too, and a table's undo touches its columns
        let roots: BTreeSet<Target> = targets.iter().map(|target| self.root(target)).collect();
        let things: Vec<Standing> = roots.iter().flat_map(|root| self.together(root)).collect();
        self.as_owner_of(&things, sql)
    }

    /// The same for things as they stand at that time.
    pub(super) fn as_owner_of(&self, things: &[Standing], sql: Vec<String>) -> Vec<String> {
        let Some(owner) = things.iter().find(|thing| has_options_besides(thing)).map(|thing| &thing.owner) else {
            return sql;
        };
        let alone = things.iter().all(|thing| thing.owner == *owner);
        if alone { self.as_role(owner, sql) } else { sql }
    }

    /// The same statements, with each GRANT and REVOKE by this role, unless nobody but he could have given the word.
    pub(super) fn as_role(&self, role: &Name, sql: Vec<String>) -> Vec<String> {
        let server = &self.snapshot.server;
        if server.superuser || *role == server.user || role.as_str().starts_with("pg_") {
            return sql;
        }
        wrapped(sql, &format!("SET LOCAL ROLE {}", role.quoted()), &server.set_role_back())
    }
}

fn has_options_besides(thing: &Standing) -> bool {
    thing.acl.entries().any(|(grantee, _, granted)| {
        grantee.role().is_some_and(|role| *role != thing.owner) && !granted.grantable.is_empty()
    })
}

/// Between a SET ROLE and the way back the statements are somebody else's already.
fn wrapped(sql: Vec<String>, become_owner: &str, back: &str) -> Vec<String> {
    let (mut all, mut owner, mut other) = (Vec::new(), false, false);
    for statement in sql {
        let switches = statement.starts_with("SET LOCAL ROLE ");
        let ours = !other && !switches && (statement.starts_with("GRANT ") || statement.starts_with("REVOKE "));
        if ours && !owner {
            all.push(become_owner.to_owned());
        } else if owner && !ours {
            all.push(back.to_owned());
        }
        owner = ours;
        if switches {
            other = statement != back;
        }
        all.push(statement);
    }
    if owner {
        all.push(back.to_owned());
    }
    all
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn only_our_own_statements_are_the_owners() {
        let sql = [
            "GRANT a",
            "SET LOCAL ROLE g",
            "REVOKE b",
            "SET LOCAL ROLE us",
            "REVOKE c",
            "REVOKE d",
            "ALTER e",
            "GRANT f",
        ];
        let all = wrapped(sql.map(str::to_owned).to_vec(), "SET LOCAL ROLE o", "SET LOCAL ROLE us");
        let expected = [
            "SET LOCAL ROLE o",
            "GRANT a",
            "SET LOCAL ROLE us",
            "SET LOCAL ROLE g",
            "REVOKE b",
            "SET LOCAL ROLE us",
            "SET LOCAL ROLE o",
            "REVOKE c",
            "REVOKE d",
            "SET LOCAL ROLE us",
            "ALTER e",
            "SET LOCAL ROLE o",
            "GRANT f",
            "SET LOCAL ROLE us",
        ];
        assert_eq!(all, expected);
    }
}
