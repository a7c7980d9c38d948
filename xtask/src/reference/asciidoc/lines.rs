//! The kinds of lines in AsciiDoc, as far as a line alone can tell.

use super::super::text::heading;

/// The kind of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort<'t> {
    Blank,
    /// A comment, or the value of an attribute of the document: nothing that shows.
    Unseen,
    /// `====`
    Block,
    /// `|===`
    Table,
    /// Three backticks, or `----`.
    Fence,
    Heading(&'t str),
    /// A title of the block below.
    Caption(&'t str),
    /// The text between square brackets, about the block below.
    About(&'t str),
    Operation,
    Item(&'t str),
    /// A line that is more than text, in a way that these pages have no use for.
    Unknown,
    Text,
}

/// The marks that start an operation's line.
pub(crate) const OPERATION: &str = "[.api-doc-operation ";

/// What `text` is.
pub(crate) fn sort(text: &str) -> Sort<'_> {
    let trimmed = text.trim();
    match trimmed {
        "" => return Sort::Blank,
        "|===" => return Sort::Table,
        "====" => return Sort::Block,
        "----" => return Sort::Fence,
        _ if text.starts_with("```") => return Sort::Fence,
        _ if text.starts_with(OPERATION) => return Sort::Operation,
        _ => {}
    }
    if let Some(title) = heading(text, '=').filter(|title| !title.is_empty()) {
        return Sort::Heading(title);
    }
    if let Some(about) = text.strip_prefix('[').and_then(|rest| rest.trim_end().strip_suffix(']')) {
        return Sort::About(about);
    }
    if text.starts_with("//") && !text.starts_with("///") || is_attribute(text) {
        return Sort::Unseen;
    }
    if is_delimiter(trimmed) || is_directive(trimmed) {
        return Sort::Unknown;
    }
    if let Some(title) = text.strip_prefix('.').filter(|rest| !rest.starts_with([' ', '.'])) {
        return Sort::Caption(title.trim_end());
    }
    item(text).map_or(Sort::Text, Sort::Item)
}

/// The text of a list's item.
pub(crate) fn item(text: &str) -> Option<&str> {
    let text = text.trim();
    let rest = text.strip_prefix(['*', '-'])?;
    (rest.starts_with(' ')).then(|| rest.trim())
}

fn is_attribute(text: &str) -> bool {
    let Some((name, _)) = text.strip_prefix(':').and_then(|rest| rest.split_once(':')) else { return false };
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '!'))
}

/// Whether a line opens or closes a block of a kind that is not known here.
fn is_delimiter(text: &str) -> bool {
    let mut chars = text.chars();
    let Some(first) = chars.next() else { return false };
    let alike = chars.all(|c| c == first);
    (alike && text.len() >= 4 && "-.*_+/=".contains(first))
        || ["--", "///"].contains(&text)
        || text.strip_suffix("===").is_some_and(|rest| [",", ":", "!"].contains(&rest))
}

/// Whether a line takes in another file, shows a picture, or hides lines.
fn is_directive(text: &str) -> bool {
    let name = text.split_once("::").map_or("", |(name, _)| name);
    text.ends_with(']') && !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase())
}
