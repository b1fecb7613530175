//! What hangs on what, as far as it leads from one owner's to another's.

use std::collections::{BTreeMap, BTreeSet};

use super::CatalogError;
use super::code::optional_object;
use super::rows::{Columns, Params, question};
use crate::db::Session;
use crate::model::{Hanging, Hangs, Hung, Part, Thing};

/// Class and number.
type Key = (u32, u32);

struct Edge {
    on: (Key, Part),
    what: (Key, Part),
    lost: bool,
    /// From something of a role that isn't a superuser to something of another role.
    crosses: bool,
}

/// Reads it, from a session in the database.
///
/// # Errors
/// When a question fails.
pub(super) async fn read(session: &Session) -> Result<Hanging, CatalogError> {
    let answer = question!("depended_on").ask(session).await?;
    let edges: Vec<Edge> = answer.rows().map(|row| edge(&row)).collect::<Result<_, _>>()?;
    let edges = beyond(edges);
    let keys: BTreeSet<Key> = edges.iter().flat_map(|edge| [edge.on.0, edge.what.0]).collect();
    if keys.is_empty() {
        return Ok(Hanging::default());
    }
    let (classes, numbers): (Vec<u32>, Vec<u32>) = keys.iter().copied().unzip();
    let count = i32::try_from(keys.len()).unwrap_or(i32::MAX);
    let params: Params<'_> = &[&classes, &numbers, &count];
    let (mut things, mut places) = (Vec::new(), BTreeMap::new());
    let keys: Vec<Key> = keys.into_iter().collect();
    for row in question!("depended_things").ask_with(session, params).await?.rows() {
        let at: i32 = row.get("at")?;
        if let Some(key) = usize::try_from(at - 1).ok().and_then(|at| keys.get(at)) {
            places.insert(*key, things.len());
            things.push(hung(&row)?);
        }
    }
    // what has gone in between hangs no more
    let hangs = edges.iter().filter_map(|Edge { on, what, lost, .. }| {
        let (place, of) = (places.get(&on.0)?, places.get(&what.0)?);
        Some(Hangs { on: *place, on_part: on.1, what: *of, part: what.1, lost: *lost })
    });
    Ok(Hanging { hangs: hangs.collect(), things })
}

fn edge(row: &Columns) -> Result<Edge, CatalogError> {
    Ok(Edge {
        on: ((row.get("onclass")?, row.get("onid")?), Part::of_number(row.get("onsub")?)),
        what: ((row.get("class")?, row.get("id")?), Part::of_number(row.get("sub")?)),
        lost: row.get("lost")?,
        crosses: row.get("crosses")?,
    })
}

fn hung(row: &Columns) -> Result<Hung, CatalogError> {
    let (kind, schema, identity) = (row.get("kind")?, row.optional_name("schema")?, row.get("identity")?);
    let thing = Thing { kind, schema, identity, column: None, member: false, part: false };
    Ok(Hung { thing, owner: row.name("owner")?, object: optional_object(row, "object")? })
}

/// Those that cross, all that leads to them, and all that hangs on what they lead to.
fn beyond(edges: Vec<Edge>) -> Vec<Edge> {
    let (mut by, mut to) = (BTreeMap::<Key, Vec<usize>>::new(), BTreeMap::<Key, Vec<usize>>::new());
    for (at, edge) in edges.iter().enumerate() {
        by.entry(edge.on.0).or_default().push(at);
        to.entry(edge.what.0).or_default().push(at);
    }
    let mut kept: Vec<bool> = edges.iter().map(|edge| edge.crosses).collect();
    let crossing = || edges.iter().filter(|edge| edge.crosses);
    let mut follow = |open: Vec<Key>, by: &BTreeMap<Key, Vec<usize>>, next: &dyn Fn(&Edge) -> Key| {
        let mut open = open;
        let mut seen: BTreeSet<Key> = open.iter().copied().collect();
        while let Some(key) = open.pop() {
            for at in by.get(&key).into_iter().flatten() {
                kept[*at] = true;
                let next = next(&edges[*at]);
                if seen.insert(next) {
                    open.push(next);
                }
            }
        }
    };
    follow(crossing().map(|edge| edge.what.0).collect(), &by, &|edge| edge.what.0);
    follow(crossing().map(|edge| edge.on.0).collect(), &to, &|edge| edge.on.0);
    edges.into_iter().zip(kept).filter(|(_, kept)| *kept).map(|(edge, _)| edge).collect()
}
