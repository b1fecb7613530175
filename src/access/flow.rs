//! Structure by which a right on one relation is a right on another: views with their owner's rights, rules, foreign keys that carry
//! changes over, partitions and children.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{Hop, Inside, Subject};
use crate::model::{Code, Object, Privileges, Referential};

const EACH: [Privileges; 4] = [Privileges::SELECT, Privileges::INSERT, Privileges::UPDATE, Privileges::DELETE];

/// Who may do this on one relation, can do that on another.
#[derive(Debug, Clone)]
pub struct Flow {
    pub from: Object,
    pub to: Object,
    /// What one must have on the first, and what one then has on the second.
    pub rights: Vec<(Privileges, Privileges)>,
    /// One statement does it; else code decides.
    pub certain: bool,
    pub hop: Hop,
}

/// Who has what by which flow: the number of the flow, what it gives, and whether all flows before it were certain, too.
pub type Flowed = BTreeMap<Object, BTreeMap<usize, Vec<Gain>>>;

/// What one flow gave to one principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gain {
    pub flow: usize,
    pub privileges: Privileges,
    pub certain: bool,
    /// How many gains came before it: it follows from such alone.
    order: usize,
}

impl Gain {
    /// The same, of these privileges alone.
    #[must_use]
    pub fn only(self, privileges: Privileges) -> Self {
        Self { privileges, ..self }
    }
}

/// All flows of a database, for the rights that are there.
#[must_use]
pub fn flows(inside: &Inside<'_>) -> Vec<Flow> {
    let mut flows = parents(inside);
    flows.extend(views(inside));
    if let Some(code) = &inside.contents.code {
        flows.extend(copies(inside, code));
        flows.extend(code.rules.iter().flat_map(|rule| rules(inside, rule)));
        flows.extend(code.foreign_keys.iter().filter_map(carried));
    }
    flows
}

/// A right on a parent is checked on the parent alone; a row is inserted into a partition through its parent, into a child never.
/// <https://www.postgresql.org/docs/current/ddl-inherit.html>
fn parents(inside: &Inside<'_>) -> Vec<Flow> {
    let mut flows = Vec::new();
    for (child, parents) in &inside.contents.parents {
        for parent in parents {
            let partitioned = parent.kind == crate::model::Kind::PartitionedTable;
            let passed = EACH.into_iter().chain([Privileges::TRUNCATE]);
            let rights = passed.filter(|each| partitioned || *each != Privileges::INSERT).map(|each| (each, each));
            let hop = Hop::Parent { table: parent.clone() };
            let rights = rights.collect();
            flows.push(Flow { from: parent.clone(), to: child.clone(), rights, certain: true, hop });
        }
    }
    flows
}

/// What its owner may do to the tables behind a view, whoever may use the view can.
/// <https://www.postgresql.org/docs/current/rules-privileges.html>
fn views(inside: &Inside<'_>) -> Vec<Flow> {
    let writable: BTreeMap<&Object, (Privileges, bool)> = match &inside.contents.code {
        Some(code) => code.writable_views.iter().map(|v| (&v.view, (v.privileges, v.by_rule))).collect(),
        None => BTreeMap::new(),
    };
    let mut flows = Vec::new();
    for (view, of) in inside.contents.views.iter().filter(|(_, of)| !of.invoker) {
        let Some(held) = inside.database.objects.get(view) else { continue };
        let behind = behind(inside, view);
        let (writes, by_rule) = writable.get(view).copied().unwrap_or((Privileges::NONE, true));
        for base in &behind {
            let may = inside.as_role(&held.owner, base);
            let hop = Hop::View { view: view.clone(), role: held.owner.clone() };
            let flow =
                |rights, certain| Flow { from: view.clone(), to: base.clone(), rights, certain, hop: hop.clone() };
            if may.contains(Privileges::SELECT) {
                flows.push(flow(vec![(Privileges::SELECT, Privileges::SELECT)], true));
            }
            // what an INSTEAD rule does stands among the rules
            let written = if by_rule { Privileges::NONE } else { writes.intersection(may) };
            let rights: Vec<_> = EACH.into_iter().filter(|each| written.contains(*each)).map(|e| (e, e)).collect();
            if !rights.is_empty() {
                flows.push(flow(rights, of.relations.len() == 1));
            }
        }
    }
    flows
}

/// The relations that a view reaches with its owner's rights: those behind views that run as their caller, too, since the caller
/// is then the outer view's owner.
fn behind(inside: &Inside<'_>, view: &Object) -> BTreeSet<Object> {
    let (mut found, mut open) = (BTreeSet::new(), vec![view]);
    while let Some(view) = open.pop() {
        for base in inside.contents.views.get(view).into_iter().flat_map(|of| &of.relations) {
            if found.insert(base.clone()) && inside.contents.views.get(base).is_some_and(|of| of.invoker) {
                open.push(base);
            }
        }
    }
    found
}

fn copies(inside: &Inside<'_>, code: &Code) -> Vec<Flow> {
    let mut flows = Vec::new();
    for copied in &code.copies {
        let Some(held) = inside.database.objects.get(&copied.view) else { continue };
        let readable = |base: &&Object| inside.as_role(&held.owner, base).contains(Privileges::SELECT);
        for base in copied.relations.iter().filter(readable) {
            let hop = Hop::View { view: copied.view.clone(), role: held.owner.clone() };
            let rights = vec![(Privileges::SELECT, Privileges::SELECT)];
            flows.push(Flow { from: copied.view.clone(), to: base.clone(), rights, certain: true, hop });
        }
    }
    flows
}

