//! Reads filter expressions: the right side of `field=...`.
//!
//! | text | matches |
//! |---|---|
//! | `web` | this value |
//! | `w*b` | values with any text in place of `*` |
//! | `<5`, `<=5`, `>5`, `>=5` | values less or greater than this one |
//! | `5..9` | values from the first to the last, both included |
//! | `!web`, `!w*`, `!5..9`, `!<5` | values that the rest does not match |
//! | `null`, `!null` | fields without a value, fields with a value |
//! | `web\|5..9,null` | values that a part matches |
//! | `"w*b"`, `{w*b}` | this value, including the operators |
//!
//! Braces can contain quotes, and braces in pairs; quotes can contain anything but a quote. A text in braces or quotes
//! can be combined with wildcards, as in `"a|"*`. A text without wildcards is compared in its normal form: `201`
//! matches the port `201-201`. A text with wildcards is compared with the normal form as it is.
//!
//! A long or nested expression is no danger: the parser reads the text once, without recursion.

use std::{cell::LazyCell, collections::HashSet};

use crate::{
    values::{Kind, Rank},
    wildcard::Pattern,
};

/// The condition of one filter.
#[derive(Debug)]
pub(crate) struct Expression {
    kind: Kind,
    /// True if a field without a value matches.
    unset: bool,
    /// Values that match, in their normal form. A set, because a filter can have thousands of values.
    any_of: HashSet<String>,
    tests: Vec<Part>,
}

/// A part of an expression, between two `|`.
#[derive(Debug)]
struct Part {
    negated: bool,
    test: Test,
}

/// A test of a value.
#[derive(Debug)]
enum Test {
    /// The field has a value.
    Any,
    Equal(String),
    Like(Pattern),
    Compare(Comparison, Rank<'static>),
    Between(Rank<'static>, Rank<'static>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Less,
    LessOrEqual,
    More,
    MoreOrEqual,
}

/// The reason why a text is no expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Malformed {
    /// An operator lacks its value.
    Incomplete,
    /// Another problem, as text for the error message.
    Invalid(&'static str),
}

impl Expression {
    /// Reads a condition on values of this kind.
    ///
    /// # Errors
    /// Returns an error for a misplaced operator, an operator without a value, and an unpaired quote or brace. A text
    /// that values of this kind cannot be compared with is an error, too.
    pub(crate) fn read(kind: Kind, text: &str) -> Result<Self, Malformed> {
        let tokens = tokens(text)?;
        let mut read = Self { kind, unset: false, any_of: HashSet::new(), tests: Vec::new() };
        for part in tokens.split(|token| *token == Token::Or) {
            read.add(part)?;
        }
        Ok(read)
    }

    /// Returns the number of parts that are tested one by one.
    pub(crate) fn len(&self) -> usize {
        self.tests.len()
    }

    /// Adds the part between two `|`.
    fn add(&mut self, part: &[Token]) -> Result<(), Malformed> {
        let (negated, part) = match part {
            [Token::Not, rest @ ..] => (true, rest),
            all => (false, all),
        };
        let test = match part {
            [Token::Text(text)] if text.is_null() => {
                if negated {
                    self.tests.push(Part { negated: false, test: Test::Any });
                } else {
                    self.unset = true;
                }
                return Ok(());
            }
            [Token::Text(text)] => {
                let normal = self.normal(&text.content)?;
                if !negated {
                    self.any_of.insert(normal);
                    return Ok(());
                }
                Test::Equal(normal)
            }
            [Token::Compare(comparison), Token::Text(text)] => Test::Compare(*comparison, self.bound(text)?),
            [Token::Text(first), Token::To, Token::Text(last)] => Test::Between(self.bound(first)?, self.bound(last)?),
            [] | [Token::Compare(_) | Token::To] | [Token::To, Token::Text(_)] | [Token::Text(_), Token::To] => {
                return Err(Malformed::Incomplete);
            }
            _ => Test::Like(pattern(part)?),
        };
        self.tests.push(Part { negated, test });
        Ok(())
    }

    /// Returns the normal form of a value.
    fn normal(&self, text: &str) -> Result<String, Malformed> {
        match self.kind.normal(text) {
            Some(normal) => Ok(normal),
            None if self.kind == Kind::Flag => Err(Malformed::Invalid("the value must be true or false")),
            None if matches!(self.kind, Kind::Number(_)) => Err(Malformed::Invalid("the value must be a whole number")),
            None => Ok(text.to_owned()),
        }
    }

    fn bound(&self, text: &Text) -> Result<Rank<'static>, Malformed> {
        if text.is_null() {
            return Err(Malformed::Invalid("null cannot be compared with < or >, or in a range"));
        }
        self.kind
            .bound(&text.content)
            .ok_or(Malformed::Invalid("values of this field cannot be compared with this text"))
    }

    /// Tells whether a value matches; `None` means no value.
    pub(crate) fn admits(&self, value: Option<&str>) -> bool {
        let Some(value) = value else { return self.unset };
        if self.any_of.contains(value) {
            return true;
        }
        let rank = LazyCell::new(|| self.kind.rank(value));
        self.tests.iter().any(|part| {
            let holds = match &part.test {
                Test::Any => true,
                Test::Equal(text) => text == value,
                Test::Like(pattern) => pattern.matches(value),
                Test::Compare(Comparison::Less, bound) => *rank < *bound,
                Test::Compare(Comparison::LessOrEqual, bound) => *rank <= *bound,
                Test::Compare(Comparison::More, bound) => *rank > *bound,
                Test::Compare(Comparison::MoreOrEqual, bound) => *rank >= *bound,
                Test::Between(first, last) => *first <= *rank && *rank <= *last,
            };
            holds != part.negated
        })
    }

    /// Returns the only value that matches, in its normal form; `None` if others match, too.
    pub(crate) fn exact(&self) -> Option<&str> {
        let alone = !self.unset && self.tests.is_empty() && self.any_of.len() == 1;
        self.any_of.iter().next().filter(|_| alone).map(String::as_str)
    }
}

/// Makes a pattern from texts and wildcards.
fn pattern(part: &[Token]) -> Result<Pattern, Malformed> {
    let mut pieces = vec![String::new()];
    for token in part {
        match (token, pieces.last_mut()) {
            (Token::Text(text), Some(piece)) => piece.push_str(&text.content),
            (Token::Wildcard, _) => pieces.push(String::new()),
            _ => {
                return Err(Malformed::Invalid(
                    "an operator is in the wrong place; quote the operator to search for its text",
                ));
            }
        }
    }
    Pattern::around(pieces).ok_or(Malformed::Incomplete)
}

/// The tokens of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Text(Text),
    /// `*`
    Wildcard,
    /// `|`, `,`
    Or,
    /// `!`
    Not,
    /// `<`, `<=`, `>`, `>=`
    Compare(Comparison),
    /// `..`
    To,
}

