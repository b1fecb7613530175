//! A plan's steps by service, and how many of them are shown by their number alone.

use std::collections::BTreeMap;

use super::words::sign;
use crate::model::{Name, escaped};
use crate::plan::{Action, Step};

/// Up to so many harmless steps are shown one by one.
const MANY: usize = 60;

/// Whose steps they are, in the order in which they are shown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Whose {
    Cluster,
    Database(Name),
    Service(String),
}

/// The steps of one service, in the order in which they run.
pub(super) struct Group<'a> {
    whose: Whose,
    /// The database of a service, as far as its steps name it.
    database: Option<&'a Name>,
    pub(super) steps: Vec<&'a Step>,
}

/// What a view shows under one heading.
pub(super) enum Block<'g, 'a> {
    /// One service with the steps to show, and how many more of each action there are.
    One { group: &'g Group<'a>, steps: Vec<&'a Step>, more: BTreeMap<Action, usize> },
    /// Neighbours with nothing but harmless steps, equally many of each action.
    Run { groups: &'g [Group<'a>], each: BTreeMap<Action, usize> },
}

/// The steps by service; what belongs to none by its database.
pub(super) fn groups(steps: &[Step]) -> Vec<Group<'_>> {
    let mut groups: BTreeMap<Whose, Vec<&Step>> = BTreeMap::new();
    for step in steps {
        let whose = match (&step.service, &step.object.database) {
            (Some(service), _) => Whose::Service(service.clone()),
            (None, Some(database)) => Whose::Database(database.clone()),
            (None, None) => Whose::Cluster,
        };
        groups.entry(whose).or_default().push(step);
    }
    groups.into_iter().map(|(whose, steps)| Group::new(whose, steps)).collect()
}

/// Are there more harmless steps than one wants to read?
pub(super) fn is_long(steps: &[Step]) -> bool {
    steps.iter().filter(|step| step.hazards.is_empty()).count() > MANY
}

/// All groups, or, of a long plan, its hazards and counts.
pub(super) fn blocks<'g, 'a>(groups: &'g [Group<'a>], brief: bool) -> Vec<Block<'g, 'a>> {
    if !brief {
        let whole = |group: &'g Group<'a>| Block::One { group, steps: group.steps.clone(), more: BTreeMap::new() };
        return groups.iter().map(whole).collect();
    }
    let alike = |a: &Group<'_>, b: &Group<'_>| {
        a.is_harmless() && b.is_harmless() && a.kind() == b.kind() && a.harmless() == b.harmless()
    };
    let block = |run: &'g [Group<'a>]| match run {
        [group] => {
            let steps = group.steps.iter().copied().filter(|step| !step.hazards.is_empty()).collect();
            Block::One { group, steps, more: group.harmless() }
        }
        _ => Block::Run { groups: run, each: run[0].harmless() },
    };
    groups.chunk_by(alike).map(block).collect()
}

/// `+ 5 create, 3 join, 12 grant, 4 default`
pub(super) fn counts(counts: &BTreeMap<Action, usize>) -> String {
    let sign = counts.keys().next().map_or("", |action| sign(*action));
    let counts: Vec<String> = counts.iter().map(|(action, n)| format!("{n} {}", action.word())).collect();
    format!("{sign} {}", counts.join(", "))
}

/// `s001 … s200 (200 services)`
pub(super) fn run_title(groups: &[Group<'_>]) -> String {
    let (Some(first), Some(last)) = (groups.first(), groups.last()) else { return String::new() };
    let between = if groups.len() == 2 { "," } else { " …" };
    format!("{}{between} {} ({} {})", first.name(), last.name(), groups.len(), first.kind())
}

impl<'a> Group<'a> {
    fn new(whose: Whose, steps: Vec<&'a Step>) -> Self {
        let is_service = matches!(whose, Whose::Service(_));
        let database = steps.iter().find_map(|step| step.object.database.as_ref()).filter(|_| is_service);
        Self { whose, database, steps }
    }

    /// `orders (database orders)`, `database orders`, `cluster`.
    pub(super) fn title(&self) -> String {
        match (&self.whose, self.database) {
            (Whose::Database(_), _) => format!("database {}", self.name()),
            (_, Some(database)) => format!("{} (database {})", self.name(), database.shown()),
            (_, None) => self.name(),
        }
    }

    fn name(&self) -> String {
        match &self.whose {
            Whose::Cluster => "cluster".into(),
            Whose::Database(name) => name.shown(),
            Whose::Service(key) => escaped(key),
        }
    }

    fn kind(&self) -> &'static str {
        match self.whose {
            Whose::Cluster => "clusters",
            Whose::Database(_) => "databases",
            Whose::Service(_) => "services",
        }
    }

    fn is_harmless(&self) -> bool {
        self.steps.iter().all(|step| step.hazards.is_empty())
    }

    fn harmless(&self) -> BTreeMap<Action, usize> {
        let mut counts = BTreeMap::new();
        for step in self.steps.iter().filter(|step| step.hazards.is_empty()) {
            *counts.entry(step.action).or_insert(0) += 1;
        }
        counts
    }
}
