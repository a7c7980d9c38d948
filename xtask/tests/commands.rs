//! The program as it is run: exit codes, output, and what becomes of the files.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

use tempfile::TempDir;

static GARDEN: LazyLock<String> = LazyLock::new(crate::shorthand::garden);
const FACTS: &str = include_str!("pages/garden.yaml");
const SPEC: &str = include_str!("pages/garden-spec.yaml");
const WORDING: &str = include_str!("pages/garden-wording.yaml");

/// A workspace of its own, with the sample page next to it.
struct Workspace {
    directory: TempDir,
}

impl Workspace {
    fn new() -> Self {
        let workspace = Self { directory: tempfile::tempdir().expect("a directory") };
        workspace.put("garden.txt", &GARDEN);
        workspace
    }

    /// With a document, facts and a list of deviations that agree.
    fn filled() -> Self {
        let workspace = Self::new();
        workspace.put("spec/ontap-ipsec.yaml", SPEC);
        workspace.put("spec/documented/9.15.1.yaml", FACTS);
        workspace.put("spec/deviations.yaml", "[]\n");
        workspace.put("spec/wording.yaml", WORDING);
        workspace
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

    fn command(&self, arguments: &[&str]) -> Command {
        command(self.directory.path(), arguments)
    }

    #[track_caller]
    fn runs(&self, arguments: &[&str], code: i32, stdout: &str, stderr: &str) {
        check(&self.command(arguments).output().expect("the program runs"), code, stdout, stderr);
    }
}

fn command(root: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(arguments).current_dir(root).env("CARGO_MANIFEST_DIR", root.join("xtask"));
    command
}

#[track_caller]
fn check(output: &Output, code: i32, stdout: &str, stderr: &str) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert_eq!((text(&output.stdout), text(&output.stderr)), (stdout.to_owned(), stderr.to_owned()));
    assert_eq!(output.status.code(), Some(code));
}

const EXTRACT: [&str; 4] = ["extract", "garden.txt", "--release", "9.15.1"];
const CHECK: [&str; 5] = ["extract", "garden.txt", "--release", "9.15.1", "--check"];

#[test]
fn extract_writes_the_facts() {
    let workspace = Workspace::new();
    for _ in 0..2 {
        workspace.runs(&EXTRACT, 0, "wrote spec/documented/9.15.1.yaml\n", "");
        assert_eq!(workspace.get("spec/documented/9.15.1.yaml"), FACTS);
    }
    let files = fs::read_dir(workspace.path("spec/documented")).expect("the directory").count();
    assert_eq!(files, 1, "no temporary file is left");
}

#[cfg(unix)]
#[test]
fn all_may_read_the_facts() {
    use std::os::unix::fs::PermissionsExt;
    let workspace = Workspace::new();
    workspace.runs(&EXTRACT, 0, "wrote spec/documented/9.15.1.yaml\n", "");
    let mode = fs::metadata(workspace.path("spec/documented/9.15.1.yaml")).expect("the file").permissions().mode();
    assert_eq!(mode & 0o777, 0o644);
}

#[test]
fn extract_does_not_depend_on_where_the_page_is() {
    let workspace = Workspace::new();
    let page = workspace.path("garden.txt").display().to_string();
    workspace.runs(&["extract", &page, "--release", "9.15.1"], 0, "wrote spec/documented/9.15.1.yaml\n", "");
    assert_eq!(workspace.get("spec/documented/9.15.1.yaml"), FACTS);
}

#[test]
fn check_writes_nothing() {
    let workspace = Workspace::new();
    let differs = |line: u32| {
        format!(
            "spec/documented/9.15.1.yaml:{line}: differs from what the pages say\n\
             to fix it, run: cargo xtask extract garden.txt --release 9.15.1\n"
        )
    };
    workspace.runs(&CHECK, 1, &differs(1), "");
    assert!(!workspace.path("spec").exists());

    workspace.runs(&EXTRACT, 0, "wrote spec/documented/9.15.1.yaml\n", "");
    workspace.runs(&CHECK, 0, "spec/documented/9.15.1.yaml is what the pages say\n", "");

    let other = FACTS.replace("{code: 9002,", "{code: 9999,");
    workspace.put("spec/documented/9.15.1.yaml", &other);
    workspace.runs(&CHECK, 1, &differs(74), "");
    assert_eq!(workspace.get("spec/documented/9.15.1.yaml"), other);
}

