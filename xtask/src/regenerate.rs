//! `cargo xtask regenerate`: applies the documented facts to the curated document, in place.
//!
//! It makes the changes that the findings of `cargo xtask diff` name, and no others; the list of sentences that were read
//! follows. What a person has to do is said, and stays a finding.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use clap::Args;
use similar::TextDiff;
use thiserror::Error;

use crate::compare::{Comparison, compare};
use crate::deviations::{Deviation, judge};
use crate::facts::Documented;
use crate::finding::{Finding, Fix};
use crate::inputs::{self, InputError};
use crate::outcome::Outcome;
use crate::patch::{self, Edit, PatchError};
use crate::place::Unreadable;
use crate::rule::Rule;
use crate::spec::{Spec, references};
use crate::wording::{Kind, Wording};
use crate::workspace::{self, FileError};

/// What the command can be told.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    inputs: inputs::Arguments,
    /// Say that the vendor's changed sentences were read, and that the spec's own are right.
    #[arg(long)]
    accept_wording: bool,
    /// Write nothing; exit with 1 and show what would change if the files are not what they should be.
    #[arg(long)]
    check: bool,
}

/// Why the command could not do its work. The curated document is as it was.
#[derive(Debug, Error)]
pub enum RegenerateError {
    /// A file that cannot be read, or is not what it should be.
    #[error(transparent)]
    Input(#[from] InputError),
    /// An edit that cannot be made.
    #[error("{file}: {cause}; nothing was written")]
    Edit {
        /// The curated document.
        file: String,
        /// Why.
        cause: PatchError,
    },
    /// A file that cannot be written.
    #[error(transparent)]
    File(#[from] FileError),
}

impl From<Unreadable> for RegenerateError {
    fn from(unreadable: Unreadable) -> Self {
        Self::Input(unreadable.into())
    }
}

/// The document and the list of sentences as they should be.
#[derive(Debug)]
pub struct Regenerated {
    /// The text of the curated document.
    pub spec: String,
    /// The sentences that were read.
    pub wording: Wording,
    /// What is still to be done by a person.
    pub left: Vec<Finding>,
}

/// Applies the facts to the text of the document, which messages call `file`.
///
/// # Errors
/// If the text is not a document, or an edit cannot be made.
pub fn regenerate(
    (file, text): (&str, &str),
    documented: &Documented,
    deviations: &[Deviation],
    wording: &Wording,
    accept_wording: bool,
) -> Result<Regenerated, RegenerateError> {
    let failed = |cause| RegenerateError::Edit { file: file.to_owned(), cause };
    let mut spec = Spec::parse(file, text)?;
    let mut comparison = compare(documented, &spec, wording);
    let before = subjects(&comparison);
    let mut text = text.to_owned();
    let mut tried = BTreeSet::new();
    let mut gone = BTreeSet::new();
    let mut edits = release(&spec, documented);
    loop {
        let mut drift = judge(comparison, deviations).drift;
        drift.iter_mut().for_each(|finding| depart(finding, deviations));
        edits.extend(chosen(&drift, &spec, &mut tried));
        if edits.is_empty() {
            break;
        }
        text = patch::apply(&text, &edits).map_err(failed)?;
        spec = Spec::parse(file, &text)?;
        gone.extend(drift.iter().filter_map(undocumented));
        let orphans = orphans(&gone, &spec);
        if !orphans.is_empty() {
            text = patch::apply(&text, &orphans).map_err(failed)?;
            spec = Spec::parse(file, &text)?;
        }
        // What was added has parts of its own, which only now can be compared.
        comparison = compare(documented, &spec, wording);
        edits.clear();
    }
    let comparison = compare(documented, &spec, wording);
    // Without a page for each operation, nothing can be said of what was read of the others.
    let complete = spec.operations.keys().all(|key| documented.facts.operations.contains_key(key));
    let wording = read_by_now(wording, &comparison, &before, accept_wording, complete);
    let left = judge(compare(documented, &spec, &wording), deviations).drift;
    Ok(Regenerated { spec: text, wording, left })
}

fn subjects(comparison: &Comparison) -> BTreeSet<(Kind, String)> {
    comparison.sentences.fingerprints().map(|(kind, subject, _)| (kind, subject.to_owned())).collect()
}

/// The document is about the release that its facts are of.
fn release(spec: &Spec, documented: &Documented) -> Vec<Edit> {
    let (pointer, release) = ("/info/version", documented.facts.release.as_str());
    if spec.value(pointer) == release {
        return Vec::new();
    }
    vec![Edit::Put { pointer: pointer.to_owned(), value: release.into() }]
}

/// Lets a part that comes back depart from the page where the one that was there did.
fn depart(finding: &mut Finding, deviations: &[Deviation]) {
    if !matches!(finding.rule, Rule::ParameterMissing | Rule::FieldMissing) {
        return;
    }
    // The part itself comes first; what else it needs has no deviations of its own yet.
    let Fix::Edits(edits) = &mut finding.fix else { return };
    let Some(Edit::Put { value, .. } | Edit::Insert { value, .. }) = edits.first_mut() else { return };
    for deviation in deviations.iter().filter(|deviation| deviation.subject == finding.subject) {
        if finding.operations.iter().all(|operation| deviation.operations.contains(operation)) {
            deviation.apply(value);
        }
    }
}

/// The edits that mend the findings, as far as they do not touch the same part: the rest has its turn after these. Each
/// finding is mended once; one that comes back is between two operations that contradict each other.
fn chosen(drift: &[Finding], spec: &Spec, tried: &mut BTreeSet<String>) -> Vec<Edit> {
    let mut edits: Vec<Edit> = Vec::new();
    let mut touched: BTreeMap<String, Edit> = BTreeMap::new();
    for finding in drift {
        let Fix::Edits(fix) = &finding.fix else { continue };
        if fix.iter().any(|edit| collides(edit, &touched)) {
            continue;
        }
        if fix.is_empty() || !tried.insert(finding.fingerprint()) {
            continue;
        }
        for edit in fix {
            if !matches!(edit, Edit::Insert { .. }) {
                touched.insert(edit.pointer().to_owned(), edit.clone());
            }
            edits.push(edit.clone());
        }
    }
    without_empty_lists(edits, spec)
}

/// The edits, but of a list whose items all go while none comes, the list itself: `required` must not be empty, and a
/// schema that stands for no definition says so by having no list.
fn without_empty_lists(mut edits: Vec<Edit>, spec: &Spec) -> Vec<Edit> {
    let removed = |edit: &Edit| match edit {
        Edit::Remove { pointer } => pointer.rsplit_once('/').map(|(list, item)| (list.to_owned(), item.to_owned())),
        Edit::Put { .. } | Edit::Insert { .. } => None,
    };
    let mut lists: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (list, item) in edits.iter().filter_map(removed) {
        lists.entry(list).or_default().insert(item);
    }
    lists.retain(|list, items| {
        let comes = |edit: &Edit| matches!(edit, Edit::Insert { pointer, .. } if pointer == list);
        spec.value(list).as_array().is_some_and(|all| all.len() == items.len()) && !edits.iter().any(comes)
    });
    edits.retain(|edit| removed(edit).is_none_or(|(list, _)| !lists.contains_key(&list)));
    edits.extend(lists.into_keys().map(|pointer| Edit::Remove { pointer }));
    edits
}

/// Whether an edit is at, above or below one that is not the same.
fn collides(edit: &Edit, touched: &BTreeMap<String, Edit>) -> bool {
    let pointer = edit.pointer();
    if touched.get(pointer).is_some_and(|other| other != edit) {
        return true;
    }
    let below = format!("{pointer}/");
    let has_below = !matches!(edit, Edit::Insert { .. })
        && touched.range(below.clone()..).next().is_some_and(|(other, _)| other.starts_with(&below));
    has_below || pointer.match_indices('/').any(|(end, _)| touched.contains_key(&pointer[..end]))
}

/// The pointer of the component that stands for a definition which the page no longer has, if the finding is about one.
fn undocumented(finding: &Finding) -> Option<String> {
    let (schema, _) = finding.at.pointer.split_once("/x-ontap-documented-as")?;
    let is_component = schema.strip_prefix("/components/schemas/").is_some_and(|name| !name.contains('/'));
    (finding.rule == Rule::DefinitionUndocumented && is_component).then(|| schema.to_owned())
}

/// Those of the schemas in `gone` that stand for no definition now, and that only each other refers to.
fn orphans(gone: &BTreeSet<String>, spec: &Spec) -> Vec<Edit> {
    let stands_for_none = |schema: &&String| {
        let value = spec.value(schema);
        !value.is_null() && value["x-ontap-documented-as"].is_null()
    };
    let mut orphans: Vec<&String> = gone.iter().filter(stands_for_none).collect();
    let all = counts(references(spec.value("")));
    loop {
        let own = counts(orphans.iter().flat_map(|schema| references(spec.value(schema))));
        let before = orphans.len();
        orphans.retain(|schema| all.get(schema.as_str()) == own.get(schema.as_str()));
        if orphans.len() == before {
            return orphans.into_iter().map(|schema| Edit::Remove { pointer: schema.clone() }).collect();
        }
    }
}

/// How often each is there.
fn counts<'s>(references: impl IntoIterator<Item = &'s str>) -> HashMap<&'s str, usize> {
    let mut counts = HashMap::new();
    references.into_iter().for_each(|reference| *counts.entry(reference).or_default() += 1);
    counts
}

