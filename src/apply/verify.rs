//! Success is evidence, not a command tag: inside the open transactions the catalog is read again, and planning from it
//! must give nothing; and those whom the plan was to leave alone must have what they had.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::try_join_all;

use super::converge::Transaction;
use super::left_open::leaves_open;
use super::survey::Survey;
use super::{ApplyError, Ready};
use crate::catalog::{self, CatalogError, Depth};
use crate::db::Session;
use crate::model::{Contents, Database, Dependent, Desired, Name, Snapshot, State};
use crate::plan::{self, Action, Hazard, Stage, Step};
use crate::proof::{Finding, Severity, prove, worse};

/// What one transaction sees: of the shared catalogs, its own changes only.
struct View<'a> {
    database: &'a Name,
    shared: State,
    inside: Option<(Database, Contents)>,
    /// What hangs on the roles that leave.
    dependents: BTreeSet<Dependent>,
}

pub(super) async fn verify(ready: &Ready<'_>, transactions: &[Transaction]) -> Result<(), ApplyError> {
    let managed = |database: &Name| ready.survey.desired.state.databases.contains_key(database);
    let depth = Depth::Code(ready.survey.snapshot.server.version_num);
    let views = try_join_all(transactions.iter().map(|transaction| async {
        let database = &transaction.database;
        let shared = transactions.len() == 1 || *database == ready.survey.desired.maintenance;
        let dependents = dependents(ready, transaction, shared).await?;
        look(&transaction.session, database, managed(database).then_some(depth))
            .await
            .map(|view| View { dependents, ..view })
    }))
    .await?;
    unchanged(ready, transactions).await?;
    returned(ready, &views)?;
    let snapshot = put_together(ready, views).await?;
    let Survey { snapshot, desired, plan: next } = Survey::of(snapshot, ready.layout)?;
    let before = match ready.survey.plan.out_of_reach.is_empty() {
        true => BTreeSet::new(),
        false => plan::out_of_reach(&ready.survey.snapshot, &ready.survey.desired),
    };
    // what is dropped is dropped later, when all of this is committed
    let later = |step: &Step| step.stage == Stage::Retire;
    let out_of_reach = next.out_of_reach.into_iter().map(|beyond| beyond.step);
    let mut left: Vec<Step> = next.steps.into_iter().chain(out_of_reach).filter(|step| !later(step)).collect();
    // what was out of reach may be within it by now, and is the next run's
    if !left.is_empty() && plan::left(&snapshot, &desired).is_subset(&before) {
        left.clear();
    }
    left.extend(plan::lost(&snapshot, &ready.survey.desired, &before));
    if !left.is_empty() {
        return Err(ApplyError::NotConverged { left });
    }
    claims(&ready.survey, (&snapshot, &desired))
}

/// Every claim must hold, but for those that didn't before and that the plan doesn't make worse. What stays open because closing it is
/// out of reach, the plan has said, and somebody agreed to go on.
fn claims(before: &Survey, (snapshot, desired): (&Snapshot, &Desired)) -> Result<(), ApplyError> {
    let beyond = match before.plan.out_of_reach.is_empty() {
        true => Vec::new(),
        false => plan::changes_out_of_reach(&before.snapshot, &before.desired),
    };
    let survey = before;
    let before = prove(&before.snapshot, &before.desired).map_err(ApplyError::Unproven)?;
    let after = prove(snapshot, desired).map_err(ApplyError::Unproven)?;
    let mut broken = worse(&before, &after);
    // somebody who couldn't log in before comes to code that was there
    let was_login = |role: &Name| survey.snapshot.state.roles.get(role).is_some_and(|role| role.login);
    let comes = |role: &Name| snapshot.state.roles[role].login && !was_login(role);
    if desired.scope.roles.iter().any(|role| snapshot.state.roles.contains_key(role) && comes(role)) {
        let here = |finding: &Finding| {
            finding.object.database.as_ref().is_some_and(|name| desired.scope.databases.contains_key(name))
        };
        let on_path =
            |finding: &&Finding| finding.code == "code-on-path" && finding.severity == Severity::Error && here(finding);
        let new = |finding: &&Finding| !broken.iter().any(|known| known.id == finding.id);
        let more: Vec<Finding> = after.findings.iter().filter(on_path).filter(new).cloned().collect();
        broken.extend(more);
    }
    broken.retain(|finding| !beyond.iter().any(|change| leaves_open(change, finding)));
    if broken.is_empty() { Ok(()) } else { Err(ApplyError::Broken { broken }) }
}

