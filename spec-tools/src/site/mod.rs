//! `cargo spec docs`: what the project knows, as a site that opens from disk and asks nothing of any network.
//!
//! [`render()`] makes the pages of what it is given, and touches nothing; [`run`] reads, asks the simulator for its part,
//! has npm bring the renderer of the reference, and writes the folder.

mod content;
mod error_codes;
mod fields;
mod operations;
mod page;
mod programs;
mod reference;
mod shell;
mod start;

use std::path::{Path, PathBuf};

use clap::Args;

pub use content::{Content, ErrorTrigger, Trigger};

use content::Site;
use page::Page;
use xtask::inputs;
use xtask::outcome::{Failure, Outcome};
use xtask::workspace::SPEC;

/// The files beside the pages.
const FILES: [(&str, &str); 7] = [
    ("frame.css", include_str!("frame.css")),
    ("page.css", include_str!("page.css")),
    ("reference.css", include_str!("reference.css")),
    ("theme.js", include_str!("theme.js")),
    ("filter.js", include_str!("filter.js")),
    ("reference.js", include_str!("reference.js")),
    ("scalar.LICENSE.txt", include_str!("../../site/scalar.LICENSE.txt")),
];

/// The arguments of the command.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The folder to write into; target/site if not given.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Runs the command in the workspace at `root`.
///
/// # Errors
/// If a file cannot be read or written, or a program that is needed fails.
pub fn run(root: &Path, arguments: &Arguments) -> Result<Outcome, Failure> {
    let content = Content {
        spec: inputs::read(root, None, SPEC)?,
        documented: inputs::documented(root)?.into_iter().rev().collect(),
        triggers: programs::triggers(root)?,
    };
    let mut files = render(&content)?;
    let target = programs::target(root)?;
    files.push(("ontap-ipsec.yaml", content.spec.text));
    files.push(("scalar.js", programs::scalar(root, &target)?));
    files.extend(FILES.map(|(file, text)| (file, text.to_owned())));
    let folder = arguments.out.clone().unwrap_or_else(|| target.join("site"));
    for (file, text) in files {
        programs::write(&folder.join(file), &text)?;
    }
    let start = folder.join(Page::Start.file());
    Ok(Outcome::clean(format!("wrote {}; open {}\n", folder.display(), start.display())))
}

/// The pages: the name of each file, and its text.
///
/// # Errors
/// If the document is not what it should be, or the simulator has other codes.
pub fn render(content: &Content) -> Result<Vec<(&'static str, String)>, Failure> {
    let site = Site::new(content)?;
    let text = |page| {
        let content = match page {
            Page::Start => start::page(&site),
            Page::Reference => reference::page(&site)?,
            Page::ErrorCodes => error_codes::page(&site),
            Page::Fields => fields::page(&site),
        };
        Ok((page.file(), shell::page(&site, page, &content).into_string()))
    };
    Page::ALL.into_iter().map(text).collect()
}
