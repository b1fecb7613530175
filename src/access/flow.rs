//! Structure by which a right on one relation is a right on another: views with their owner's rights, rules, foreign keys that carry
//! changes over, partitions and children.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::passing::Passing;
use super::{Hop, Inside, Subject};
use crate::model::{Code, ForeignKey, Kind, Object, Privileges, Referential};

const EACH: [Privileges; 4] = [Privileges::SELECT, Privileges::INSERT, Privileges::UPDATE, Privileges::DELETE];

/// Who may do this on one relation, can do that on another.
#[derive(Debug, Clone)]
pub struct Flow {
    pub from: Object,
    pub to: Object,
    /// What one must have on the first, and what one then has on the second.
    pub rights: Vec<(Privileges, Privileges)>,
    /// Of what one must have: what isn't enough for certain where one has it on single columns.
    pub whole: Privileges,
    /// One statement does it; else code decides.
    pub certain: bool,
    /// None: whoever has the right. Else these alone, who have besides what else it takes.
    pub only: Option<BTreeSet<usize>>,
    /// Relations on which they must have the right themselves, though they need not be able to name them.
    pub callers: BTreeSet<Object>,
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
    /// On the whole relation, not on columns that something chose.
    whole: bool,
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
    let passing = Passing::of(inside);
    let mut flows = parents(inside);
    flows.extend(views(inside, &passing));
    if let Some(code) = &inside.contents.code {
        flows.extend(copies(inside, &passing, code));
        flows.extend(code.rules.iter().flat_map(|rule| rules(inside, rule)));
        flows.extend(code.foreign_keys.iter().flat_map(|key| carried(inside, key)));
    }
    flows
}

/// A right on a parent is checked on the parent alone; a row is inserted into a partition through its parent, into a child never.
/// <https://www.postgresql.org/docs/current/ddl-inherit.html>
fn parents(inside: &Inside<'_>) -> Vec<Flow> {
    let mut flows = Vec::new();
    for (child, parents) in &inside.contents.parents {
        for parent in parents {
            let partitioned = parent.kind == Kind::PartitionedTable;
            let passed = EACH.into_iter().chain([Privileges::TRUNCATE]);
            let rights = passed.filter(|each| partitioned || *each != Privileges::INSERT).map(|each| (each, each));
            let hop = Hop::Parent { table: parent.clone() };
            let (from, to, rights) = (parent.clone(), child.clone(), rights.collect());
            // to which partition a row goes, a column decides
            let (whole, callers) = (Privileges::INSERT, BTreeSet::new());
            flows.push(Flow { from, to, rights, whole, certain: true, only: None, callers, hop });
        }
    }
    flows
}

/// What its owner may do to the tables behind a view, whoever may use the view can: all that the view reads at once, or nothing. Of a
/// view that runs as its caller, who has rights on a table but not the use of its schema: the view names the table for him.
/// <https://www.postgresql.org/docs/current/rules-privileges.html>
fn views(inside: &Inside<'_>, passing: &Passing<'_>) -> Vec<Flow> {
    let mut flows = Vec::new();
    for (view, of) in &inside.contents.views {
        let Some(held) = inside.database.objects.get(view) else { continue };
        let asked = passing.asked(view);
        // where nobody's own rights are asked, the views in between have flows of their own
        let behind = if asked.callers.is_empty() { &of.relations } else { &asked.behind };
        // who is asked for the right there
        let hop = |base: &Object| match of.invoker || asked.callers.contains(base) {
            true => Hop::Caller { view: view.clone() },
            false => Hop::View { view: view.clone(), role: held.owner.clone() },
        };
        for privilege in each(asked.passed.perhaps) {
            let written_to_one = asked.several && privilege != Privileges::SELECT;
            let certain = asked.passed.surely.contains(privilege);
            for on_columns in [false, true] {
                let callers = passing.callers(view, privilege, on_columns);
                // single columns add something only to what callers have themselves
                if on_columns && (callers.is_none() || written_to_one) {
                    continue;
                }
                for base in behind {
                    let only = if written_to_one { passing.writers(&asked, base, privilege) } else { callers.clone() };
                    let (from, to, rights) = (view.clone(), base.clone(), vec![(privilege, privilege)]);
                    // which columns lead on, only its text says
                    let whole = Privileges::INSERT | Privileges::UPDATE;
                    let certain = certain && !on_columns;
                    let (callers, hop) = (asked.callers.clone(), hop(base));
                    flows.push(Flow { from, to, rights, whole, certain, only, callers, hop });
                }
            }
        }
    }
    flows
}

