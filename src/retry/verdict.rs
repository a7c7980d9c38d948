//! Judges whether a failed request can be repeated.

use reqwest::StatusCode;

use crate::error_code::{ErrorCode, Operation};

/// The judgement on the next attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It would fail again.
    Final,
    /// It was not carried out, and may be later.
    NotDone,
    /// A response says to try again, but the request may have been carried out.
    Unclear,
    /// No whole response came, and the request may have been carried out.
    Lost,
}

/// ONTAP's codes for conditions that pass, and the judgement for each. Numbers and HTTP statuses are from the vendor's
/// page on getting started with the REST API, release 9.15.1, unless noted.
const PASSING: [(&str, Verdict); 7] = [
    // Too many requests are in process.
    ("262160", Verdict::NotDone),
    // The SVM is locked by another operation.
    ("2621576", Verdict::NotDone),
    // Another operation on the SVM is under way. Asked for by users; the table does not have it.
    ("2621573", Verdict::NotDone),
    // A call between ONTAP's own processes took too long, failed, or failed inside: before or after the change.
    ("65541", Verdict::Unclear),
    ("65552", Verdict::Unclear),
    ("65562", Verdict::Unclear),
    // A node is out of quorum, as while another takes over from it.
    ("393271", Verdict::Unclear),
];

impl Verdict {
    /// Judges a response. Gateways write codes too: only those that ONTAP documents count.
    pub(crate) fn of_response(status: StatusCode, code: Option<&ErrorCode>) -> Self {
        if let Some((_, verdict)) =
            PASSING.iter().find(|(passing, _)| code.is_some_and(|code| code.as_str() == *passing))
        {
            return *verdict;
        }
        // A limit that is reached, and a resource in use.
        let not_done = code.is_some_and(|code| matches!(code.as_str(), "7" | "8"));
        match status {
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE if not_done => Self::NotDone,
            // A gateway's, who may have forwarded the request.
            StatusCode::REQUEST_TIMEOUT
            | StatusCode::TOO_MANY_REQUESTS
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT => Self::Unclear,
            _ => Self::Final,
        }
    }

    /// Whether the request may have been carried out although it seems to have failed.
    pub(crate) fn is_doubtful(self) -> bool {
        matches!(self, Self::Unclear | Self::Lost)
    }

    /// Whether `operation` may be sent again without looking.
    pub(crate) fn allows_repeating(self, operation: Operation) -> bool {
        match (self, operation.method()) {
            (Self::Final, _) => false,
            (Self::NotDone, _) | (_, "GET" | "DELETE") => true,
            // It sets the same values again, and the response asked for that.
            (Self::Unclear, "PATCH") => true,
            _ => false,
        }
    }
}
