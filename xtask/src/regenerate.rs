//! `cargo xtask regenerate`: applies the documented facts to the curated document, in place.
//!
//! The command makes the changes that the findings of `cargo xtask diff` name, and no others. The list of sentences that were
//! read follows. Work for a person is listed, and stays a finding.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use clap::Args;
use similar::TextDiff;

use crate::document::join;
use crate::drift::deviations::{Deviation, judge};
use crate::drift::wording::{Kind, Wording};
use crate::drift::{Comparison, compare};
use crate::finding::{Finding, Fix};
use crate::inputs;
use crate::openapi::{Document, SCHEMAS, references};
use crate::outcome::{Failure, Outcome};
use crate::patch::{self, Edit, PatchError, Work};
use crate::place::Unreadable;
use crate::rule::Rule;
use crate::workspace::{self, FileError};

/// The arguments of the command.
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

/// The document and the list of sentences as they should be.
#[derive(Debug)]
pub struct Regenerated {
    /// The text of the curated document.
    pub spec: String,
    /// The sentences that were read.
    pub wording: Wording,
    /// The findings that a person has to see to.
    pub left: Vec<Finding>,
    /// The edits that belong to no finding and cannot be made.
    pub unmade: Vec<PatchError>,
}

/// Where a schema has the names of the definitions that it stands for.
const NAMES: &str = "/x-ontap-documented-as";

/// Applies the facts to the text of the document, which messages call `file`.
///
/// # Errors
/// If the text is not a document.
pub fn regenerate(
    (file, text): (&str, &str),
    documented: &Document,
    deviations: &[Deviation],
    wording: &Wording,
    accept_wording: bool,
) -> Result<Regenerated, Unreadable> {
    let mut spec = Document::parse(file, text)?;
    let mut comparison = compare(documented, &spec, wording);
    let before = comparison.sentences.fingerprints().map(|(kind, subject, _)| (kind, subject.to_owned())).collect();
    let mut text = text.to_owned();
    // Without a page for each operation, nothing can be said of what only the others document.
    let complete = spec.operations.keys().all(|key| documented.operations.contains_key(key));
    let (mut renamed, mut tried) = (BTreeSet::new(), BTreeSet::new());
    let (mut refused, mut unmade) = (BTreeMap::new(), Vec::new());
    let stood = standing(&spec);
    if spec.is_before(documented) {
        let release = documented.release().into();
        try_all(&mut text, &[Edit::Put("/info/version".to_owned(), release)], &mut unmade);
    }
    loop {
        let mut drift = judge(comparison, deviations).drift;
        drift.iter_mut().for_each(|finding| depart(finding, deviations));
        let chosen = chosen(&drift, &mut tried);
        if chosen.is_empty() {
            break;
        }
        let pointers = chosen.iter().flat_map(|(_, edits)| edits.iter()).map(Edit::pointer);
        renamed.extend(pointers.filter(|pointer| pointer.ends_with(NAMES)).map(str::to_owned));
        text = make(&text, &spec, &chosen, &mut refused);
        spec = Document::parse(file, &text)?;
        let orphans = orphans(&stood, &spec);
        if !orphans.is_empty() {
            try_all(&mut text, &orphans, &mut unmade);
            spec = Document::parse(file, &text)?;
        }
        // An added part has parts of its own, which can be compared only now.
        comparison = compare(documented, &spec, wording);
    }
    if complete {
        let differences =
            |spec: &Document| compare(documented, spec, wording).findings.iter().map(Finding::fingerprint).collect();
        drop_old_names((file, &mut text), &spec, &renamed, differences)?;
        spec = Document::parse(file, &text)?;
    }
    let comparison = compare(documented, &spec, wording);
    let wording = read_by_now(wording, &comparison, &before, accept_wording, complete);
    let mut left = judge(compare(documented, &spec, &wording), deviations).drift;
    for finding in &mut left {
        if let Some(reason) = refused.remove(&finding.fingerprint()) {
            finding.fix = Fix::Person(reason);
        }
    }
    Ok(Regenerated { spec: text, wording, left, unmade })
}