pub(super) fn each(privileges: Privileges) -> impl Iterator<Item = Privileges> {
    EACH.into_iter().filter(move |each| privileges.contains(*each))
}

fn copies(inside: &Inside<'_>, passing: &Passing<'_>, code: &Code) -> Vec<Flow> {
    let mut flows = Vec::new();
    for copied in &code.copies {
        let Some(held) = inside.database.objects.get(&copied.view) else { continue };
        let asked = passing.copied(copied.relations.iter(), &held.owner);
        let passed = asked.passed;
        // where callers are asked further in, that was the owner: the flows of those views are others'
        let further = if asked.callers.is_empty() { &BTreeSet::new() } else { &asked.behind };
        let behind: BTreeSet<&Object> = copied.relations.iter().chain(further).collect();
        for base in behind.into_iter().filter(|_| passed.perhaps.contains(Privileges::SELECT)) {
            let hop = Hop::View { view: copied.view.clone(), role: held.owner.clone() };
            let rights = vec![(Privileges::SELECT, Privileges::SELECT)];
            let (from, to, certain) = (copied.view.clone(), base.clone(), passed.surely.contains(Privileges::SELECT));
            let (whole, callers) = (Privileges::NONE, BTreeSet::new());
            flows.push(Flow { from, to, rights, whole, certain, only: None, callers, hop });
        }
    }
    flows
}

/// What a rule does to the relations that it names, and to which rows, only its text says: whatever of it the relation's owner may.
fn rules(inside: &Inside<'_>, rule: &crate::model::Rule) -> Vec<Flow> {
    let Some(held) = inside.database.objects.get(&rule.relation) else { return Vec::new() };
    let mut flows = Vec::new();
    for (other, does) in rule.deeds() {
        let gives =
            each(inside.as_role(&held.owner, other).1.intersection(does)).fold(Privileges::NONE, Privileges::union);
        let hop = Hop::Rule { rule: rule.name.clone(), relation: rule.relation.clone(), role: held.owner.clone() };
        let rights = vec![(rule.on, gives)];
        let (from, to, whole) = (rule.relation.clone(), other.clone(), Privileges::NONE);
        flows.push(Flow { from, to, rights, whole, certain: false, only: None, callers: BTreeSet::new(), hop });
    }
    flows
}

