//! `cargo xtask rules`: what the kinds of difference mean.

use clap::{Args, ValueEnum};
use serde_json::json;

use crate::outcome::Outcome;
use crate::rule::Rule;

/// What the command can be told.
#[derive(Debug, Args)]
pub struct Arguments {
    /// What the list looks like.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// What the list looks like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people at a terminal.
    #[default]
    Text,
    /// For programs.
    Json,
    /// For a document.
    Markdown,
}

/// Lists and explains all rules.
pub fn run(arguments: &Arguments) -> Outcome {
    let text = match arguments.format {
        Format::Text => {
            let one = |rule: &Rule| format!("{rule}\n{}\n", wrapped(&rule.explanation()));
            Rule::ALL.iter().map(one).collect::<Vec<_>>().join("\n")
        }
        Format::Json => {
            let one = |rule: &Rule| json!({ "id": rule.id(), "explanation": rule.explanation(), "can_be_meant": rule.can_be_meant() });
            let rules: Vec<_> = Rule::ALL.iter().map(one).collect();
            format!("{:#}\n", json!({ "schema_version": 1, "rules": rules }))
        }
        Format::Markdown => {
            // The explanations are our own, and Markdown already.
            let one = |rule: &Rule| format!("| `{rule}` | {} |\n", rule.explanation().replace('|', "\\|"));
            let rows: String = Rule::ALL.iter().map(one).collect();
            format!("| Rule | Meaning |\n|---|---|\n{rows}")
        }
    };
    Outcome { text, clean: true, ..Outcome::default() }
}

/// The text in lines of at most 80 characters, set in.
fn wrapped(text: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(&format!("    {word}")),
            Some(line) if line.chars().count() + 1 + word.chars().count() <= 80 => line.push_str(&format!(" {word}")),
            _ => lines.push(format!("    {word}")),
        }
    }
    lines.join("\n")
}
