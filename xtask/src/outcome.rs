//! The end of a command.

/// The failure of a command. `main` prints it, and no caller tells one from another.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The end of a command that could do its work.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// For standard output.
    pub text: String,
    /// For standard error: what is worth a look, but changes nothing about the result.
    pub notes: String,
    /// Whether all is as it should be (exit code 0) or something is amiss (exit code 1).
    pub clean: bool,
}

impl Outcome {
    /// Makes the outcome of a command that found nothing amiss.
    pub(crate) fn clean(text: String) -> Self {
        Self { text, clean: true, ..Self::default() }
    }
}
