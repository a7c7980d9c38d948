//! The programs that the site needs: cargo, which builds the simulator, and npm, which brings Scalar.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use serde_json::Value;
use xtask::outcome::Failure;
use xtask::workspace::{self, FileError};

use super::content::ErrorTrigger;

/// The files that pin Scalar, in `spec-tools/site/`.
const PINS: [&str; 3] = ["package.json", "package-lock.json", ".npmrc"];
/// Scalar as one file of JavaScript, from where npm installs.
const SCALAR: &str = "node_modules/@scalar/api-reference/dist/browser/standalone.js";

/// Asks cargo where it puts what it builds from the workspace at `root`.
pub(super) fn target(root: &Path) -> Result<PathBuf, Failure> {
    let text = cargo(root, &["metadata", "--no-deps", "--locked", "--format-version", "1"])?;
    let metadata: Value = serde_json::from_str(&text)?;
    let target = metadata["target_directory"].as_str().ok_or("`cargo metadata` names no target_directory")?;
    Ok(target.into())
}

/// Asks the simulator how to trigger each error code.
pub(super) fn triggers(root: &Path) -> Result<Vec<ErrorTrigger>, Failure> {
    let text = cargo(root, &["run", "--locked", "--package", "ontap-ipsec-simulator", "--", "--error-codes"])?;
    let unreadable = |error| format!("the simulator's list of error codes cannot be read: {error}");
    Ok(serde_json::from_str(&text).map_err(unreadable)?)
}

/// Gives Scalar; npm installs it below `target` unless the one that is pinned is there.
pub(super) fn scalar(root: &Path, target: &Path) -> Result<String, Failure> {
    let (pinned, home) = (root.join("spec-tools/site"), target.join("site-renderer"));
    let pins: Vec<String> = PINS.iter().map(|file| read(&pinned.join(file))).collect::<Result<_, _>>()?;
    // Written last, it tells a whole installation from one that was interrupted.
    let complete = home.join("complete");
    if fs::read_to_string(&complete).ok().as_ref() != Some(&pins.concat()) {
        for (file, text) in PINS.iter().zip(&pins) {
            write(&home.join(file), text)?;
        }
        let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
        let quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"];
        run(npm, &[&["ci"], &quiet[..]].concat(), &home, "install Node.js with npm")?;
        write(&complete, &pins.concat())?;
    }
    // Debuggers would look for the file that the last line names.
    Ok(read(&home.join(SCALAR))?.replace("//# sourceMappingURL=", "// "))
}

fn cargo(root: &Path, arguments: &[&str]) -> Result<String, Failure> {
    let program = env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    run(&program, arguments, root, "install Rust with cargo")
}

/// Runs a program in `folder` and gives its standard output; its standard error is that of this program.
fn run(program: &str, arguments: &[&str], folder: &Path, way_out: &str) -> Result<String, Failure> {
    let mut command = Command::new(program);
    let output = command.args(arguments).current_dir(folder).stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| format!("{program} cannot be run: {error}; {way_out}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let (line, folder) = (arguments.join(" "), folder.display());
    Err(format!("`{program} {line}` in {folder} failed; the lines above say why").into())
}

fn read(path: &Path) -> Result<String, FileError> {
    workspace::read(path, &path.display().to_string())
}

/// Writes a file of the site, or one that it is made with.
pub(super) fn write(path: &Path, text: &str) -> Result<(), FileError> {
    workspace::write(path, &path.display().to_string(), text)
}
