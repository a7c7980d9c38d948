//! What is compared: crates that each have one dependency, and that dependency in several forms.

use std::path::{Path, PathBuf};
use std::{fs, io};

use super::BuildCostError;
use super::building::{self, Build, Profile, cargo};
use crate::cargo::Metadata;
use crate::workspace;

/// A crate that depends on one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Contender {
    /// On this crate, as it is published.
    Ours,
    /// On this crate with the generated code in its sources, and without a build script.
    CheckedIn,
    /// The same, with progenitor for a build script that does nothing: what no use of progenitor can do without.
    Generator,
    /// On reqwest alone, with the features that this crate asks of it.
    Reqwest,
    /// On this crate with ring in place of aws-lc-rs.
    Ring,
}

impl Contender {
    pub(super) const ALL: [Self; 5] = [Self::Ours, Self::CheckedIn, Self::Generator, Self::Reqwest, Self::Ring];
    /// Those whose package needs the generated code.
    const WITH_CODE: [Self; 2] = [Self::CheckedIn, Self::Generator];

    /// How it is built. Where the program is small and fast is asked of TLS alone.
    pub(super) fn profiles(self) -> &'static [Profile] {
        match self {
            Self::Ours | Self::Ring => &[Profile::Dev, Profile::Release],
            Self::CheckedIn | Self::Generator | Self::Reqwest => &[Profile::Dev],
        }
    }

    /// Whether the target is about it.
    pub(super) fn is_judged(self, profile: Profile) -> bool {
        profile == Profile::Dev && matches!(self, Self::Ours | Self::CheckedIn)
    }

    /// What reports call it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Ours => "ontap-ipsec",
            Self::CheckedIn => "with the generated code checked in",
            Self::Generator => "checked in, and progenitor built for nothing",
            Self::Reqwest => "reqwest alone",
            Self::Ring => "with ring for TLS",
        }
    }

    /// The name of its folder.
    fn folder(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::CheckedIn => "checked-in",
            Self::Generator => "generator",
            Self::Reqwest => "reqwest",
            Self::Ring => "ring",
        }
    }

    fn program(self) -> &'static str {
        match self {
            Self::Ours | Self::CheckedIn | Self::Generator => include_str!("programs/ours.rs"),
            Self::Reqwest => include_str!("programs/reqwest.rs"),
            Self::Ring => include_str!("programs/ring.rs"),
        }
    }

    /// Crates of which the first must take part in the build, and the second must not: it would be another build than it
    /// is said to be.
    fn marks(self) -> (&'static str, &'static str) {
        match self {
            Self::Ours => ("progenitor-impl", "ring"),
            Self::CheckedIn => ("httpdate", "progenitor-impl"),
            Self::Generator => ("progenitor-impl", "granit-parser"),
            Self::Reqwest => ("reqwest", "httpdate"),
            Self::Ring => ("ring", "aws-lc-sys"),
        }
    }

    /// Refuses a build that is not of what this stands for.
    pub(super) fn recognize(self, build: &Build) -> Result<(), BuildCostError> {
        // `registry+https://…#name@version`, and `path+file://…/name#version` or `#name@version`.
        let takes_part = |name: &str| build.crates.iter().any(|id| id.contains(&format!("#{name}@")));
        let (with, without) = self.marks();
        if takes_part(with) && !takes_part(without) {
            return Ok(());
        }
        let name = self.name();
        Err(BuildCostError::Another(format!("`{name}` was to be built with {with} and without {without}, and is not")))
    }
}

/// Where it all is.
#[derive(Debug)]
pub(super) struct Stage {
    home: PathBuf,
    reqwest: Vec<String>,
    lock: String,
}