/// What a rule does to the relations that it names, only its text says: whatever the relation's owner may.
fn rules(inside: &Inside<'_>, rule: &crate::model::Rule) -> Vec<Flow> {
    let Some(held) = inside.database.objects.get(&rule.relation) else { return Vec::new() };
    let mut flows = Vec::new();
    for other in &rule.relations {
        let may = inside.as_role(&held.owner, other);
        let gives = EACH.into_iter().filter(|each| may.contains(*each)).fold(Privileges::NONE, Privileges::union);
        let hop = Hop::Rule { rule: rule.name.clone(), relation: rule.relation.clone(), role: held.owner.clone() };
        let rights = vec![(rule.on, gives)];
        flows.push(Flow { from: rule.relation.clone(), to: other.clone(), rights, certain: false, hop });
    }
    flows
}

/// The referencing table is changed with its own owner's rights (`RI_FKey_cascade_del` in src/backend/utils/adt/ri_triggers.c).
fn carried(key: &crate::model::ForeignKey) -> Option<Flow> {
    let mut rights = Vec::new();
    match key.on_delete {
        Referential::Cascade => rights.push((Privileges::DELETE, Privileges::DELETE)),
        Referential::Set => rights.push((Privileges::DELETE, Privileges::UPDATE)),
        Referential::Refuse => {}
    }
    if key.on_update != Referential::Refuse {
        rights.push((Privileges::UPDATE, Privileges::UPDATE));
    }
    let (constraint, table, references) = (key.name.clone(), key.table.clone(), key.references.clone());
    let (from, to) = (references.clone(), table.clone());
    let hop = Hop::ForeignKey { constraint, table, references };
    (!rights.is_empty()).then_some(Flow { from, to, rights, certain: true, hop })
}

/// Follows the flows to their ends: what each principal has by them that it hasn't by role and ACL.
#[must_use]
pub fn follow(inside: &Inside<'_>, flows: &[Flow]) -> Flowed {
    let mut by_source: BTreeMap<&Object, Vec<usize>> = BTreeMap::new();
    for (at, flow) in flows.iter().enumerate() {
        by_source.entry(&flow.from).or_default().push(at);
    }
    let (mut flowed, mut order) = (Flowed::new(), 0);
    let mut open: VecDeque<usize> = (0..flows.len()).collect();
    while let Some(at) = open.pop_front() {
        let flow = &flows[at];
        let mut changed = false;
        for (principal, has, certain) in holders(inside, &flow.from, &flowed) {
            let gives = flow.rights.iter().filter(|(need, _)| has.contains(*need));
            let gives = gives.fold(Privileges::NONE, |all, (_, given)| all | *given);
            let certain = certain && flow.certain;
            let new = gives.minus(known(inside, &flow.to, principal, &flowed, certain));
            if !new.is_empty() {
                let gains = flowed.entry(flow.to.clone()).or_default().entry(principal).or_default();
                gains.push(Gain { flow: at, privileges: new, certain, order });
                order += 1;
                changed = true;
            }
        }
        if changed {
            open.extend(by_source.get(&flow.to).into_iter().flatten());
        }
    }
    flowed
}

/// Who has what on a relation, by whatever way; what is certain apart from what isn't.
fn holders(inside: &Inside<'_>, object: &Object, flowed: &Flowed) -> Vec<(usize, Privileges, bool)> {
    let mut found: BTreeMap<(usize, bool), Privileges> = BTreeMap::new();
    let mut add = |at: usize, privileges: Privileges, certain: bool| {
        let entry = found.entry((at, certain)).or_default();
        *entry = *entry | privileges;
    };
    inside.held(object).iter().for_each(|(at, privileges)| add(*at, *privileges, true));
    inside.held_on_columns(object).into_iter().for_each(|(at, privileges)| add(at, privileges, true));
    for (at, gains) in flowed.get(object).into_iter().flatten() {
        gains.iter().for_each(|gain| add(*at, gain.privileges, gain.certain));
    }
    found.into_iter().map(|((at, certain), privileges)| (at, privileges, certain)).collect()
}

/// What a principal has already, as surely as this.
fn known(inside: &Inside<'_>, object: &Object, principal: usize, flowed: &Flowed, certain: bool) -> Privileges {
    let held = inside.held(object).get(&principal).copied().unwrap_or_default();
    let gains = flowed.get(object).and_then(|by| by.get(&principal)).into_iter().flatten();
    gains.filter(|gain| gain.certain || !certain).fold(held, |all, gain| all | gain.privileges)
}

/// The hops of a gain, from the principal on.
#[must_use]
pub fn path(inside: &Inside<'_>, flows: &[Flow], flowed: &Flowed, principal: usize, gain: Gain) -> Vec<Hop> {
    let flow = &flows[gain.flow];
    let needs = flow.rights.iter().filter(|(_, given)| !given.intersection(gain.privileges).is_empty());
    let needs = needs.fold(Privileges::NONE, |all, (need, _)| all | *need);
    let mut path = inside.path(principal, Subject::Object(&flow.from), needs);
    if path.is_empty() {
        let gains = flowed.get(&flow.from).and_then(|by| by.get(&principal)).into_iter().flatten();
        let mut earlier = gains.filter(|g| g.order < gain.order && !g.privileges.intersection(needs).is_empty());
        let earlier = earlier.next();
        path = earlier.map(|g| self::path(inside, flows, flowed, principal, *g)).unwrap_or_default();
    }
    path.push(flow.hop.clone());
    path
}
