//! SVM tunnelling: requests to the cluster that a header sends through to one SVM.
//!
//! Such a request reaches that SVM's policies only, and makes policies of that SVM. The body need not name the SVM;
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

/// Which policies a request reaches: all, or those of the SVM of this UUID.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tunnel(Option<Arc<str>>);

impl Tunnel {
    /// Whether a header asks for a tunnel. Nothing else needs to look at the cluster.
    pub(crate) fn is_asked_for(headers: &HeaderMap) -> bool {
        headers.contains_key(NAME) || headers.contains_key(UUID)
    }

    /// # Errors
    /// 2621462 for an SVM that is not there, 2621706 for a name and a UUID of two.
    pub(crate) fn read(headers: &HeaderMap, cluster: &Cluster) -> Result<Self, Refusal> {
        let given = |header| headers.get(header).map(|value| String::from_utf8_lossy(value.as_bytes()));
        let (name, uuid) = (given(NAME), given(UUID));
        let unknown = |header| move |svm: &str| Refusal::unknown_svm(header, svm);
        let svm = cluster.find_svm(name.as_deref(), uuid.as_deref(), [&unknown(NAME), &unknown(UUID)])?;
        Ok(Self(svm.map(|svm| svm.uuid.to_string().into())))
    }

    /// Whether there is one.
    pub(crate) fn is_open(&self) -> bool {
        self.0.is_some()
    }

    /// Whether the policy can be reached.
    pub(crate) fn reaches(&self, record: &Record) -> bool {
        self.0.as_deref().is_none_or(|svm| record.text(fields::SVM_UUID) == Some(svm))
    }

    /// The UUID of the SVM that it leads to.
    pub(crate) fn svm(&self) -> Option<&Arc<str>> {
        self.0.as_ref()
    }
}
