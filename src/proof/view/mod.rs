//! A proof for people and for programs.

mod json;
mod one;
mod text;

pub use json::json;
pub use one::{path, sentence};
pub use text::{arrow, text};
