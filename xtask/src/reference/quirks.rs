//! The oddities of the vendor's words, one function each. None of them hides a fact.

/// Headings and titles come in bold, with their underscores escaped once or twice, or as links that lead nowhere.
pub(crate) fn plain(text: &str) -> String {
    let text = text.replace("**", "");
    let unescaped = match text.strip_prefix('[').and_then(|rest| rest.strip_suffix("](#)")) {
        Some(inner) if !inner.contains(['[', ']']) => inner,
        _ => &text,
    };
    let mut parts = unescaped.split('_');
    let last = parts.next_back().unwrap_or_default();
    let unescaped: String = parts.flat_map(|part| [part.trim_end_matches('\\'), "_"]).collect();
    (unescaped + last).trim().to_owned()
}

/// The names of columns are bold in some tables.
pub(crate) fn unbold(cell: &str) -> String {
    cell.replace("<b>", "").replace("</b>", "").trim().to_owned()
}

/// Types, and in places names, are links, but not all of them: the words alone count.
pub(crate) fn unlink(cell: &str) -> String {
    replaced(cell, "<a ", "").replace("</a>", "").trim().to_owned()
}

/// The text with all tags that start with `start` replaced.
fn replaced(text: &str, start: &str, by: &str) -> String {
    let mut parts = text.split(start);
    let first = parts.next().unwrap_or_default();
    let others = parts.flat_map(|part| [by, part.split_once('>').map_or("", |(_, after)| after)]);
    std::iter::once(first).chain(others).collect()
}

/// Two operations spell the definition `ipspace` otherwise, while their fields refer to it by its right name.
pub(crate) fn definition_name(title: &str) -> &str {
    if title == "ipospace" { "ipspace" } else { title }
}

/// The label is bold in some operations, which [`plain`] has already taken away where AsciiDoc has not one star for it.
pub(crate) fn introduced(text: &str) -> Option<&str> {
    ["Introduced In:", "*Introduced In:*"].iter().find_map(|label| text.strip_prefix(label)).map(str::trim)
}

/// Limits stand in a description as list items, with and without the markup of a list around their bullets.
pub(crate) fn without_markup(description: &str) -> String {
    const TAGS: [&str; 8] = ["<p>", "</p>", "<ul>", "</ul>", "<li>", "</li>", "<b>", "</b>"];
    let text = replaced(&unlink(description), "<ul ", " ");
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

/// The text of the page has lost the end of a description at a character with a meaning in tables. A bracket is left open
/// there.
pub(crate) fn is_cut(description: &str) -> bool {
    description.matches('[').count() > description.matches(']').count()
}
