//! Structure by which a right on one relation is a right on another: views with their owner's rights, rules, foreign keys that carry
//! changes over, partitions and children.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::callers::asked_behind;
use super::passing::Passing;
use super::{Hop, Inside};
use crate::model::{Code, ForeignKey, Kind, Object, Privileges, Referential};

pub use super::follow::{Flowed, Gain, Meant, follow, follow_meant};
pub use super::trail::path;

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
    pub only: Option<Rc<BTreeSet<usize>>>,
    pub spreads: Spreads,
    pub hop: Hop,
}

/// How far a flow goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spreads {
    /// From one relation to another; what lies further is another flow's.
    No,
    /// Through a view, whose caller is asked for his own right somewhere behind it, to everything there: he need not be able to name what
    /// lies between.
    Callers {
        /// Only where the caller is asked.
        asked: bool,
        /// Which of several relations is written, nobody knows: on each he must have the right himself, where he is asked for it.
        one_of: bool,
    },
    /// To everything that was behind when it was copied.
    Copied,
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
            let (whole, spreads) = (Privileges::INSERT, Spreads::No);
            flows.push(Flow { from, to, rights, whole, certain: true, only: None, spreads, hop });
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
        let Some(asked) = passing.asked(view) else { continue };
        let hop = match of.invoker {
            true => Hop::Caller { view: view.clone() },
            false => Hop::View { view: view.clone(), role: held.owner.clone() },
        };
        for privilege in each(asked.passed.perhaps) {
            let one_of = asked.several && privilege != Privileges::SELECT;
            let certain = asked.passed.surely.contains(privilege);
            // where nobody's own rights are asked, the views in between have flows of their own
            let callers = Spreads::Callers { asked: of.invoker, one_of };
            let spreads = if asked.asks_callers { callers } else { Spreads::No };
            for on_columns in [false, true] {
                // single columns add something only to what callers have themselves
                if on_columns && (!asked.asks_callers || one_of) {
                    continue;
                }
                let only = if one_of { None } else { passing.callers(view, privilege, on_columns) };
                for base in &of.relations {
                    let (from, to, rights) = (view.clone(), base.clone(), vec![(privilege, privilege)]);
                    // which columns lead on, only its text says
                    let whole = Privileges::INSERT | Privileges::UPDATE;
                    let (certain, only, hop) = (certain && !on_columns, only.clone(), hop.clone());
                    flows.push(Flow { from, to, rights, whole, certain, only, spreads, hop });
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
        let spreads = if asked.asks_callers { Spreads::Copied } else { Spreads::No };
        for base in copied.relations.iter().filter(|_| passed.perhaps.contains(Privileges::SELECT)) {
            let hop = Hop::View { view: copied.view.clone(), role: held.owner.clone() };
            let rights = vec![(Privileges::SELECT, Privileges::SELECT)];
            let (from, to, certain) = (copied.view.clone(), base.clone(), passed.surely.contains(Privileges::SELECT));
            let whole = Privileges::NONE;
            flows.push(Flow { from, to, rights, whole, certain, only: None, spreads, hop });
        }
    }
    flows
}

/// What a rule does to the relations that it names, its text says, as far as the relation's owner may.
fn rules(inside: &Inside<'_>, rule: &crate::model::Rule) -> Vec<Flow> {
    let Some(held) = inside.database.objects.get(&rule.relation) else { return Vec::new() };
    let mut flows = Vec::new();
    for (at, other) in rule.relations.iter().enumerate() {
        let says = |each: &Privileges| {
            *each == Privileges::SELECT || rule.writes.get(at).is_none_or(|writes| writes.contains(*each))
        };
        let gives = each(inside.as_role(&held.owner, other).1).filter(says).fold(Privileges::NONE, Privileges::union);
        let hop = Hop::Rule { rule: rule.name.clone(), relation: rule.relation.clone(), role: held.owner.clone() };
        let rights = vec![(rule.on, gives)];
        let (from, to, whole) = (rule.relation.clone(), other.clone(), Privileges::NONE);
        flows.push(Flow { from, to, rights, whole, certain: false, only: None, spreads: Spreads::No, hop });
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
        let (rights, whole) = (vec![(need, given)], Privileges::UPDATE);
        Flow { from, to, rights, whole, certain, only: None, spreads: Spreads::No, hop }
    };
    ways.map(flow).collect()
}

impl Flow {
    /// The hop by which it arrives: where the caller is asked for his own right, it is his.
    pub(super) fn hop_to(&self, asked: bool) -> Hop {
        match (self.spreads, asked) {
            (Spreads::Callers { .. }, true) => Hop::Caller { view: self.from.clone() },
            _ => self.hop.clone(),
        }
    }

    /// Relations on which whoever comes this way must have the right himself, though he need not be able to name them; the first of very many.
    #[must_use]
    pub fn callers<'a>(&self, inside: &Inside<'a>) -> BTreeSet<&'a Object> {
        const ENOUGH: usize = 100;
        match self.spreads {
            Spreads::Callers { .. } => asked_behind(inside, vec![self.from.clone()]).take(ENOUGH).collect(),
            _ => BTreeSet::new(),
        }
    }
}
