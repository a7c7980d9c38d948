//! The markup of the vendor's pages in a few signs, so that the sample page and the changes to it can be read, and so
//! that they are the tests' own from end to end. No sign spans lines: a line of a page in shorthand is a line of it.

/// The signs of one piece of markup each.
const SIGNS: [(&str, &str); 12] = [
    ("→", "\t"),
    ("{parameters}", "Name\tType\tIn\tRequired\tDescription"),
    ("{fields}", "Name\tType\tDescription"),
    ("{headers}", "Name\tDescription\tType"),
    ("{codes}", "Error Code\tDescription"),
    ("{bold codes}", "<b>Error Code</b>\t<b>Description</b>"),
    ("{section codes}", "ONTAP Error Response Codes"),
    ("«", "<a href=\"#\">"),
    ("»", "</a>"),
    ("{list}", "<ul style=\"list-style-type: none\">"),
    ("‹", "<li>\u{2022} "),
    ("›", "</li>"),
];

/// The text that `shorthand` stands for.
pub(crate) fn written_out(shorthand: &str) -> String {
    SIGNS.iter().fold(shorthand.to_owned(), |text, (sign, markup)| text.replace(sign, markup))
}

/// The sample page.
pub(crate) fn garden() -> String {
    written_out(include_str!("../pages/garden.txt"))
}
