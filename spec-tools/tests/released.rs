//! `cargo spec changes` and `cargo spec release`, as they are run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

const SPEC: &str = include_str!("pages/allotment.yaml");
const CHANGELOG: &str = "# Changelog\n\n## 1.2.3 - 2026-11-27\n\n### Added\n- Beds.\n";

const CHANGES: [&str; 1] = ["changes"];
const RELEASE: [&str; 1] = ["release"];
const REPLACE: [&str; 2] = ["release", "--replace"];

/// A workspace of its own.
struct Workspace {
    directory: TempDir,
}

impl Workspace {
    /// With a document that is not released yet.
    fn new() -> Self {
        let workspace = Self { directory: tempfile::tempdir().expect("a directory") };
        workspace.put("spec/ontap-ipsec.yaml", SPEC);
        workspace.put("spec/CHANGELOG.md", CHANGELOG);
        workspace
    }

    /// With a document that is.
    fn released() -> Self {
        let workspace = Self::new();
        workspace.put("spec/released/1.2.3.yaml", SPEC);
        workspace
    }

    /// The next version, with changes, and what the changelog says of it.
    fn next(&self, version: &str, changes: &[(&str, &str)], said: &str) {
        let mut text = SPEC.replace("x-ontap-spec-version: 1.2.3", &format!("x-ontap-spec-version: {version}"));
        for (before, after) in changes {
            assert_eq!(text.matches(before).count(), 1, "{before}");
            text = text.replace(before, after);
        }
        self.put("spec/ontap-ipsec.yaml", &text);
        self.put("spec/CHANGELOG.md", &CHANGELOG.replace("## 1.2.3", &format!("{said}\n## 1.2.3")));
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn put(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a directory")).expect("the directory is made");
        fs::write(path, text).expect("the file is written");
    }

    fn get(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect(name)
    }

    /// The exit code, standard output and standard error.
    fn run(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        run(self.directory.path(), arguments)
    }

    #[track_caller]
    fn runs(&self, arguments: &[&str], code: i32, stdout: &str, stderr: &str) {
        assert_eq!(self.run(arguments), (Some(code), stdout.to_owned(), stderr.to_owned()));
    }

    /// The end of what it prints, behind the line with all counts.
    #[track_caller]
    fn ends(&self, arguments: &[&str], code: i32, end: &str) {
        let (status, stdout, stderr) = self.run(arguments);
        assert_eq!((status, stderr.as_str()), (Some(code), ""), "{stdout}");
        let (_, verdict) = stdout.split_once("from 1.2.3 (spec/released/1.2.3.yaml) to ").expect("a verdict");
        assert_eq!(verdict.split_once('\n').expect("a line").1, end, "{stdout}");
    }
}

fn run(root: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_spec-tools"));
    command.args(arguments).current_dir(root).env("CARGO_MANIFEST_DIR", root.join("spec-tools"));
    let output = command.output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

const WORDING: (&str, &str) = ("It is dug.", "Dug.");
const COMPATIBLE: (&str, &str) = ("[leek, bean]", "[leek, bean, kale]");
const BREAKING: (&str, &str) = ("operationId: bed_list", "operationId: beds_list");

fn section(version: &str) -> String {
    format!("## {version} - 2026-12-01\n\n### Changed\n- Beds.\n")
}

#[test]
fn nothing_has_changed() {
    let same = "from 1.2.3 (spec/released/1.2.3.yaml) to 1.2.3 (spec/ontap-ipsec.yaml): \
                0 breaking, 0 compatible, 0 wording\n";
    Workspace::released().runs(&CHANGES, 0, same, "");
    Workspace::released().runs(&["changes", "--since", "1.2.3"], 0, same, "");
}

#[test]
fn the_step_has_to_be_as_large_as_the_gravest_change() {
    let way_out = |kind: &str, version: &str| {
        format!("{kind} step: set info.x-ontap-spec-version to {version} and say so in spec/CHANGELOG.md\n")
    };
    let workspace = Workspace::released();
    for (changes, enough, too_small, end) in [
        (
            &[WORDING][..],
            ["1.2.4", "1.3.0", "2.0.0"],
            &["1.2.3"][..],
            way_out("another wording takes a patch", "1.2.4"),
        ),
        (
            &[WORDING, COMPATIBLE],
            ["1.3.0", "1.4.0", "2.0.0"],
            &["1.2.3", "1.2.4", "1.2.99"],
            way_out("a compatible change takes a minor", "1.3.0"),
        ),
        (
            &[WORDING, COMPATIBLE, BREAKING],
            ["2.0.0", "2.1.0", "10.0.0"],
            &["1.2.3", "1.2.4", "1.3.0", "1.99.0"],
            way_out("a breaking change takes a major", "2.0.0"),
        ),
    ] {
        for version in enough {
            workspace.next(version, changes, &section(version));
            workspace.ends(&CHANGES, 0, "");
        }
        for version in too_small {
            let said = if *version == "1.2.3" { String::new() } else { section(version) };
            workspace.next(version, changes, &said);
            workspace.ends(&CHANGES, 1, &end);
        }
    }
}

#[test]
fn a_version_cannot_go_back() {
    let workspace = Workspace::released();
    workspace.next("1.2.2", &[COMPATIBLE], &section("1.2.2"));
    let end = "1.2.2 is lower than 1.2.3, which is released: set info.x-ontap-spec-version to 1.3.0 and say so in \
               spec/CHANGELOG.md\n";
    workspace.ends(&CHANGES, 1, end);
}

#[test]
fn the_changelog_has_to_tell_of_the_version() {
    let workspace = Workspace::released();
    let unsaid = "spec/CHANGELOG.md says nothing of 1.3.0: write a section `## 1.3.0 - DATE`\n";
    for said in ["", "## 1.3.1 - 2026-12-01\n\n- Beds.\n", "### 1.3.0 - 2026-12-01\n\n- Beds.\n", "Of 1.3.0.\n"] {
        workspace.next("1.3.0", &[COMPATIBLE], said);
        workspace.ends(&CHANGES, 1, unsaid);
    }
    for said in ["## 1.3.0 - 2026-12-01\n", "## 1.3.0 - 2026-12-01\n\n### Added\n"] {
        workspace.next("1.3.0", &[COMPATIBLE], said);
        workspace.ends(&CHANGES, 1, "spec/CHANGELOG.md:3: the section of 1.3.0 is empty: say what has changed\n");
    }
    for said in ["## 1.3.0\n\n- Beds.\n", "## [1.3.0] - unreleased\n\n- Beds.\n"] {
        workspace.next("1.3.0", &[COMPATIBLE], said);
        workspace.ends(&CHANGES, 0, "");
    }
    fs::remove_file(workspace.path("spec/CHANGELOG.md")).expect("it was there");
    let (code, _, stderr) = workspace.run(&CHANGES);
    assert!(stderr.starts_with("error: cannot read spec/CHANGELOG.md: "), "{stderr}");
    assert_eq!(code, Some(2));
}

#[test]
fn the_last_version_is_compared_unless_another_is_named() {
    let workspace = Workspace::released();
    let older = SPEC.replace("x-ontap-spec-version: 1.2.3", "x-ontap-spec-version: 0.9.0");
    workspace.put("spec/released/0.9.0.yaml", &older.replace("[leek, bean]", "[leek]"));
    workspace.put("spec/released/0.10.0.yaml", &older.replace("0.9.0", "0.10.0"));
    workspace.put("spec/released/notes.txt", "not a version\n");
    let last = "from 1.2.3 (spec/released/1.2.3.yaml) to 1.2.3 (spec/ontap-ipsec.yaml): ";
    assert!(workspace.run(&CHANGES).1.starts_with(last));
    let (code, stdout, _) = workspace.run(&["changes", "--since", "0.9.0"]);
    assert!(
        stdout.contains("\nfrom 0.9.0 (spec/released/0.9.0.yaml) to 1.2.3 (spec/ontap-ipsec.yaml): 0 breaking, 1 ")
    );
    assert_eq!(code, Some(0));
    let (_, stdout, _) = workspace.run(&["changes", "--since=spec/released/0.10.0.yaml", "--format", "markdown"]);
    assert_eq!(stdout, "## From 0.10.0 to 1.2.3\n\nNo changes.\n");
    workspace.put("other.yaml", &SPEC.replace("It is dug.", "Dug."));
    let (code, stdout, _) = workspace.run(&["changes", "--spec", "other.yaml", "--format", "json"]);
    assert!(
        stdout.contains("\"to_at\": [\n        {\n          \"file\": \"other.yaml\",\n          \"line\": 60,\n"),
        "{stdout}"
    );
    assert_eq!(code, Some(1));
}

/// Missing files are errors, not successful checks.
#[test]
fn what_cannot_be_compared() {
    let none = "error: spec/released holds no released version such as 1.0.0.yaml; release the one that there is with \
                `cargo spec release`\n";
    let workspace = Workspace::new();
    workspace.runs(&CHANGES, 2, "", none);
    workspace.put("spec/released/notes.txt", "not a version\n");
    workspace.runs(&CHANGES, 2, "", none);
    workspace.put("spec/released/v1.2.3.yaml", SPEC);
    let name = "error: spec/released/v1.2.3.yaml is not named after a version, such as spec/released/1.0.0.yaml\n";
    workspace.runs(&CHANGES, 2, "", name);

    let workspace = Workspace::released();
    workspace.put("spec/released/1.2.4.yaml", SPEC);
    let misnamed = "error: spec/released/1.2.4.yaml:5:3: info.x-ontap-spec-version is 1.2.3, but the file is named \
                    after 1.2.4\n";
    workspace.runs(&CHANGES, 2, "", misnamed);
    workspace.put("spec/released/1.2.4.yaml", "paths: none\n");
    let missing = "error: spec/released/1.2.4.yaml:1:1: info.x-ontap-spec-version is missing; it holds a version such as \
                   1.0.0\n";
    workspace.runs(&CHANGES, 2, "", missing);
    let (code, _, stderr) = workspace.run(&["changes", "--since", "1.2.2"]);
    assert!(stderr.starts_with("error: cannot read spec/released/1.2.2.yaml: "), "{stderr}");
    assert_eq!(code, Some(2));

    let workspace = Workspace::released();
    workspace.put("spec/ontap-ipsec.yaml", &SPEC.replace("  x-ontap-spec-version: 1.2.3\n", ""));
    assert_eq!(workspace.run(&CHANGES).0, Some(2));
    let format = "error: changes are shown with --format text, json or markdown\n";
    Workspace::released().runs(&["changes", "--format", "sarif"], 2, "", format);
    for other in [["--facts", "a.yaml"], ["--wording", "a.yaml"], ["--deviations", "a.yaml"]] {
        assert_eq!(Workspace::released().run(&["changes", "--since", "1.2.3", other[0], other[1]]).0, Some(2));
    }
}

const WROTE: &str = "wrote spec/released/1.2.3.yaml\nfor people, when it is committed: git tag spec-v1.2.3\n";

#[test]
fn the_first_release() {
    let workspace = Workspace::new();
    workspace.runs(&RELEASE, 0, WROTE, "");
    assert_eq!(workspace.get("spec/released/1.2.3.yaml"), SPEC);
    workspace.runs(&RELEASE, 0, "spec/released/1.2.3.yaml is spec/ontap-ipsec.yaml as it is\n", "");
    workspace.ends(&CHANGES, 0, "");
}

#[test]
fn a_release_again() {
    let workspace = Workspace::released();
    workspace.next("1.2.3", &[BREAKING], "");
    let refused = "spec/released/1.2.3.yaml is there, and spec/ontap-ipsec.yaml differs from it: set \
                   info.x-ontap-spec-version to a higher one, or, if nobody has 1.2.3 yet, run: cargo spec release \
                   --replace\n";
    workspace.runs(&RELEASE, 1, refused, "");
    assert_eq!(workspace.get("spec/released/1.2.3.yaml"), SPEC);
    workspace.runs(&REPLACE, 0, WROTE, "");
    assert_eq!(workspace.get("spec/released/1.2.3.yaml"), workspace.get("spec/ontap-ipsec.yaml"));

    // It is still held against the one before.
    workspace
        .put("spec/released/1.2.2.yaml", &SPEC.replace("x-ontap-spec-version: 1.2.3", "x-ontap-spec-version: 1.2.2"));
    workspace.next("1.2.3", &[BREAKING, COMPATIBLE], "");
    let (code, stdout, _) = workspace.run(&REPLACE);
    assert!(stdout.ends_with("set info.x-ontap-spec-version to 2.0.0 and say so in spec/CHANGELOG.md\n"), "{stdout}");
    assert_eq!(code, Some(1));
}

#[test]
fn a_release_that_is_refused_writes_nothing() {
    let workspace = Workspace::released();
    let nothing = |arguments: &[&str]| {
        let (code, stdout, stderr) = workspace.run(arguments);
        assert_eq!((code, stderr.as_str()), (Some(1), ""), "{stdout}");
        let files = fs::read_dir(workspace.path("spec/released")).expect("the directory").count();
        assert_eq!((files, workspace.get("spec/released/1.2.3.yaml")), (1, SPEC.to_owned()));
        stdout
    };
    workspace.next("1.2.4", &[COMPATIBLE], &section("1.2.4"));
    let way_out = "a compatible change takes a minor step: set info.x-ontap-spec-version to 1.3.0 and say so in \
                   spec/CHANGELOG.md\n";
    assert!(nothing(&RELEASE).ends_with(way_out));
    assert!(nothing(&REPLACE).ends_with(way_out));
    workspace.next("1.2.2", &[], &section("1.2.2"));
    let lower = "1.2.2 is lower than 1.2.3, which is released: set info.x-ontap-spec-version to a higher one, and say so \
                 in spec/CHANGELOG.md\n";
    assert_eq!(nothing(&REPLACE), lower);
    workspace.next("1.3.0", &[COMPATIBLE], "");
    assert!(
        nothing(&RELEASE).ends_with("spec/CHANGELOG.md says nothing of 1.3.0: write a section `## 1.3.0 - DATE`\n")
    );
    for said in ["## 1.3.0\n\n- Beds.\n", "## 1.3.0 - unreleased\n\n- Beds.\n", "## 1.3.0 - 2026-12\n\n- Beds.\n"] {
        workspace.next("1.3.0", &[COMPATIBLE], said);
        let undated = "spec/CHANGELOG.md does not say when 1.3.0 is released: its heading has to be `## 1.3.0 - \
                       YYYY-MM-DD`\n";
        assert_eq!(nothing(&RELEASE), undated);
    }
    workspace.next("1.3.0", &[COMPATIBLE], &section("1.3.0"));
    assert_eq!(workspace.run(&RELEASE).0, Some(0));
    assert_eq!(workspace.get("spec/released/1.3.0.yaml"), workspace.get("spec/ontap-ipsec.yaml"));
}

#[test]
fn a_first_release_that_the_changelog_does_not_know() {
    let workspace = Workspace::new();
    workspace.put("spec/CHANGELOG.md", "# Changelog\n");
    let unsaid = "spec/CHANGELOG.md says nothing of 1.2.3: write a section `## 1.2.3 - DATE`\n";
    workspace.runs(&RELEASE, 1, unsaid, "");
    assert!(!workspace.path("spec/released").exists());
}

/// The committed files.
mod committed {
    use super::*;

    fn root() -> &'static Path {
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package is in a workspace")
    }

    #[test]
    fn the_version_says_what_has_changed() {
        let (code, stdout, stderr) = run(root(), &CHANGES);
        assert_eq!((code, stderr.as_str()), (Some(0), ""), "{stdout}");
    }

    #[test]
    fn a_breaking_change_without_a_major_step_is_noticed() {
        let spec = fs::read_to_string(root().join("spec/ontap-ipsec.yaml")).expect("the document");
        let directory = tempfile::tempdir().expect("a directory");
        for (before, after, subject) in [
            (
                "operationId: ipsec_policy_get\n",
                "operationId: ipsec_policy_read\n",
                "GET /security/ipsec/policies/{uuid} operationId",
            ),
            (
                "      name: duplicate-policy-name\n",
                "      name: policy-exists\n",
                "components.x-ontap-error-codes.66257104.name",
            ),
            (
                "    ipsec_policy_modify:\n",
                "    ipsec_policy_modify:\n      maxProperties: 9\n",
                "components.schemas.ipsec_policy_modify.maxProperties",
            ),
            ("[svm, cluster]", "[svm]", "components.schemas.network_scope.enum.cluster"),
        ] {
            assert_eq!(spec.matches(before).count(), 1, "{before}");
            let changed = directory.path().join("changed.yaml").display().to_string();
            fs::write(&changed, spec.replace(before, after)).expect("the file is written");
            let (code, stdout, stderr) =
                run(root(), &["changes", "--since", "spec/ontap-ipsec.yaml", "--spec", &changed]);
            assert_eq!((code, stderr.as_str()), (Some(1), ""), "{stdout}");
            assert!(stdout.starts_with("breaking: 1\n") && stdout.contains(subject), "{stdout}");
            assert!(
                stdout.contains("\na breaking change takes a major step: set info.x-ontap-spec-version to "),
                "{stdout}"
            );
        }
    }
}
