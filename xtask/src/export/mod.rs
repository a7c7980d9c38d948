//! `cargo xtask export`: the spec in other forms: the document as JSON, and its catalogue as JSON, CSV or Markdown.

mod csv;
mod markdown;
mod table;

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use thiserror::Error;

use crate::catalogue::Catalogue;
use crate::inputs::{self, InputError};
use crate::outcome::Outcome;
use crate::place::Unreadable;
use crate::spec::Spec;
use crate::workspace::{self, FileError, SPEC};

use table::Table;

/// The document as JSON, from the root.
pub const JSON: &str = "spec/ontap-ipsec.json";

/// What the command can be told.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Print the error codes, fields and parameters in this form, and write nothing.
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Print one of the tables; all if not given. CSV holds one.
    #[arg(long, value_enum, requires = "format", required_if_eq("format", "csv"))]
    table: Option<Which>,
    /// The curated document; spec/ontap-ipsec.yaml if not given.
    #[arg(long, value_name = "FILE", requires = "format")]
    spec: Option<PathBuf>,
    /// Write nothing; exit with 1 if spec/ontap-ipsec.json is not spec/ontap-ipsec.yaml in JSON.
    #[arg(long, conflicts_with = "format")]
    check: bool,
}

/// A form of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// As spec/catalogue.schema.json describes it; of one table, the list.
    Json,
    /// RFC 4180, with a line of headings.
    Csv,
    /// Tables in GitHub's flavour.
    Markdown,
}

/// A table of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Which {
    /// The error codes.
    Codes,
    /// The fields of a policy.
    Fields,
    /// The parameters of the operations.
    Parameters,
}

impl Which {
    fn of(self, catalogue: &Catalogue) -> Result<Table, serde_json::Error> {
        match self {
            Self::Codes => Table::new("Error codes", &catalogue.codes),
            Self::Fields => Table::new("Fields of a policy", &catalogue.fields),
            Self::Parameters => Table::new("Parameters", &catalogue.parameters),
        }
    }
}

/// Why the command could not do its work.
#[derive(Debug, Error)]
pub enum ExportError {
    /// A file that cannot be read, or is not what it should be.
    #[error(transparent)]
    Input(#[from] InputError),
    /// What JSON cannot hold.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// What CSV cannot hold.
    #[error("the table cannot be written as CSV: {0}")]
    Csv(#[from] ::csv::Error),
}

impl From<FileError> for ExportError {
    fn from(error: FileError) -> Self {
        Self::Input(error.into())
    }
}

impl From<Unreadable> for ExportError {
    fn from(error: Unreadable) -> Self {
        Self::Input(error.into())
    }
}

/// Runs the command in the workspace at `root`.
///
/// # Errors
/// If a file cannot be read or written, or is not what it should be.
pub fn run(root: &Path, arguments: &Arguments) -> Result<Outcome, ExportError> {
    let file = inputs::read(root, arguments.spec.as_deref(), SPEC)?;
    let Some(format) = arguments.format else {
        let text = document(&file.name, &file.text)?;
        return Ok(keep(root, &text, arguments.check)?);
    };
    let catalogue = Catalogue::new(&Spec::parse(&file.name, &file.text)?, &inputs::documented(root)?)?;
    let which = arguments.table.map_or_else(|| Which::value_variants().to_vec(), |which| vec![which]);
    let tables: Result<Vec<Table>, serde_json::Error> = which.iter().map(|which| which.of(&catalogue)).collect();
    let text = match (format, tables?.as_slice()) {
        (Format::Json, [only]) => serde_json::to_string_pretty(&only.rows)? + "\n",
        (Format::Json, _) => serde_json::to_string_pretty(&catalogue)? + "\n",
        (Format::Csv, tables) => tables.iter().map(csv::render).collect::<Result<_, _>>()?,
        (Format::Markdown, tables) => markdown::render(&catalogue.release, tables),
    };
    Ok(Outcome { text, clean: true, ..Outcome::default() })
}

/// The document in JSON, its members in the same order. It refers to nothing outside itself, so that this is all of it.
///
/// # Errors
/// If the text is not the YAML of a document.
pub fn document(name: &str, text: &str) -> Result<String, ExportError> {
    Ok(serde_json::to_string_pretty(Spec::parse(name, text)?.value(""))? + "\n")
}

fn keep(root: &Path, text: &str, check: bool) -> Result<Outcome, FileError> {
    let path = root.join(JSON);
    if !check {
        workspace::write(&path, JSON, text)?;
        return Ok(Outcome { text: format!("wrote {JSON}\n"), clean: true, ..Outcome::default() });
    }
    let clean = path.exists() && workspace::read(&path, JSON)? == text;
    let text = match clean {
        true => format!("{JSON} is {SPEC} in JSON\n"),
        false => format!("{JSON} differs from {SPEC}\nto mend it, run: cargo xtask export\n"),
    };
    Ok(Outcome { text, clean, ..Outcome::default() })
}
