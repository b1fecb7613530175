//! Where in the layout a finding or a change has its place, for whoever shows it beside the file.

use super::report::{Drift, Whose, whose_step};
use crate::layout::{At, Layout};
use crate::model::Name;
use crate::plan::Step;
use crate::proof::Finding;

/// A file of the layout, and a line of it, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place<'a> {
    pub(super) file: &'a str,
    pub(super) line: usize,
}

impl<'a> Drift<'a> {
    /// Where the service is declared whose walls it is about; the login, where it is about nobody's object.
    pub(super) fn place_of_finding(&self, finding: &'a Finding) -> Place<'a> {
        let role = if finding.object.schema.is_none() { Some(Name::of_server(&finding.principal)) } else { None };
        place(self.layout, self.whose(finding), role.as_ref())
    }

    /// Where the layout begins, for what is about the cluster.
    pub(super) fn place_of_cluster(&self) -> Place<'a> {
        place(self.layout, Whose::Cluster, None)
    }

    pub(super) fn place_of_step(&self, step: &'a Step) -> Place<'a> {
        place(self.layout, whose_step(step), None)
    }
}

fn place<'a>(layout: &'a Layout, whose: Whose<'_>, role: Option<&Name>) -> Place<'a> {
    let at = match whose {
        Whose::Service(key) => layout.services.get(key).map(|service| {
            let login = service.logins.values().find(|login| login.roles().any(|one| Some(one) == role));
            login.map_or(&service.at, |login| &login.at)
        }),
        Whose::Database(name) => layout.services.values().find(|s| s.database == *name).map(|s| &s.at),
        Whose::Cluster => None,
    };
    let start = At { file: 0, bytes: 0..0 };
    let at = at.unwrap_or(&start);
    let source = layout.sources.get(at.file);
    let before = source.and_then(|source| source.text.get(..at.bytes.start)).unwrap_or_default();
    let file = source.map_or("pgmoat.toml", |source| source.name.as_str());
    Place { file: file.strip_prefix("./").unwrap_or(file), line: before.matches('\n').count() + 1 }
}
