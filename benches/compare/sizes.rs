//! How much is measured.

/// Numbers of policies, cycles and rounds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sizes {
    /// Policies to list.
    pub(crate) list: u32,
    /// Policies to list for who is too slow for that many: the rate is the same.
    pub(crate) list_slow: u32,
    /// Policies a page.
    pub(crate) page: u32,
    /// Policies of which each is created, modified and deleted.
    pub(crate) cycles: u32,
    /// How many such cycles at a time, when it is several.
    pub(crate) at_once: u32,
    /// Policies to list, from few to many.
    pub(crate) scale: [u32; 3],
    /// How often everything is done: often enough for a middle that is worth something where the machine is shared.
    pub(crate) rounds: usize,
    /// How often by who is slow.
    pub(crate) rounds_slow: usize,
    /// How often the policies are listed, from few to many.
    pub(crate) rounds_scale: usize,
}

impl Sizes {
    /// The sizes for figures.
    pub(crate) const FULL: Self = Self {
        list: 100_000,
        list_slow: 2_000,
        page: 500,
        cycles: 2_000,
        at_once: 64,
        scale: [10_000, 100_000, 1_000_000],
        rounds: 25,
        rounds_slow: 5,
        rounds_scale: 7,
    };

    /// Enough to see that everything works.
    pub(crate) const QUICK: Self = Self {
        list: 2_000,
        list_slow: 1_000,
        page: 100,
        cycles: 100,
        at_once: 64,
        scale: [1_000, 2_000, 4_000],
        rounds: 1,
        rounds_slow: 1,
        rounds_scale: 1,
    };

    /// The numbers of policies that the server has to have.
    pub(crate) fn policies(&self) -> Vec<u32> {
        let mut all = vec![self.list, self.list_slow];
        all.extend(self.scale);
        all.sort_unstable();
        all.dedup();
        all
    }
}
