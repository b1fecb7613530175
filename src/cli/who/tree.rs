//! Paths as a tree that begins at what is reached.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::access::{Hop, Station, stations};

/// What stands below something: who gets there, by which words, and who gets to him.
#[derive(Debug, Default)]
pub(super) struct Tree(BTreeMap<Station, Tree>);

impl Tree {
    /// Adds a path, from its end to its start.
    pub(super) fn add(&mut self, who: &str, path: &[Hop]) {
        let mut node = self;
        for station in stations(who, path).into_iter().rev() {
            node = node.0.entry(station).or_default();
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Below a line that says what is reached.
    pub(super) fn draw(&self, text: &mut String, indent: &str) {
        let last = self.0.len().saturating_sub(1);
        for (at, (Station { name, words }, below)) in self.0.iter().enumerate() {
            let (branch, on) = if at == last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
            let _ = writeln!(text, "{indent}{branch}{name} — {words}");
            below.draw(text, &format!("{indent}{on}"));
        }
    }
}
