//! What a plan has left to do, for the end of the file and for stderr.

use crate::model::escaped;
use crate::plan::{Plan, Step};

/// A line a step, in the order in which they would run; what is out of reach after them.
#[must_use]
pub fn rest(plan: &Plan) -> Vec<String> {
    let beyond =
        plan.out_of_reach.iter().map(|beyond| format!("{}  (needs {})", said(&beyond.step), escaped(&beyond.needs)));
    plan.steps.iter().map(said).chain(beyond).collect()
}

fn said(step: &Step) -> String {
    let line = format!("{:<7}  {}", step.action.word(), escaped(&step.what));
    let hazards: Vec<&str> = step.hazards.iter().map(|hazard| hazard.code()).collect();
    if hazards.is_empty() { line } else { format!("{line} [{}]", hazards.join(", ")) }
}
