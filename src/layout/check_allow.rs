//! Exceptions against the whole layout: whom they may name, what is there to be named, and which have ended.

use std::collections::{BTreeMap, BTreeSet};

use super::names::{Named, is_stand_in};
use super::read::Sink;
use super::service::Draft;
use super::{Allow, Allowed, AllowedRole, At, Layout, On, Problem, allow, cluster};
use crate::model::{Day, Grantee, Name, Privileges};

type Drafts = BTreeMap<String, Draft>;

/// The databases of services, and the schemas that they declare.
type Places<'d> = BTreeMap<&'d Name, BTreeSet<&'d str>>;

pub(super) fn whole(sink: &Sink<'_>, cluster: &cluster::Draft, drafts: &Drafts, allows: &[allow::Draft]) {
    if allows.is_empty() {
        return;
    }
    let known: BTreeMap<&Name, (&Named, bool)> = cluster
        .trusted
        .iter()
        .map(|named| (named, false))
        .chain(drafts.values().flat_map(|draft| &draft.roles).chain(&cluster.inspector).map(|named| (named, true)))
        .filter(|(named, _)| !is_stand_in(&named.name))
        .map(|(named, ours)| (&named.name, (named, ours)))
        .collect();
    let mut places = Places::new();
    for draft in drafts.values() {
        let schemas = places.entry(&draft.database.name).or_default();
        schemas.extend(draft.schemas.iter().map(|named| named.name.as_str()));
    }
    for draft in allows {
        role(sink, &draft.allow, &known);
        match &draft.allow.what {
            Allowed::Rights { everywhere: true, .. } | Allowed::Attributes(_) => {}
            Allowed::Rights { on, privileges, .. } => place(sink, &places, (on, *privileges), &draft.what_at),
            Allowed::MemberOf(of) => group(sink, of, (&draft.allow, &draft.what_at), &known),
        }
    }
    duplicates(sink, allows);
}

/// Who is trusted with everything needs no exception. A role of the layout may: on a running cluster it has more than its part.
fn role(sink: &Sink<'_>, allow: &Allow, known: &BTreeMap<&Name, (&Named, bool)>) {
    let found = allow.role.one().and_then(|role| known.get(role));
    let Some((named, false)) = found else { return };
    sink.push(Problem {
        code: "allow-role",
        message: format!("`{}` is {}, which keeps everything anyway", named.name.shown(), named.what),
        at: allow.at.clone(),
        label: "expected a role that isn't trusted with everything".to_owned(),
        also: Some((named.origin.at.clone(), format!("{} comes from here", named.what))),
        help: Some("leave the exception out".to_owned()),
    });
}

/// Memberships of a role of the layout, and in one, are compared.
fn group(sink: &Sink<'_>, of: &Name, (allow, at): (&Allow, &At), known: &BTreeMap<&Name, (&Named, bool)>) {
    let ours = |name: &Name| known.get(name).is_some_and(|(_, ours)| *ours);
    if ours(of) || allow.role.one().is_some_and(ours) {
        return;
    }
    let ours = known.iter().filter(|(_, (_, ours))| *ours).map(|(name, _)| name.as_str());
    let label = sink.suggest(of.as_str(), ours.collect::<Vec<_>>());
    sink.push(Problem {
        code: "unknown-role",
        message: format!("`member_of` names `{}`, which is no role of the layout", of.shown()),
        at: at.clone(),
        label,
        also: None,
        help: Some(
            "memberships of others in roles of others are never taken away, so they need no exception".to_owned(),
        ),
    });
}

fn place(sink: &Sink<'_>, places: &Places<'_>, (on, privileges): (&On, Privileges), at: &At) {
    // one that was refused is reported already
    if places.keys().next().is_some_and(|first| is_stand_in(first)) {
        return;
    }
    let Some(declared) = places.get(&on.database) else {
        let message = format!("`on` names the database `{}`, which no service has", on.database.shown());
        let label = sink.suggest(on.database.as_str(), places.keys().map(|name| name.as_str()));
        sink.report("unknown-database", at, message, label);
        return;
    };
    let Some(schema) = &on.schema else { return };
    // somebody may vouch for a routine wherever it stands: code of a declared schema calls it
    if on.object.is_some() && privileges == Privileges::EXECUTE {
        return;
    }
    // the ACL of schema public is compared, but not what it holds
    let public = on.object.is_none().then_some("public");
    if !declared.contains(schema.as_str()) && !declared.contains("") && public != Some(schema.as_str()) {
        sink.push(Problem {
            code: "unknown-schema",
            message: format!("no service declares the schema `{}` of `{}`", schema.shown(), on.database.shown()),
            at: at.clone(),
            label: sink.suggest(schema.as_str(), declared.iter().copied().chain(public)),
            also: None,
            help: Some(
                "a schema that no service declares is left as it is, and needs no exception, but for a routine that somebody vouches for: \
                 `privileges = [\"EXECUTE\"]`"
                    .to_owned(),
            ),
        });
    }
}

