//! What a view passes on to the relations behind it, and whose rights are asked there.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use super::Inside;
use super::callers::Callers;
use super::components::components;
use crate::model::{Contents, Name, Object, Privileges, ViewOf};

const ALL: Privileges =
    Privileges::SELECT.union(Privileges::INSERT).union(Privileges::UPDATE).union(Privileges::DELETE);

/// What a statement on a view may do behind it, as far as the owners of views decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Passed {
    pub(super) surely: Privileges,
    /// Where it depends on columns, or on which of several tables is meant.
    pub(super) perhaps: Privileges,
}

/// A view, and what is behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) passed: Passed,
    /// Of some relation the rights of the caller himself are asked: those behind a view that runs as its caller, even where that is used by
    /// another view. <https://www.postgresql.org/docs/current/sql-createview.html#SQL-CREATEVIEW-NOTES>
    pub(super) asks_callers: bool,
    /// Somewhere there are several relations, of which one is written.
    pub(super) several: bool,
}

/// Answers about the views of one database.
pub(super) struct Passing<'a> {
    inside: &'a Inside<'a>,
    pub(super) views: Views<'a>,
    asked: Vec<Asked>,
    callers: Callers<'a>,
}

/// The views by number, each with those that it reads.
pub(super) struct Views<'a> {
    pub(super) all: Vec<(&'a Object, &'a ViewOf)>,
    pub(super) ids: BTreeMap<&'a Object, usize>,
    /// Those behind before those over them; what reads itself by others stands together.
    pub(super) order: Vec<Vec<usize>>,
}

impl<'a> Views<'a> {
    pub(super) fn of(views: &'a BTreeMap<Object, ViewOf>) -> Self {
        let all: Vec<(&Object, &ViewOf)> = views.iter().collect();
        let ids: BTreeMap<&Object, usize> = all.iter().enumerate().map(|(id, (view, _))| (*view, id)).collect();
        let behind = |of: &ViewOf| of.relations.iter().filter_map(|base| ids.get(base).copied()).collect();
        let edges: Vec<Vec<usize>> = all.iter().map(|(_, of)| behind(of)).collect();
        Self { order: components(&edges), all, ids }
    }
}

impl<'a> Passing<'a> {
    pub(super) fn of(inside: &'a Inside<'a>) -> Self {
        let views = Views::of(&inside.contents.views);
        let nothing = Asked { passed: Passed::NOTHING, asks_callers: false, several: false };
        let asked = vec![nothing; views.all.len()];
        let mut passing = Self { inside, views, asked, callers: Callers::of(inside) };
        passing.answer();
        passing
    }

    /// What each passes on. Views that read each other pass on nothing that leads back to themselves: the server refuses that ("infinite
    /// recursion detected in rules"), but not an INSERT that leads out of the circle.
    fn answer(&mut self) {
        let written = Written::of(self.inside);
        for component in std::mem::take(&mut self.views.order) {
            let over = self.over(&component);
            let mut open: VecDeque<usize> = component.iter().copied().collect();
            while let Some(view) = open.pop_front() {
                let asked = self.ask(view, &written);
                if asked != self.asked[view] {
                    self.asked[view] = asked;
                    open.extend(over.get(&view).into_iter().flatten());
                }
            }
            self.views.order.push(component);
        }
    }

    /// Which views of a circle read which.
    fn over(&self, component: &[usize]) -> BTreeMap<usize, Vec<usize>> {
        let mut over = BTreeMap::<usize, Vec<usize>>::new();
        if component.len() > 1 {
            let members: BTreeSet<usize> = component.iter().copied().collect();
            for view in component {
                let behind = self.views.all[*view].1.relations.iter().filter_map(|base| self.views.ids.get(base));
                behind
                    .filter(|base| members.contains(base))
                    .for_each(|base| over.entry(*base).or_default().push(*view));
            }
        }
        over
    }

    fn ask(&self, view: usize, written: &Written<'_>) -> Asked {
        let (object, of) = self.views.all[view];
        let owner = self.inside.database.objects.get(object).map(|held| &held.owner);
        let mut asked = self.bases(of.relations.iter(), owner.filter(|_| !of.invoker));
        asked.passed = asked.passed.and(written.through(object));
        asked
    }

    /// What a view passes on.
    pub(super) fn asked(&self, view: &Object) -> Option<Asked> {
        self.views.ids.get(view).map(|id| self.asked[*id])
    }

