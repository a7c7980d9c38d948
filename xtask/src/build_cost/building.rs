//! One build of one crate, measured.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;
use std::{env, fs};

use serde_json::Value;

use super::{BuildCostError, cpu};

/// What could make another build of it than a user would get, or put it elsewhere.
const FOREIGN: [&str; 9] = [
    "CARGO_BUILD_TARGET_DIR",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_INCREMENTAL",
    "CARGO_MANIFEST_DIR",
    "CARGO_TARGET_DIR",
    "MAKEFLAGS",
    "RUSTC_WORKSPACE_WRAPPER",
    "RUSTC_WRAPPER",
    "RUSTFLAGS",
];

/// How a crate is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Profile {
    Dev,
    Release,
}

impl Profile {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Release => "release",
        }
    }
}

/// What a build cost, and what it made.
#[derive(Debug)]
pub(super) struct Build {
    /// Processor time of everything that cargo started, in seconds.
    pub(super) cpu: f64,
    /// How long one waits for it, in seconds.
    pub(super) wall: f64,
    /// The names of the crates that took part, the program itself not counted.
    pub(super) crates: BTreeSet<String>,
    /// The program.
    pub(super) executable: PathBuf,
    /// Its size, in bytes.
    pub(super) size: u64,
    /// Where the build script of the crate that it depends on wrote, if there is one.
    pub(super) out: Option<PathBuf>,
    /// Where cargo's own report is.
    pub(super) report: PathBuf,
}

/// Cargo in `folder`, as if nobody had called this program by it.
pub(super) fn cargo(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or("cargo".into()));
    command.current_dir(folder).args(arguments);
    FOREIGN.iter().for_each(|name| _ = command.env_remove(name));
    command
}

/// Runs a program that must not fail, and gives its standard output.
pub(super) fn run(command: &mut Command) -> Result<String, BuildCostError> {
    let shown = [command.get_program()].into_iter().chain(command.get_args()).map(OsStr::to_string_lossy);
    let shown = shown.collect::<Vec<_>>().join(" ");
    let output = match command.stdin(Stdio::null()).output() {
        Ok(output) => output,
        Err(cause) => return Err(BuildCostError::Start { command: shown, cause }),
    };
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let words = String::from_utf8_lossy(&output.stderr).trim_end().to_owned();
    Err(BuildCostError::Failed { command: shown, words })
}

/// Builds the crate in `folder` with nothing there yet.
pub(super) fn cold(folder: &Path, target: &Path, profile: Profile) -> Result<Build, BuildCostError> {
    if target.exists() {
        fs::remove_dir_all(target).map_err(BuildCostError::file(target))?;
    }
    build(folder, target, profile)
}

/// Builds the crate in `folder` with what is in `target`.
pub(super) fn build(folder: &Path, target: &Path, profile: Profile) -> Result<Build, BuildCostError> {
    let mut command = cargo(folder, &["build", "--offline", "--timings", "--message-format", "json", "--target-dir"]);
    command.arg(target);
    if profile == Profile::Release {
        command.arg("--release");
    }
    let start = Instant::now();
    let before = cpu::of_children().map_err(BuildCostError::Count)?;
    let messages = run(&mut command)?;
    let cpu = cpu::of_children().map_err(BuildCostError::Count)? - before;
    let wall = start.elapsed().as_secs_f64();

    let mut crates = BTreeSet::new();
    let (mut executable, mut out) = (None, None);
    for message in messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
        let id = message["package_id"].as_str().unwrap_or_default();
        match message["reason"].as_str() {
            Some("compiler-artifact") if message["executable"].is_string() && kind(&message) == "bin" => {
                executable = message["executable"].as_str().map(PathBuf::from);
            }
            Some("compiler-artifact") => _ = crates.insert(id.to_owned()),
            Some("build-script-executed") if id.starts_with("path+") => {
                out = message["out_dir"].as_str().map(PathBuf::from);
            }
            _ => {}
        }
    }
    let executable = executable.ok_or_else(|| BuildCostError::NoProgram(folder.display().to_string()))?;
    let size = fs::metadata(&executable).map_err(BuildCostError::file(&executable))?.len();
    Ok(Build { cpu, wall, crates, executable, size, out, report: target.join("cargo-timings/cargo-timing.html") })
}

fn kind(message: &Value) -> &str {
    message["target"]["kind"][0].as_str().unwrap_or_default()
}