impl Stage {
    /// Below `target`, cargo's directory for the workspace at `root`: the crates, and the forms of the package that can be
    /// made before anything is built.
    pub(super) fn new(root: &Path, metadata: &Metadata) -> Result<Self, BuildCostError> {
        let home = metadata.target_directory.join("build-cost");
        let lock = workspace::read(&root.join("Cargo.lock"), "Cargo.lock")?;
        let ours = metadata.packages.iter().find(|package| package.name == "ontap-ipsec");
        let reqwest = ours.and_then(|package| package.dependencies.iter().find(|one| one.name == "reqwest"));
        let stage = Self { home, lock, reqwest: reqwest.map(|one| one.features.clone()).unwrap_or_default() };

        let packages = stage.home.join("packages");
        if packages.exists() {
            fs::remove_dir_all(&packages).map_err(BuildCostError::file(&packages))?;
        }
        stage.unpack(root)?;
        let ring = stage.package(Contender::Ring);
        copy(&stage.package(Contender::Ours), &ring)?;
        change(&ring.join("Cargo.toml"), |text| {
            text.replace("\"reqwest/rustls\"", "\"reqwest/rustls-no-provider\"").replace("\"aws_lc_rs\"", "\"ring\"")
        })?;
        change_all(&ring.join("src"), &|text| text.replace("aws_lc_rs", "ring"))?;
        for contender in Contender::ALL.into_iter().filter(|contender| !Contender::WITH_CODE.contains(contender)) {
            stage.put(contender)?;
        }
        stage.crate_of("tls", TLS, include_str!("programs/tls.rs"))?;
        Ok(stage)
    }

    /// Makes the forms with the generated code checked in, out of what the build script wrote to `out`.
    pub(super) fn check_in(&self, out: &Path) -> Result<(), BuildCostError> {
        for contender in Contender::WITH_CODE {
            self.check_in_as(contender, out)?;
        }
        let script = self.package(Contender::Generator).join("build.rs");
        Ok(workspace::write(&script, "build.rs", "fn main() {}\n")?)
    }

    fn check_in_as(&self, contender: Contender, out: &Path) -> Result<(), BuildCostError> {
        let package = self.package(contender);
        copy(&self.package(Contender::Ours), &package)?;
        copy(out, &package.join("generated"))?;
        for gone in ["build.rs", "codegen", "spec"] {
            let path = package.join(gone);
            let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
            removed.map_err(BuildCostError::file(&path))?;
        }
        let kept = (contender == Contender::Generator).then_some("progenitor");
        change(&package.join("Cargo.toml"), |manifest| without_build_script(manifest, kept))?;
        let included = |text: &str| text.replace("env!(\"OUT_DIR\")", "env!(\"CARGO_MANIFEST_DIR\"), \"/generated\"");
        change_all(&package.join("src"), &included)?;
        self.put(contender)
    }

    /// The folder of the crate.
    pub(super) fn folder(&self, contender: Contender) -> PathBuf {
        self.home.join("crates").join(contender.folder())
    }

    /// The folder of the program that measures TLS.
    pub(super) fn tls(&self) -> PathBuf {
        self.home.join("crates/tls")
    }

    /// What it is built into.
    pub(super) fn target(&self, name: &str) -> PathBuf {
        self.home.join("built").join(name)
    }

    /// The form of this package that the contender depends on.
    pub(super) fn package(&self, contender: Contender) -> PathBuf {
        self.home.join("packages").join(contender.folder())
    }

    /// Where the report on the timings is kept.
    pub(super) fn report(&self) -> PathBuf {
        self.home.join("timings.html")
    }

    /// The version of a crate that takes part, by the lock of the crates.
    pub(super) fn version(&self, name: &str) -> Option<String> {
        let lock = fs::read_to_string(self.tls().join("Cargo.lock")).unwrap_or_default() + &self.lock;
        let (_, after) = lock.split_once(&format!("name = \"{name}\"\nversion = \""))?;
        after.split_once('"').map(|(version, _)| version.to_owned())
    }

