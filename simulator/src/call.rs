//! A request that was let in, and what all operations ask of it.

use std::borrow::Cow;

use axum::{
    body::Bytes,
    http::{Method, Uri},
};
use percent_encoding::percent_decode_str;
use uuid::Uuid;

use crate::{
    answer::Style,
    body,
    cluster::{Cluster, Item},
    ending::Ending,
    fields::Resource,
    path::POLICIES,
    query::parameters::{Parameters, Scope, View},
    refusal::Refusal,
    state::Release,
    values,
};

/// A request that was let in.
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
    /// How the job ends that this request starts, if it starts one.
    pub(crate) ending: Ending,
}

impl Call {
    /// The checked query parameters.
    ///
    /// # Errors
    /// Those of [`Parameters::read`].
    pub(crate) fn parameters(&self, scope: Scope, of: &'static Resource) -> Result<Parameters<'_>, Refusal> {
        Ok(Parameters::read(&self.parameters, scope, of, self.release)?.with_view(self.view.clone()))
    }

    /// Path and query.
    pub(crate) fn target(&self) -> &str {
        self.uri.path_and_query().map_or(POLICIES, |target| target.as_str())
    }

    /// Where the policy will be that this request makes, if it makes one.
    pub(crate) fn location(&self) -> Option<String> {
        (self.method == Method::POST && self.uri.path() == POLICIES).then(|| format!("{POLICIES}/{}", self.new_uuid))
    }

    /// Whether its body lists the policies that it is about.
    pub(crate) fn lists_records(&self) -> bool {
        self.uri.path() == POLICIES && body::lists_records(&self.body)
    }

    /// # Errors
    /// 262198 where a GET or HEAD has a body.
    pub(crate) fn without_body(&self) -> Result<(), Refusal> {
        match self.body.trim_ascii() {
            [] => Ok(()),
            _ => Err(Refusal::body_not_allowed(self.method.as_str())),
        }
    }

    /// # Errors
    /// 262198 where a DELETE has a body with anything in it.
    pub(crate) fn without_entries(&self) -> Result<(), Refusal> {
        if body::is_blank(&self.body) { Ok(()) } else { Err(Refusal::body_not_allowed(self.method.as_str())) }
    }

    /// The end of the path, decoded.
    pub(crate) fn last_segment(&self) -> Cow<'_, str> {
        percent_decode_str(self.uri.path().rsplit('/').next().unwrap_or_default()).decode_utf8_lossy()
    }

    /// The UUID at the end of the path.
    ///
    /// # Errors
    /// Returns 2 if the path has no UUID.
    pub(crate) fn uuid(&self) -> Result<Uuid, Refusal> {
        let last = self.last_segment();
        values::uuid(&last).ok_or_else(|| Refusal::path_without_uuid(&last))
    }

    /// The policy that the path names.
    ///
    /// # Errors
    /// Returns 4 if no such policy exists.
    pub(crate) fn policy<'a>(&self, cluster: &'a Cluster) -> Result<&'a Item, Refusal> {
        let uuid = self.uuid()?;
        let policy = cluster.policies.get(uuid).filter(|policy| self.view.tunnel.reaches(&policy.record));
        policy.ok_or_else(|| {
            let refusal = Refusal::no_such_policy(&uuid.to_string());
            // The pages of 9.9.1 to 9.11.1 have a number of the endpoint's own for it.
            let is_older = self.release < Release::new(9, 12, 0) && self.method == Method::PATCH;
            if is_older { Refusal { code: 66_257_116, ..refusal } } else { refusal }
        })
    }
}
