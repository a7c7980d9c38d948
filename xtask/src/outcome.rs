//! The end of a command.

use std::io::{self, Write};
use std::process::ExitCode;

/// The failure of a command. No caller tells one from another.
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
    pub fn clean(text: String) -> Self {
        Self { text, clean: true, ..Self::default() }
    }
}

/// Prints the result of a command, and gives its exit code: 0, 1 if something is amiss, or 2 after a failure.
pub fn exit(result: Result<Outcome, Failure>) -> ExitCode {
    match result {
        Ok(outcome) => {
            // There is nowhere left to report a failure to report.
            let _ = io::stderr().lock().write_all(outcome.notes.as_bytes());
            match io::stdout().lock().write_all(outcome.text.as_bytes()) {
                // A reader that has seen enough, such as `head`, changes nothing about the result.
                Err(error) if error.kind() != io::ErrorKind::BrokenPipe => fail(&format!("standard output: {error}")),
                _ if outcome.clean => ExitCode::SUCCESS,
                _ => ExitCode::from(1),
            }
        }
        Err(failure) => fail(&failure.to_string()),
    }
}

fn fail(message: &str) -> ExitCode {
    // There is nowhere left to report a failure to report.
    let _ = writeln!(io::stderr().lock(), "error: {message}");
    ExitCode::from(2)
}