#[test]
fn check_shows_a_command_that_a_shell_takes() {
    let workspace = Workspace::new();
    workspace.put("a b.txt", &GARDEN);
    let output =
        workspace.command(&["extract", "a b.txt", "--release", "9.15.1", "--check"]).output().expect("it runs");
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(stdout.ends_with(", run: cargo xtask extract 'a b.txt' --release 9.15.1\n"), "{stdout}");
}

#[test]
fn a_changed_page_is_noticed() {
    let workspace = Workspace::filled();
    workspace.put("garden.txt", &GARDEN.replace("9002\tNo sun.", "9002\tNo sunshine."));
    let output = workspace.command(&CHECK).output().expect("the program runs");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_page_that_is_refused_leaves_the_facts_as_they_were() {
    let workspace = Workspace::filled();
    workspace.put("garden.txt", &GARDEN.replace("9002\tNo sun.", "9002 No sun."));
    let expected = "error: garden.txt:157: found the line `9002 No sun.` in a table, with no tab in it, expected a row \
                    of the table, or an empty line after its last; nothing was written\n";
    workspace.runs(&EXTRACT, 2, "", expected);
    workspace.runs(&CHECK, 2, "", expected);
    assert_eq!(workspace.get("spec/documented/9.15.1.yaml"), FACTS);
}

#[test]
fn extract_without_a_page() {
    let workspace = Workspace::new();
    let output = workspace.command(&["extract", "other.txt", "--release", "9.15.1"]).output().expect("it runs");
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(stderr.starts_with("error: cannot read other.txt: "), "{stderr}");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn arguments_that_make_no_sense() {
    let workspace = Workspace::new();
    for arguments in [
        &["extract", "garden.txt"][..],
        &["extract", "--release", "9.15.1"],
        &["extract", "garden.txt", "--release", "../9.15.1"],
        &["extract", "garden.txt", "--release", "newest"],
        &["difff"],
        &[],
    ] {
        let output = workspace.command(arguments).output().expect("it runs");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!output.stderr.is_empty(), "{arguments:?}");
        assert!(!workspace.path("spec").exists());
    }
}

/// A release is of pages: without any, nothing would be compared.
#[test]
fn a_release_without_pages() {
    let workspace = Workspace::filled();
    let facts = "spec/documented/9.15.1.yaml";
    for (command, others) in [
        ("diff", &["--facts", facts][..]),
        ("diff", &["--from", facts, "--to", facts]),
        ("diff", &[]),
        ("regenerate", &["--facts", facts]),
        ("regenerate", &[]),
    ] {
        let arguments = [&[command, "--release", "9.15.1"], others].concat();
        let output = workspace.command(&arguments).output().expect("it runs");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {stderr}");
        assert!(stderr.contains("--release") && stderr.contains("Usage: "), "{arguments:?}: {stderr}");
    }
}

const AGREES: &str = "no drift between spec/ontap-ipsec.yaml and spec/documented/9.15.1.yaml in 3 operations, 8 parameters, \
                      18 fields, 3 error codes in operations and 3 in the catalogue; spec/deviations.yaml \
                      allows 0\n";

#[test]
fn diff_without_drift() {
    Workspace::filled().runs(&["diff"], 0, AGREES, "");
}

#[test]
fn diff_takes_the_facts_of_all_releases() {
    let workspace = Workspace::filled();
    workspace.put("spec/documented/notes.txt", "not facts\n");
    workspace.put("spec/documented/9.9.1.yaml", &FACTS.replace("version: \"9.15.1\"", "version: \"9.9.1\""));
    let files = "spec/documented/9.15.1.yaml, spec/documented/9.9.1.yaml";
    let both = AGREES.replace("spec/documented/9.15.1.yaml", files);
    workspace.runs(&["diff"], 0, &both, "");
    // A part that came later is not there yet, and so can be in the facts of the newest release alone.
    let weedy = "        - {name: weedy, in: query, x-ntap-introduced: \"9.9\", x-ontap-fingerprint: a0f7e905e64a, schema: {type: boolean}}\n";
    assert_eq!(FACTS.matches(weedy).count(), 1);
    workspace
        .put("spec/documented/9.8.yaml", &FACTS.replace(weedy, "").replace("version: \"9.15.1\"", "version: \"9.8\""));
    workspace.runs(&["diff"], 0, &both.replace("9.9.1.yaml ", "9.9.1.yaml, spec/documented/9.8.yaml "), "");
    for release in ["9.16.1", "9.9.1"] {
        workspace.put(&format!("spec/documented/{release}.yaml"), "not facts\n");
        let output = workspace.command(&["diff"]).output().expect("it runs");
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(stderr.starts_with(&format!("error: spec/documented/{release}.yaml:1:1: ")), "{stderr}");
        assert_eq!(output.status.code(), Some(2));
        workspace.put(&format!("spec/documented/{release}.yaml"), &FACTS.replace("9.15.1", release));
    }
}

/// An older release may lack a part that the spec says it has; the deviation says of which release it is.
#[test]
fn diff_of_an_older_release() {
    let workspace = Workspace::filled();
    let crop = FACTS.lines().find(|line| line.contains("{name: crop, ")).expect("a parameter");
    let older = FACTS.replace("version: \"9.15.1\"", "version: \"9.11.1\"").replace(&format!("{crop}\n"), "");
    workspace.put("spec/documented/9.11.1.yaml", &older);
    let output = workspace.command(&["diff", "--format", "json"]).output().expect("it runs");
    assert_eq!(output.status.code(), Some(1));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let findings = report["findings"].as_array().expect("findings");
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert_eq!(
        (&findings[0]["rule"], &findings[0]["fix"]["kind"]),
        (&"parameter-undocumented".into(), &"person".into())
    );
    assert_eq!(findings[0]["reference_locations"][0]["file"], "spec/documented/9.11.1.yaml");

    let list = |releases: &str| {
        format!(
            "- {{rule: parameter-undocumented, subject: GET /garden/plots crop, documented: null, curated: query string, operations: [GET /garden/plots], releases: [{releases}], reason: It was not there.}}\n"
        )
    };
    let files = "spec/documented/9.15.1.yaml, spec/documented/9.11.1.yaml";
    let agrees = AGREES.replace("spec/documented/9.15.1.yaml", files).replace("allows 0", "allows 1");
    workspace.put("spec/deviations.yaml", &list("\"9.11.1\""));
    workspace.runs(&["diff"], 0, &agrees, "");
    // One that is about another release allows nothing, and is stale.
    workspace.put("spec/deviations.yaml", &list("\"9.15.1\""));
    let output = workspace.command(&["diff", "--format", "json"]).output().expect("it runs");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let rules: Vec<_> =
        report["findings"].as_array().expect("findings").iter().map(|finding| &finding["rule"]).collect();
    assert_eq!(rules, ["deviation-stale", "parameter-undocumented"]);
    for odd in ["soon", "\"9.11.01\""] {
        workspace.put("spec/deviations.yaml", &list(odd));
        let expected = "error: spec/deviations.yaml:1:152: expected a release such as \"9.15.1\"\n";
        workspace.runs(&["diff"], 2, "", expected);
    }
}

/// The newest release has no difference any more; an older one still has it, or no release at all.
#[test]
fn a_deviation_of_older_releases() {
    let list = |releases: &str| {
        format!(
            "- {{rule: parameter-undocumented, subject: GET /garden/plots crop, documented: null, curated: query string, operations: [GET /garden/plots], {releases}reason: It was not there.}}\n"
        )
    };
    let fix = |workspace: &Workspace| {
        let output = workspace.command(&["diff", "--format", "json"]).output().expect("it runs");
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let mut findings = report["findings"].as_array().expect("findings").clone();
        findings.retain(|finding| finding["allowed"] == false);
        assert_eq!((findings.len(), &findings[0]["rule"]), (1, &"deviation-stale".into()), "{findings:#?}");
        findings[0]["fix"]["reason"].as_str().expect("a reason").to_owned()
    };
    let workspace = Workspace::filled();
    let crop = FACTS.lines().find(|line| line.contains("{name: crop, ")).expect("a parameter");
    let older = FACTS.replace("version: \"9.15.1\"", "version: \"9.11.1\"");
    workspace.put("spec/documented/9.11.1.yaml", &older.replace(&format!("{crop}\n"), ""));
    workspace.put("spec/deviations.yaml", &list(""));
    assert_eq!(fix(&workspace), "still true of 9.11.1: add `releases: [\"9.11.1\"]`");
    workspace.put("spec/documented/9.11.1.yaml", &older);
    assert_eq!(fix(&workspace), "take the entry out, or make it match again");
    workspace.put("spec/deviations.yaml", &list("releases: [\"9.12.1\"], "));
    assert_eq!(fix(&workspace), "no facts are of these releases: take the entry out");
}

/// An older release is compared with the spec as of that release, also if it is the only one: nothing is to be undone.
#[test]
fn diff_of_an_older_release_alone() {
    let workspace = Workspace::filled();
    workspace.put("spec/ontap-ipsec.yaml", &SPEC.replace("  version: \"1\"\n", "  version: \"9.15.1\"\n"));
    let weedy = FACTS.lines().find(|line| line.contains("{name: weedy, ")).expect("a parameter");
    assert!(weedy.contains("x-ntap-introduced: \"9.9\""), "{weedy}");
    let older = FACTS.replace("version: \"9.15.1\"", "version: \"9.8.1\"").replace(&format!("{weedy}\n"), "");
    workspace.put("older.yaml", &older);
    let agrees = AGREES.replace("spec/documented/9.15.1.yaml", "older.yaml");
    workspace.runs(&["diff", "--facts", "older.yaml"], 0, &agrees, "");
    // The codes that only later releases list are looked up in the facts of those.
    workspace.put("older.yaml", &older.replace("        - {code: 9001, ", "        - {code: 9009, "));
    let output = workspace.command(&["diff", "--facts", "older.yaml"]).output().expect("it runs");
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(stdout.contains("error-code-missing") && !stdout.contains("error-code-undocumented"), "{stdout}");
    assert!(!stdout.contains("cargo xtask regenerate"), "{stdout}");
}

#[test]
fn diff_takes_the_files_it_is_told() {
    let workspace = Workspace::new();
    workspace.put("a/facts.yaml", FACTS);
    workspace.put("a/spec.yaml", SPEC);
    workspace.put("a/list.yaml", "[]\n");
    workspace.put("a/wording.yaml", WORDING);
    let expected = AGREES
        .replace("spec/documented/9.15.1.yaml", "a/facts.yaml")
        .replace("spec/ontap-ipsec.yaml", "a/spec.yaml")
        .replace("spec/deviations.yaml", "a/list.yaml");
    let arguments = [
        "diff",
        "--facts",
        "a/facts.yaml",
        "--spec",
        "a/spec.yaml",
        "--deviations",
        "a/list.yaml",
        "--wording",
        "a/wording.yaml",
    ];
    workspace.runs(&arguments, 0, &expected, "");
}

#[test]
fn diff_with_drift() {
    let workspace = Workspace::filled();
    workspace.put(
        "spec/ontap-ipsec.yaml",
        &SPEC.replace("          type: boolean\n    ground:", "          type: string\n    ground:"),
    );
    let expected = "\
drift[field-type]: `plot.weedy` has the type string, but boolean is documented
   --> spec/ontap-ipsec.yaml:140:9
    |
140 |         weedy:
    |         ^^^^^^ here
    |
   ::: spec/documented/9.15.1.yaml:132:9
    |
132 |         weedy: {x-ontap-fingerprint: c9a70b951e9a, type: boolean}
    |         --------------------------------------------------------- documented here
    |
    = note: in GET /garden/plots

drift: 1 difference between spec/ontap-ipsec.yaml and spec/documented/9.15.1.yaml in 3 operations, 8 parameters, 18 fields, 3 error codes in operations and 3 in the catalogue; spec/deviations.yaml allows 0 more
to fix 1, run: cargo xtask regenerate
list intended differences, with reasons, in spec/deviations.yaml
";
    workspace.runs(&["diff"], 1, expected, "");

    let list = "- {rule: field-type, subject: plot.weedy, documented: boolean, curated: string, operations: [GET /garden/plots], reason: Names are kept.}\n";
    workspace.put("spec/deviations.yaml", list);
    workspace.runs(&["diff"], 0, &AGREES.replace("allows 0", "allows 1"), "");
}

#[test]
fn diff_of_what_cannot_be_read() {
    for (file, text, expected) in [
        (
            "spec/ontap-ipsec.yaml",
            "openapi: 3.0.3\ninfo: {version: 9.15.1}\npaths: none\n",
            "error: spec/ontap-ipsec.yaml:3:1: expected a mapping\n",
        ),
        ("spec/deviations.yaml", "a: b\n", "error: spec/deviations.yaml:1:1: invalid type: map, expected a sequence\n"),
        (
            "spec/documented/9.15.1.yaml",
            "{}\n",
            "error: spec/documented/9.15.1.yaml:1:1: expected an OpenAPI document, found no `openapi` with its version, such as 3.0.3\n",
        ),
        (
            "spec/documented/9.15.1.yaml",
            &FACTS.replacen("x-ontap-error-codes", "x-ontap-eror-codes", 1),
            "error: spec/documented/9.15.1.yaml:72:7: found a member that no facts file has; `cargo xtask extract` writes facts files\n",
        ),
        (
            "spec/documented/9.15.1.yaml",
            &FACTS.replace("version: \"9.15.1\"", "version: \"9.11.1\""),
            "error: spec/documented/9.15.1.yaml:8:3: the facts are about 9.11.1, expected the release in the name of the file\n",
        ),
        (
            "spec/documented/9.15.1.yaml",
            &FACTS.replace("version: \"9.15.1\"", "version: soon"),
            "error: spec/documented/9.15.1.yaml:8:3: expected the release of ONTAP that the facts are about, such as 9.15.1, found `soon`\n",
        ),
    ] {
        let workspace = Workspace::filled();
        workspace.put(file, text);
        workspace.runs(&["diff"], 2, "", expected);
    }
}

#[test]
fn diff_of_what_is_not_there() {
    for (file, expected) in [
        ("spec/ontap-ipsec.yaml", "error: cannot read spec/ontap-ipsec.yaml: "),
        ("spec/deviations.yaml", "error: cannot read spec/deviations.yaml: "),
        (
            "spec/documented/9.15.1.yaml",
            "error: spec/documented holds no facts file such as 9.15.1.yaml; make one with ",
        ),
    ] {
        let workspace = Workspace::filled();
        fs::remove_file(workspace.path(file)).expect("it was there");
        let output = workspace.command(&["diff"]).output().expect("it runs");
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(stderr.starts_with(expected), "{stderr}");
        assert_eq!(output.status.code(), Some(2));
    }
}

/// `cargo xtask diff | head -0` has the result of the comparison, and no complaint.
#[cfg(unix)]
#[test]
fn a_reader_that_goes_away() {
    let workspace = Workspace::filled();
    workspace.put("spec/ontap-ipsec.yaml", &SPEC.replace("        message:\n          type: string\n", ""));
    let mut child =
        workspace.command(&["diff"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(1));
}

/// The committed files: what the project stands behind has no drift, and losing a part of it is noticed.
mod committed {
    use super::*;

    fn root() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package is in a workspace").to_owned()
    }

    #[test]
    fn there_is_no_drift() {
        let output = command(&root(), &["diff"]).output().expect("it runs");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
    }

    #[test]
    fn a_lost_part_is_noticed() {
        let spec = fs::read_to_string(root().join("spec/ontap-ipsec.yaml")).expect("the document");
        let after = |words: &str, start: usize| start + spec[start..].find(words).expect(words);
        let after_patch = after("    patch:\n", after("  /security/ipsec/policies/{uuid}:\n", 0));
        let without_code = {
            let (before, after) = spec.split_at(after_patch);
            format!("{before}{}", after.replacen("        - 66257135\n", "", 1))
        };
        let parameter = "        - name: scope\n          in: query\n";
        let start = after(parameter, after("  /security/ipsec/policies:\n", 0));
        let end = start + 8 + spec[start + 8..].find("        - name:").expect("the next one");
        let without_parameter = format!("{}{}", &spec[..start], &spec[end..]);
        let start = spec.find("    ipsec_endpoint:\n").expect("the schema");
        let start = start + spec[start..].find("        netmask:\n").expect("the field");
        let end = start + spec[start..].find("        port:\n").expect("the next one");
        let without_field = format!("{}{}", &spec[..start], &spec[end..]);
        let without_entry = {
            let start = spec.find("\n    \"66257135\":\n").expect("the entry") + 1;
            let end = spec.find("\n    \"66257136\":\n").expect("the next one") + 1;
            format!("{}{}", &spec[..start], &spec[end..])
        };

        let directory = tempfile::tempdir().expect("a directory");
        for (text, expected) in [
            (
                without_code,
                "drift[error-code-missing]: `PATCH /security/ipsec/policies/{uuid} 66257135` is documented, but not in the spec\n",
            ),
            (
                without_parameter,
                "drift[parameter-missing]: `GET /security/ipsec/policies scope` is documented (query string), but not in the spec\n",
            ),
            (
                without_field,
                "drift[field-missing]: `ipsec_endpoint.netmask` is documented (string), but not in the spec\n",
            ),
            (without_entry, "drift[error-code-missing]: `catalogue 66257135` is documented, but not in the spec\n"),
        ] {
            assert_ne!(text, spec);
            let path = directory.path().join("spec.yaml");
            fs::write(&path, text).expect("the file is written");
            let path = path.display().to_string();
            let output = command(&root(), &["diff", "--spec", &path]).output().expect("it runs");
            let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(stdout.starts_with(expected), "{stdout}");
            assert_eq!(stdout.matches("drift[").count(), 1, "{stdout}");
            assert!(stdout.contains("\ndrift: 1 difference between "), "{stdout}");
            assert_eq!(output.status.code(), Some(1));
        }
    }
}

/// `cargo xtask regenerate`, as it is run.
mod regenerate {
    use super::*;

    fn damaged() -> String {
        SPEC.replace("[9001, 9002, 9003]", "[9001, 9003]")
    }

    #[test]
    fn there_is_nothing_to_do() {
        let said = "spec/ontap-ipsec.yaml says what is documented, as far as a program can make it\n";
        let workspace = Workspace::filled();
        let spec = SPEC.replace("  version: \"1\"\n", "  version: \"9.15.1\"\n");
        workspace.put("spec/ontap-ipsec.yaml", &spec);
        workspace.runs(&["regenerate"], 0, said, "");
        workspace.runs(&["regenerate", "--check"], 0, said, "");
        assert_eq!(workspace.get("spec/ontap-ipsec.yaml"), spec);
    }

    #[test]
    fn check_shows_what_would_change() {
        let workspace = Workspace::filled();
        workspace.put("spec/ontap-ipsec.yaml", &damaged());
        let output = workspace.command(&["regenerate", "--check"]).output().expect("it runs");
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(stdout.contains("\n-      x-ontap-error-codes: [9001, 9003]\n"), "{stdout}");
        assert!(stdout.contains("\n+      x-ontap-error-codes: [9001, 9002, 9003]\n"), "{stdout}");
        assert!(stdout.ends_with("to fix it, run: cargo xtask regenerate\n"), "{stdout}");
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(workspace.get("spec/ontap-ipsec.yaml"), damaged());
    }

    #[test]
    fn it_writes_what_is_documented() {
        let workspace = Workspace::filled();
        workspace.put("spec/ontap-ipsec.yaml", &damaged());
        workspace.runs(&["regenerate"], 0, "wrote spec/ontap-ipsec.yaml\n", "");
        let expected = SPEC.replace("  version: \"1\"\n", "  version: \"9.15.1\"\n");
        assert_eq!(workspace.get("spec/ontap-ipsec.yaml"), expected);
        assert_eq!(workspace.get("spec/wording.yaml"), WORDING);
        workspace.runs(&["diff"], 0, AGREES, "");
    }

    #[test]
    fn an_edit_that_cannot_be_made_stops_no_other() {
        let workspace = Workspace::filled();
        let repeated = damaged()
            .replace(
                "crop:\n          type: string\n        ipspace:",
                "crop: &crop\n          type: string\n        ipspace:",
            )
            .replace("weedy:\n          type: boolean\n    ground:", "weedy: *crop\n    ground:");
        workspace.put("spec/ontap-ipsec.yaml", &repeated);
        let said = "wrote spec/ontap-ipsec.yaml\n\
                    left spec/ontap-ipsec.yaml:140:9: `plot.weedy` has the type string, but boolean is documented: \
                    /components/schemas/plot/properties/weedy: is an alias; edit what it stands for\n";
        workspace.runs(&["regenerate"], 0, said, "");
        let expected = repeated
            .replace("[9001, 9003]", "[9001, 9002, 9003]")
            .replace("  version: \"1\"\n", "  version: \"9.15.1\"\n");
        assert_eq!(workspace.get("spec/ontap-ipsec.yaml"), expected);
    }

    #[test]
    fn a_release_that_cannot_be_written_stops_nothing() {
        let workspace = Workspace::filled();
        let anchored = damaged().replace("version: \"1\"", "version: &version \"1\"");
        workspace.put("spec/ontap-ipsec.yaml", &anchored);
        let said = "wrote spec/ontap-ipsec.yaml\nleft spec/ontap-ipsec.yaml: /info/version: has an anchor or a tag, or a \
                    form that cannot be replaced\n";
        workspace.runs(&["regenerate"], 0, said, "");
        assert_eq!(workspace.get("spec/ontap-ipsec.yaml"), anchored.replace("[9001, 9003]", "[9001, 9002, 9003]"));
    }

    /// Words that changed are taken for read only when somebody says so.
    #[test]
    fn sentences_have_to_be_read() {
        let workspace = Workspace::filled();
        workspace.put("spec/documented/9.15.1.yaml", &FACTS.replace("144ab4fd2795", "000000000000"));
        let output = workspace.command(&["regenerate"]).output().expect("it runs");
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(stdout.contains("`catalogue 9002` is described in other words"), "{stdout}");
        assert_eq!(workspace.get("spec/wording.yaml"), WORDING);
        let check = ["regenerate", "--accept-wording", "--check"];
        let output = workspace.command(&check).output().expect("it runs");
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(stdout.ends_with("to fix it, run: cargo xtask regenerate --accept-wording\n"), "{stdout}");
        assert_eq!(output.status.code(), Some(1));
        workspace.runs(&["regenerate", "--accept-wording"], 0, "wrote spec/wording.yaml\n", "");
        assert_eq!(workspace.get("spec/wording.yaml"), WORDING.replace("144ab4fd2795", "000000000000"));
    }

    /// A link stays one, and the file that it leads to keeps its permissions.
    #[cfg(unix)]
    #[test]
    fn the_file_stays_what_it_is() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let workspace = Workspace::filled();
        let link = workspace.path("spec/ontap-ipsec.yaml");
        fs::remove_file(&link).expect("it was there");
        workspace.put("elsewhere/spec.yaml", &damaged());
        symlink("../elsewhere/spec.yaml", &link).expect("a link");
        let file = workspace.path("elsewhere/spec.yaml");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o660)).expect("the mode is set");
        workspace.runs(&["regenerate"], 0, "wrote spec/ontap-ipsec.yaml\n", "");
        assert!(fs::symlink_metadata(&link).expect("the link").is_symlink());
        assert!(workspace.get("elsewhere/spec.yaml").contains("[9001, 9002, 9003]"));
        assert_eq!(fs::metadata(&file).expect("the file").permissions().mode() & 0o777, 0o660);
    }

    #[test]
    fn a_file_that_is_read_only_is_not_replaced() {
        let workspace = Workspace::filled();
        workspace.put("spec/ontap-ipsec.yaml", &damaged());
        let path = workspace.path("spec/ontap-ipsec.yaml");
        let mut permissions = fs::metadata(&path).expect("the file").permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&path, permissions).expect("it is made read-only");
        let expected = "error: cannot write spec/ontap-ipsec.yaml: permission denied\n";
        workspace.runs(&["regenerate"], 2, "", expected);
        assert_eq!(workspace.get("spec/ontap-ipsec.yaml"), damaged());
        let files = fs::read_dir(workspace.path("spec")).expect("the directory").count();
        assert_eq!(files, 4, "no temporary file is left");
    }

    /// The list of deviations is read after the document: a pipe in its place makes the program wait for the editor.
    #[cfg(unix)]
    #[test]
    fn a_file_that_somebody_edits_meanwhile_is_not_replaced() {
        let workspace = Workspace::filled();
        workspace.put("spec/ontap-ipsec.yaml", &damaged());
        workspace.put("spec/documented/9.15.1.yaml", &FACTS.replace("144ab4fd2795", "000000000000"));
        let pipe = workspace.path("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo runs").success());
        let mut command = workspace.command(&["regenerate", "--accept-wording", "--deviations", "pipe"]);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        // Opening waits until the program reads from it.
        let pipe = fs::OpenOptions::new().write(true).open(&pipe).expect("the pipe opens");
        let edited = damaged() + "# A thought.\n";
        workspace.put("spec/ontap-ipsec.yaml", &edited);
        drop(pipe);
        let expected = "error: cannot write spec/ontap-ipsec.yaml: somebody has changed it since it was read; nothing was \
                        written, so run the command again\n";
        check(&child.wait_with_output().expect("it ends"), 2, "", expected);
        assert_eq!(workspace.get("spec/ontap-ipsec.yaml"), edited);
        assert_eq!(workspace.get("spec/wording.yaml"), WORDING);
    }

    #[test]
    fn a_file_without_a_document_is_not_filled() {
        for text in ["", "\n", "# Nothing yet.\n", "{}\n", "paths: {}\n"] {
            let workspace = Workspace::filled();
            workspace.put("spec/ontap-ipsec.yaml", text);
            let expected = "error: spec/ontap-ipsec.yaml:1:1: expected an OpenAPI document, found no `openapi` with its \
                            version, such as 3.0.3\n";
            workspace.runs(&["regenerate"], 2, "", expected);
            assert_eq!(workspace.get("spec/ontap-ipsec.yaml"), text);
        }
    }

    /// The command that is shown can be pasted into a shell.
    #[test]
    fn the_command_to_run_has_its_paths_in_quotes() {
        let workspace = Workspace::filled();
        for (name, shown) in
            [("a b.yaml", "'a b.yaml'"), ("it's.yaml", r"'it'\''s.yaml'"), ("a/b-1_2.yaml", "a/b-1_2.yaml")]
        {
            workspace.put(name, &damaged());
            for command in [&["regenerate", "--check"][..], &["diff"]] {
                let output = workspace.command(&[command, &["--spec", name]].concat()).output().expect("it runs");
                let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
                let expected = format!(", run: cargo xtask regenerate --spec {shown}\n");
                assert!(stdout.contains(&expected), "{stdout}");
            }
        }
    }

    #[test]
    fn pages_that_are_refused_change_nothing() {
        let workspace = Workspace::filled();
        workspace.put("spec/ontap-ipsec.yaml", &damaged());
        workspace.put("garden.txt", "no page\n");
        let arguments = ["regenerate", "--reference", "garden.txt", "--release", "9.15.1"];
        let output = workspace.command(&arguments).output().expect("it runs");
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(workspace.get("spec/ontap-ipsec.yaml"), damaged());
    }
}

