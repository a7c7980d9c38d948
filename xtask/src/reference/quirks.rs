//! The oddities of the vendor's pages, one function each. None of them hides a fact.

use super::form::Form;
use super::table::Table;
use super::text::{Block, Kind};

/// A page break cuts a table in two, and the second part has the header once more, sometimes with other markup.
pub(crate) fn join_cut_table(blocks: &mut Vec<Block>) {
    let [.., Block { kind: Kind::Table(first), .. }, Block { kind: Kind::Table(second), .. }] = blocks.as_mut_slice()
    else {
        return;
    };
    if same_columns(first, second) {
        first.rows.append(&mut second.rows);
        blocks.pop();
    }
}

fn same_columns(first: &Table, second: &Table) -> bool {
    first.header == second.header
}

/// Headings and titles come in bold, with their underscores escaped once or twice, or as links that lead nowhere.
pub(crate) fn plain(text: &str) -> String {
    let text = text.replace("**", "");
    let unescaped = match text.strip_prefix('[').and_then(|rest| rest.strip_suffix("](#)")) {
        Some(inner) if !inner.contains(['[', ']']) => inner,
        _ => &text,
    };
    let mut out = String::with_capacity(unescaped.len());
    let mut backslashes = 0;
    for c in unescaped.chars() {
        match c {
            '\\' => backslashes += 1,
            _ => {
                if c != '_' {
                    out.extend(std::iter::repeat_n('\\', backslashes));
                }
                backslashes = 0;
                out.push(c);
            }
        }
    }
    out.extend(std::iter::repeat_n('\\', backslashes));
    out.trim().to_owned()
}

/// The names of columns are bold in some tables.
pub(crate) fn unbold(cell: &str) -> String {
    cell.replace("<b>", "").replace("</b>", "").trim().to_owned()
}

/// Types, and in places names, are links, but not all of them: the words alone count.
pub(crate) fn unlink(cell: &str) -> String {
    let mut out = String::new();
    let mut rest = cell;
    while let Some((before, link)) = rest.split_once("<a ") {
        out.push_str(before);
        rest = link.split_once('>').map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out.replace("</a>", "").trim().to_owned()
}

/// Two operations spell the definition `ipspace` otherwise, while their fields refer to it by its right name.
pub(crate) fn definition_name(title: &str) -> &str {
    if title == "ipospace" { "ipspace" } else { title }
}

/// A status stands in a block of code in some operations, and in the open in others.
pub(crate) fn status(block: &Block) -> Option<&str> {
    let text = match &block.kind {
        Kind::Paragraph(text) => text,
        Kind::Code(lines) => match lines.as_slice() {
            [line] => line,
            _ => return None,
        },
        _ => return None,
    };
    text.trim().strip_prefix("Status:").map(str::trim)
}

/// AsciiDoc has one star where the text of a page has two.
pub(crate) fn starred_label(text: &str) -> String {
    match text.strip_prefix("*Introduced In:*") {
        Some(release) => format!("Introduced In:{release}"),
        None => text.to_owned(),
    }
}

/// AsciiDoc has definitions of which nothing but the name is left.
pub(crate) fn allows_definition_without_table(form: Form) -> bool {
    form == Form::AsciiDoc
}

/// AsciiDoc leaves out the fields of an error in operations that take a body.
pub(crate) fn allows_error_without_fields(form: Form, takes_body: bool) -> bool {
    form == Form::AsciiDoc && takes_body
}

/// The text of a page has plain lines for titles of definitions; AsciiDoc marks each as a title.
pub(crate) fn has_plain_titles(form: Form) -> bool {
    form == Form::Text
}

/// The label is bold in some operations; [`plain`] has already taken that away.
pub(crate) fn introduced(text: &str) -> Option<&str> {
    text.strip_prefix("Introduced In:").map(str::trim)
}

/// Limits stand in a description as list items, with and without the markup of a list around their bullets.
pub(crate) fn without_markup(description: &str) -> String {
    const TAGS: [&str; 8] = ["<p>", "</p>", "<ul>", "</ul>", "<li>", "</li>", "<b>", "</b>"];
    let linked = unlink(description);
    let mut text = String::with_capacity(linked.len());
    let mut rest = linked.as_str();
    while let Some((before, list)) = rest.split_once("<ul ") {
        text.push_str(before);
        text.push(' ');
        rest = list.split_once('>').map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    TAGS.iter().fold(text, |text, tag| text.replace(tag, " "))
}

/// A boolean's default of true is printed as 1, and one of false as nothing at all.
pub(crate) fn boolean_default(printed: &str) -> Option<bool> {
    match printed {
        "1" | "true" => Some(true),
        "" | "0" | "false" => Some(false),
        _ => None,
    }
}

/// The text of the page lost the end of a description at a character that tables give a meaning to; a bracket is
/// left open there.
pub(crate) fn is_cut(description: &str) -> bool {
    description.matches('[').count() > description.matches(']').count()
}
