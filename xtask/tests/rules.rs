//! `cargo xtask rules`, and how `cargo xtask diff` ends in each format.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use xtask::rule::Rule;

fn run(root: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.args(arguments).current_dir(root).env("CARGO_MANIFEST_DIR", root.join("xtask"));
    command.output().expect("it runs")
}

#[test]
fn as_text() {
    let output = run(Path::new("."), &["rules"]);
    assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()));
    let text = String::from_utf8(output.stdout).expect("text");
    let first = "\
operation-missing
    An operation is documented, but the spec lacks it. A person has to add it:
    nothing documents its operationId, and that names the client's method.

operation-undocumented
";
    assert!(text.starts_with(first), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    let names: Vec<&str> = text.lines().filter(|line| !line.is_empty() && !line.starts_with(' ')).collect();
    assert_eq!(names, Rule::ALL.iter().map(|rule| rule.id()).collect::<Vec<_>>());
    for block in text.split("\n\n") {
        assert!(block.lines().count() > 1, "{block}");
    }
}

#[test]
fn how_diff_ends() {
    let directory = tempfile::tempdir().expect("a directory");
    let root = directory.path();
    let put = |name: &str, text: &str| {
        let path = root.join(name);
        fs::create_dir_all(path.parent().expect("a directory")).expect("the directory is made");
        fs::write(path, text).expect("the file is written");
    };
    let spec = include_str!("pages/garden-spec.yaml");
    put("spec/documented/9.15.1.yaml", include_str!("pages/garden.yaml"));
    put("spec/deviations.yaml", "[]\n");
    put("spec/wording.yaml", include_str!("pages/garden-wording.yaml"));
    let drifted = spec.replace("[9001, 9002, 9003]", "[9001, 9003]");
    assert_ne!(drifted, spec);
    for (format, start, code) in [
        ("text", "drift[error-code-missing]", 1),
        ("json", "{\n  \"schema_version\": 2,", 1),
        ("markdown", "| Rule ", 1),
        ("github", "::error file=spec/ontap-ipsec.yaml,line=51,col=7,title=error-code-missing::", 1),
        ("sarif", "{\n  \"$schema\": ", 0),
    ] {
        put("spec/ontap-ipsec.yaml", &drifted);
        let output = run(root, &["diff", "--format", format]);
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(stdout.starts_with(start) && stdout.contains("error-code-missing"), "{format}: {stdout}");
        assert_eq!(output.status.code(), Some(code), "{format}");
        put("spec/ontap-ipsec.yaml", spec);
        assert_eq!(run(root, &["diff", "--format", format]).status.code(), Some(0), "{format}");
        put("spec/ontap-ipsec.yaml", "paths: none\n");
        let output = run(root, &["diff", "--format", format]);
        assert_eq!((output.status.code(), output.stdout.is_empty()), (Some(2), true), "{format}");
    }
    assert_eq!(run(root, &["diff", "--format", "html"]).status.code(), Some(2));
}
