//! Jobs: work that goes on after its request was answered with 202, and that clients ask about at
//! `/api/cluster/jobs/{uuid}`.
//!
//! There are no tasks behind them. The next request after a job is due does its work first. So nothing goes on after the
//! simulator has stopped, and a test sees the same every time.
//!
//! A job that failed has the state `failure`: NetApp's own clients wait for that word, though one of the vendor's pages
//! has `error`.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use serde_json::json;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use tokio::time::Instant;
use uuid::Uuid;

use crate::{
    api_response::{ApiResponse, Style},
    cluster::Record,
    effects::{Finish, Outcome},
    fields,
    path::JOBS,
    query::{
        parameters::Parameters,
        selection::{DefaultFields, Selection},
    },
    record_json::self_link,
    refusal::Refusal,
    resources::JOB,
};

/// How many jobs are remembered. Beyond it, the oldest one goes; its work is done first.
const REMEMBERED: usize = 100;

type Work = Box<dyn FnOnce(Uuid) -> Outcome + Send>;

/// The jobs of a cluster.
#[derive(Debug, Default)]
pub(crate) struct Jobs(Mutex<VecDeque<Job>>);

struct Job {
    uuid: Uuid,
    description: String,
    finish: Finish,
    polls: u32,
    started: (Instant, SystemTime),
    state: State,
}

enum State {
    /// Nothing asked about it yet. The work is `None` while it is being done.
    Queued(Option<Work>),
    Running(Option<Work>),
    Done(SystemTime, Outcome),
}

impl Job {
    fn is_done(&self) -> bool {
        matches!(self.state, State::Done(..))
    }

    /// Whether its time has come, if it waits for one.
    fn is_due(&self) -> bool {
        matches!(self.finish, Finish::After(life) if self.started.0.elapsed() >= life)
    }

    /// The work, if nobody has begun it.
    fn take(&mut self) -> Option<Work> {
        match &mut self.state {
            State::Queued(work) | State::Running(work) => work.take(),
            State::Done(..) => None,
        }
    }
}

impl Jobs {
    /// Starts a job and returns its UUID, which the work is told, too.
    ///
    /// No lock of the caller's may be held that the work takes, too: it may be done right here.
    pub(crate) fn start(
        &self,
        description: impl Into<String>,
        finish: Finish,
        work: impl FnOnce(Uuid) -> Outcome + Send + 'static,
    ) -> Uuid {
        let uuid = Uuid::new_v4();
        let job = Job {
            uuid,
            description: description.into(),
            finish,
            polls: 0,
            started: (Instant::now(), SystemTime::now()),
            state: State::Queued(Some(Box::new(work))),
        };
        let mut jobs = self.lock();
        jobs.push_back(job);
        let oldest = if jobs.len() > REMEMBERED { jobs.pop_front() } else { None };
        drop(jobs);
        if let Some(mut job) = oldest
            && let Some(work) = job.take()
        {
            // Nobody can ask how it went any more.
            let _ = work(job.uuid);
        }
        if finish == Finish::AfterPolls(0) {
            self.complete(uuid);
        }
        uuid
    }

    /// Does the work of all jobs whose time has come. To be called before anything looks at the cluster.
    pub(crate) fn run_due(&self) {
        let due: Vec<_> = self.lock().iter().filter(|job| !job.is_done() && job.is_due()).map(|job| job.uuid).collect();
        for uuid in due {
            self.complete(uuid);
        }
    }

    /// Returns the record of a job, if the job exists. Each call counts as a poll.
    fn poll(&self, uuid: Uuid) -> Option<Record> {
        self.run_due();
        let finished = {
            let mut jobs = self.lock();
            let job = jobs.iter_mut().find(|job| job.uuid == uuid)?;
            job.polls = job.polls.saturating_add(1);
            matches!(job.finish, Finish::AfterPolls(polls) if job.polls > polls)
        };
        if finished {
            self.complete(uuid);
        }
        let mut jobs = self.lock();
        let job = jobs.iter_mut().find(|job| job.uuid == uuid)?;
        let record = job.record();
        if let State::Queued(work) = &mut job.state {
            job.state = State::Running(work.take());
        }
        Some(record)
    }

    /// Does the work of a job, without holding the lock: it may start jobs, or take its time.
    fn complete(&self, uuid: Uuid) {
        let taken = self.lock().iter_mut().find(|job| job.uuid == uuid).and_then(|job| Some((job.finish, job.take()?)));
        let Some((finish, work)) = taken else { return };
        let outcome = work(uuid);
        if let Some(job) = self.lock().iter_mut().find(|job| job.uuid == uuid) {
            let ended = match finish {
                // It was done then, even if nobody looked.
                Finish::After(life) => job.started.1.checked_add(life).unwrap_or_else(SystemTime::now),
                Finish::AfterPolls(_) => SystemTime::now(),
            };
            job.state = State::Done(ended, outcome);
        }
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Job>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Job {
    fn record(&self) -> Record {
        let (state, message, code) = match &self.state {
            State::Queued(_) => ("queued", "waiting", 0),
            State::Running(_) => ("running", "at work", 0),
            State::Done(_, Ok(message)) => ("success", message.as_str(), 0),
            State::Done(_, Err(refusal)) => ("failure", refusal.message.as_str(), refusal.code),
        };
        let mut record = Record::new(&JOB);
        record.set(fields::UUID, self.uuid.to_string());
        record.set("description", self.description.as_str());
        record.set("state", state);
        record.set("message", message);
        record.set("code", code.to_string());
        record.put("start_time", timestamp(self.started.1));
        if let State::Done(ended, outcome) = &self.state {
            record.put("end_time", timestamp(*ended));
            if let Err(refusal) = outcome {
                record.set("error.message", refusal.message.as_str());
                record.set("error.code", refusal.code.to_string());
                record.put("error.target", refusal.target.as_deref().map(Into::into));
            }
        }
        record
    }
}

impl fmt::Debug for Job {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Job").field("uuid", &self.uuid).field("finish", &self.finish).finish_non_exhaustive()
    }
}

/// The answer to a request whose work is left to this job: 202, with the job.
///
/// The link stands there whatever `Accept` says: the page on asynchronous processing shows it, and it is how NetApp's
/// clients find the job.
pub(crate) fn accepted(uuid: Uuid, location: Option<String>) -> ApiResponse {
    let body = json!({"job": {"uuid": uuid.to_string(), "_links": self_link(&path(uuid))}});
    ApiResponse::accepted(location, body)
}

/// Where the job is found.
pub(crate) fn path(uuid: Uuid) -> String {
    format!("{JOBS}/{uuid}")
}

/// A job as a client reads it.
///
/// # Errors
/// Returns 4 if no such job exists, and the codes of [`Selection::read`]. A request with a wrong selection counts as a
/// poll.
pub(crate) fn show(jobs: &Jobs, uuid: Uuid, parameters: &Parameters<'_>, style: Style) -> Result<ApiResponse, Refusal> {
    let record = jobs.poll(uuid).ok_or_else(|| Refusal::not_found("job with the UUID", "uuid", &uuid.to_string()))?;
    let selection = Selection::read(parameters, DefaultFields::All)?;
    Ok(ApiResponse::single(&record, &selection, style).linked(style, &path(uuid)))
}

/// Seconds are enough, and what the vendor's examples have.
fn timestamp(time: SystemTime) -> Option<Arc<str>> {
    let time = OffsetDateTime::from(time);
    let seconds = time.replace_nanosecond(0).unwrap_or(time);
    Some(seconds.format(&Rfc3339).ok()?.into())
}
