//! Moments by chance, which a seed brings back.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::Write;
use std::time::Duration;

pub(crate) struct Dice {
    pub(crate) seed: u64,
    state: u64,
}

impl Dice {
    /// `PGMOAT_TEST_SEED`, else another one each time; it is said in either case, though the test may pass.
    pub(crate) fn of(test: &str) -> Dice {
        let given = std::env::var_os("PGMOAT_TEST_SEED").map(|seed| {
            let seed = seed.to_str().and_then(|seed| seed.parse().ok());
            seed.expect("PGMOAT_TEST_SEED is a number")
        });
        let seed = given.unwrap_or_else(|| RandomState::new().build_hasher().finish());
        let _ = writeln!(std::io::stderr(), "{test}: PGMOAT_TEST_SEED={seed}");
        Dice { seed, state: seed }
    }

    /// Before the end of a time.
    pub(crate) fn moment(&mut self, whole: Duration) -> Duration {
        let part = u32::try_from(self.next() >> 32).expect("32 bits");
        whole.mul_f64(f64::from(part) / f64::from(u32::MAX))
    }

    /// SplitMix64.
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}
