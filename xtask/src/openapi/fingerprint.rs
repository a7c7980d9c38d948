//! Stands for a sentence without repeating it.

use std::fmt;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::place::{Source, Unreadable};

/// The first 12 hexadecimal digits of the SHA-256 of a description, its white space made even.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct Fingerprint(String);

impl Fingerprint {
    /// The fingerprint of `description`; an empty one has none.
    pub fn of(description: &str) -> Option<Self> {
        let words: Vec<&str> = description.split_whitespace().collect();
        (!words.is_empty()).then(|| Self(digest(words.join(" ").as_bytes())[..12].to_owned()))
    }

    /// Reads the fingerprint at `pointer`, if something is there.
    pub(super) fn read(source: &Source, pointer: &str) -> Result<Option<Self>, Unreadable> {
        let read = |text: &str| Self::try_from(text.to_owned()).map_err(|cause| source.unreadable(pointer, cause));
        source.text(pointer)?.map(read).transpose()
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Fingerprint {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let hexadecimal = text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        if text.len() == 12 && hexadecimal {
            Ok(Self(text))
        } else {
            Err(format!("`{text}` is not 12 hexadecimal digits"))
        }
    }
}

/// The SHA-256 of `bytes`, in hexadecimal.
pub fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
