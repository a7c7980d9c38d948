//! A signed-in request, and the parts of it that operations use.

use std::borrow::Cow;

use axum::{
    body::Bytes,
    http::{Method, Uri},
};
use percent_encoding::percent_decode_str;
use uuid::Uuid;

use crate::{
    api_response::Style,
    body,
    cluster::{Cluster, Item},
    effects::JobEnd,
    fields::Resource,
    path::POLICIES,
    query::parameters::{Parameters, Scope, View},
    refusal::Refusal,
    state::Release,
    values,
};

/// A signed-in request.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) parameters: Vec<(String, String)>,
    pub(crate) body: Bytes,
    pub(crate) style: Style,
    pub(crate) release: Release,
    pub(crate) view: View,
    /// The UUID of the policy that this request makes, if it makes one. A 202 names this UUID before the policy exists.
    pub(crate) new_uuid: Uuid,
    /// The end of the job, if the request starts one.
    pub(crate) job_end: JobEnd,
}

impl Call {
    /// Returns the checked query parameters.
    ///
    /// # Errors
    /// Returns the codes of [`Parameters::read`].
    pub(crate) fn parameters(&self, scope: Scope, of: &'static Resource) -> Result<Parameters<'_>, Refusal> {
        Ok(Parameters::read(&self.parameters, scope, of, self.release)?.with_view(self.view.clone()))
    }

    /// Returns the path and the query.
    pub(crate) fn target(&self) -> &str {
        self.uri.path_and_query().map_or(POLICIES, |target| target.as_str())
    }

    /// Returns the path of the new policy, if the request creates one.
    pub(crate) fn location(&self) -> Option<String> {
        (self.method == Method::POST && self.uri.path() == POLICIES).then(|| format!("{POLICIES}/{}", self.new_uuid))
    }

    /// Tells whether the body has `records`.
    pub(crate) fn lists_records(&self) -> bool {
        self.uri.path() == POLICIES && body::lists_records(&self.body)
    }

    /// # Errors
    /// Returns 262198 if a GET or HEAD has a body.
    pub(crate) fn without_body(&self) -> Result<(), Refusal> {
        match self.body.trim_ascii() {
            [] => Ok(()),
            _ => Err(Refusal::body_not_allowed(self.method.as_str())),
        }
    }

    /// # Errors
    /// Returns 262198 if a DELETE has a body other than `{}`.
    pub(crate) fn without_entries(&self) -> Result<(), Refusal> {
        if body::is_blank(&self.body) { Ok(()) } else { Err(Refusal::body_not_allowed(self.method.as_str())) }
    }

    /// Returns the last segment of the path, decoded.
    pub(crate) fn last_segment(&self) -> Cow<'_, str> {
        percent_decode_str(self.uri.path().rsplit('/').next().unwrap_or_default()).decode_utf8_lossy()
    }

    /// Returns the UUID at the end of the path.
    ///
    /// # Errors
    /// Returns 2 if the path has no UUID.
    pub(crate) fn uuid(&self) -> Result<Uuid, Refusal> {
        let last = self.last_segment();
        values::uuid(&last).ok_or_else(|| Refusal::path_without_uuid(&last))
    }

    /// Returns the policy that the path names.
    ///
    /// # Errors
    /// Returns 4 if no such policy exists.
    pub(crate) fn policy<'a>(&self, cluster: &'a Cluster) -> Result<&'a Item, Refusal> {
        let uuid = self.uuid()?;
        let policy = cluster.policies.get(uuid).filter(|policy| self.view.tunnel.reaches(&policy.record));
        policy.ok_or_else(|| {
            let refusal = Refusal::no_such_policy(&uuid.to_string());
            // The pages of 9.9.1 to 9.11.1 list a code of the endpoint for an unknown policy.
            let is_older = self.release < Release::new(9, 12, 0) && self.method == Method::PATCH;
            if is_older { Refusal { code: 66_257_116, ..refusal } } else { refusal }
        })
    }
}
