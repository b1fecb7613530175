//! Choices from random bytes, which proptest makes and shrinks.

pub(crate) struct Dice<'a> {
    rolls: &'a [u8],
}

impl<'a> Dice<'a> {
    pub(crate) fn of(rolls: &'a [u8]) -> Self {
        Self { rolls }
    }

    /// 0 … n-1; 0 when there are no bytes left.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        let Some((first, rest)) = self.rolls.split_first() else { return 0 };
        self.rolls = rest;
        usize::from(*first) % n
    }

    /// Once in n times.
    pub(crate) fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == n - 1
    }

    pub(crate) fn one<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.below(of.len())]
    }
}
