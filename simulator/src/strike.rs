//! Answers to requests that a fault of the cluster strikes.

use std::sync::Weak;

use axum::http::{Method, header};
use serde_json::{Value as Json, json};

use crate::{
    answer::Answer,
    ending::Outcome,
    faults::cluster::ClusterFault,
    jobs::{self, Jobs},
    refusal::Refusal,
};

/// A request that is to be struck.
pub(crate) struct Struck<'a, W> {
    pub(crate) method: &'a Method,
    pub(crate) path: &'a str,
    /// Path and query.
    pub(crate) target: &'a str,
    /// Where the resource will be that the request makes, if it makes one.
    pub(crate) location: Option<String>,
    pub(crate) jobs: &'a Jobs,
    /// The work that the request asks for.
    pub(crate) work: W,
}

/// Returns the answer to a request that the fault strikes.
pub(crate) fn strike<W>(fault: ClusterFault, struck: Struck<'_, W>) -> Result<Answer, Refusal>
where
    W: FnOnce() -> Result<Answer, Refusal> + Send + 'static,
{
    match fault {
        ClusterFault::Error { refusal, after_work: false } => Err(refusal),
        ClusterFault::Error { refusal, after_work: true } => (struck.work)().and(Err(refusal)),
        ClusterFault::Busy { without_link } => {
            let next = Some(struck.target).filter(|_| !without_link);
            (struck.work)().map(|answer| without_records(answer, next))
        }
        ClusterFault::Job { finish, failure } => {
            let work = struck.work;
            let outcome = move |_| -> Outcome {
                match failure {
                    Some(refusal) => Err(refusal),
                    None => work().and_then(Answer::outcome),
                }
            };
            let uuid = struck.jobs.start(format!("{} {}", struck.method, struck.path), finish, outcome);
            Ok(jobs::accepted(uuid, struck.location))
        }
    }
}

/// The list as a busy cluster answers it: nothing was found in time, and it goes on at `next`, if it says that it does.
fn without_records(answer: Answer, next: Option<&str>) -> Answer {
    let mut answer = answer;
    answer.clear_records();
    let Json::Object(body) = answer.body_mut() else { return answer };
    if !body.contains_key("num_records") {
        return answer;
    }
    body.insert("num_records".to_owned(), 0.into());
    let Some(next) = next else {
        if let Some(Json::Object(links)) = body.get_mut("_links") {
            links.remove("next");
        }
        return answer.without(&header::LINK);
    };
    let links = body.entry("_links").or_insert_with(|| json!({}));
    links["next"] = json!({"href": next});
    answer.with(header::LINK, format!("<{next}>; rel=\"next\""))
}

/// An operation that can wait without keeping alive what all requests share: a job that nobody asks about must not.
pub(crate) fn later<S, C>(
    shared: Weak<S>,
    call: C,
    operation: impl FnOnce(&S, &C) -> Result<Answer, Refusal>,
) -> impl FnOnce() -> Result<Answer, Refusal> {
    move || match shared.upgrade() {
        Some(shared) => operation(&shared, &call),
        // Nobody can see this: the simulator is gone, and its jobs with it.
        None => Err(Refusal::ordered(262_145, None, None)),
    }
}
