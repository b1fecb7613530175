//! What a plan has left to do, for the end of the file and for stderr.

use crate::model::escaped;
use crate::plan::{Hazard, Plan, Step};

/// A line a step, in the order in which they would run; what is out of reach after them.
#[must_use]
pub fn rest(plan: &Plan) -> Vec<String> {
    let beyond =
        plan.out_of_reach.iter().map(|beyond| format!("{}  (needs {})", said(&beyond.step), escaped(&beyond.needs)));
    plan.steps.iter().map(said).chain(beyond).collect()
}

fn said(step: &Step) -> String {
    let line = format!("{:<7}  {}", step.action.word(), escaped(&step.what));
    // definitions aren't read here, so whether a stranger's object is code, the plan says
    let known = step.hazards.iter().filter(|hazard| **hazard != Hazard::AdoptsCode || !step.code.is_empty());
    let hazards: Vec<&str> = known.map(|hazard| hazard.code()).collect();
    if hazards.is_empty() { line } else { format!("{line} [{}]", hazards.join(", ")) }
}
