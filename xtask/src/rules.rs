//! `cargo xtask rules`: what the kinds of difference mean.

use crate::outcome::Outcome;
use crate::rule::Rule;

/// Lists and explains all rules.
pub fn run() -> Outcome {
    let one = |rule: &Rule| format!("{rule}\n{}\n", wrapped(&rule.explanation()));
    Outcome::clean(Rule::ALL.iter().map(one).collect::<Vec<_>>().join("\n"))
}

/// The text in lines of at most 80 characters, set in.
fn wrapped(text: &str) -> String {
    let (mut lines, mut line) = (String::new(), "   ".to_owned());
    for word in text.split_whitespace() {
        if line.chars().count() + 1 + word.chars().count() > 80 {
            lines += &(line + "\n");
            line = "   ".to_owned();
        }
        line = format!("{line} {word}");
    }
    lines + &line
}
