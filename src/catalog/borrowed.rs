//! Code that runs where another's use of it put it, and the ways there.

use std::collections::{BTreeMap, BTreeSet};

use super::CatalogError;
use super::code::object;
use super::rows::{Answer, Columns};
use crate::model::{Borrowed, Object};

/// Reads sql/code_borrowed.sql, and leaves out the ways that don't lead to another's.
///
/// # Errors
/// When a column isn't as it should be.
pub(super) fn read(answer: Answer) -> Result<Vec<Borrowed>, CatalogError> {
    let all: Vec<(Borrowed, bool)> = answer.rows().map(|row| one(&row)).collect::<Result<_, _>>()?;
    let leading = leading(&all);
    let kept: Vec<bool> = all.iter().map(|(one, crosses)| *crosses || leading.contains(&one.code)).collect();
    let kept = all.into_iter().zip(kept).filter(|(_, kept)| *kept);
    Ok(kept.map(|((one, _), _)| one).collect())
}

fn one(row: &Columns) -> Result<(Borrowed, bool), CatalogError> {
    let (user, code) = (object(row, "user")?, object(row, "code")?);
    Ok((Borrowed { user, part: row.get("part")?, code, owner: row.name("owner")? }, row.get("crosses")?))
}

/// All that is made of another's, at whatever distance.
fn leading(all: &[(Borrowed, bool)]) -> BTreeSet<Object> {
    let mut users: BTreeMap<&Object, Vec<&Object>> = BTreeMap::new();
    all.iter().for_each(|(one, _)| users.entry(&one.code).or_default().push(&one.user));
    let mut open: Vec<&Object> = all.iter().filter(|(_, crosses)| *crosses).map(|(one, _)| &one.user).collect();
    let mut found: BTreeSet<&Object> = open.iter().copied().collect();
    while let Some(code) = open.pop() {
        let further = users.get(code).into_iter().flatten().copied().filter(|user| found.insert(user));
        open.extend(further.collect::<Vec<_>>());
    }
    found.into_iter().cloned().collect()
}
