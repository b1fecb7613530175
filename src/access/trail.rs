//! By which hops a principal came to something over flows. The way over a thousand views is as long as the chain of them, so it is walked once,
//! in a loop, and shown by its two ends.

use std::rc::Rc;

use super::flow::Flow;
use super::follow::{Flowed, Gain};
use super::hop::{ENDS, shortened};
use super::{Hop, Inside, Subject};
use crate::model::Privileges;

/// The hops to one gain: the first of them, its own, and the gain before it.
#[derive(Debug)]
pub(super) struct Trail {
    hops: usize,
    first: Rc<Vec<Hop>>,
    last: Option<Hop>,
    before: Option<usize>,
}

/// The hops of a gain, from the principal on.
#[must_use]
pub fn path(inside: &Inside<'_>, flows: &[Flow], flowed: &Flowed, principal: usize, gain: Gain) -> Vec<Hop> {
    let (mut path, earlier) = start(inside, flows, flowed, principal, gain);
    if let Some(earlier) = earlier {
        walk(inside, flows, flowed, principal, earlier);
        path = shown(flowed, earlier.order);
    }
    path.push(gain.hop(flows));
    shortened(path)
}

/// What the principal has by itself where a gain comes from, or the gain that came before.
fn start(
    inside: &Inside<'_>,
    flows: &[Flow],
    flowed: &Flowed,
    principal: usize,
    gain: Gain,
) -> (Vec<Hop>, Option<Gain>) {
    let flow = &flows[gain.flow];
    let needs = flow.rights.iter().filter(|(_, given)| !given.intersection(gain.privileges).is_empty());
    let needs = needs.fold(Privileges::NONE, |all, (need, _)| all | *need);
    let path = inside.path(principal, Subject::Object(&flow.from), needs);
    if !path.is_empty() {
        return (path, None);
    }
    let gains = flowed.get(&flow.from).and_then(|by| by.get(&principal)).into_iter().flatten();
    let mut earlier = gains.filter(|g| g.order < gain.order && !g.privileges.intersection(needs).is_empty());
    (path, earlier.next().copied())
}

/// Writes down the way to a gain, as far as it isn't written down yet.
fn walk(inside: &Inside<'_>, flows: &[Flow], flowed: &Flowed, principal: usize, gain: Gain) {
    let mut trails = flowed.trails.borrow_mut();
    let (mut open, mut at) = (Vec::new(), Some(gain));
    while let Some(gain) = at.filter(|gain| !trails.contains_key(&gain.order)) {
        let (path, earlier) = start(inside, flows, flowed, principal, gain);
        open.push((gain, path, earlier.map(|earlier| earlier.order)));
        at = earlier;
    }
    while let Some((gain, path, before)) = open.pop() {
        let hop = gain.hop(flows);
        let known = before.and_then(|before| trails.get(&before));
        let trail = match known {
            Some(known) if known.hops >= ENDS => {
                Trail { hops: known.hops + 1, first: Rc::clone(&known.first), last: Some(hop), before }
            }
            _ => {
                let mut first: Vec<Hop> = known.map_or(path, |known| known.first.to_vec());
                first.push(hop);
                Trail { hops: first.len(), first: Rc::new(first), last: None, before: None }
            }
        };
        trails.insert(gain.order, Rc::new(trail));
    }
}

/// The way to a gain: its first hops, how many are left out, and its last ones.
fn shown(flowed: &Flowed, order: usize) -> Vec<Hop> {
    let trails = flowed.trails.borrow();
    let (mut ends, mut at) = (Vec::new(), Some(order));
    while let Some(trail) = at.and_then(|at| trails.get(&at)) {
        let Some(last) = trail.last.as_ref().filter(|_| ends.len() < ENDS) else {
            let mut path = trail.first.to_vec();
            let left = trail.hops - path.len();
            path.extend((left > 0).then_some(Hop::More { hops: left }));
            path.extend(ends.into_iter().rev());
            return path;
        };
        ends.push(last.clone());
        at = trail.before;
    }
    ends
}
