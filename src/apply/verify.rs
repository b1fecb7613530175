//! Success is evidence, not a command tag: inside the open transactions the catalog is read again, and planning from it
//! must give nothing; and those whom the plan was to leave alone must have what they had.

use futures_util::future::try_join_all;

use super::converge::Transaction;
use super::survey::Survey;
use super::{ApplyError, Ready};
use crate::catalog::{self, CatalogError};
use crate::db::Session;
use crate::model::{Contents, Database, Name, Snapshot, State};
use crate::plan;

/// What one transaction sees: of the shared catalogs, its own changes only.
struct View<'a> {
    database: &'a Name,
    shared: State,
    inside: Option<(Database, Contents)>,
}

pub(super) async fn verify(ready: &Ready<'_>, transactions: &[Transaction]) -> Result<(), ApplyError> {
    let managed = |database: &Name| ready.survey.desired.state.databases.contains_key(database);
    let views = try_join_all(transactions.iter().map(|transaction| async {
        let inside = managed(&transaction.database);
        look(&transaction.session, &transaction.database, inside).await
    }))
    .await?;
    let snapshot = put_together(ready, views).await?;
    let survey = Survey::of(snapshot, ready.layout)?;
    let lost = plan::lost(&survey.snapshot, &ready.survey.desired);
    if survey.plan.is_empty() && lost.is_empty() {
        return Ok(());
    }
    Err(ApplyError::NotConverged { left: survey.plan.steps.into_iter().chain(lost).collect() })
}

async fn look<'a>(session: &Session, database: &'a Name, managed: bool) -> Result<View<'a>, ApplyError> {
    let of_database = |source: CatalogError| ApplyError::Verify(source.of_database(database));
    let (_, shared, _) = catalog::read_cluster(session).await.map_err(of_database)?;
    let inside = if managed { Some(catalog::read_database(session).await.map_err(of_database)?) } else { None };
    Ok(View { database, shared, inside })
}

/// One snapshot from all views: what each transaction owns is taken from it, by the same partition by which the steps were
/// placed. What no transaction touches is as it was read before.
async fn put_together(ready: &Ready<'_>, views: Vec<View<'_>>) -> Result<Snapshot, ApplyError> {
    let desired = &ready.survey.desired;
    let alone = views.len() == 1;
    let owner = views.iter().find(|view| alone || *view.database == desired.maintenance);
    let mut state = match owner {
        Some(view) => view.shared.clone(),
        None => catalog::read_cluster(&ready.lock).await.map_err(ApplyError::Verify)?.1,
    };
    let home = |role: &Name| desired.homes.get(role).map(|home| &home.database);
    for view in views.iter().filter(|_| !alone) {
        let here = |role: &Name| home(role) == Some(view.database);
        state.memberships.retain(|m, _| !here(&m.role));
        let memberships = view.shared.memberships.iter().filter(|(m, _)| here(&m.role));
        state.memberships.extend(memberships.map(|(m, options)| (m.clone(), *options)));
        let ours = |role: &Option<Name>| role.as_ref().is_some_and(here);
        state.settings.retain(|key, _| !ours(&key.role));
        let settings = view.shared.settings.iter().filter(|(key, _)| ours(&key.role));
        state.settings.extend(settings.map(|(key, value)| (key.clone(), value.clone())));
    }
    let before = &ready.survey.snapshot;
    let mut snapshot = Snapshot { state, contents: Default::default(), ..before.clone() };
    for (name, contents) in &before.contents {
        snapshot.place(name, before.state.databases[name].clone(), contents.clone());
    }
    for view in views {
        if let Some((inside, contents)) = view.inside {
            snapshot.place(view.database, inside, contents);
        }
    }
    Ok(snapshot)
}
