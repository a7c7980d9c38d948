//! Scalar, which shows the reference: one file of JavaScript, pinned in `xtask/site/`, that npm brings.

use std::path::Path;
use std::process::Command;
use std::{fs, io};

use thiserror::Error;

/// Where it is pinned, from the root.
const PINNED: &str = "xtask/site";
const PACKAGE: &str = "package.json";
const LOCK: &str = "package-lock.json";
/// The file, from where npm installs.
const BUNDLE: &str = "node_modules/@scalar/api-reference/dist/browser/standalone.js";
/// The end of the file names another one, which is not of use to readers and would be looked for.
const SOURCE_MAP: &str = "//# sourceMappingURL=";

/// Why it is not there.
#[derive(Debug, Error)]
pub enum RendererError {
    /// There is no npm.
    #[error("npm, which brings the renderer of the reference, cannot be run: {0}; install Node.js with npm")]
    Start(io::Error),
    /// It failed.
    #[error("`npm ci` in {folder} failed: {words}")]
    Install {
        /// Where it ran.
        folder: String,
        /// What it said.
        words: String,
    },
    /// A file that cannot be read or written.
    #[error("{file}: {cause}")]
    File {
        /// Which.
        file: String,
        /// Why.
        cause: io::Error,
    },
}

/// The file of JavaScript; installed below `target` if it is not there yet, or not the one that the lock names.
pub(super) fn bundle(root: &Path, target: &Path) -> Result<String, RendererError> {
    let home = target.join("site-renderer");
    let pinned = root.join(PINNED);
    let failed = |path: &Path| {
        let file = path.display().to_string();
        move |cause| RendererError::File { file, cause }
    };
    let lock = fs::read(pinned.join(LOCK)).map_err(failed(&pinned.join(LOCK)))?;
    // Copied last, it tells a whole installation from one that was interrupted.
    let complete = home.join("complete");
    if fs::read(&complete).ok().as_ref() != Some(&lock) {
        fs::create_dir_all(&home).map_err(failed(&home))?;
        for file in [PACKAGE, LOCK, ".npmrc"] {
            fs::copy(pinned.join(file), home.join(file)).map_err(failed(&pinned.join(file)))?;
        }
        install(&home)?;
        fs::write(&complete, &lock).map_err(failed(&complete))?;
    }
    let file = home.join(BUNDLE);
    let text = fs::read_to_string(&file).map_err(failed(&file))?;
    Ok(without_source_map(text))
}

fn install(home: &Path) -> Result<(), RendererError> {
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"];
    let output = Command::new(npm).args(arguments).current_dir(home).output().map_err(RendererError::Start)?;
    if output.status.success() {
        return Ok(());
    }
    let words = String::from_utf8_lossy(&output.stderr).trim_end().to_owned();
    Err(RendererError::Install { folder: home.display().to_string(), words })
}

fn without_source_map(mut text: String) -> String {
    let start = text.trim_ascii_end().rfind('\n').map_or(0, |index| index + 1);
    if text[start..].starts_with(SOURCE_MAP) {
        text.truncate(start);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::without_source_map;

    #[test]
    fn only_the_last_line_goes() {
        let cut = |text: &str| without_source_map(text.to_owned());
        assert_eq!(cut("a\n//# sourceMappingURL=b.map\n"), "a\n");
        assert_eq!(cut("//# sourceMappingURL=b.map\na\n"), "//# sourceMappingURL=b.map\na\n");
        assert_eq!(cut("a"), "a");
    }
}