/// Makes all of `edits`, or none of them and says why.
fn try_all(text: &mut String, edits: &[Edit], unmade: &mut Vec<PatchError>) {
    match patch::apply(text, edits) {
        Ok(new) => *text = new,
        Err(cause) => unmade.push(cause),
    }
}

/// Makes the edits of as many findings as possible. Adds to `refused` why those of the others cannot be made.
fn make(text: &str, spec: &Document, chosen: &[(String, &[Edit])], refused: &mut BTreeMap<String, String>) -> String {
    let (mut made, mut new) = (Vec::new(), text.to_owned());
    let mut ahead = vec![chosen];
    while let Some(next) = ahead.pop() {
        let mut edits: Vec<Edit> = made.clone();
        edits.extend(next.iter().flat_map(|(_, edits)| edits.iter().cloned()));
        match (patch::apply(text, &without_empty_lists(&edits, spec)), next) {
            (Ok(text), _) => (made, new) = (edits, text),
            (Err(cause), [(finding, _)]) => _ = refused.insert(finding.clone(), cause.to_string()),
            (Err(_), _) => {
                let (first, rest) = next.split_at(next.len() / 2);
                ahead.extend([rest, first]);
            }
        }
    }
    new
}

/// Takes the names out of `lists` that the schemas had before, if nothing differs without them.
fn drop_old_names(
    (file, text): (&str, &mut String),
    spec: &Document,
    lists: &BTreeSet<String>,
    differences: impl Fn(&Document) -> BTreeSet<String>,
) -> Result<(), Unreadable> {
    let before = differences(spec);
    for list in lists {
        for index in (0..spec.value(list).as_array().map_or(0, Vec::len)).rev() {
            let edit = Edit::Remove(format!("{list}/{index}"));
            if let Ok(less) = patch::apply(text, &[edit])
                && differences(&Document::parse(file, &less)?) == before
            {
                *text = less;
            }
        }
    }
    Ok(())
}

/// Lets a part that comes back depart from the page where the one that was there did.
fn depart(finding: &mut Finding, deviations: &[Deviation]) {
    if !matches!(finding.rule, Rule::ParameterMissing | Rule::FieldMissing) {
        return;
    }
    // The part itself comes first; what else it needs has no deviations of its own yet.
    let Fix::Edits(edits) = &mut finding.fix else { return };
    let Some(Edit::Put(_, value) | Edit::Insert(_, value)) = edits.first_mut() else { return };
    for deviation in deviations.iter().filter(|deviation| deviation.subject == finding.subject) {
        if finding.operations.iter().all(|operation| deviation.operations.contains(operation)) {
            deviation.apply(value);
        }
    }
}

/// The edits that fix the findings, as far as they do not contradict each other: the rest has its turn after these. Each
/// finding is fixed once; one that comes back is between two operations that contradict each other.
fn chosen<'f>(drift: &'f [Finding], tried: &mut BTreeSet<String>) -> Vec<(String, &'f [Edit])> {
    let (mut chosen, mut work) = (Vec::<(String, &[Edit])>::new(), Work::default());
    for finding in drift {
        let Fix::Edits(edits) = &finding.fix else { continue };
        let fingerprint = finding.fingerprint();
        if edits.is_empty() || tried.contains(&fingerprint) {
            continue;
        }
        if edits.iter().all(|edit| work.add(edit).is_ok()) {
            tried.insert(fingerprint.clone());
            chosen.push((fingerprint, edits.as_slice()));
        } else {
            // Contradictions are rare. A copy of the work for each finding would take quadratic time.
            work = Work::default();
            for edit in chosen.iter().flat_map(|(_, edits)| *edits) {
                let _ = work.add(edit);
            }
        }
    }
    chosen
}

/// The edits, but of a list whose items all go while none comes, the list itself: `required` must not be empty, and a
/// schema that stands for no definition says so by having no list.
fn without_empty_lists(edits: &[Edit], spec: &Document) -> Vec<Edit> {
    let whole = |edit: &Edit| {
        let Edit::Remove(pointer) = edit else { return None };
        let (list, _) = pointer.rsplit_once('/')?;
        let removed = |item: usize| edits.contains(&Edit::Remove(format!("{list}/{item}")));
        let comes = |edit: &Edit| matches!(edit, Edit::Insert(pointer, _) if pointer == list);
        let is_emptied = (0..spec.value(list).as_array()?.len()).all(removed) && !edits.iter().any(comes);
        is_emptied.then(|| Edit::Remove(list.to_owned()))
    };
    edits.iter().map(|edit| whole(edit).unwrap_or_else(|| edit.clone())).collect()
}