/// Two exceptions for one thing would contradict each other one day.
fn duplicates(sink: &Sink<'_>, allows: &[allow::Draft]) {
    let mut first: BTreeMap<(&AllowedRole, String), Vec<&allow::Draft>> = BTreeMap::new();
    for draft in allows {
        let (same, common) = match &draft.allow.what {
            Allowed::Rights { on, privileges, .. } => (format!("on {}", on.shown()), Some(*privileges)),
            Allowed::MemberOf(of) => (format!("of {}", of.shown()), None),
            Allowed::Attributes(_) => ("attributes".to_owned(), None),
        };
        let others = first.entry((&draft.allow.role, same)).or_default();
        let overlaps = |other: &&&allow::Draft| match (&other.allow.what, common) {
            (Allowed::Rights { privileges, .. }, Some(common)) => !privileges.intersection(common).is_empty(),
            _ => true,
        };
        if let Some(other) = others.iter().find(overlaps) {
            sink.push(Problem {
                code: "duplicate-allow",
                message: format!("two exceptions keep the same for {}", draft.allow.role.shown()),
                at: draft.what_at.clone(),
                label: "here again".to_owned(),
                also: Some((other.what_at.clone(), "first here".to_owned())),
                help: None,
            });
        }
        others.push(draft);
    }
}

impl Layout {
    /// The layout as it counts on a day: exceptions that end on it, or did before, keep nothing.
    #[must_use]
    pub fn on(self, today: Day) -> Self {
        Self { today: Some(today), ..self }
    }

    /// The exceptions that count, and those that have ended.
    #[must_use]
    pub fn allows_by_end(&self) -> (Vec<&Allow>, Vec<&Allow>) {
        let has_ended =
            |allow: &&Allow| matches!((allow.until, self.today), (Some(until), Some(today)) if today >= until);
        self.allows.iter().partition(|allow| !has_ended(allow))
    }

    /// The exceptions that have ended, each with its place.
    #[must_use]
    pub fn ended(&self) -> Vec<Problem> {
        let (_, ended) = self.allows_by_end();
        let problem = |allow: &Allow| {
            let (until, at) = (allow.until?, allow.until_at.clone()?);
            Some(Problem {
                code: "expired-allow",
                message: format!("the exception for {} ended on {until}", allow.said()),
                at,
                label: "it keeps nothing any more".to_owned(),
                also: None,
                help: Some("remove it, or agree on another day".to_owned()),
            })
        };
        ended.into_iter().filter_map(problem).collect()
    }
}

impl Allow {
    /// `metabase: SELECT on orders.orders.*`
    #[must_use]
    pub fn said(&self) -> String {
        let role = self.role.shown();
        match &self.what {
            Allowed::Rights { on, privileges, future, .. } => {
                let future = if *future { ", and on later objects" } else { "" };
                format!("{role}: {} on {}{future}", privileges.keywords(), on.shown())
            }
            Allowed::Attributes(attributes) => {
                let keywords: Vec<&str> = attributes.iter().map(|attribute| attribute.keyword()).collect();
                format!("{role}: {}", keywords.join(", "))
            }
            Allowed::MemberOf(of) => format!("{role}: member of {}", of.shown()),
        }
    }

    /// `(dashboards move in Q1, until 2027-03-31)`
    #[must_use]
    pub fn because(&self) -> String {
        let until = self.until.map(|until| format!(", until {until}")).unwrap_or_default();
        format!("({}{until})", self.reason)
    }
}

impl AllowedRole {
    /// The one role that it names; none for PUBLIC and a family.
    #[must_use]
    pub fn one(&self) -> Option<&Name> {
        match self {
            Self::One(who) => who.role(),
            Self::Family(_) => None,
        }
    }

    /// As it would be written in a layout; safe on a terminal.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::One(who) => who.shown(),
            Self::Family(pattern) => pattern.shown(),
        }
    }

    /// Those whom it names among the roles that there are; a single one whether it is there or not.
    #[must_use]
    pub fn among<'r>(&self, roles: impl Iterator<Item = &'r Name>) -> Vec<Grantee> {
        match self {
            Self::One(who) => vec![who.clone()],
            Self::Family(pattern) => {
                let matching = roles.filter(|role| pattern.matches(role.as_str()));
                matching.map(|role| Grantee::Role(role.clone())).collect()
            }
        }
    }
}

impl On {
    /// What `on = "*"` stands for before the databases are known.
    pub(super) fn nowhere() -> Self {
        Self { database: Name::of_server("*"), schema: None, object: None }
    }

    /// As it would be written in a layout; safe on a terminal.
    #[must_use]
    pub fn shown(&self) -> String {
        let parts = [self.schema.as_ref().map(Name::shown), self.object.as_ref().map(super::Glob::shown)];
        std::iter::once(self.database.shown()).chain(parts.into_iter().flatten()).collect::<Vec<_>>().join(".")
    }
}
