//! Implements multi-admin verification: requests wait for an administrator.

use std::{
    hash::{DefaultHasher, Hash as _, Hasher as _},
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde_json::json;

use crate::{api_response::ApiResponse, call::Call, record_json::self_link, refusal::Refusal};

/// The path of the requests.
pub(crate) const APPROVALS: &str = "/api/security/multi-admin-verify/requests";

/// The number of requests that the simulator keeps. A new request then replaces the oldest one.
const REMEMBERED: usize = 1000;

/// A request that waits for an administrator, or has a decision; see [`Fault::approval`](crate::Fault::approval).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Approval {
    /// The number of the request, counted from 1.
    pub index: u64,
    /// The HTTP method, in capitals.
    pub method: String,
    /// The path.
    pub path: String,
    /// The decision; `None` while the request waits.
    pub granted: Option<bool>,
}

/// The requests that wait, and the decided ones that the client has not repeated.
#[derive(Debug, Default)]
pub(crate) struct Approvals(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    last: u64,
    /// Each request with a hash of its method, URI, SVM and body.
    requests: Vec<(Approval, u64)>,
}

impl Approvals {
    /// Returns a 202 response for a call that waits, or `None` for an approved call, which may run.
    ///
    /// # Errors
    /// Returns 6 for a vetoed call.
    pub(crate) fn ask(&self, call: &Call) -> Result<Option<ApiResponse>, Refusal> {
        let mut known = self.lock();
        // A hash, so that neither the body nor the key in it is kept.
        let mut hasher = DefaultHasher::new();
        (&call.method, &call.uri, call.view.tunnel.svm(), &call.body).hash(&mut hasher);
        let hash = hasher.finish();
        let found = known.requests.iter().position(|(_, other)| *other == hash);
        if let Some(place) = found
            && let Some(granted) = known.requests[place].0.granted
        {
            let (approval, _) = known.requests.remove(place);
            return if granted {
                Ok(None)
            } else {
                Err(Refusal::forbidden(format!("an administrator vetoed request {}", approval.index)))
            };
        }
        let place = found.unwrap_or_else(|| {
            known.last += 1;
            let (index, path) = (known.last, call.uri.path().to_owned());
            let approval = Approval { index, method: call.method.to_string(), path, granted: None };
            known.requests.push((approval, hash));
            if known.requests.len() > REMEMBERED {
                known.requests.remove(0);
            }
            known.requests.len() - 1
        });
        let path = format!("{APPROVALS}/{}", known.requests[place].0.index);
        Ok(Some(ApiResponse::accepted(Some(path.clone()), json!({"_links": self_link(&path)}))))
    }

    /// Decides a request. Returns `false` if no request with this number waits.
    pub(crate) fn decide(&self, index: u64, granted: bool) -> bool {
        let mut known = self.lock();
        let mut requests = known.requests.iter_mut().map(|(approval, _)| approval);
        let waiting = requests.find(|approval| approval.index == index && approval.granted.is_none());
        waiting.map(|approval| approval.granted = Some(granted)).is_some()
    }

    /// Returns all requests, oldest first.
    pub(crate) fn all(&self) -> Vec<Approval> {
        self.lock().requests.iter().map(|(approval, _)| approval.clone()).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