/// The referencing table is changed with its own owner's rights, and a new value looked up with those of the referenced one's
/// (`RI_FKey_cascade_del`, `RI_FKey_check` in src/backend/utils/adt/ri_triggers.c).
fn carried(inside: &Inside<'_>, key: &ForeignKey) -> Vec<Flow> {
    let (table, references) = (&key.table, &key.references);
    let owner = |object: &Object| inside.database.objects.get(object).map(|held| &held.owner);
    let (Some(owner), Some(other)) = (owner(table), owner(references)) else { return Vec::new() };
    let finds = inside.role_uses(owner, &table.schema);
    let looks_up = inside.role_uses(other, &references.schema)
        && inside.as_role(other, references).0.contains(Privileges::SELECT | Privileges::UPDATE);
    let (whole, some) = inside.as_role(owner, table);
    let given = |action| match action {
        Referential::Cascade => Some(Privileges::DELETE),
        Referential::Set => Some(Privileges::UPDATE),
        Referential::Refuse => None,
    };
    let on_update = (key.on_update != Referential::Refuse).then_some(Privileges::UPDATE);
    let updates = key.on_update == Referential::Set || looks_up;
    let ways = [(Privileges::DELETE, given(key.on_delete), true), (Privileges::UPDATE, on_update, updates)];
    let ways = ways.into_iter().filter_map(|(need, given, sure)| Some((need, given?, sure)));
    let ways = ways.filter(|(_, given, _)| some.contains(*given | Privileges::SELECT));
    let flow = |(need, given, sure): (Privileges, Privileges, bool)| {
        let (constraint, table, references) = (key.name.clone(), table.clone(), references.clone());
        let (from, to) = (references.clone(), table.clone());
        let certain = sure && finds && whole.contains(given | Privileges::SELECT);
        let hop = Hop::ForeignKey { constraint, table, references };
        let (rights, whole, callers) = (vec![(need, given)], Privileges::UPDATE, BTreeSet::new());
        Flow { from, to, rights, whole, certain, only: None, callers, hop }
    };
    ways.map(flow).collect()
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
        let holders = holders(inside, &flow.from, &flowed).into_iter();
        for holder in holders.flat_map(|holder| flow.goes_to(holder, inside.public)) {
            for (need, given) in flow.rights.iter().filter(|(need, _)| holder.privileges.contains(*need)) {
                let certain = flow.certain && holder.certain && (holder.whole || !flow.whole.contains(*need));
                // a partition has the columns of the whole table; which a view or a key has, nobody knows, but that what is written
                // through a view over a view arrives
                let keeps = matches!(flow.hop, Hop::Parent { .. }) || flow.to.kind == Kind::View;
                let whole = holder.whole && keeps;
                let gain = Gain { flow: at, privileges: *given, certain, whole, order };
                let new = given.minus(known(inside, &flow.to, holder.principal, &flowed, gain));
                if !new.is_empty() {
                    let gains = flowed.entry(flow.to.clone()).or_default().entry(holder.principal).or_default();
                    gains.push(gain.only(new));
                    order += 1;
                    changed = true;
                }
            }
        }
        if changed {
            open.extend(by_source.get(&flow.to).into_iter().flatten());
        }
    }
    flowed
}

impl Flow {
    /// Whom a right leads on: who holds it, if he may; of what PUBLIC holds, all those who may.
    fn goes_to(&self, holder: Holder, public: Option<usize>) -> Vec<Holder> {
        match &self.only {
            Some(only) if !only.contains(&holder.principal) && public == Some(holder.principal) => {
                only.iter().map(|at| Holder { principal: *at, ..holder }).collect()
            }
            Some(only) if !only.contains(&holder.principal) => Vec::new(),
            _ => vec![holder],
        }
    }
}

/// Somebody who has something on a relation, by one way.
#[derive(Clone, Copy)]
struct Holder {
    principal: usize,
    privileges: Privileges,
    certain: bool,
    whole: bool,
}

/// Who has what on a relation, by whatever way.
fn holders(inside: &Inside<'_>, object: &Object, flowed: &Flowed) -> Vec<Holder> {
    let mut found: BTreeMap<(usize, bool, bool), Privileges> = BTreeMap::new();
    let mut add = |at: usize, privileges: Privileges, certain: bool, whole: bool| {
        let entry = found.entry((at, certain, whole)).or_default();
        *entry = *entry | privileges;
    };
    inside.held(object).iter().for_each(|(at, privileges)| add(*at, *privileges, true, true));
    inside.held_on_columns(object).into_iter().for_each(|(at, privileges)| add(at, privileges, true, false));
    for (at, gains) in flowed.get(object).into_iter().flatten() {
        gains.iter().for_each(|gain| add(*at, gain.privileges, gain.certain, gain.whole));
    }
    let holder = |((principal, certain, whole), privileges)| Holder { principal, privileges, certain, whole };
    found.into_iter().map(holder).collect()
}

/// What a principal has already, as surely as by this gain, and as wholly.
fn known(inside: &Inside<'_>, object: &Object, principal: usize, flowed: &Flowed, than: Gain) -> Privileges {
    let held = inside.held(object).get(&principal).copied().unwrap_or_default();
    let gains = flowed.get(object).and_then(|by| by.get(&principal)).into_iter().flatten();
    let as_good = |gain: &&Gain| (gain.certain || !than.certain) && (gain.whole || !than.whole);
    gains.filter(as_good).fold(held, |all, gain| all | gain.privileges)
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
