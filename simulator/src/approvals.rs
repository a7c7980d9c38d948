//! Multi-admin verification: requests that wait for an administrator.

use std::{
    hash::{DefaultHasher, Hash as _, Hasher as _},
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde_json::json;

use crate::{answer::Answer, call::Call, refusal::Refusal, shown::self_link};

/// Where the requests are found.
pub(crate) const APPROVALS: &str = "/api/security/multi-admin-verify/requests";

/// How many requests are remembered. Beyond it, the oldest ones go.
const REMEMBERED: usize = 1000;

/// A request that waits for an administrator, or was decided: see [`Fault::approval`](crate::Fault::approval).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Approval {
    /// Its number, counted from 1.
    pub index: u64,
    /// The method of the call, in capitals.
    pub method: String,
    /// The path of the call.
    pub path: String,
    /// Whether it was granted; `None` as long as it waits.
    pub granted: Option<bool>,
}

/// All that wait or were decided and not asked for again.
#[derive(Debug, Default)]
pub(crate) struct Approvals(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    last: u64,
    /// With what tells one call from another.
    requests: Vec<(Approval, u64)>,
}

impl Approvals {
    /// Returns the answer 202 to a call that waits, and `None` for one that was granted and is to be executed.
    ///
    /// # Errors
    /// 6 where it was refused.
    pub(crate) fn ask(&self, call: &Call) -> Result<Option<Answer>, Refusal> {
        let mut known = self.lock();
        // Neither the body nor the key in it is kept.
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
                Err(Refusal::forbidden(format!("an administrator refused request {}", approval.index)))
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
        Ok(Some(Answer::accepted(Some(path.clone()), json!({"_links": self_link(&path)}))))
    }

    /// Decides a request; `false` if none of this number waits.
    pub(crate) fn decide(&self, index: u64, granted: bool) -> bool {
        let mut known = self.lock();
        let mut requests = known.requests.iter_mut().map(|(approval, _)| approval);
        let waiting = requests.find(|approval| approval.index == index && approval.granted.is_none());
        waiting.map(|approval| approval.granted = Some(granted)).is_some()
    }

    /// All requests, oldest first.
    pub(crate) fn all(&self) -> Vec<Approval> {
        self.lock().requests.iter().map(|(approval, _)| approval.clone()).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
