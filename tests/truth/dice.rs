//! Choices by chance, which a seed brings back.

use std::hash::{BuildHasher, Hasher, RandomState};

pub(crate) struct Dice {
    state: u64,
}

/// `PGMOAT_TEST_SEED`, else another one each time.
pub(crate) fn seed() -> u64 {
    let given = number("PGMOAT_TEST_SEED");
    given.unwrap_or_else(|| RandomState::new().build_hasher().finish() >> 16)
}

/// A variable that is a number, if it is set.
pub(crate) fn number(variable: &str) -> Option<u64> {
    let given = std::env::var_os(variable)?;
    let number = given.to_str().and_then(|number| number.parse().ok());
    Some(number.unwrap_or_else(|| panic!("{variable} is a number")))
}

impl Dice {
    pub(crate) fn of(seed: u64) -> Self {
        Self { state: seed }
    }

    /// 0 … n-1, by SplitMix64.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) >> 33).expect("31 bits") % n
    }

    pub(crate) fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// This once in n times, else nothing.
    pub(crate) fn maybe(&mut self, n: usize, text: &'static str) -> &'static str {
        if self.once_in(n) { text } else { "" }
    }

    pub(crate) fn one<'t, T: ?Sized>(&mut self, of: &[&'t T]) -> &'t T {
        of[self.below(of.len())]
    }

    /// Some of them, at least one.
    pub(crate) fn some<'t>(&mut self, of: &[&'t str]) -> Vec<&'t str> {
        let first = self.below(of.len());
        let mut others = |at: &usize| *at == first || self.once_in(3);
        (0..of.len()).filter(|at| others(at)).map(|at| of[at]).collect()
    }
}
