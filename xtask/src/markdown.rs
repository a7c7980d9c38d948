//! Text within Markdown, in GitHub's flavour, so that nothing in it is taken for a mark or for the end of a cell.

/// Text as code. Where Markdown's own mark would end too early, or lose a space, HTML's takes its place.
pub fn code(text: &str) -> String {
    if text.is_empty() || text.trim() != text || text.contains(['`', '|', '\\']) || text.contains(char::is_control) {
        format!("<code>{}</code>", plain(text))
    } else {
        format!("`{text}`")
    }
}

/// Text that stays text, in one line: the marks of Markdown and HTML become character references.
pub fn plain(text: &str) -> String {
    let plain = |c: char| match c {
        c if r"\`*_[]<>|&~#!$@".contains(c) => format!("&#{};", u32::from(c)),
        c if c.is_control() => " ".to_owned(),
        c => c.to_string(),
    };
    text.chars().map(plain).collect()
}