/// A page and the API document of a cluster, which say the same of one operation but for a default and a field.
#[test]
fn two_sources_that_disagree() {
    let workspace = Workspace::new();
    let page = "= A title\n\n[.api-doc-operation .api-doc-operation-get]#GET# [.api-doc-code-block]#`/security/ipsec/wells`#\n\n\
        *Introduced In:* 9.8\n\nDigs.\n\n== Related ONTAP commands\n\n* `well show`\n\n== Parameters\n\n[cols=5*,options=header]\n|===\n\n\
        |Name\n|Type\n|In\n|Required\n|Description\n\n|rope\n|integer\n|query\n|False\na|How much.\n\n* Default value: 1\n\n|===\n\n\
        == Response\n\n```\nStatus: 200, Ok\n```\n\n[cols=3*,options=header]\n|===\n|Name\n|Type\n|Description\n\n|depth\n|integer\na|How deep.\n\n|===\n\n\
        == Error\n\n```\nStatus: Default\n```\n\n[cols=3*,options=header]\n|===\n|Name\n|Type\n|Description\n\n|code\n|string\na|A code.\n\n|===\n\n\
        == Definitions\n\n[.api-def-first-level]\n.See Definitions\n[%collapsible%closed]\n//Start collapsible Definitions block\n====\n\
        [#unused]\n[.api-collapsible-fifth-title]\nunused\n\n[cols=3*,options=header]\n|===\n|Name\n|Type\n|Description\n\n|none\n|string\na|\n\n|===\n\n\
        //end collapsible .Definitions block\n====\n";
    let swagger = "swagger: '2.0'\nx-ntap-hol-version: '9.15'\ninfo:\n  version: v1\ndefinitions:\n  well:\n    properties:\n      depth:\n        \
        type: string\n    type: object\n  problem:\n    properties:\n      code:\n        type: string\n    type: object\npaths:\n  \
        /security/ipsec/wells:\n    get:\n      description: 'Digs.\n\n        ### Related ONTAP commands\n\n        * `well show`\n\n'\n      \
        parameters:\n      - default: 15\n        in: query\n        name: rope\n        type: integer\n      responses:\n        '200':\n          \
        description: OK\n          schema:\n            $ref: '#/definitions/well'\n        default:\n          description: Error\n          \
        schema:\n            $ref: '#/definitions/problem'\n      x-ntap-introduced: '9.8'\n";
    workspace.put("wells.adoc", page);
    workspace.put("swagger.yaml", swagger);
    let said = || {
        let arguments = ["extract", "wells.adoc", "swagger.yaml", "--release", "9.15.1", "--print"];
        let output = workspace.command(&arguments).output().expect("it runs");
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        assert!(String::from_utf8_lossy(&output.stdout).contains("openapi: 3.0.3\n"));
        String::from_utf8(output.stderr).expect("text")
    };
    let operation = "GET /security/ipsec/wells";
    let field = format!(
        "warning: field-type response depth, in {operation}: integer (wells.adoc:46) on the page, string (swagger.yaml:8) in the API document\n"
    );
    let default = format!(
        "warning: parameter-constraint rope, in {operation}: default 1 (wells.adoc:24) on the page, default 15 (swagger.yaml:27) in the API document\n"
    );
    assert_eq!(said(), format!("{field}{default}"));
    assert!(!workspace.path("spec/documented").exists());

    let entry = |rule: &str, subject: &str, documented: &str, curated: &str| {
        format!(
            "- {{rule: {rule}, subject: {subject}, documented: {documented}, curated: {curated}, operations: [{operation}], reason: The page is odd.}}\n"
        )
    };
    let known = entry("parameter-constraint", "GET /security/ipsec/wells rope", "default 1", "default 15");
    workspace.put("spec/deviations.yaml", &known);
    assert_eq!(said(), field);
    workspace.put("spec/deviations.yaml", &(known + &entry("field-type", "response depth", "integer", "string")));
    assert_eq!(said(), "");
}
