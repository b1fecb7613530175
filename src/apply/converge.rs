//! One transaction a database, all open together, verified before any is committed.

use std::collections::BTreeMap;

use futures_util::future::try_join_all;

use super::{ApplyError, Event, Options, Progress, Ready, begin_transaction, commit, prepare, verify};
use crate::db::Session;
use crate::model::Name;
use crate::plan::{Stage, Step};

/// One attempt.
pub(super) struct Converge<'a> {
    pub(super) ready: &'a Ready<'a>,
    pub(super) options: Options,
    pub(super) progress: Progress<'a>,
}

/// A database's open transaction.
pub(super) struct Transaction {
    pub(super) database: Name,
    pub(super) session: Session,
}

impl Converge<'_> {
    /// Everything or nothing, as far as the server lets several databases be one.
    pub(super) async fn once(&self) -> Result<(), ApplyError> {
        if !self.ready.has(Stage::Converge) {
            return Ok(());
        }
        (self.progress)(Event::Phase("converge"));
        let transactions = try_join_all(self.parts().into_iter().map(|(database, steps)| async move {
            let conninfo = self.ready.conninfo.with_database(database.as_str());
            let session = begin_transaction(&conninfo, self.options).await?;
            prepare::statements(&session, &steps, self.progress).await?;
            Ok::<_, ApplyError>(Transaction { database, session })
        }))
        .await?;
        (self.progress)(Event::Phase("verify"));
        verify::verify(self.ready, &transactions).await?;
        (self.progress)(Event::Phase("commit"));
        commit::all(self.ready, transactions).await
    }

    /// The steps of each database, in the plan's order, in which the maintenance database comes last.
    fn parts(&self) -> Vec<(Name, Vec<&Step>)> {
        let mut order = Vec::new();
        let mut parts: BTreeMap<&Name, Vec<&Step>> = BTreeMap::new();
        for step in self.ready.survey.plan.steps.iter().filter(|step| step.stage == Stage::Converge) {
            let part = parts.entry(&step.database).or_default();
            if part.is_empty() {
                order.push(step.database.clone());
            }
            part.push(step);
        }
        order.into_iter().map(|database| (database.clone(), parts.remove(&database).unwrap_or_default())).collect()
    }
}
