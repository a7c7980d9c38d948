//! A workspace like this one, with everything several times: the page in both forms, the facts, the document and its
//! deviations. The page has words without meaning. Each copy has names of its own.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};
use tempfile::TempDir;
use xtask::drift::deviations;
use xtask::drift::wording::Wording;
use xtask::facts::write;
use xtask::openapi::Document;
use xtask::reference::{Input, read};
use xtask::regenerate::regenerate;
use xtask::workspace::{DEVIATIONS, SPEC, WORDING};

use crate::printed;

/// The release that the copies are of.
pub(crate) const RELEASE: &str = "9.17.1";
/// The page in the form of text, from the root.
pub(crate) const TEXT: &str = "page.txt";
/// The folder of the pages in AsciiDoc, from the root.
pub(crate) const ASCIIDOC: &str = "pages";
/// The document as it might have been before the page had all that it has, from the root.
pub(crate) const LACKING: &str = "lacking.yaml";

/// The beginning of each path, and of each code.
const PATH: &str = "/security/ipsec";
const CODES: &str = "6625";

/// A workspace in a directory of its own.
pub(crate) struct Workspace {
    directory: TempDir,
}

impl Workspace {
    /// One with `times` times what is in the workspace at `root`.
    pub(crate) fn new(root: &Path, times: u64) -> Self {
        let workspace = Self { directory: tempfile::tempdir().expect("a directory") };
        let there = |file: &str| fs::read_to_string(root.join(file)).expect(file);
        let facts = format!("spec/documented/{RELEASE}.yaml");

        let all = many_facts(&serde_saphyr::from_str(&there(&facts)).expect("the facts are read"), times);
        workspace.put(TEXT, &printed::text(&all));
        for (name, page) in printed::asciidoc(&all) {
            workspace.put(&format!("{ASCIIDOC}/{name}"), &page);
        }
        // In the form that `extract` writes.
        let page = workspace.get(TEXT);
        let input = Input { path: TEXT, name: TEXT, text: &page };
        workspace.put(&facts, &write(&read(&[input], RELEASE).expect("the page is read").document));
        let documented = Document::parse(&facts, &workspace.get(&facts)).expect("the facts are read");

        let spec = many_specs(&there(SPEC), times);
        let departures = many_departures(&there(DEVIATIONS), times);
        let parsed = deviations::parse(DEVIATIONS, &departures).expect("the deviations are read");
        let new =
            regenerate((SPEC, &spec), &documented, &parsed, &Wording::default(), true).expect("it is regenerated");
        assert!(new.spec == spec && new.left.is_empty(), "the copies of the document say what their page says");
        workspace.put(SPEC, &spec);
        workspace.put(LACKING, &lacking(&spec));
        workspace.put(DEVIATIONS, &departures);
        workspace.put(WORDING, &new.wording.write());
        workspace
    }

    pub(crate) fn root(&self) -> &Path {
        self.directory.path()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root().join(name)
    }

    pub(crate) fn get(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect(name)
    }

    pub(crate) fn put(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a directory")).expect("the directory is made");
        fs::write(path, text).expect(name);
    }
}

/// `text` as the copy of this number has it: other paths, and other codes. The first copy is what is copied.
fn renumbered(text: &str, copy: u64) -> String {
    if copy == 0 {
        return text.to_owned();
    }
    let dotted = PATH.replace('/', ".");
    let text = text.replace(PATH, &format!("{PATH}-{copy}")).replace(&dotted, &format!("{dotted}-{copy}"));
    text.replace(CODES, &format!("{copy}{CODES}"))
}

/// The facts with as many copies of their paths and schemas.
fn many_facts(facts: &Value, times: u64) -> Value {
    let mut all = facts.clone();
    for pointer in ["/paths", "/components/schemas"] {
        let part = facts.pointer(pointer).expect("a part of the facts").to_string();
        let copies = (0..times).map(|copy| {
            serde_json::from_str::<Map<String, Value>>(&renumbered(&part, copy)).expect("the copy of a part")
        });
        *all.pointer_mut(pointer).expect("a part of the facts") = Value::Object(copies.flatten().collect());
    }
    all
}

/// The sample of an API document with so much of other parts of the API around it that it has `size` bytes.
pub(crate) fn whole_swagger(size: usize) -> String {
    let sample = include_str!("../../tests/pages/swagger.yaml");
    let (head, rest) = sample.split_once("definitions:\n").expect("definitions");
    let (definitions, rest) = rest.split_once("info:\n").expect("info");
    let (info, rest) = rest.split_once("paths:\n").expect("paths");
    let (paths, tail) = rest.split_once("swagger:").expect("the sign");
    let (mut others, mut elsewhere) = (String::new(), String::new());
    for number in 0.. {
        if sample.len() + others.len() + elsewhere.len() >= size {
            break;
        }
        for line in definitions.split_inclusive('\n') {
            let is_name = line.starts_with("  ") && !line.starts_with("   ");
            others += &if is_name { format!("  other_{number}_{}", line.trim_start()) } else { line.to_owned() };
        }
        let moved = paths.replace("/security/ipsec", &format!("/storage/{number}"));
        elsewhere += &moved.replace("/other", &format!("/other/{number}"));
    }
    format!("{head}definitions:\n{definitions}{others}info:\n{info}paths:\n{elsewhere}{paths}swagger:{tail}")
}