/// The sentences that were read: those of before as far as they are still there, those of parts that have just been added
/// without words, and all if the user says so.
fn read_by_now(
    wording: &Wording,
    comparison: &Comparison,
    before: &BTreeSet<(Kind, String)>,
    accept_wording: bool,
    complete: bool,
) -> Wording {
    let mut now = if complete { Wording::default() } else { wording.clone() };
    for (kind, subject, said) in comparison.sentences.fingerprints() {
        let read = wording.of(kind, subject);
        let is_new = !before.contains(&(kind, subject.to_owned()));
        let mut accepted = if accept_wording || is_new || said.is_subset(&read) { said } else { read.clone() };
        // Where a page is absent, what was read of it counts on.
        if !complete {
            accepted.extend(read);
        }
        now.accept(kind, subject, accepted);
    }
    now
}

/// Runs the command in the workspace at `root`.
///
/// # Errors
/// If a file cannot be read or written, or an edit cannot be made.
pub fn run(root: &Path, arguments: &Arguments) -> Result<Outcome, RegenerateError> {
    let inputs = arguments.inputs.load(root)?;
    let (spec, list) = (&inputs.spec, &inputs.wording);
    let new = regenerate(
        (&spec.name, &spec.text),
        &inputs.documented,
        &inputs.deviations()?,
        &inputs.read_wording()?,
        arguments.accept_wording,
    )?;
    let mut text = String::new();
    let mut clean = true;
    // The list first: if the document then cannot be written, another run still knows which parts are new.
    for (file, now) in [(list, &new.wording.write()), (spec, &new.spec)] {
        if file.text == *now {
            continue;
        }
        if arguments.check {
            let diff = TextDiff::from_lines(&file.text, now);
            text.push_str(&diff.unified_diff().header(&file.name, &file.name).to_string());
            clean = false;
        } else {
            workspace::write(&file.path, &file.name, now)?;
            text.push_str(&format!("wrote {}\n", file.name));
        }
    }
    if !clean {
        let accept = if arguments.accept_wording { " --accept-wording" } else { "" };
        text.push_str(&format!("to mend it, run: cargo xtask regenerate{}{accept}\n", arguments.inputs.shown()));
        return Ok(Outcome { text, clean, notes: inputs.notes });
    }
    if text.is_empty() {
        text.push_str(&format!("{} says what is documented, as far as a program can make it\n", spec.name));
    }
    for finding in &new.left {
        let reason = match &finding.fix {
            Fix::Person(reason) => reason.as_str(),
            Fix::Accept => "read the page, see to the words, and run `cargo xtask regenerate --accept-wording`",
            Fix::Edits(_) => "the operations that share it are documented differently",
        };
        text.push_str(&format!("left {}: {}: {reason}\n", finding.at, finding.message()));
    }
    Ok(Outcome { text, clean, notes: inputs.notes })
}