    /// What a materialized view was filled from: its owner is the caller.
    pub(super) fn copied<'o>(&self, relations: impl Iterator<Item = &'o Object> + Clone, owner: &Name) -> Asked {
        let mut asked = self.bases(relations.clone(), Some(owner));
        if asked.asks_callers {
            let mut behind = self.callers.behind(relations.cloned().collect());
            asked.passed = behind
                .try_fold(asked.passed, |all, base| {
                    let all = all.and(self.as_role(owner, base));
                    (all != Passed::NOTHING).then_some(all)
                })
                .unwrap_or(Passed::NOTHING);
        }
        asked
    }

    fn as_role(&self, role: &Name, object: &Object) -> Passed {
        let (whole, some) = self.inside.as_role(role, object);
        // the view may read again, in a condition, what it writes
        let surely = if whole.contains(Privileges::SELECT) { whole } else { Privileges::NONE };
        Passed { surely, perhaps: some }.and(Passed::EVERYTHING)
    }

    /// All of the relations, with the rights of the role that is asked there; of the caller, if none is. Who reads, must be able to read
    /// all of them; a row is written to one.
    fn bases<'o>(&self, relations: impl Iterator<Item = &'o Object>, role: Option<&Name>) -> Asked {
        let mut all = Asked { passed: Passed::EVERYTHING, asks_callers: false, several: false };
        let (mut count, mut any) = (0, Privileges::NONE);
        for base in relations {
            let own = role.map_or(Passed::EVERYTHING, |role| self.as_role(role, base));
            let further = self.asked(base);
            let passed = further.map_or(own, |further| own.and(further.passed));
            any = any | passed.perhaps;
            all.passed = all.passed.and(passed);
            all.asks_callers |= role.is_none() || further.is_some_and(|further| further.asks_callers);
            all.several |= further.is_some_and(|further| further.several);
            count += 1;
        }
        if count > 1 {
            let (surely, reads) = (all.passed.surely.intersection(Privileges::SELECT), Privileges::SELECT);
            all.passed = Passed { surely, perhaps: any.minus(reads) | all.passed.perhaps.intersection(reads) };
            all.several = true;
        }
        all
    }

    /// Who can be a caller to whom all of the rights are there: he needs the right on all that is behind the view, but not the use of
    /// the schemas there, which only who names a table is asked for. None: everybody.
    pub(super) fn callers(
        &self,
        view: &Object,
        privilege: Privileges,
        on_columns: bool,
    ) -> Option<Rc<BTreeSet<usize>>> {
        let asked = self.asked(view).is_some_and(|asked| asked.asks_callers);
        asked.then(|| self.callers.callers(&self.views, view, privilege, on_columns))
    }
}

/// Views that lead back to themselves.
#[must_use]
pub fn view_circles(contents: &Contents) -> Vec<Vec<&Object>> {
    let views = Views::of(&contents.views);
    let reads_itself = |view: usize| views.all[view].1.relations.contains(views.all[view].0);
    let circles = views.order.iter().filter(|all| all.len() > 1 || all.iter().any(|view| reads_itself(*view)));
    let mut circles: Vec<Vec<&Object>> =
        circles.map(|all| all.iter().map(|view| views.all[*view].0).collect()).collect();
    circles.iter_mut().for_each(|circle| circle.sort());
    circles.sort();
    circles
}

/// What is written through each view, and by no rule.
struct Written<'a>(BTreeMap<&'a Object, Passed>);

impl<'a> Written<'a> {
    fn of(inside: &'a Inside<'a>) -> Self {
        let views = inside.contents.code.iter().flat_map(|code| &code.writable_views);
        // what an INSTEAD rule does stands among the rules
        let passed = views.filter(|view| !view.by_rule).map(|view| {
            let perhaps = view.privileges | Privileges::SELECT;
            let surely = if view.deep { Privileges::SELECT } else { perhaps };
            (&view.view, Passed { surely, perhaps })
        });
        Self(passed.collect())
    }

    fn through(&self, view: &Object) -> Passed {
        let reads = Passed { surely: Privileges::SELECT, perhaps: Privileges::SELECT };
        self.0.get(view).copied().unwrap_or(reads)
    }
}

impl Passed {
    const NOTHING: Self = Self { surely: Privileges::NONE, perhaps: Privileges::NONE };
    const EVERYTHING: Self = Self { surely: ALL, perhaps: ALL };

    fn and(self, other: Self) -> Self {
        let surely = self.surely.intersection(other.surely);
        Self { surely, perhaps: self.perhaps.intersection(other.perhaps) }
    }
}
