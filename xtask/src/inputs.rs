//! The files that the comparing commands read: facts, the curated document, and the lists of deviations and of wording.

use std::path::{MAIN_SEPARATOR, Path, PathBuf};

use clap::Args;

use crate::drift::deviations::{self, Deviation};
use crate::drift::wording::Wording;
use crate::extract;
use crate::facts::unknown_member;
use crate::openapi::Document;
use crate::outcome::Failure;
use crate::place::Unreadable;
use crate::shell::quoted;
use crate::workspace::{self, DEVIATIONS, DOCUMENTED, FileError, SPEC, WORDING};

/// Which files to read.
#[derive(Debug, Default, Args)]
#[group(skip)]
pub struct Arguments {
    /// The vendor's pages, or folders of them, to take the facts from. Also the API document that a cluster serves: name
    /// the file, since a folder may have other YAML in it.
    #[arg(long, value_name = "PAGE", num_args = 1.., requires = "release", conflicts_with = "facts")]
    reference: Vec<PathBuf>,
    /// The release of ONTAP that they are about, such as 9.15.1.
    // `requires` asks for nothing that another argument excludes.
    #[arg(long, requires = "reference", conflicts_with = "facts", value_parser = extract::a_release)]
    release: Option<String>,
    /// The facts file; if not given, `diff` takes all in spec/documented/, and `regenerate` that of the newest release.
    #[arg(long, value_name = "FILE")]
    facts: Option<PathBuf>,
    /// The curated document; spec/ontap-ipsec.yaml if not given.
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
    /// The list of deliberate departures; spec/deviations.yaml if not given.
    #[arg(long, value_name = "FILE")]
    deviations: Option<PathBuf>,
    /// The list of the vendor's sentences that were read; spec/wording.yaml if not given.
    #[arg(long, value_name = "FILE")]
    wording: Option<PathBuf>,
}

/// A file with its text.
#[derive(Debug)]
pub struct File {
    /// Where it is.
    pub path: PathBuf,
    /// The name in messages.
    pub name: String,
    /// The content.
    pub text: String,
}

/// The files, read; of the facts, their content too.
#[derive(Debug)]
pub struct Inputs {
    /// The facts of each release, the newest first.
    pub documented: Vec<Document>,
    /// The warnings about the pages, a line each.
    pub notes: String,
    /// The facts files, or the pages: what messages call each, and its text.
    pub sources: Vec<(String, String)>,
    /// The curated document.
    pub spec: File,
    /// The list of deliberate departures.
    pub deviations: File,
    /// The list of sentences that were read.
    pub wording: File,
}

impl Arguments {
    /// Reads the files, in the workspace at `root` where they are the usual ones: of those with facts, all or the newest.
    ///
    /// # Errors
    /// If a file cannot be read, or is not what it should be.
    pub fn load(&self, root: &Path, all: bool) -> Result<Inputs, Failure> {
        let (mut notes, mut sources, mut documented) = (String::new(), Vec::new(), Vec::new());
        if let Some(release) = &self.release {
            let pages = extract::pages(&self.reference)?;
            let read = extract::read(&pages, release)?;
            notes = extract::notes(&read, &self.deviations(root)?)?;
            documented.push(extract::facts(&pages, read)?);
            sources = pages;
        } else {
            let usual = if self.facts.is_some() { vec![String::new()] } else { workspace::facts(root)? };
            for name in usual.iter().take(if all { usual.len() } else { 1 }) {
                let file = read(root, self.facts.as_deref(), name)?;
                documented.push(facts(&file)?);
                sources.push((file.name, file.text));
            }
        }
        Ok(Inputs {
            sources,
            documented,
            notes,
            spec: self.spec(root)?,
            deviations: read(root, self.deviations.as_deref(), DEVIATIONS)?,
            wording: read(root, self.wording.as_deref(), WORDING)?,
        })
    }

    /// The curated document.
    pub(crate) fn spec(&self, root: &Path) -> Result<File, FileError> {
        read(root, self.spec.as_deref(), SPEC)
    }

    /// The deliberate departures.
    pub(crate) fn deviations(&self, root: &Path) -> Result<Vec<Deviation>, Failure> {
        let file = read(root, self.deviations.as_deref(), DEVIATIONS)?;
        Ok(deviations::parse(&file.name, &file.text)?)
    }