    /// The package, as it would be published.
    fn unpack(&self, root: &Path) -> Result<(), BuildCostError> {
        let target = self.home.join("packed");
        let arguments =
            ["package", "--package", "ontap-ipsec", "--no-verify", "--allow-dirty", "--locked", "--target-dir"];
        building::run(cargo(root, &arguments).arg(&target))?;
        let folder = target.join("package");
        let mut archives: Vec<PathBuf> = fs::read_dir(&folder)
            .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>())
            .map_err(BuildCostError::file(&folder))?;
        archives.retain(|path| path.extension().is_some_and(|end| end == "crate"));
        let [archive] = archives.as_slice() else {
            let cause = io::Error::other("expected one archive of the package");
            return Err(BuildCostError::file(&folder)(cause));
        };
        let package = self.package(Contender::Ours);
        fs::create_dir_all(&package).map_err(BuildCostError::file(&package))?;
        let mut tar = std::process::Command::new("tar");
        building::run(tar.args(["-xzf"]).arg(archive).args(["--strip-components", "1", "-C"]).arg(&package))?;
        // Only the program decides which versions there are.
        let lock = package.join("Cargo.lock");
        if lock.exists() {
            fs::remove_file(&lock).map_err(BuildCostError::file(&lock))?;
        }
        Ok(())
    }

    fn put(&self, contender: Contender) -> Result<(), BuildCostError> {
        let package = format!("ontap-ipsec = {{ path = \"../../packages/{}\" }}\n", contender.folder());
        let dependencies = match contender {
            Contender::Ours | Contender::CheckedIn | Contender::Generator => package,
            Contender::Ring => {
                package + "rustls = { version = \"0.23\", default-features = false, features = [\"ring\"] }\n"
            }
            Contender::Reqwest => {
                let features: Vec<String> =
                    self.reqwest.iter().map(String::as_str).chain(["rustls"]).map(|name| format!("{name:?}")).collect();
                let features = features.join(", ");
                format!(
                    "reqwest = {{ version = \"*\", default-features = false, features = [{features}] }}\nserde_json = \"1\"\n"
                )
            }
        };
        let tokio = "tokio = { version = \"1\", default-features = false, features = [\"net\", \"rt\", \"time\"] }\n";
        self.crate_of(contender.folder(), &(dependencies + tokio), contender.program())
    }

    /// A crate with these dependencies, in the versions of this workspace, all of them downloaded.
    fn crate_of(&self, name: &str, dependencies: &str, program: &str) -> Result<(), BuildCostError> {
        let folder = self.home.join("crates").join(name);
        let manifest = format!(
            "[package]\nname = \"program-{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
             [workspace]\n\n[profile.release]\nstrip = true\n\n[dependencies]\n{dependencies}"
        );
        workspace::write(&folder.join("Cargo.toml"), "Cargo.toml", &manifest)?;
        workspace::write(&folder.join("Cargo.lock"), "Cargo.lock", &self.lock)?;
        workspace::write(&folder.join("src/main.rs"), "src/main.rs", program)?;
        building::run(&mut cargo(&folder, &["fetch"]))?;
        Ok(())
    }
}

