//! A version of the curated document.

use semver::Version;
use serde_json::Value;
use xtask::place::{Source, Unreadable};

/// Where the document says its version.
pub const VERSION: &str = "info.x-ontap-spec-version";

const POINTER: &str = "/info/x-ontap-spec-version";

/// The document in one of its versions.
#[derive(Debug)]
pub struct SpecVersion {
    version: Version,
    pub(super) source: Source,
}

impl SpecVersion {
    /// Reads the text of the document.
    ///
    /// # Errors
    /// If it is not YAML, no mapping, or does not say its version.
    pub fn parse(file: &str, text: &str) -> Result<Self, Unreadable> {
        let mut source = Source::parse(file, text)?;
        if !source.content().is_object() {
            return Err(source.unreadable("", "expected a mapping"));
        }
        // Taken out, since it is no change but says what changes there may be.
        let info = source.content_mut().get_mut("info").and_then(Value::as_object_mut);
        let Some(said) = info.and_then(|info| info.shift_remove("x-ontap-spec-version")) else {
            return Err(source.unreadable(POINTER, format!("{VERSION} is missing; it holds a version such as 1.0.0")));
        };
        match said.as_str().and_then(number) {
            Some(version) => Ok(Self { version, source }),
            None => Err(source.unreadable(POINTER, format!("{VERSION} is no version of three numbers such as 1.0.0"))),
        }
    }

    /// The version that it says it is.
    pub fn version(&self) -> &Version {
        &self.version
    }

    /// Its file.
    pub fn file(&self) -> &str {
        &self.source.file
    }

    /// Its content without the version, to be changed; places stay the places in the file.
    pub fn content(&mut self) -> &mut Value {
        self.source.content_mut()
    }

    /// The complaint that it should say another version.
    pub(crate) fn misnamed(&self, expected: &Version) -> Unreadable {
        let cause = format!("{VERSION} is {}, but the file is named after {expected}", self.version);
        self.source.unreadable(POINTER, cause)
    }
}

/// The version, if it is one of three numbers: what is tried out is not released.
pub(crate) fn number(text: &str) -> Option<Version> {
    Version::parse(text).ok().filter(|version| version.pre.is_empty() && version.build.is_empty())
}
