//! The words that several views share.

use std::collections::BTreeMap;

use crate::model::escaped;
use crate::plan::{Action, Hazard, Plan, Step};

/// What an empty plan says.
const NOTHING: &str = "nothing to do: the cluster is as the layout says";

/// What an empty plan says where only adding is asked for, and there is more than the layout declares.
const NOTHING_TO_ADD: &str = "nothing to add: the cluster has all that the layout gives";

/// Over what an exclusive layout would do besides.
pub(super) const WITHHELD: &str = "mode is additive; an exclusive layout would also:";

/// What this plan says, if it is empty.
pub(super) fn nothing(plan: &Plan) -> &'static str {
    if plan.withheld.is_empty() { NOTHING } else { NOTHING_TO_ADD }
}

/// `1 step`, `2 steps`.
pub(super) fn counted(n: usize, word: &str) -> String {
    if n == 1 { format!("1 {word}") } else { format!("{n} {word}s") }
}

/// `150018` as people say it: `15.18`.
pub(super) fn version(version_num: u32) -> String {
    format!("{}.{}", version_num / 10_000, version_num % 10_000)
}

/// `cluster shop`; a layout that gives no name has the name `cluster`.
pub(super) fn cluster(plan: &Plan) -> String {
    match plan.target.cluster.as_str() {
        "cluster" => "cluster".into(),
        name => format!("cluster {}", escaped(name)),
    }
}

/// `+` gives, `-` takes, `~` changes.
pub(super) fn sign(action: Action) -> &'static str {
    match action {
        Action::Create | Action::Join | Action::Grant => "+",
        Action::Alter | Action::Own | Action::Default | Action::Borrow | Action::Return => "~",
        Action::Revoke | Action::Leave | Action::Drop => "-",
    }
}

/// `12 to create, 30 to grant, 1 to revoke; hazards: revokes-access (3), moves-owner (1)`.
pub(super) fn summary(plan: &Plan) -> String {
    let part = |(action, n): (&Action, &usize)| match action {
        Action::Own => format!("{n} to change hands"),
        Action::Default => format!("{} to set", counted(*n, "default")),
        other => format!("{n} to {}", other.word()),
    };
    let actions: Vec<String> = plan.summary.iter().map(part).collect();
    let mut hazards: BTreeMap<Hazard, usize> = BTreeMap::new();
    for hazard in plan.steps.iter().flat_map(|step| &step.hazards) {
        *hazards.entry(*hazard).or_default() += 1;
    }
    let hazards: Vec<String> = hazards.iter().map(|(hazard, n)| format!("{hazard} ({n})")).collect();
    let hazards = if hazards.is_empty() { String::new() } else { format!("; hazards: {}", hazards.join(", ")) };
    format!("{}{hazards}", actions.join(", "))
}

/// `--allow moves-owner,revokes-access`, if the plan has hazards.
pub(super) fn allow(plan: &Plan) -> Option<String> {
    let mut codes: Vec<&str> = plan.hazards().into_iter().map(Hazard::code).collect();
    codes.sort_unstable();
    (!codes.is_empty()).then(|| format!("--allow {}", codes.join(",")))
}

/// `[revokes-access, moves-owner]`, or nothing.
pub(super) fn hazards(step: &Step) -> Option<String> {
    let codes: Vec<&str> = step.hazards.iter().map(|hazard| hazard.code()).collect();
    (!codes.is_empty()).then(|| format!("[{}]", codes.join(", ")))
}

/// `12 grant: SELECT on table orders.jobs to orders_ro [hazard] (why)`, safe in a line comment.
pub(super) fn sentence(step: &Step) -> String {
    let hazards = hazards(step).map(|hazards| format!(" {hazards}")).unwrap_or_default();
    let why = if step.why.is_empty() { String::new() } else { format!(" ({})", step.why) };
    escaped(&format!("{} {}: {}{hazards}{why}", step.id, step.action.word(), step.what))
}
