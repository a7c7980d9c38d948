//! `cargo spec export`: the spec in other forms: the document as JSON, its catalogue as JSON, CSV or Markdown, and a bundle
//! of them.

mod bundle;

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::{Map, Value};
use xtask::inputs;
use xtask::markdown::{code, plain};
use xtask::openapi::Document;
use xtask::outcome::{Failure, Outcome};
use xtask::workspace::SPEC;

use crate::catalogue::Catalogue;
use crate::generated;

/// The tables of the catalogue, as its members are called, and their titles.
const TABLES: [(&str, &str); 3] = [("codes", "Error codes"), ("fields", "Fields"), ("parameters", "Parameters")];
/// Columns that hold sentences; all others hold what is typed as it stands.
const SENTENCES: [&str; 3] = ["summary", "remedy", "description"];

/// The arguments of the command.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Print the error codes, fields and parameters in this form, and write nothing.
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Print one of the tables; all if not given. CSV holds one.
    #[arg(long, value_parser = TABLES.map(|(member, _)| member), requires = "format", required_if_eq("format", "csv"))]
    table: Option<String>,
    /// The curated document; spec/ontap-ipsec.yaml if not given.
    #[arg(long, value_name = "FILE", requires = "format")]
    spec: Option<PathBuf>,
    /// Write everything for other tools into this folder: the document in YAML, in JSON and without references, and the
    /// schema of its extensions. CSV tables, checksums and a README come with them.
    #[arg(long, value_name = "DIR", conflicts_with = "format")]
    bundle: Option<PathBuf>,
    /// Write nothing; exit with 1 if spec/ontap-ipsec.json is not spec/ontap-ipsec.yaml in JSON.
    #[arg(long, conflicts_with_all = ["bundle", "format"])]
    check: bool,
}

/// A form of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// JSON as spec/catalogue.schema.json describes it; with --table, that list alone.
    Json,
    /// RFC 4180, with a line of headings.
    Csv,
    /// Tables in GitHub's flavour.
    Markdown,
}

/// Runs the command in the workspace at `root`.
///
/// # Errors
/// If a file cannot be read or written, or is not what it should be.
pub fn run(root: &Path, arguments: &Arguments) -> Result<Outcome, Failure> {
    let file = inputs::read(root, arguments.spec.as_deref(), SPEC)?;
    let spec = Document::parse(&file.name, &file.text)?;
    let catalogue =
        || -> Result<Value, Failure> { Ok(serde_json::to_value(Catalogue::new(&spec, &inputs::documented(root)?)?)?) };
    if let Some(folder) = &arguments.bundle {
        return bundle::write(root, folder, &file.text, &spec, &catalogue()?);
    }
    let Some(format) = arguments.format else {
        // It refers to nothing outside itself, so that this is all of it.
        let files = [("spec/ontap-ipsec.json", serde_json::to_string_pretty(spec.value(""))? + "\n")];
        let words = ["is spec/ontap-ipsec.yaml in JSON", "differs from spec/ontap-ipsec.yaml", "cargo spec export"];
        return Ok(generated::keep(root, &files, arguments.check, words)?);
    };
    let catalogue = catalogue()?;
    let table = arguments.table.as_deref();
    if format == Format::Json {
        let shown = table.map_or(&catalogue, |table| &catalogue[table]);
        return Ok(Outcome::clean(serde_json::to_string_pretty(shown)? + "\n"));
    }
    let mut texts = Vec::new();
    for (member, title) in TABLES.into_iter().filter(|(member, _)| table.is_none_or(|one| one == *member)) {
        let rows = rows(&catalogue, member);
        texts.push(match format {
            Format::Csv => csv(&rows)?,
            _ => format!("## {title} of ONTAP {}\n\n{}", plain(spec.release()), markdown(&rows)),
        });
    }
    Ok(Outcome::clean(texts.join("\n")))
}

fn rows<'c>(catalogue: &'c Value, table: &str) -> Vec<&'c Map<String, Value>> {
    catalogue[table].as_array().into_iter().flatten().filter_map(Value::as_object).collect()
}

/// Shows a table as CSV, with a line of headings; the items of a list are joined by semicolons.
fn csv(rows: &[&Map<String, Value>]) -> Result<String, Failure> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(rows.first().into_iter().flat_map(|row| row.keys()))?;
    for row in rows {
        writer.write_record(row.values().map(|value| text(value, "; ")))?;
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}

/// Shows a table as Markdown, in GitHub's flavour.
fn markdown(rows: &[&Map<String, Value>]) -> String {
    let columns: Vec<String> = rows.first().into_iter().flat_map(|row| row.keys().cloned()).collect();
    let marks = format!("|{}\n", "---|".repeat(columns.len()));
    let cells = rows.iter().map(|row| row.iter().map(|(column, value)| cell(column, value)).collect());
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    line(columns) + &marks + &cells.map(line).collect::<String>()
}

fn cell(column: &str, value: &Value) -> String {
    match value {
        Value::String(text) if SENTENCES.contains(&column) => plain(text),
        Value::Array(items) => items.iter().map(|item| code(&text(item, ", "))).collect::<Vec<_>>().join("<br>"),
        Value::Null => String::new(),
        other => code(&text(other, ", ")),
    }
}

/// Gives the text of a cell: nothing for null, and the items of a list with `between` in between.
fn text(value: &Value, between: &str) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(|item| text(item, between)).collect::<Vec<_>>().join(between),
        other => other.to_string(),
    }
}
