//! `cargo xtask api`: the public API of the crate, as a list that a review can see change.

use std::path::Path;

use clap::Args;
use similar::TextDiff;
use thiserror::Error;

use crate::cargo::{self, CargoError};
use crate::outcome::Outcome;
use crate::workspace::{self, FileError};

/// The list, from the root.
const LIST: &str = "public-api.txt";
/// The features that add to the API.
const FEATURES: &str = "blocking,schemars,serialize-error";

/// What the command can be told.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Write nothing; exit with 1 and the differences if the list is not what the crate has.
    #[arg(long)]
    check: bool,
}

/// Why the command could not do its work.
#[derive(Debug, Error)]
pub enum ApiError {
    /// A file that cannot be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// Cargo that failed.
    #[error(transparent)]
    Cargo(#[from] CargoError),
    /// Output of rustdoc in a form that the reader does not know.
    #[error("what rustdoc wrote cannot be read, perhaps because the compiler is another one: {0}")]
    Rustdoc(#[from] public_api::Error),
}

/// Runs the command in the workspace at `root`.
///
/// # Errors
/// If the crate does not build, or a file cannot be read or written.
pub fn run(root: &Path, arguments: &Arguments) -> Result<Outcome, ApiError> {
    let list = list(root)?;
    let path = root.join(LIST);
    if !arguments.check {
        workspace::write(&path, LIST, &list)?;
        return Ok(Outcome { text: format!("wrote {LIST}\n"), clean: true, ..Outcome::default() });
    }
    let there = if path.exists() { workspace::read(&path, LIST)? } else { String::new() };
    Ok(judge(&there, &list))
}

/// What to say of a list that is `there`, when the crate has `list`.
fn judge(there: &str, list: &str) -> Outcome {
    if there == list {
        return Outcome { text: format!("{LIST} is what the crate has\n"), clean: true, ..Outcome::default() };
    }
    let difference = TextDiff::from_lines(there, list);
    let shown = difference.unified_diff().header(LIST, "what the crate has").to_string();
    Outcome { text: format!("{shown}to take it over, run: cargo xtask api\n"), ..Outcome::default() }
}

fn list(root: &Path) -> Result<String, ApiError> {
    let target = cargo::metadata(root)?.target_directory;
    let rustdoc = ["rustdoc", "--quiet", "--locked", "--package", "ontap-ipsec", "--lib", "--features", FEATURES];
    let json = ["--", "-Z", "unstable-options", "--output-format", "json"];
    // The form is not stable yet, so that a stable compiler has to be asked for it twice.
    cargo::run(root, &[&rustdoc[..], &json].concat(), &[("RUSTC_BOOTSTRAP", "1")])?;
    let api = public_api::Builder::from_rustdoc_json(target.join("doc/ontap_ipsec.json"))
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .omit_auto_derived_impls(true)
        .build()?;
    let head = "# The public API of the crate. Written by `cargo xtask api`.\n".to_owned();
    Ok(api.items().fold(head, |text, item| format!("{text}{item}\n")))
}

#[cfg(test)]
mod tests {
    use super::judge;

    #[test]
    fn what_changed_is_shown_with_the_command_that_takes_it_over() {
        let outcome = judge("pub mod a\npub fn a::old()\n", "pub mod a\npub fn a::new()\n");
        assert!(!outcome.clean);
        assert_eq!(
            outcome.text,
            "--- public-api.txt\n+++ what the crate has\n@@ -1,2 +1,2 @@\n pub mod a\n-pub fn a::old()\n+pub fn a::new()\n\
             to take it over, run: cargo xtask api\n"
        );
        assert!(judge("pub mod a\n", "pub mod a\n").clean);
    }
}
