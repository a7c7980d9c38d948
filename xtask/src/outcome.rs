//! What a command has to say, and how it ends.

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