/// The components that stand for a definition.
fn standing(spec: &Document) -> Vec<String> {
    let components = spec.value(SCHEMAS).as_object().into_iter().flatten();
    let standing = components.filter(|(_, schema)| schema.get("x-ontap-documented-as").is_some());
    standing.map(|(name, _)| join(SCHEMAS, name)).collect()
}

/// The schemas in `before` that stand for no definition now, and that only each other refers to.
fn orphans(before: &[String], spec: &Document) -> Vec<Edit> {
    let stands_for_none = |schema: &&String| {
        let value = spec.value(schema);
        !value.is_null() && value["x-ontap-documented-as"].is_null()
    };
    let mut orphans: Vec<&String> = before.iter().filter(stands_for_none).collect();
    let all = references(spec.value(""));
    let count = |references: &[&str], schema: &str| references.iter().filter(|one| **one == schema).count();
    loop {
        let own: Vec<&str> = orphans.iter().flat_map(|schema| references(spec.value(schema))).collect();
        let before = orphans.len();
        orphans.retain(|schema| count(&all, schema) == count(&own, schema));
        if orphans.len() == before {
            return orphans.into_iter().map(|schema| Edit::Remove(schema.clone())).collect();
        }
    }
}

/// The sentences that were read: the old ones that are still there, and those of parts that were added without words. With
/// `accept_wording`, all.
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
/// If a file cannot be read or written.
pub fn run(root: &Path, arguments: &Arguments) -> Result<Outcome, Failure> {
    let inputs = arguments.inputs.load(root, false)?;
    let (spec, list) = (&inputs.spec, &inputs.wording);
    let Some(documented) = inputs.documented.first() else { return Err(FileError::NoFacts.into()) };
    let new = regenerate(
        (&spec.name, &spec.text),
        documented,
        &inputs.deviations()?,
        &inputs.read_wording()?,
        arguments.accept_wording,
    )?;
    // The list first: if the document then cannot be written, another run still knows which parts are new.
    let words = new.wording.write();
    let changed: Vec<_> =
        [(list, &words), (spec, &new.spec)].into_iter().filter(|(file, now)| file.text != **now).collect();
    let mut text = String::new();
    if arguments.check {
        for (file, now) in &changed {
            let diff = TextDiff::from_lines(file.text.as_str(), now.as_str());
            text.push_str(&diff.unified_diff().header(&file.name, &file.name).to_string());
        }
    } else {
        for (file, _) in &changed {
            if workspace::read(&file.path, &file.name)? != file.text {
                return Err(FileError::Changed(file.name.clone()).into());
            }
        }
        for (file, now) in &changed {
            workspace::write(&file.path, &file.name, now)?;
            text.push_str(&format!("wrote {}\n", file.name));
        }
    }
    let clean = !arguments.check || changed.is_empty();
    if !clean {
        let accept = if arguments.accept_wording { " --accept-wording" } else { "" };
        text.push_str(&format!("to fix it, run: cargo xtask regenerate{}{accept}\n", arguments.inputs.shown()));
        return Ok(Outcome { text, clean, notes: inputs.notes });
    }
    if text.is_empty() {
        text.push_str(&format!("{} says what is documented, as far as a program can make it\n", spec.name));
    }
    for cause in &new.unmade {
        text.push_str(&format!("left {}: {cause}\n", spec.name));
    }
    for finding in &new.left {
        let reason = match &finding.fix {
            Fix::Person(reason) => reason.as_str(),
            Fix::Accept => "read the page, see to the words, and run `cargo xtask regenerate --accept-wording`",
            Fix::Edits(_) | Fix::None => "the operations that share it are documented differently",
        };
        let at = finding.to_at.first().map(|at| format!("{at}: ")).unwrap_or_default();
        text.push_str(&format!("left {at}{}: {reason}\n", finding.message()));
    }
    Ok(Outcome { text, clean, notes: inputs.notes })
}
