//! Texts in the encodings in which servers and gateways repeat what they were sent.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use std::ops::Range;

/// A decoded text, and the place in the source of each of its bytes.
#[derive(Default)]
pub(super) struct Decoded {
    pub(super) bytes: Zeroizing<Vec<u8>>,
    pub(super) places: Vec<Range<usize>>,
}

/// Returns the text as it is, and decoded as JSON, as a URL, as a form, and as HTML.
pub(super) fn decoded(text: &str) -> [Decoded; 5] {
    [|_: &str| None, json, percent, form, html].map(|escape| decode(text, escape))
}

/// Reads an escape at the beginning of a text: what it stands for, and its length.
type Escape = fn(&str) -> Option<(char, usize)>;

fn decode(text: &str, escape: Escape) -> Decoded {
    let mut decoded = Decoded::default();
    let mut start = 0;
    while let Some(first) = text[start..].chars().next() {
        let (char, length) = escape(&text[start..]).unwrap_or((first, first.len_utf8()));
        let mut buffer = [0; 4];
        for byte in char.encode_utf8(&mut buffer).bytes() {
            decoded.bytes.push(byte);
            decoded.places.push(start..start + length);
        }
        start += length;
    }
    decoded
}

fn json(text: &str) -> Option<(char, usize)> {
    let escaped = text.strip_prefix('\\')?;
    let char = match escaped.chars().next()? {
        'u' => return Some((hexadecimal(escaped.get(1..5)?)?, 6)),
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        other => other,
    };
    Some((char, 1 + escaped.chars().next()?.len_utf8()))
}

/// Characters beyond ASCII are several bytes, each with an escape of its own.
fn percent(text: &str) -> Option<(char, usize)> {
    let (mut bytes, mut rest) = (Vec::new(), text);
    while let Some(escape) = rest.strip_prefix('%').and_then(|rest| rest.get(..2)).filter(|_| bytes.len() < 4) {
        bytes.push(u8::from_str_radix(escape, 16).ok()?);
        rest = &rest[3..];
        if let Some(char) = str::from_utf8(&bytes).ok().and_then(|text| text.chars().next()) {
            return Some((char, 3 * bytes.len()));
        }
    }
    None
}

fn form(text: &str) -> Option<(char, usize)> {
    if text.starts_with('+') { Some((' ', 1)) } else { percent(text) }
}

fn html(text: &str) -> Option<(char, usize)> {
    // The longest of these is `&#x10ffff;`.
    let (name, _) = text.strip_prefix('&')?.split_once(';').filter(|(name, _)| name.len() <= 8)?;
    let char = match name {
        "amp" => '&',
        "apos" => '\'',
        "gt" => '>',
        "lt" => '<',
        "nbsp" => '\u{a0}',
        "quot" => '"',
        _ => match name.strip_prefix("#x").or(name.strip_prefix("#X")) {
            Some(digits) => hexadecimal(digits)?,
            None => char::from_u32(name.strip_prefix('#')?.parse().ok()?)?,
        },
    };
    Some((char, name.len() + 2))
}

fn hexadecimal(digits: &str) -> Option<char> {
    char::from_u32(u32::from_str_radix(digits, 16).ok()?)
}

/// Returns the secret in Base64: within a longer text, it can begin at any of three places in a group of letters. Letters that
/// the neighbours have a part in are left out.
pub(super) fn base64(secret: &str) -> Vec<Zeroizing<String>> {
    let mut texts = Vec::new();
    for offset in 0..3 {
        let mut bytes = Zeroizing::new(vec![0; offset]);
        bytes.extend_from_slice(secret.as_bytes());
        let own = (offset * 8).div_ceil(6)..bytes.len() * 8 / 6;
        for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
            let text = Zeroizing::new(engine.encode(&*bytes));
            texts.extend(text.get(own.clone()).map(|text| Zeroizing::new(text.to_owned())));
        }
    }
    texts
}
