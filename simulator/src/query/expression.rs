//! The language of filters: the right side of `field=...`.
//!
//! | text | admits |
//! |---|---|
//! | `web` | this value |
//! | `w*b` | values with anything, or nothing, in place of `*` |
//! | `<5`, `<=5`, `>5`, `>=5` | values on one side of this one |
//! | `5..9` | values from the first to the last, both included |
//! | `!web`, `!w*`, `!5..9`, `!<5` | values that the rest does not admit |
//! | `null`, `!null` | fields without a value, fields with any |
//! | `web\|5..9,null` | what any of the parts admits |
//! | `"w*b"`, `{w*b}` | this value, operators and all |
//!
//! Braces keep quotes and, in pairs, braces; quotes keep everything but a quote. Both may be a piece of a text with
//! gaps, as in `"a|"*`. Whole values are compared in their normal form, so `201` finds the port `201-201`; a text with
//! gaps is compared with the normal form as it is written.
//!
//! The reader goes through the text once and calls itself nowhere, so neither length nor depth is a danger.

use std::{cell::LazyCell, collections::HashSet};

use crate::{
    values::{Kind, Rank},
    wildcard::Pattern,
};

/// The condition that one filter sets.
#[derive(Debug)]
pub(crate) struct Expression {
    kind: Kind,
    /// Whether a field without a value will do.
    unset: bool,
    /// Values that will do, in their normal form. Kept apart because there may be thousands of them.
    any_of: HashSet<String>,
    tests: Vec<Part>,
}

/// One of the parts that `|` stands between.
#[derive(Debug)]
struct Part {
    negated: bool,
    test: Test,
}

/// A test of a value.
#[derive(Debug)]
enum Test {
    /// To be there.
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

/// Why a text is no expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Malformed {
    /// An operator has nothing to work on.
    Incomplete,
    /// For this reason.
    Invalid(&'static str),
}

impl Expression {
    /// Reads a condition on values of this kind.
    ///
    /// # Errors
    /// Operators without a value, or where none belongs; quotes and braces without their partner; texts that values
    /// of this kind cannot be compared with.
    pub(crate) fn read(kind: Kind, text: &str) -> Result<Self, Malformed> {
        let tokens = tokens(text)?;
        let mut read = Self { kind, unset: false, any_of: HashSet::new(), tests: Vec::new() };
        for part in tokens.split(|token| *token == Token::Or) {
            read.add(part)?;
        }
        Ok(read)
    }

    /// How many parts have to be tried one by one.
    pub(crate) fn len(&self) -> usize {
        self.tests.len()
    }

    /// Adds what is between two `|`.
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

    /// The form that a value equal to this text has.
    fn normal(&self, text: &str) -> Result<String, Malformed> {
        match self.kind.normal(text) {
            Some(normal) => Ok(normal),
            None if self.kind == Kind::Flag => Err(Malformed::Invalid("it is true or false")),
            None if matches!(self.kind, Kind::Number(_)) => Err(Malformed::Invalid("it is a whole number")),
            None => Ok(text.to_owned()),
        }
    }

    fn bound(&self, text: &Text) -> Result<Rank<'static>, Malformed> {
        if text.is_null() {
            return Err(Malformed::Invalid("nothing is less or more than null"));
        }
        self.kind.bound(&text.content).ok_or(Malformed::Invalid("values of this field do not compare with it"))
    }

    /// Whether the field may have this value, or none.
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

    /// The one value that the field has to have, in its normal form, if that is what the expression says.
    pub(crate) fn exact(&self) -> Option<&str> {
        let alone = !self.unset && self.tests.is_empty() && self.any_of.len() == 1;
        self.any_of.iter().next().filter(|_| alone).map(String::as_str)
    }
}

/// The pattern that texts and gaps make.
fn pattern(part: &[Token]) -> Result<Pattern, Malformed> {
    let mut pieces = vec![String::new()];
    for token in part {
        match (token, pieces.last_mut()) {
            (Token::Text(text), Some(piece)) => piece.push_str(&text.content),
            (Token::Wildcard, _) => pieces.push(String::new()),
            _ => {
                return Err(Malformed::Invalid(
                    "an operator stands where it has no meaning; quote it to have it as text",
                ));
            }
        }
    }
    Pattern::around(pieces).ok_or(Malformed::Incomplete)
}

/// The smallest meaningful pieces of an expression.
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

/// A piece of text, its quotes taken off.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Text {
    content: String,
    /// Whether any of it was in quotes or braces.
    quoted: bool,
}

impl Text {
    fn is_null(&self) -> bool {
        !self.quoted && self.content == "null"
    }
}

/// Cuts an expression into its pieces.
///
/// # Errors
/// Quotes and braces without their partner.
fn tokens(text: &str) -> Result<Vec<Token>, Malformed> {
    let mut tokens = Vec::new();
    // Text without an operator in between is one piece, quoted or not.
    let mut piece: Option<Text> = None;
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let (token, length) = match character {
            '*' => (Token::Wildcard, 1),
            // Recorded: a comma means "or", too.
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
            '}' => return Err(Malformed::Invalid("it closes a brace that is not open")),
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
    text.split_once('"').map(|(inner, _)| inner).ok_or(Malformed::Invalid("it opens a quote and does not close it"))
}

/// Returns the text before the brace that closes the one before the text.
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
    Err(Malformed::Invalid("it opens a brace and does not close it"))
}
