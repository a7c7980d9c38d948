//! SVM tunnelling: a header of a request to the cluster selects one SVM.
//!
//! The request sees only the policies of that SVM, and creates policies of that SVM. The SVM in the body is optional;
//! another SVM is refused (2621706).

use std::sync::Arc;

use axum::http::HeaderMap;

use crate::{
    cluster::{Cluster, Record},
    fields,
    refusal::Refusal,
};

const NAME: &str = "x-dot-svm-name";
const UUID: &str = "x-dot-svm-uuid";

/// The policies that a request sees: all, or those of the SVM with this UUID.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tunnel(Option<Arc<str>>);

impl Tunnel {
    /// Tells whether a header selects an SVM. If not, the cluster need not be locked.
    pub(crate) fn is_asked_for(headers: &HeaderMap) -> bool {
        headers.contains_key(NAME) || headers.contains_key(UUID)
    }

    /// # Errors
    /// Returns 2621462 for an unknown SVM, and 2621706 if name and UUID belong to different SVMs.
    pub(crate) fn read(headers: &HeaderMap, cluster: &Cluster) -> Result<Self, Refusal> {
        let given = |header| headers.get(header).map(|value| String::from_utf8_lossy(value.as_bytes()));
        let (name, uuid) = (given(NAME), given(UUID));
        let unknown = |header| move |svm: &str| Refusal::unknown_svm(header, svm);
        let svm = cluster.find_svm(name.as_deref(), uuid.as_deref(), [&unknown(NAME), &unknown(UUID)])?;
        Ok(Self(svm.map(|svm| svm.uuid.to_string().into())))
    }

    /// Tells whether the request selects an SVM.
    pub(crate) fn is_open(&self) -> bool {
        self.0.is_some()
    }

    /// Tells whether the request sees the record.
    pub(crate) fn reaches(&self, record: &Record) -> bool {
        self.0.as_deref().is_none_or(|svm| record.text(fields::SVM_UUID) == Some(svm))
    }

    /// Returns the UUID of the selected SVM.
    pub(crate) fn svm(&self) -> Option<&Arc<str>> {
        self.0.as_ref()
    }
}
