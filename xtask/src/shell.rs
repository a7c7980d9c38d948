//! Commands as somebody would type them.

/// Shows `word` as one word of a POSIX shell: in quotes if it needs them.
pub(crate) fn quoted(word: &str) -> String {
    let is_plain =
        |byte| matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'/' | b':' | b'+');
    if !word.is_empty() && word.bytes().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
