//! What must hold for every pair of states, whatever they are: tried on small random clusters, without a server.
//!
//! The changes of a diff are carried out by an interpreter that does what PostgreSQL does with each: what it doesn't know
//! from the diff, such as which grants fall with a grant option, it works out for itself.
//!
//! Not covered: databases that don't exist yet, and what SQL the changes become; the scenarios do both.

#[path = "laws/additive.rs"]
mod additive;
#[path = "laws/adopted.rs"]
mod adopted;
#[path = "laws/dice.rs"]
mod dice;
#[path = "laws/exceptions.rs"]
mod exceptions;
#[path = "laws/interpreter.rs"]
mod interpreter;
#[path = "laws/states.rs"]
mod states;

use dice::Dice;
use interpreter::{comparable, run};
use pgmoat::catalog;
use pgmoat::diff::diff;
use pgmoat::plan::{Head, Plan};
use proptest::prelude::*;

const HEAD: Head<'static> = Head { cluster: "c", layout: "sha256:0" };

fn rolls() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 0..600)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_leads_from_a_state_to_itself(rolls in rolls()) {
        let dice = &mut Dice::of(&rolls);
        for state in [states::existing(dice), states::wanted(dice)] {
            prop_assert_eq!(diff(&state, &state), vec![]);
        }
    }

    #[test]
    fn the_changes_lead_to_what_is_wanted(rolls in rolls()) {
        let dice = &mut Dice::of(&rolls);
        let (from, to) = (states::existing(dice), states::wanted(dice));
        let changes = diff(&from, &to);
        let reached = run(&changes, from);
        prop_assert_eq!(comparable(&reached), comparable(&to), "{:#?}", changes);
        prop_assert_eq!(diff(&reached, &to), vec![]);
    }

    #[test]
    fn adding_takes_nothing(rolls in rolls()) {
        let dice = &mut Dice::of(&rolls);
        let (from, wanted) = (states::existing(dice), states::wanted(dice));
        let more = from.with_added(&wanted, states::VERSION);
        let changes = diff(&from, &more);
        for change in &changes {
            prop_assert!(additive::adds(change, &from), "{:#?}", change);
        }
        let reached = run(&changes, from);
        prop_assert_eq!(comparable(&reached), comparable(&more));
        prop_assert_eq!(more.with_added(&wanted, states::VERSION), more);
    }

    #[test]
    fn after_adding_there_is_only_taking_left(rolls in rolls()) {
        let dice = &mut Dice::of(&rolls);
        let (from, wanted) = (states::existing(dice), states::wanted(dice));
        let more = from.with_added(&wanted, states::VERSION);
        let changes = diff(&more, &wanted);
        for change in &changes {
            prop_assert!(additive::is_withheld(change, &more), "{:#?}", change);
        }
        prop_assert_eq!(comparable(&run(&changes, more)), comparable(&wanted));
    }

    #[test]
    fn whatever_is_there_becomes_a_layout_that_keeps_it(rolls in rolls()) {
        let state = states::existing(&mut Dice::of(&rolls));
        adopted::check(&states::snapshot(adopted::with_all_roles(state)));
    }

    #[test]
    fn equal_inputs_give_equal_bytes(rolls in rolls()) {
        let plan = || {
            let dice = &mut Dice::of(&rolls);
            let (from, to) = (states::existing(dice), states::wanted(dice));
            let plan = Plan::between(&states::snapshot(from), &states::desired(to), HEAD);
            serde_json::to_string(&plan).expect("JSON")
        };
        let json = plan();
        prop_assert_eq!(&json, &plan());
        let again: Plan = serde_json::from_str(&json).expect("a plan");
        prop_assert_eq!(serde_json::to_string(&again).expect("JSON"), json);
    }

    #[test]
    fn a_snapshot_survives_its_file(rolls in rolls()) {
        let snapshot = states::snapshot(states::existing(&mut Dice::of(&rolls)));
        let json = catalog::to_json(&snapshot);
        let again = catalog::from_json(&json).expect("a snapshot");
        prop_assert_eq!(&again, &snapshot);
        prop_assert_eq!(catalog::to_json(&again), json);
    }
}
