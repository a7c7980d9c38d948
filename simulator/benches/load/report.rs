//! The table of measured values, each with its limit.

use std::process::ExitCode;

/// The values so far.
pub(crate) struct Report {
    beyond: usize,
}

impl Report {
    pub(crate) fn new() -> Self {
        println!("{:<44} {:>32} {:>12}", "figure", "measured", "limit");
        Self { beyond: 0 }
    }

    /// Adds a value without a limit.
    pub(crate) fn tell(&self, what: &str, measured: &str) {
        println!("{what:<44} {measured:>32}");
    }

    /// Adds a value, its text, and its limit.
    pub(crate) fn check<N: PartialOrd + Copy>(
        &mut self,
        what: &str,
        shown: &str,
        figure: N,
        limit: N,
        show: impl Fn(N) -> String,
    ) {
        let holds = figure <= limit;
        self.beyond += usize::from(!holds);
        let verdict = if holds { "" } else { "  BEYOND" };
        println!("{what:<44} {shown:>32} {:>12}{verdict}", show(limit));
    }

    /// Returns success if every value is within its limit.
    pub(crate) fn verdict(self) -> ExitCode {
        match self.beyond {
            0 => ExitCode::SUCCESS,
            beyond => {
                println!("\n{beyond} beyond the limit");
                ExitCode::FAILURE
            }
        }
    }
}

pub(crate) fn mebibytes(bytes: u64) -> String {
    format!("{} MiB", bytes >> 20)
}

pub(crate) fn times(ratio: f64) -> String {
    format!("{ratio:.2} times")
}
