//! Views of one plan.
