//! The error as a record for a log.

use serde::ser::{Serialize, SerializeStruct as _, Serializer};

use super::Error;
use crate::ErrorCode;
use crate::redaction::chain;

/// Writes an object with the result of each method of the error, the text of `Display` as `error`, and the texts of its
/// sources as `causes`. Missing values are `null`. The object shows no more than `Display` and `Debug` do.
///
/// ```
/// # fn example(error: ontap_ipsec::Error) -> serde_json::Result<()> {
/// eprintln!("{}", serde_json::to_string(&error)?);
/// # Ok(())
/// # }
/// ```
impl Serialize for Error {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let causes: Vec<String> = chain(self).skip(1).map(ToString::to_string).collect();
        let mut record = serializer.serialize_struct("Error", 15)?;
        record.serialize_field("error", &self.to_string())?;
        record.serialize_field("kind", &self.kind())?;
        record.serialize_field("operation", &self.operation().map(|operation| operation.id()))?;
        record.serialize_field("host", &self.host())?;
        record.serialize_field("status", &self.status().map(|status| status.as_u16()))?;
        record.serialize_field("code", &self.code().map(ErrorCode::as_str))?;
        record.serialize_field("name", &self.code().and_then(ErrorCode::name))?;
        record.serialize_field("message", self.message())?;
        record.serialize_field("target", &self.target())?;
        record.serialize_field("arguments", self.arguments())?;
        record.serialize_field("attempts", &self.attempts())?;
        record.serialize_field("retryable", &self.is_retryable())?;
        record.serialize_field("timeout", &self.is_timeout())?;
        record.serialize_field("retry_after", &self.retry_after().map(|wait| wait.as_secs_f64()))?;
        record.serialize_field("causes", &causes)?;
        record.end()
    }
}
