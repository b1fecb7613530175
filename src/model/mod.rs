//! The plain values that everything else speaks of. Pure; floor 0.

mod name;
mod privilege;

pub use name::{Name, NameError, escaped, literal};
pub use privilege::Privileges;
