//! The table of figures, each with its limit.

use std::process::ExitCode;

/// The results so far.
pub(crate) struct Report {
    beyond: usize,
}

impl Report {
    pub(crate) fn new() -> Self {
        println!("{:<44} {:>32} {:>12}", "figure", "measured", "limit");
        Self { beyond: 0 }
    }

    /// A figure without a limit.
    pub(crate) fn tell(&self, what: &str, measured: &str) {
        println!("{what:<44} {measured:>32}");
    }

    /// A figure, how it is shown, and the most that it may be.
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

    /// Success if every figure is within its limit.
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
