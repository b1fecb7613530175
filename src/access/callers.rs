//! Who may be the caller of a view that asks for its caller's rights on what is behind it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use super::Inside;
use super::flow::each;
use super::passing::Views;
use super::sessions::Sessions;
use crate::model::{Kind, Name, Object, Privileges};

/// Sessions by address, which are kept so that no other has it.
type Known = BTreeMap<(usize, usize), (Rc<Sessions>, Rc<Sessions>, Rc<Sessions>)>;

/// Objects that share owner and ACL share their answer; the schema where it matters.
type Shape = (usize, Kind, Option<(Name, Name)>, Privileges);

/// One right, by view: the sessions that have it on all on which the view asks for it.
type ByView = Rc<Vec<Option<Rc<Sessions>>>>;

/// Some sessions, and the principals that have them.
type WithPrincipals = (Rc<Sessions>, Rc<BTreeSet<usize>>);

/// Answers, each computed once.
pub(super) struct Callers<'a> {
    inside: &'a Inside<'a>,
    shapes: RefCell<BTreeMap<Shape, Rc<Sessions>>>,
    both: RefCell<Known>,
    principals: RefCell<BTreeMap<usize, WithPrincipals>>,
    behind: RefCell<BTreeMap<(Privileges, bool), ByView>>,
}

impl<'a> Callers<'a> {
    pub(super) fn of(inside: &'a Inside<'a>) -> Self {
        let (shapes, both, principals, behind) = Default::default();
        Self { inside, shapes, both, principals, behind }
    }

    /// The principals that may use the view, and have the right on all on which it asks for it.
    pub(super) fn callers(
        &self,
        views: &Views<'a>,
        view: &Object,
        privilege: Privileges,
        on_columns: bool,
    ) -> Rc<BTreeSet<usize>> {
        let mut able = self.using(view, privilege, on_columns);
        let reads = if on_columns { privilege } else { Privileges::SELECT | privilege };
        for privilege in each(reads) {
            let all = self.on_all(views, privilege, on_columns);
            let behind = views.ids.get(view).and_then(|id| all[*id].clone());
            // a view that leads back to itself does nothing that would ask for it
            able = self.and(able, behind.unwrap_or_default());
        }
        let mut known = self.principals.borrow_mut();
        let principals = || (Rc::clone(&able), Rc::new(self.inside.principals_of(&able)));
        Rc::clone(&known.entry(Rc::as_ptr(&able).addr()).or_insert_with(principals).1)
    }

    /// By view, from the innermost on.
    fn on_all(&self, views: &Views<'a>, privilege: Privileges, on_columns: bool) -> ByView {
        if let Some(known) = self.behind.borrow().get(&(privilege, on_columns)) {
            return Rc::clone(known);
        }
        let everybody = Rc::new(Sessions { everybody: true, some: BTreeSet::new() });
        let mut all: Vec<Option<Rc<Sessions>>> = vec![None; views.all.len()];
        for view in views.order.iter().filter(|component| component.len() == 1).flatten() {
            let of = views.all[*view].1;
            let mut able = Rc::clone(&everybody);
            for base in &of.relations {
                if of.invoker {
                    able = self.and(able, self.with(base, privilege, on_columns));
                }
                if let Some(id) = views.ids.get(base) {
                    able = self.and(able, all[*id].clone().unwrap_or_default());
                }
            }
            all[*view] = Some(able);
        }
        let all = Rc::new(all);
        self.behind.borrow_mut().insert((privilege, on_columns), Rc::clone(&all));
        all
    }

    /// Those of both. What adds nothing new is the same as before, by address, too: a long chain of views has few different answers.
    fn and(&self, one: Rc<Sessions>, other: Rc<Sessions>) -> Rc<Sessions> {
        let pair = (Rc::as_ptr(&one).addr(), Rc::as_ptr(&other).addr());
        if pair.0 == pair.1 {
            return one;
        }
        if let Some((_, _, known)) = self.both.borrow().get(&pair) {
            return Rc::clone(known);
        }
        let both = one.and(&other);
        let both = if both == *one {
            Rc::clone(&one)
        } else if both == *other {
            Rc::clone(&other)
        } else {
            Rc::new(both)
        };
        self.both.borrow_mut().insert(pair, (one, other, Rc::clone(&both)));
        both
    }

    fn with(&self, object: &Object, privilege: Privileges, on_columns: bool) -> Rc<Sessions> {
        let answer = || self.inside.sessions_with(object, privilege, on_columns);
        self.by_shape(object, privilege, (on_columns, false), answer)
    }

    fn using(&self, object: &Object, privilege: Privileges, on_columns: bool) -> Rc<Sessions> {
        let answer = || self.inside.sessions_using(object, privilege, on_columns);
        self.by_shape(object, privilege, (on_columns, true), answer)
    }

    fn by_shape(
        &self,
        object: &Object,
        privilege: Privileges,
        (on_columns, named): (bool, bool),
        answer: impl Fn() -> Sessions,
    ) -> Rc<Sessions> {
        let Some(held) = self.inside.database.objects.get(object) else { return Rc::new(answer()) };
        if on_columns && self.inside.database.columns_of(object).next().is_some() {
            return Rc::new(answer());
        }
        let place = named.then(|| (held.owner.clone(), object.schema.clone()));
        let shape = (Arc::as_ptr(&held.acl).addr(), object.kind, place, privilege);
        Rc::clone(self.shapes.borrow_mut().entry(shape).or_insert_with(|| Rc::new(answer())))
    }

    /// The relations behind these on which a caller's own right is asked.
    pub(super) fn behind(&self, relations: Vec<Object>) -> impl Iterator<Item = &'a Object> {
        asked_behind(self.inside, relations)
    }
}

/// The relations on which views among these, or behind them, ask for their caller's own right.
pub(super) fn asked_behind<'a>(inside: &Inside<'a>, from: Vec<Object>) -> impl Iterator<Item = &'a Object> + use<'a> {
    let views = &inside.contents.views;
    let mut open: Vec<&'a Object> = from.iter().filter_map(|view| Some(views.get_key_value(view)?.0)).collect();
    let mut seen: BTreeSet<&'a Object> = open.iter().copied().collect();
    let mut told: BTreeSet<&'a Object> = BTreeSet::new();
    let next = move || {
        let of = views.get(open.pop()?)?;
        let asked = of.relations.iter().filter(|base| of.invoker && told.insert(base));
        let asked: Vec<&'a Object> = asked.collect();
        open.extend(of.relations.iter().filter(|base| views.contains_key(*base) && seen.insert(base)));
        Some(asked)
    };
    std::iter::from_fn(next).flatten()
}
