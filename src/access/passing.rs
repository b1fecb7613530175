//! What a view passes on to the relations behind it, and whose rights are asked there.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::Inside;
use super::flow::each;
use super::sessions::Sessions;
use crate::model::{Name, Object, Privileges, ViewOf};

const ALL: Privileges =
    Privileges::SELECT.union(Privileges::INSERT).union(Privileges::UPDATE).union(Privileges::DELETE);

/// What a statement on a view may do behind it, as far as the owners of views decide.
#[derive(Debug, Clone, Copy)]
pub(super) struct Passed {
    pub(super) surely: Privileges,
    /// Where it depends on columns, or on which of several tables is meant.
    pub(super) perhaps: Privileges,
}

/// A view, and everything behind it.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) passed: Passed,
    /// Relations on which the rights of the caller himself are asked: those behind a view that runs as its caller, even where that is
    /// used by another view. <https://www.postgresql.org/docs/current/sql-createview.html#SQL-CREATEVIEW-NOTES>
    pub(super) callers: BTreeSet<Object>,
    pub(super) behind: BTreeSet<Object>,
    /// Somewhere there are several relations, of which one is written.
    pub(super) several: bool,
}

/// Answers about the views of one database.
pub(super) struct Passing<'a> {
    inside: &'a Inside<'a>,
    /// What is written through each view, and by no rule.
    writable: BTreeMap<&'a Object, Privileges>,
    known: RefCell<BTreeMap<Object, Rc<Asked>>>,
}

impl<'a> Passing<'a> {
    pub(super) fn of(inside: &'a Inside<'a>) -> Self {
        let views = inside.contents.code.iter().flat_map(|code| &code.writable_views);
        // what an INSTEAD rule does stands among the rules
        let writable = views.filter(|view| !view.by_rule).map(|view| (&view.view, view.privileges)).collect();
        Self { inside, writable, known: RefCell::default() }
    }

    fn view(&self, object: &Object) -> Option<&'a ViewOf> {
        self.inside.contents.views.get(object)
    }

    /// What a view passes on.
    pub(super) fn asked(&self, view: &Object) -> Rc<Asked> {
        if let Some(known) = self.known.borrow().get(view) {
            return Rc::clone(known);
        }
        let relations = self.view(view).map(|of| &of.relations);
        let owner = self.inside.database.objects.get(view).map(|held| &held.owner);
        let invoker = self.view(view).is_some_and(|of| of.invoker);
        let mut asked = Asked::of(&self.bases(relations.into_iter().flatten(), owner.filter(|_| !invoker)));
        let writable = self.writable.get(view).copied().unwrap_or_default() | Privileges::SELECT;
        asked.passed = asked.passed.within(writable);
        let asked = Rc::new(asked);
        self.known.borrow_mut().insert(view.clone(), Rc::clone(&asked));
        asked
    }

    /// What a materialized view was filled from: its owner is the caller.
    pub(super) fn copied<'o>(&self, relations: impl Iterator<Item = &'o Object>, owner: &Name) -> Asked {
        let mut asked = Asked::of(&self.bases(relations, Some(owner)));
        let passed = asked.callers.iter().fold(asked.passed, |all, base| all.and(self.as_role(owner, base)));
        asked.passed = passed;
        asked
    }

    fn as_role(&self, role: &Name, object: &Object) -> Passed {
        let (whole, some) = self.inside.as_role(role, object);
        // the view may read again, in a condition, what it writes
        let surely = if whole.contains(Privileges::SELECT) { whole } else { Privileges::NONE };
        Passed { surely, perhaps: some }.within(ALL)
    }

    /// Each relation, with the rights of the role that is asked there; of the caller, if none is.
    fn bases<'o>(&self, relations: impl Iterator<Item = &'o Object>, role: Option<&Name>) -> Vec<Asked> {
        let base = |base: &Object| {
            let mut found = Asked::nothing();
            found.behind.insert(base.clone());
            match role {
                Some(role) => found.passed = self.as_role(role, base),
                None => found.callers.extend([base.clone()]),
            }
            if self.view(base).is_some() {
                found.add(&self.asked(base));
            }
            found
        };
        relations.map(base).collect()
    }

    /// Who can be a caller to whom all of the rights are there: he needs the right on all that is behind the view, but not the use of
    /// the schemas there, which only who names a table is asked for. None: everybody.
    pub(super) fn callers(&self, view: &Object, privilege: Privileges, on_columns: bool) -> Option<BTreeSet<usize>> {
        let asked = self.asked(view);
        if asked.callers.is_empty() {
            return None;
        }
        let using = self.inside.sessions_using(view, privilege, on_columns);
        let reads = if on_columns { privilege } else { Privileges::SELECT | privilege };
        let each = each(reads).flat_map(|privilege| asked.callers.iter().map(move |base| (base, privilege)));
        let with = each.map(|(base, privilege)| self.inside.sessions_with(base, privilege, on_columns));
        Some(self.inside.principals_of(&with.fold(using, |all: Sessions, base| all.and(&base))))
    }

    /// Who can be a caller that writes to this one of several relations; which, the view's text says.
    pub(super) fn writers(&self, asked: &Asked, base: &Object, privilege: Privileges) -> Option<BTreeSet<usize>> {
        let with = || self.inside.principals_of(&self.inside.sessions_with(base, privilege, true));
        asked.callers.contains(base).then(with)
    }
}

impl Asked {
    fn nothing() -> Self {
        let passed = Passed { surely: ALL, perhaps: ALL };
        Self { passed, callers: BTreeSet::new(), behind: BTreeSet::new(), several: false }
    }

    /// Who reads, must be able to read all of them; a row is written to one.
    fn of(bases: &[Self]) -> Self {
        let mut all = Self::nothing();
        bases.iter().for_each(|base| all.add(base));
        if bases.len() > 1 {
            let any = bases.iter().fold(Privileges::NONE, |any, base| any | base.passed.perhaps);
            let (surely, reads) = (all.passed.surely.intersection(Privileges::SELECT), Privileges::SELECT);
            all.passed = Passed { surely, perhaps: any.minus(reads) | all.passed.perhaps.intersection(reads) };
            all.several = true;
        }
        all
    }

    fn add(&mut self, other: &Self) {
        self.passed = self.passed.and(other.passed);
        self.callers.extend(other.callers.iter().cloned());
        self.behind.extend(other.behind.iter().cloned());
        self.several |= other.several;
    }
}

impl Passed {
    fn and(self, other: Self) -> Self {
        let surely = self.surely.intersection(other.surely);
        Self { surely, perhaps: self.perhaps.intersection(other.perhaps) }
    }

    fn within(self, privileges: Privileges) -> Self {
        self.and(Self { surely: privileges, perhaps: privileges })
    }
}
