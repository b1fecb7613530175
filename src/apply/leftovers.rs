//! Prepared transactions of a run that died between PREPARE and COMMIT PREPARED. The last of a run is prepared last and
//! committed last: where it is still there, all had been prepared and verified, and all are committed; where it isn't,
//! not all were prepared, and what is there is rolled back.

use std::collections::{BTreeMap, BTreeSet};

use super::{ApplyError, lock};
use crate::db::{self, Conninfo, Session};
use crate::model::{Name, literal};

/// The name of a prepared transaction: the run, its place in the order, and how many the run has.
pub(super) fn gid(run: &str, place: usize, of: usize) -> String {
    format!("pgmoat:{run}:{place}/{of}")
}

fn parse(gid: &str) -> Option<(&str, usize, usize)> {
    let (run, order) = gid.strip_prefix("pgmoat:")?.rsplit_once(':')?;
    let (place, of) = order.split_once('/')?;
    Some((run, place.parse().ok()?, of.parse().ok()?))
}

/// Whose prepared transactions are an apply's: anybody may prepare one with such a name.
pub(super) struct Ours {
    /// The roles that apply: the one that sessions act as, and the layout's provisioner.
    pub(super) roles: BTreeSet<Name>,
    /// Who applies now is a superuser, and may finish another superuser's.
    pub(super) superuser: bool,
}

impl Ours {
    /// Whether the owner is somebody who applies, and whose work may be finished now.
    fn has(&self, owner: &Name, superuser: bool) -> bool {
        self.roles.contains(owner) || self.superuser && superuser
    }
}

/// Finishes them, and says what was done, and which look like an apply's and aren't.
pub(super) async fn finish(conninfo: &Conninfo, session: &Session, ours: &Ours) -> Result<Vec<String>, ApplyError> {
    let rows = session.query(include_str!("../../sql/prepared.sql"), &[]).await.map_err(ApplyError::session)?;
    let mut runs: BTreeMap<String, Vec<(usize, usize, String, Name)>> = BTreeMap::new();
    let mut done = Vec::new();
    for row in rows {
        let (gid, database): (String, Name) = (row.get("gid"), Name::of_server(row.get("database")));
        let owner = Name::of_server(row.get("owner"));
        if !ours.has(&owner, row.get("superuser")) {
            done.push(format!(
                "left alone the prepared transaction {} of {} in database {}: no apply of ours has prepared it",
                literal(&gid),
                owner.shown(),
                database.shown()
            ));
        } else if let Some((run, place, of)) = parse(&gid) {
            runs.entry(run.into()).or_default().push((place, of, gid.clone(), database));
        }
    }
    for mut left in runs.into_values() {
        left.sort();
        let complete = left.iter().any(|(place, of, ..)| place == of);
        let verb = if complete { "COMMIT" } else { "ROLLBACK" };
        for (_, _, gid, database) in left {
            let session = db::connect(&conninfo.with_database(database.as_str())).await?;
            session.execute(&lock::mark()).await.map_err(ApplyError::session)?;
            let sql = format!("{verb} PREPARED {}", literal(&gid));
            session.execute(&sql).await.map_err(|source| ApplyError::commit(&[], &database, source))?;
            session.close().await;
            let what = if complete { "committed" } else { "rolled back" };
            done.push(format!("{what} what an earlier run had prepared in database {}", database.shown()));
        }
    }
    Ok(done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        assert_eq!(parse(&gid("ab:c", 2, 5)), Some(("ab:c", 2, 5)));
        assert_eq!(parse("pgmoat:x"), None);
        assert_eq!(parse("other:1/2"), None);
    }
}
