//! A proof for people and for programs.

mod json;
mod one;
mod text;

pub use json::json;
pub use one::{arrow, headline, route, sentence};
pub use text::{live, text, unseen};