/// What the program that measures TLS depends on.
const TLS: &str = "\
nix = { version = \"0.32\", default-features = false, features = [\"resource\"] }
rcgen = { version = \"0.14\", default-features = false, features = [\"aws_lc_rs\", \"crypto\"] }
rustls = { version = \"0.23\", default-features = false, features = [\"aws_lc_rs\", \"ring\", \"std\", \"tls12\"] }
";

/// The manifest that cargo wrote for a package, without its build script and what that needs; or, if something of that is
/// kept, with a build script that needs nothing else.
fn without_build_script(manifest: &str, kept: Option<&str>) -> String {
    let mut out = String::new();
    let mut keeps = true;
    let of_kept = kept.map(|name| format!("[build-dependencies.{name}]"));
    for line in manifest.split_inclusive('\n') {
        if line.starts_with('[') {
            keeps = !line.starts_with("[build-dependencies") || of_kept.as_deref() == Some(line.trim_end());
        }
        if keeps {
            let is_script = line.starts_with("build = ") && kept.is_none();
            out += if is_script { "build = false\n" } else { line };
        }
    }
    out
}

/// Copies a folder with all that is in it.
fn copy(from: &Path, to: &Path) -> Result<(), BuildCostError> {
    fs::create_dir_all(to).map_err(BuildCostError::file(to))?;
    for entry in fs::read_dir(from).map_err(BuildCostError::file(from))? {
        let path = entry.map_err(BuildCostError::file(from))?.path();
        let there = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() {
            copy(&path, &there)?;
        } else {
            fs::copy(&path, &there).map_err(BuildCostError::file(&path))?;
        }
    }
    Ok(())
}

/// Changes a file that has to be another one afterwards.
fn change(path: &Path, change: impl Fn(&str) -> String) -> Result<(), BuildCostError> {
    let name = path.display().to_string();
    let text = workspace::read(path, &name)?;
    let changed = change(&text);
    if changed == text {
        return Err(BuildCostError::Another(format!("{name} is not what this command knows how to change")));
    }
    Ok(workspace::write(path, &name, &changed)?)
}

/// Changes the sources in a folder, of which some have to be others afterwards.
fn change_all(folder: &Path, change: &dyn Fn(&str) -> String) -> Result<(), BuildCostError> {
    if change_below(folder, change)? == 0 {
        let name = folder.display().to_string();
        return Err(BuildCostError::Another(format!("{name} has nothing that this command knows how to change")));
    }
    Ok(())
}

fn change_below(folder: &Path, change: &dyn Fn(&str) -> String) -> Result<usize, BuildCostError> {
    let mut count = 0;
    for entry in fs::read_dir(folder).map_err(BuildCostError::file(folder))? {
        let path = entry.map_err(BuildCostError::file(folder))?.path();
        if path.is_dir() {
            count += change_below(&path, change)?;
            continue;
        }
        let name = path.display().to_string();
        let text = workspace::read(&path, &name)?;
        let changed = change(&text);
        if changed != text {
            workspace::write(&path, &name, &changed)?;
            count += 1;
        }
    }
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_loses_its_build_script_and_nothing_else() {
        let manifest = "[package]\nname = \"x\"\nbuild = \"build.rs\"\n\n[dependencies.a]\nversion = \"1\"\n\n\
            [build-dependencies.b]\nversion = \"2\"\nfeatures = [\n    \"c\",\n]\n\n[lints.rust]\nd = \"warn\"\n";
        let expected = "[package]\nname = \"x\"\nbuild = false\n\n[dependencies.a]\nversion = \"1\"\n\n\
            [lints.rust]\nd = \"warn\"\n";
        assert_eq!(without_build_script(manifest, None), expected);
        assert_eq!(without_build_script(manifest, Some("b")), manifest);
        let expected = expected.replace("build = false", "build = \"build.rs\"");
        assert_eq!(without_build_script(manifest, Some("d")), expected);
    }

    #[test]
    fn a_build_of_something_else_is_refused() {
        let build = |crates: &[&str]| Build {
            cpu: 1.0,
            wall: 1.0,
            crates: crates.iter().map(|name| format!("registry+https://registry.example#{name}@1.0.0")).collect(),
            executable: PathBuf::new(),
            size: 1,
            out: None,
            report: PathBuf::new(),
        };
        assert!(Contender::Ring.recognize(&build(&["ring"])).is_ok());
        let refused = Contender::Ring.recognize(&build(&["ring", "aws-lc-sys"])).map_err(|error| error.to_string());
        let words = "`with ring for TLS` was to be built with ring and without aws-lc-sys, and is not; see ";
        assert!(refused.as_ref().is_err_and(|said| said.starts_with(words)), "{refused:?}");
        assert!(Contender::CheckedIn.recognize(&build(&["httpdate", "progenitor-impl"])).is_err());
    }
}
