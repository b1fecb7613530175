//! What became of the passwords, for people and for programs.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::work::Outcomes;
use crate::model::escaped;
use crate::secrets::{Account, Done, What};

pub(super) fn is_change(done: &Done) -> bool {
    done.what != What::Nothing
}

/// A line a login for which something was done; `all`: for each.
pub(super) fn text(done: &Outcomes, all: bool) -> String {
    let mut lines: Vec<String> = done
        .iter()
        .filter_map(|(account, done)| Some((account, done.as_ref().ok()?.as_ref()?)))
        .filter(|(_, done)| all || is_change(done))
        .map(|(account, done)| line(account, done))
        .collect();
    let changed = lines.len();
    lines.extend(deploy(done));
    if changed == 0 && done.iter().all(|(_, done)| done.is_ok()) {
        lines.push("nothing to do".to_owned());
    }
    lines.into_iter().map(|line| escaped(&line) + "\n").collect()
}

/// Whose containers must get what is new.
fn deploy(done: &Outcomes) -> Option<String> {
    let is_new = |done: &Done| matches!(done.what, What::Rotated | What::Continued);
    let services: BTreeSet<&str> = done
        .iter()
        .filter(|(_, done)| done.as_ref().is_ok_and(|done| done.as_ref().is_some_and(is_new)))
        .map(|(account, _)| account.service.as_str())
        .collect();
    let named = services.iter().copied().collect::<Vec<_>>().join(", ");
    let line = format!("deploy anew, since a running container keeps what it got at its start: {named}");
    (!services.is_empty()).then_some(line)
}

/// After an apply: who has a password now, and nothing where all was well.
pub(super) fn given(done: &Outcomes) -> String {
    let each = done.iter().filter_map(|(account, done)| Some((account, done.as_ref().ok()?.as_ref()?)));
    let lines = each.filter(|(_, done)| is_change(done)).map(|(account, done)| line(account, done));
    lines.chain(deploy(done)).map(|line| escaped(&line) + "\n").collect()
}

fn line(account: &Account, done: &Done) -> String {
    let (who, role, place) = (account.shown(), &done.role, &done.reference);
    let untried = if done.tried || done.what == What::Nothing {
        ""
    } else {
        "; the server asks for no password here, so it wasn't tried"
    };
    match done.what {
        What::Nothing => format!("{who}: nothing to do"),
        What::Given => format!("{who}: {role} has its password, in {place}{untried}"),
        What::Rotated => format!("{who}: {role} has a new password, in {place}{untried}"),
        What::Continued => {
            format!("{who}: {role} has the new password that a run before had begun, in {place}{untried}")
        }
        What::Unfinished => {
            format!("{who}: a run had begun a new password; rotate, secrets repair or apply --yes goes on with it")
        }
        What::Repaired => format!("{who}: {role} has the password again that is in {place}{untried}"),
        What::Retired => format!("{who}: {role} has no password any more, until its turn comes"),
    }
}

pub(super) fn json(kind: &'static str, done: &Outcomes) -> String {
    let logins: Vec<Value> = done
        .iter()
        .map(|(account, done)| {
            let mut value = json!({ "service": account.service, "login": account.login, "entry": account.secret });
            match done {
                Ok(None) => value["done"] = "no-entry".into(),
                Ok(Some(done)) => {
                    value["done"] = word(done.what).into();
                    value["tried"] = done.tried.into();
                    value["reference"] = done.reference.clone().into();
                    if let Some(why) = &done.kept_out {
                        value["kept_out"] = why.clone().into();
                    }
                    if is_change(done) {
                        value["role"] = done.role.clone().into();
                    }
                }
                Err(error) => {
                    value["done"] = "failed".into();
                    value["error"] = error.to_string().into();
                }
            }
            value
        })
        .collect();
    format!("{:#}\n", json!({ "format": 1, "kind": kind, "logins": logins }))
}

fn word(what: What) -> &'static str {
    match what {
        What::Nothing => "nothing",
        What::Given => "given",
        What::Rotated => "rotated",
        What::Continued => "continued",
        What::Unfinished => "unfinished",
        What::Repaired => "repaired",
        What::Retired => "retired",
    }
}
