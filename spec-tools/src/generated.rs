//! Files that a command makes of others: it writes them, or checks that they are up to date.

use std::path::Path;

use xtask::outcome::Outcome;
use xtask::workspace::{self, FileError};

/// Writes the files, which are given from `root`; a check only compares them with what is there. The words say that a file
/// is the same as its source gives, that it differs, and by which command it is written.
pub(crate) fn keep(
    root: &Path,
    files: &[(&str, String)],
    check: bool,
    [same, differs, command]: [&str; 3],
) -> Result<Outcome, FileError> {
    let mut outcome = Outcome::clean(String::new());
    for (file, text) in files {
        let path = root.join(file);
        let line = if !check {
            workspace::write(&path, file, text)?;
            format!("wrote {file}\n")
        } else if path.exists() && workspace::read(&path, file)? == *text {
            format!("{file} {same}\n")
        } else {
            outcome.clean = false;
            format!("{file} {differs}\n")
        };
        outcome.text.push_str(&line);
    }
    if !outcome.clean {
        outcome.text.push_str(&format!("to fix it, run: {command}\n"));
    }
    Ok(outcome)
}
