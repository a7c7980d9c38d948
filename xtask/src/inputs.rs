//! What the comparing commands read: facts, the curated document, and the lists of what is meant and what was read.

use std::path::{MAIN_SEPARATOR, Path, PathBuf};

use clap::Args;
use thiserror::Error;

use crate::deviations::{self, Deviation};
use crate::extract;
use crate::facts::{Documented, Facts};
use crate::place::Unreadable;
use crate::reference::{self, ReadError};
use crate::wording::Wording;
use crate::workspace::{self, DEVIATIONS, DOCUMENTED, FileError, SPEC, WORDING};

/// Which files to read.
#[derive(Debug, Default, Args)]
#[group(skip)]
pub struct Arguments {
    /// The vendor's pages, or folders of them, to take the facts from.
    #[arg(long, value_name = "PAGE", num_args = 1.., requires = "release", conflicts_with = "facts")]
    reference: Vec<PathBuf>,
    /// The release of ONTAP that the pages are about, such as 9.15.1.
    #[arg(long, requires = "reference", value_parser = extract::a_release)]
    release: Option<String>,
    /// The facts file; the newest in spec/documented/ if not given.
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

/// Why the files could not be read.
#[derive(Debug, Error)]
pub enum InputError {
    /// A file that is not what it should be.
    #[error(transparent)]
    Content(#[from] Unreadable),
    /// A page that is not understood.
    #[error(transparent)]
    Page(#[from] ReadError),
    /// A file that cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
}

/// A file with its text.
#[derive(Debug)]
pub struct File {
    /// Where it is.
    pub path: PathBuf,
    /// What messages call it.
    pub name: String,
    /// What is in it.
    pub text: String,
}

/// The files, read; of the facts, their content too.
#[derive(Debug)]
pub struct Inputs {
    /// The facts.
    pub documented: Documented,
    /// What should be looked at in the pages, a line each.
    pub notes: String,
    /// The facts file, or the pages: what messages call each, and its text.
    pub sources: Vec<(String, String)>,
    /// The curated document.
    pub spec: File,
    /// The list of deliberate departures.
    pub deviations: File,
    /// The list of sentences that were read.
    pub wording: File,
}

impl Arguments {
    /// Reads the files, in the workspace at `root` where they are the usual ones.
    ///
    /// # Errors
    /// If one cannot be read, or if the facts are none.
    pub fn load(&self, root: &Path) -> Result<Inputs, InputError> {
        let mut notes = String::new();
        let mut sources = Vec::new();
        let documented = match &self.release {
            Some(release) => {
                let pages = extract::pages(&self.reference)?;
                let inputs: Vec<reference::Input<'_>> = pages.iter().map(extract::Page::input).collect();
                let (documented, warnings) = Documented::read(&inputs, release)?;
                drop(inputs);
                sources.extend(pages.into_iter().map(extract::Page::named));
                notes.extend(warnings.iter().map(|warning| format!("warning: {warning}\n")));
                documented
            }
            None => {
                let usual = if self.facts.is_some() { Vec::new() } else { workspace::facts(root)? };
                let newest = usual.first().map(String::as_str).unwrap_or_default();
                let file = read(root, self.facts.as_deref(), newest)?;
                let documented = Documented::parse(&file.name, &file.text)?;
                sources.push((file.name, file.text));
                documented
            }
        };
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
    ///
    /// # Errors
    /// If it cannot be read.
    pub(crate) fn spec(&self, root: &Path) -> Result<File, FileError> {
        read(root, self.spec.as_deref(), SPEC)
    }

    /// The deliberate departures.
    ///
    /// # Errors
    /// If the list cannot be read, or is none.
    pub(crate) fn deviations(&self, root: &Path) -> Result<Vec<Deviation>, InputError> {
        let file = read(root, self.deviations.as_deref(), DEVIATIONS)?;
        Ok(deviations::parse(&file.name, &file.text)?)
    }

    /// The arguments as they would be typed again.
    pub fn shown(&self) -> String {
        let mut shown = String::new();
        let mut add = |name: &str, path: &Path| shown.push_str(&format!(" {name} {}", path.display()));
        self.reference.iter().for_each(|page| add("--reference", page));
        if let Some(release) = &self.release {
            add("--release", Path::new(release));
        }
        let files = [("--facts", &self.facts), ("--spec", &self.spec), ("--deviations", &self.deviations)];
        for (name, file) in files.into_iter().chain([("--wording", &self.wording)]) {
            if let Some(file) = file {
                add(name, file);
            }
        }
        shown
    }
}

impl Inputs {
    /// The deliberate departures.
    ///
    /// # Errors
    /// If the list is none.
    pub fn deviations(&self) -> Result<Vec<Deviation>, Unreadable> {
        deviations::parse(&self.deviations.name, &self.deviations.text)
    }

    /// The sentences that were read.
    ///
    /// # Errors
    /// If the list is none.
    pub fn read_wording(&self) -> Result<Wording, Unreadable> {
        Wording::parse(&self.wording.name, &self.wording.text)
    }
}

/// The facts of all releases in the workspace at `root`.
pub(crate) fn documented(root: &Path) -> Result<Vec<Facts>, InputError> {
    let decode = |name: String| {
        let text = workspace::read(&root.join(&name), &name)?;
        Ok(Documented::parse(&name, &text)?.facts)
    };
    workspace::facts(root)?.into_iter().map(decode).collect()
}

/// The facts that `given` names: a file, or a release in the workspace at `root`.
pub(crate) fn release(root: &Path, given: &Path) -> Result<Documented, InputError> {
    let usual = given.to_str().filter(|text| workspace::release(text).is_some());
    let file = match usual {
        Some(release) => read(root, None, &format!("{DOCUMENTED}/{release}.yaml"))?,
        None => read(root, Some(given), "")?,
    };
    Ok(Documented::parse(&file.name, &file.text)?)
}

/// The file that was asked for, from the working directory, or the usual one, from the root.
pub(crate) fn read(root: &Path, given: Option<&Path>, usual: &str) -> Result<File, FileError> {
    let (path, name) = match given {
        // With `/` everywhere: reports are read on other systems too.
        Some(path) => (path.to_owned(), path.display().to_string().replace(MAIN_SEPARATOR, "/")),
        None => (root.join(usual), usual.to_owned()),
    };
    let text = workspace::read(&path, &name)?;
    Ok(File { path, name, text })
}
