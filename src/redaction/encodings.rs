//! Texts in the encodings in which servers and gateways repeat what they were sent.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use std::ops::Range;

/// A decoded text, and the place in the source of each of its bytes.
pub(super) struct Decoded {
    pub(super) text: Zeroizing<String>,
    pub(super) places: Vec<Range<usize>>,
}

/// Returns the text as it is, and decoded once and twice: as JSON, a URL, a form or HTML. A page can quote a body that quotes
/// a request.
pub(super) fn decoded(text: &str) -> Vec<Decoded> {
    const ESCAPES: [Escape; 4] = [json, percent, form, html];
    let places = text.char_indices().flat_map(|(start, char)| vec![start..start + char.len_utf8(); char.len_utf8()]);
    let mut all = vec![Decoded { text: Zeroizing::new(text.to_owned()), places: places.collect() }];
    for first in 0..=ESCAPES.len() {
        for escape in ESCAPES {
            let decoded = decode(&all[first], escape);
            // Without such escapes, the text is the same.
            if first > 0 && *decoded.text == *all[first].text {
                continue;
            }
            all.push(decoded);
        }
    }
    all
}

/// Reads an escape at the beginning of a text: what it stands for, and its length.
type Escape = fn(&str) -> Option<(char, usize)>;

fn decode(source: &Decoded, escape: Escape) -> Decoded {
    let mut decoded = Decoded { text: Zeroizing::default(), places: Vec::new() };
    let mut start = 0;
    while let Some(first) = source.text[start..].chars().next() {
        let (char, length) = escape(&source.text[start..]).unwrap_or((first, first.len_utf8()));
        let place = source.places[start].start..source.places[start + length - 1].end;
        decoded.text.push(char);
        decoded.places.extend(vec![place; char.len_utf8()]);
        start += length;
    }
    decoded
}

fn json(text: &str) -> Option<(char, usize)> {
    let escaped = text.strip_prefix('\\')?;
    let char = match escaped.chars().next()? {
        'u' => {
            let high = u16::from_str_radix(escaped.get(1..5)?, 16).ok()?;
            let low = escaped.get(5..11).and_then(|low| low.strip_prefix("\\u"));
            let units = [Some(high), low.and_then(|low| u16::from_str_radix(low, 16).ok())];
            // A character beyond 16 bits is two of them.
            let char = char::decode_utf16(units.into_iter().flatten()).next()?.ok()?;
            return Some((char, 6 * char.len_utf16()));
        }
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
    // Numbers can have zeros in front.
    let end = text.strip_prefix('&')?.bytes().take(16).position(|byte| byte == b';')?;
    let name = text.get(1..=end)?;
    let named = NAMES.iter().find(|(_, known)| *known == name).map(|(char, _)| *char);
    let number = || match name.strip_prefix("#x").or(name.strip_prefix("#X")) {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        None => name.strip_prefix('#')?.parse().ok(),
    };
    Some((named.or_else(|| char::from_u32(number()?))?, name.len() + 2))
}

/// The names that HTML has for the characters of ASCII.
const NAMES: [(char, &str); 32] = [
    ('!', "excl"),
    ('"', "quot"),
    ('#', "num"),
    ('$', "dollar"),
    ('%', "percnt"),
    ('&', "amp"),
    ('\'', "apos"),
    ('(', "lpar"),
    (')', "rpar"),
    ('*', "ast"),
    ('+', "plus"),
    (',', "comma"),
    ('.', "period"),
    ('/', "sol"),
    (':', "colon"),
    (';', "semi"),
    ('<', "lt"),
    ('=', "equals"),
    ('>', "gt"),
    ('?', "quest"),
    ('@', "commat"),
    ('[', "lsqb"),
    ('\\', "bsol"),
    (']', "rsqb"),
    ('^', "Hat"),
    ('_', "lowbar"),
    ('`', "grave"),
    ('{', "lcub"),
    ('|', "verbar"),
    ('}', "rcub"),
    ('~', "tilde"),
    ('\u{a0}', "nbsp"),
];

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