    /// The arguments as they would be typed again.
    pub fn shown(&self) -> String {
        let mut shown = String::new();
        let mut add =
            |name: &str, path: &Path| shown.push_str(&format!(" {name} {}", quoted(&path.display().to_string())));
        self.reference.iter().for_each(|page| add("--reference", page));
        self.release.iter().for_each(|release| add("--release", Path::new(release)));
        self.facts.iter().for_each(|file| add("--facts", file));
        self.spec.iter().for_each(|file| add("--spec", file));
        self.deviations.iter().for_each(|file| add("--deviations", file));
        self.wording.iter().for_each(|file| add("--wording", file));
        shown
    }
}

impl Inputs {
    /// The deliberate departures.
    ///
    /// # Errors
    /// If the list is not what it should be.
    pub fn deviations(&self) -> Result<Vec<Deviation>, Unreadable> {
        deviations::parse(&self.deviations.name, &self.deviations.text)
    }

    /// The sentences that were read.
    ///
    /// # Errors
    /// If the list is not what it should be.
    pub fn read_wording(&self) -> Result<Wording, Unreadable> {
        Wording::parse(&self.wording.name, &self.wording.text)
    }
}

/// The facts of all releases in the workspace at `root`.
pub fn documented(root: &Path) -> Result<Vec<Document>, Failure> {
    workspace::facts(root)?.iter().map(|name| facts(&read(root, None, name)?)).collect()
}

/// The facts in the workspace at `root` that came after all of `given`, if these are older than the curated document.
pub(crate) fn later(root: &Path, given: &[Document], curated: &Document) -> Result<Vec<Document>, Failure> {
    let Some(newest) = given.first().filter(|newest| newest.is_before(curated)) else { return Ok(Vec::new()) };
    let names = match workspace::facts(root) {
        Err(FileError::NoFacts) => return Ok(Vec::new()),
        names => names?,
    };
    let number = |name: &str| workspace::release(Path::new(name).file_stem()?.to_str()?);
    let later = names.iter().take_while(|name| number(name) > workspace::release(newest.release()));
    later.map(|name| facts(&read(root, None, name)?)).collect()
}

/// The facts that `given` names: a file, or a release in the workspace at `root`.
pub(crate) fn release(root: &Path, given: &Path) -> Result<Document, Failure> {
    let usual = given.to_str().filter(|text| workspace::release(text).is_some());
    let usual = usual.map(|release| format!("{DOCUMENTED}/{release}.yaml"));
    facts(&usual.map_or_else(|| read(root, Some(given), ""), |usual| read(root, None, &usual))?)
}

/// Reads a facts file.
fn facts(file: &File) -> Result<Document, Failure> {
    let document = Document::parse(&file.name, &file.text)?;
    let unreadable = |pointer: &str, cause| Unreadable { at: document.at(pointer), cause }.into();
    let release = document.release();
    if workspace::release(release).is_none() {
        let cause = "expected the release of ONTAP that the facts are about, such as 9.15.1, found";
        return Err(unreadable("/info/version", format!("{cause} `{release}`")));
    }
    if file.name.starts_with(DOCUMENTED) && file.name != format!("{DOCUMENTED}/{release}.yaml") {
        let cause = format!("the facts are about {release}, expected the release in the name of the file");
        return Err(unreadable("/info/version", cause));
    }
    if let Some(pointer) = unknown_member(document.value("")) {
        let cause = "found a member that no facts file has; `cargo xtask extract` writes facts files";
        return Err(unreadable(&pointer, cause.to_owned()));
    }
    Ok(document)
}

/// The file that was asked for, from the working directory, or the usual one, from the root.
pub fn read(root: &Path, given: Option<&Path>, usual: &str) -> Result<File, FileError> {
    let (path, name) = match given {
        // With `/` everywhere: reports are read on other systems too.
        Some(path) => (path.to_owned(), path.display().to_string().replace(MAIN_SEPARATOR, "/")),
        None => (root.join(usual), usual.to_owned()),
    };
    let text = workspace::read(&path, &name)?;
    Ok(File { path, name, text })
}
