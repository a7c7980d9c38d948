//! Stub.
/// One change.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Put.
    Put {
        /// p
        pointer: String,
        /// v
        value: serde_json::Value,
    },
    /// Remove.
    Remove {
        /// p
        pointer: String,
    },
    /// Insert.
    Insert {
        /// p
        pointer: String,
        /// v
        value: serde_json::Value,
    },
}
