//! Text from elsewhere, without what must not be shown.

mod encodings;

use std::collections::HashSet;
use std::error::Error as StdError;
use std::fmt;

use zeroize::Zeroizing;

/// Replaces a secret.
const REDACTED: &str = "[redacted]";

/// How much of a secret may show, in bytes, if the secret is longer.
const MOST_SHOWN: usize = 7;

/// How much of a text from elsewhere is kept, in bytes.
const LONGEST: usize = 2000;

/// How much of a text from elsewhere is looked at, in bytes.
const MOST_READ: usize = 8 * LONGEST;

/// The shortest secret that is looked for in Base64, in bytes. A shorter one has few letters of its own there.
const SHORTEST_IN_BASE64: usize = 4;

/// Takes `secrets` out of a text: parts of them too, and in the encodings in which servers repeat what they were sent. A text
/// that is too long for a line of a log is cut.
pub(crate) fn scrub(mut text: String, secrets: &[Zeroizing<String>]) -> String {
    let bytes = text.len();
    cut(&mut text, MOST_READ);
    let encoded =
        secrets.iter().filter(|secret| secret.len() >= SHORTEST_IN_BASE64).flat_map(|it| encodings::base64(it));
    let encoded: Vec<_> = encoded.collect();
    let patterns = secrets.iter().chain(&encoded).filter(|secret| !secret.is_empty());
    // Of a short secret, the whole; of a long one, each part that is too long to be shown.
    let mut parts: [HashSet<&[u8]>; MOST_SHOWN + 1] = Default::default();
    for pattern in patterns {
        let length = pattern.len().min(MOST_SHOWN + 1);
        parts[length - 1].extend(pattern.as_bytes().windows(length));
    }
    let mut is_secret = vec![false; text.len()];
    for decoded in encodings::decoded(&text) {
        for (length, parts) in (1..).zip(&parts).filter(|(_, parts)| !parts.is_empty()) {
            for (start, window) in decoded.text.as_bytes().windows(length).enumerate() {
                if parts.contains(window) {
                    is_secret[decoded.places[start].start..decoded.places[start + length - 1].end].fill(true);
                }
            }
        }
    }
    let mut clean = String::new();
    let mut before = false;
    for (start, char) in text.char_indices() {
        match is_secret[start] {
            true if !before => clean += REDACTED,
            true => {}
            false => clean.push(char),
        }
        before = is_secret[start];
    }
    if bytes > MOST_READ || clean.len() > LONGEST {
        cut(&mut clean, LONGEST);
        clean += &format!("... (cut; {bytes} bytes in all)");
    }
    clean
}

fn cut(text: &mut String, bytes: usize) {
    if text.len() > bytes {
        text.truncate((0..=bytes).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default());
    }
}

/// Removes what follows `://` from a text, up to where a URL must have ended. The user, path and query can hold secrets
/// that the crate does not know.
fn without_urls(text: &str) -> String {
    let mut clean = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("://") {
        clean += before;
        clean += "://";
        clean += REDACTED;
        let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '<' | '>' | '(' | ')' | '{' | '}');
        rest = &after[after.find(ends).unwrap_or(after.len())..];
    }
    clean + rest
}

/// Returns an error of other code in a form that can be shown. If the error holds secrets or URLs, a copy of its words
/// and its sources' words without them takes its place.
pub(crate) fn presentable(
    error: Box<dyn StdError + Send + Sync>,
    secrets: &[Zeroizing<String>],
) -> Box<dyn StdError + Send + Sync> {
    let clean = |text: &str| scrub(without_urls(text), secrets);
    let shows = |error: &(dyn StdError + 'static)| {
        [format!("{error}"), format!("{error:?}"), format!("{error:#?}")].iter().any(|text| clean(text) != *text)
    };
    if !chain(&*error).any(shows) {
        return error;
    }
    let mut words: Vec<String> = chain(&*error).map(|error| clean(&error.to_string())).collect();
    let innermost = Copied { words: words.pop().unwrap_or_default(), source: None };
    let copied =
        words.into_iter().rev().fold(innermost, |source, words| Copied { words, source: Some(Box::new(source)) });
    Box::new(copied)
}

/// Joins the texts of an error and its sources in one line, without repetitions.
pub(crate) fn in_one(error: &(dyn StdError + 'static)) -> String {
    let mut text = String::new();
    for error in chain(error) {
        let words = error.to_string();
        if text.is_empty() {
            text = words;
        } else if !text.contains(&words) {
            text = format!("{text}: {words}");
        }
    }
    text
}

/// Iterates over an error and its sources. Sources can form a circle, so the number is limited.
pub(crate) fn chain<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error| (**error).source()).take(16)
}

/// The words of an error, in place of the error.
struct Copied {
    words: String,
    source: Option<Box<Copied>>,
}

impl fmt::Display for Copied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

impl fmt::Debug for Copied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.words)
    }
}

impl StdError for Copied {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Outer(std::io::Error);

    impl fmt::Display for Outer {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("the broker failed")
        }
    }

    impl StdError for Outer {
        fn source(&self) -> Option<&(dyn StdError + 'static)> {
            Some(&self.0)
        }
    }

    #[test]
    fn urls_are_cut_and_the_words_around_them_are_not() {
        for (text, clean) in [
            ("no URL: at all", "no URL: at all"),
            ("for url (https://u:p@idp/t?secret=s): closed", "for url (https://[redacted]): closed"),
            ("\"https://a\" and http://b", "\"https://[redacted]\" and http://[redacted]"),
            ("://", "://[redacted]"),
        ] {
            assert_eq!(without_urls(text), clean);
        }
    }

    #[test]
    fn an_error_that_shows_nothing_stays_itself() {
        let error = presentable(Box::new(Outer(std::io::Error::other("refused"))), &[]);
        assert!(error.is::<Outer>());
        assert_eq!(in_one(&*error), "the broker failed: refused");
    }

    #[test]
    fn an_error_whose_source_shows_a_secret_is_copied_without_it() {
        let secrets = [Zeroizing::new("s3cret".to_owned())];
        let error = presentable(Box::new(Outer(std::io::Error::other("s3cret refused"))), &secrets);
        assert!(!error.is::<Outer>());
        assert_eq!(in_one(&*error), "the broker failed: [redacted] refused");
        assert!(!format!("{error:?} {:?}", error.source()).contains("s3cret"));
    }
}
