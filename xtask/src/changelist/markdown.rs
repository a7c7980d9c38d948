//! For a pull request or a changelog: a table for each class.

use super::Class;

/// What stands over the table of a class.
pub(crate) fn heading(class: Class) -> &'static str {
    match class {
        Class::Breaking => "Breaking",
        Class::Compatible => "Compatible",
        Class::Wording => "Wording only",
    }
}

/// The rows under their heading, or nothing if there are none.
pub(crate) fn table(heading: &str, columns: &[&str], rows: &[String]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let line = |cells: Vec<&str>| format!("| {} |\n", cells.join(" | "));
    format!(
        "\n### {heading}: {}\n\n{}{}{}",
        rows.len(),
        line(columns.to_vec()),
        line(columns.iter().map(|_| "---").collect()),
        rows.concat()
    )
}

/// `text` as code, in the cell of a table. Where Markdown's own mark would end too early, HTML's takes its place.
pub(crate) fn code(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    if text.contains(['`', '\\']) || text.trim() != text || text.contains(char::is_control) {
        return format!("<code>{}</code>", plain(text));
    }
    format!("`{}`", text.replace('|', "\\|"))
}

/// `text` with nothing in it that Markdown or HTML would take for a sign.
pub(crate) fn plain(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '&' | '<' | '>' | '|' | '`' | '\\' | '*' | '_' | '[' | ']' | '~' | '#' | '@' => {
                out.push_str(&format!("&#{};", u32::from(c)));
            }
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