/// Code that changes hands must be what the plan shows: its old owner could replace it until the steps locked it.
async fn unchanged(ready: &Ready<'_>, transactions: &[Transaction]) -> Result<(), ApplyError> {
    let survey = &ready.survey;
    if !survey.plan.hazards().contains(&Hazard::MovesOwner) {
        return Ok(());
    }
    let mut changes = Vec::new();
    let shown = plan::definitions(&survey.snapshot, &survey.desired);
    for transaction in transactions {
        let Some(shown) = shown.get(&transaction.database) else { continue };
        let identities = shown.keys().cloned().collect();
        let found = catalog::read_definitions(&transaction.session, &identities).await;
        let found = found.map_err(|source| ApplyError::Verify(source.of_database(&transaction.database)))?;
        let found: BTreeMap<_, _> = found.into_iter().map(|code| (code.identity, code.definition)).collect();
        let other = shown.iter().filter(|(identity, definition)| found.get(*identity) != definition.as_ref());
        changes.extend(other.map(|(identity, _)| {
            format!("{}: the code of {} isn't what the plan shows", transaction.database.shown(), identity.shown())
        }));
    }
    if changes.is_empty() { Ok(()) } else { Err(ApplyError::Stale { changes }) }
}

/// No transaction leaves a membership of ours that wasn't there; but those by which the server makes the maker of a role its admin.
fn returned(ready: &Ready<'_>, views: &[View<'_>]) -> Result<(), ApplyError> {
    let (server, before) = (&ready.survey.snapshot.server, &ready.survey.snapshot.state.memberships);
    if server.superuser {
        return Ok(());
    }
    let ours = views.iter().flat_map(|view| &view.shared.memberships).filter(|(m, _)| m.member == server.user);
    for (membership, options) in ours {
        let made = ready.survey.desired.scope.is_implicit(membership, *options);
        if !made && before.get(membership) != Some(options) {
            return Err(ApplyError::NotReturned(membership.role.shown()));
        }
    }
    Ok(())
}

async fn dependents(
    ready: &Ready<'_>,
    transaction: &Transaction,
    shared: bool,
) -> Result<BTreeSet<Dependent>, ApplyError> {
    let (database, retire) = (&transaction.database, &ready.survey.desired.retire);
    if retire.roles.is_empty() {
        return Ok(BTreeSet::new());
    }
    let roles = retire.roles.keys().cloned().collect();
    let found = catalog::read_dependents(&transaction.session, database, &roles, shared).await;
    found.map_err(|source| ApplyError::Verify(source.of_database(database)))
}

async fn look<'a>(session: &Session, database: &'a Name, depth: Option<Depth>) -> Result<View<'a>, ApplyError> {
    let of_database = |source: CatalogError| ApplyError::Verify(source.of_database(database));
    let (_, shared, _) = catalog::read_cluster(session).await.map_err(of_database)?;
    let inside = match depth {
        Some(depth) => Some(catalog::read_database(session, depth).await.map_err(of_database)?),
        None => None,
    };
    Ok(View { database, shared, inside, dependents: BTreeSet::new() })
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
    // where its owner changes by borrowed rights, a database's own transaction does all that is done to it
    let step_of = |step: &&Step, name: &Name| {
        step.action == Action::Own && step.object.name == name.as_str() && step.object.kind == "database"
    };
    for view in views.iter().filter(|_| !alone) {
        let moved =
            ready.survey.plan.steps.iter().any(|step| step.database == *view.database && step_of(&step, view.database));
        if let Some(held) = view.shared.databases.get(view.database).filter(|_| moved) {
            state.databases.insert(view.database.clone(), held.clone());
        }
    }
    let before = &ready.survey.snapshot;
    let mut snapshot = Snapshot { state, contents: Default::default(), ..before.clone() };
    for (name, contents) in &before.contents {
        snapshot.place(name, before.state.databases[name].clone(), contents.clone());
    }
    for view in views {
        let shared = alone || *view.database == desired.maintenance;
        let seen = |of: &Option<Name>| of.as_ref().map_or(shared, |database| database == view.database);
        snapshot.retiring.dependents.retain(|dependent| !seen(&dependent.database));
        snapshot.retiring.dependents.extend(view.dependents);
        if let Some((inside, contents)) = view.inside {
            snapshot.place(view.database, inside, contents);
        }
    }
    Ok(snapshot)
}