/// The document with as many copies of its paths and components.
fn many_specs(spec: &str, times: u64) -> String {
    let (head, rest) = spec.split_once("\npaths:\n").expect("paths");
    let (paths, components) = rest.split_once("\ncomponents:\n").expect("components");
    let mut out = format!("{head}\npaths:\n");
    for copy in 0..times {
        out += &copied(paths, copy);
        out += "\n";
    }
    out += "components:\n";
    for (name, block) in blocks(components, "  ") {
        out += &name;
        let block: String = block.concat();
        // The ways to prove who asks and the headers have no part in the copies.
        let shared = name.contains("securitySchemes") || name.contains("headers");
        for copy in 0..if shared { 1 } else { times } {
            let named = |line: &str| match line.strip_prefix("    ").and_then(|line| line.strip_suffix(":\n")) {
                Some(name) if copy > 0 && !name.starts_with([' ', '"']) => format!("    {name}_{copy}:\n"),
                _ => copied(line, copy),
            };
            out.extend(block.split_inclusive('\n').map(named));
        }
    }
    out
}

/// Lines of the document, with the names that the copy gives to its operations and to what they refer to.
fn copied(text: &str, copy: u64) -> String {
    let own = |line: &str| {
        let renumbered = renumbered(line, copy);
        let named = line.contains("\"#/components/") && !line.contains("/headers/");
        match renumbered.trim_end().strip_suffix('"') {
            Some(reference) if copy > 0 && named => format!("{reference}_{copy}\"\n"),
            _ if copy > 0 && line.contains("operationId:") => format!("{}_{copy}\n", renumbered.trim_end()),
            _ => renumbered,
        }
    };
    text.split_inclusive('\n').map(own).collect()
}

/// The blocks of the mapping whose keys are indented like this: the line of each key, and the lines below it.
fn blocks<'t>(text: &'t str, indent: &str) -> Vec<(String, Vec<&'t str>)> {
    let mut blocks: Vec<(String, Vec<&str>)> = Vec::new();
    for line in text.split_inclusive('\n') {
        let key = line.strip_prefix(indent).is_some_and(|rest| !rest.starts_with([' ', '\n']));
        match blocks.last_mut() {
            Some((_, below)) if !key => below.push(line),
            _ => blocks.push((line.to_owned(), Vec::new())),
        }
    }
    blocks
}

/// The departures of all copies, but for those that are about older releases, of which there are no copies.
fn many_departures(departures: &str, times: u64) -> String {
    let departures = departures.split("\n# What the reference of an older release").next().unwrap_or_default();
    let departures = &format!("{departures}\n");
    let start = departures.find("\n- ").map_or(0, |at| at + 1);
    let (head, entries) = departures.split_at(start);
    let mut out = head.to_owned();
    for copy in 0..times {
        for line in entries.split_inclusive('\n') {
            let line = renumbered(line, copy);
            // A schema and its field: `ipsec_policy.scope`.
            let of_schema = line.strip_prefix("  subject: ").filter(|subject| !subject.contains(' '));
            match of_schema.and_then(|subject| subject.split_once('.')) {
                Some((schema, field)) if copy > 0 => out += &format!("  subject: {schema}_{copy}.{field}"),
                _ if copy > 0 && line.starts_with("  curated: schema ") => {
                    out += &format!("{}_{copy}\n", line.trim_end())
                }
                _ => out += &line,
            }
        }
    }
    out
}

/// Removes the first error code and the first parameter of each operation that has several, and the first field of each
/// such schema. More copies thus need more fixes.
fn lacking(spec: &str) -> String {
    let lines: Vec<&str> = spec.split_inclusive('\n').collect();
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut out = String::new();
    let mut index = 0;
    while index < lines.len() {
        let line = lines[index];
        out += line;
        index += 1;
        let lists = ["      x-ontap-error-codes:\n", "      parameters:\n", "      properties:\n"];
        if lists.contains(&line) {
            let depth = indent(lines[index]);
            let end = |from: usize| {
                let below = lines[from..].iter();
                from + below.take_while(|line| line.trim().is_empty() || indent(line) > depth).count()
            };
            let next = end(index + 1);
            // One that stands alone is kept: what lists it would be gone too.
            if next < lines.len() && indent(lines[next]) == depth {
                index = next;
            }
        }
    }
    out
}
