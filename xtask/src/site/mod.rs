//! `cargo xtask docs`: what the project knows, as a site that opens from disk and asks nothing of any network.
//!
//! [`render()`] makes the pages of what it is given, and touches nothing; [`run`] reads, asks the simulator for its part,
//! has npm bring the renderer of the reference, and writes the folder.

mod cargo;
mod error_codes;
mod fields;
mod folder;
mod listed;
mod meetings;
mod operations;
mod prose;
mod reference;
mod renderer;
mod shell;
mod start;

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::Value;
use thiserror::Error;

use crate::catalogue::Catalogue;
use crate::facts::{Documented, Facts};
use crate::inputs::{self, File, InputError};
use crate::outcome::Outcome;
use crate::place::Unreadable;
use crate::spec::Spec;
use crate::workspace::{self, FileError};

pub use cargo::CargoError;
pub use folder::FolderError;
pub use meetings::{Meeting, MeetingsError, Trigger};
pub use renderer::RendererError;

use listed::Listed;
use operations::Operations;
use shell::{Edition, Page};

/// Where the site goes, from cargo's target directory.
const SITE: &str = "site";

/// What stands beside the pages, word for word.
const FILES: [(&str, &str); 7] = [
    ("frame.css", include_str!("frame.css")),
    ("page.css", include_str!("page.css")),
    ("reference.css", include_str!("reference.css")),
    ("theme.js", include_str!("theme.js")),
    ("filter.js", include_str!("filter.js")),
    ("reference.js", include_str!("reference.js")),
    ("scalar.LICENSE.txt", include_str!("../../site/scalar.LICENSE.txt")),
];

/// What the command can be told.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The folder to write, which is replaced; target/site if not given.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Why the command could not do its work.
#[derive(Debug, Error)]
pub enum DocsError {
    /// A file that cannot be read, or is not what it should be.
    #[error(transparent)]
    Input(#[from] InputError),
    /// A document that JSON cannot hold.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// Cargo that failed.
    #[error(transparent)]
    Cargo(#[from] CargoError),
    /// A simulator that has other codes, or does not say which.
    #[error(transparent)]
    Meetings(#[from] MeetingsError),
    /// A renderer that is not there.
    #[error(transparent)]
    Renderer(#[from] RendererError),
    /// A folder that cannot be written.
    #[error(transparent)]
    Folder(#[from] FolderError),
}

impl From<Unreadable> for DocsError {
    fn from(unreadable: Unreadable) -> Self {
        Self::Input(unreadable.into())
    }
}

impl From<FileError> for DocsError {
    fn from(error: FileError) -> Self {
        Self::Input(error.into())
    }
}

/// What the pages are made of.
#[derive(Debug)]
pub struct Content {
    /// The document.
    pub spec: File,
    /// The facts of all releases that are documented, from the oldest to the newest.
    pub documented: Vec<Documented>,
    /// How the simulator can be brought to answer with each code.
    pub meetings: Vec<Meeting>,
}

/// Runs the command in the workspace at `root`.
///
/// # Errors
/// If a file cannot be read or written, or a program that is needed fails.
pub fn run(root: &Path, arguments: &Arguments) -> Result<Outcome, DocsError> {
    let spec = inputs::Arguments::default().spec(root)?;
    let mut documented = Vec::new();
    for name in workspace::facts(root)?.into_iter().rev() {
        documented.push(Documented::parse(&name, &workspace::read(&root.join(&name), &name)?)?);
    }
    let content = Content { spec, documented, meetings: meetings::ask(root)? };
    let pages = render(&content)?;
    let target = cargo::target(root)?;
    let scalar = renderer::bundle(root, &target)?;

    let folder = arguments.out.clone().unwrap_or_else(|| target.join(SITE));
    let pages = pages.iter().map(|(file, text)| (*file, text.as_str()));
    folder::replace(&folder, FILES.into_iter().chain([("scalar.js", scalar.as_str())]).chain(pages))?;
    Ok(Outcome {
        text: format!("wrote {}; open {}\n", folder.display(), folder.join(Page::Start.file()).display()),
        clean: true,
        ..Outcome::default()
    })
}

/// The pages: the name of each file, and its text.
///
/// # Errors
/// If the document is not what it should be, or the simulator has other codes.
pub fn render(content: &Content) -> Result<Vec<(&'static str, String)>, DocsError> {
    let spec = Spec::parse(&content.spec.name, &content.spec.text)?;
    let facts: Vec<Facts> = content.documented.iter().map(|documented| documented.facts.clone()).collect();
    let catalogue = Catalogue::new(&spec, &facts)?;
    let codes = catalogue.codes.iter().map(|code| code.code);
    let meetings = meetings::by_code(content.meetings.clone(), codes)?;

    let document = spec.value("");
    let edition = edition(document, &catalogue);
    let operations = Operations::read(document);
    let listed: Vec<Listed> = content.documented.iter().map(Listed::of).collect();
    let numbers = start::Numbers { codes: catalogue.codes.len(), fields: catalogue.fields.len() };
    let matrix = fields::Matrix {
        fields: &catalogue.fields,
        parameters: &catalogue.parameters,
        operations: &operations,
        listed: &listed,
    };
    Page::ALL
        .into_iter()
        .map(|page| {
            let markup = match page {
                Page::Start => start::page(&edition, &operations, &numbers),
                Page::Reference => reference::page(&edition, document, &operations)?,
                Page::ErrorCodes => error_codes::page(&edition, &catalogue.codes, &operations, &meetings),
                Page::Fields => fields::page(&edition, &matrix),
            };
            Ok((page.file(), markup.into_string()))
        })
        .collect()
}

fn edition(document: &Value, catalogue: &Catalogue) -> Edition {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let info = &document["info"];
    Edition {
        title: text(&info["title"]).unwrap_or_default(),
        release: catalogue.release.clone(),
        version: text(&info["x-ontap-spec-version"]),
    }
}
