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
