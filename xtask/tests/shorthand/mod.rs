//! A shorthand for the markup of the vendor's pages, so that the sample page and its changes can be read. All of it is
//! the tests' own. No sign spans lines: each line of shorthand is a line of the page.

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