/// A piece of text, without its quotes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Text {
    content: String,
    /// True if a part of the text was in quotes or braces.
    quoted: bool,
}

impl Text {
    fn is_null(&self) -> bool {
        !self.quoted && self.content == "null"
    }
}

/// Splits an expression into tokens.
///
/// # Errors
/// Returns an error for an unpaired quote or brace.
fn tokens(text: &str) -> Result<Vec<Token>, Malformed> {
    let mut tokens = Vec::new();
    // Adjacent quoted and unquoted texts are one piece.
    let mut piece: Option<Text> = None;
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let (token, length) = match character {
            '*' => (Token::Wildcard, 1),
            // Recorded on a cluster: a comma also means "or".
            '|' | ',' => (Token::Or, 1),
            '!' => (Token::Not, 1),
            '<' if rest.starts_with("<=") => (Token::Compare(Comparison::LessOrEqual), 2),
            '<' => (Token::Compare(Comparison::Less), 1),
            '>' if rest.starts_with(">=") => (Token::Compare(Comparison::MoreOrEqual), 2),
            '>' => (Token::Compare(Comparison::More), 1),
            '.' if rest.starts_with("..") => (Token::To, 2),
            '"' | '{' => {
                let inner = if character == '{' { braced(&rest[1..])? } else { quoted(&rest[1..])? };
                let piece = piece.get_or_insert_default();
                piece.content.push_str(inner);
                piece.quoted = true;
                rest = &rest[inner.len() + 2..];
                continue;
            }
            '}' => return Err(Malformed::Invalid("a closing brace has no opening brace")),
            _ => {
                piece.get_or_insert_default().content.push(character);
                rest = &rest[character.len_utf8()..];
                continue;
            }
        };
        tokens.extend(piece.take().map(Token::Text));
        tokens.push(token);
        rest = &rest[length..];
    }
    tokens.extend(piece.map(Token::Text));
    Ok(tokens)
}

/// Returns the text before the next quote.
fn quoted(text: &str) -> Result<&str, Malformed> {
    text.split_once('"').map(|(inner, _)| inner).ok_or(Malformed::Invalid("a quote is not closed"))
}

/// Returns the text before the closing brace; `text` starts after the opening brace.
fn braced(text: &str) -> Result<&str, Malformed> {
    let mut open = 1_usize;
    for (at, character) in text.char_indices() {
        match character {
            '{' => open += 1,
            '}' if open == 1 => return Ok(&text[..at]),
            '}' => open -= 1,
            _ => {}
        }
    }
    Err(Malformed::Invalid("a brace is not closed"))
}
