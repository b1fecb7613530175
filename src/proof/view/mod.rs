//! A proof for people and for programs.

mod json;
mod one;
mod text;

pub use json::json;
pub use one::{arrow, headline, path, sentence};
pub use text::{live, text};
