//! Jobs: work after a 202 response. Clients poll a job at `/api/cluster/jobs/{uuid}`.
//!
//! A job has no task. The first request after the end of a job does its work. So the simulator has no background work,
//! and tests are deterministic.
//!
//! A failed job has the state `failure`. NetApp's clients wait for `failure`, although one of NetApp's pages says
//! `error`.

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

/// The number of jobs that the simulator keeps. Before the oldest job is removed, its work is done.
const REMEMBERED: usize = 100;

type Work = Box<dyn FnOnce(Uuid) -> Outcome + Send>;

/// The jobs of the cluster.
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
    /// No client has polled the job. The work is `None` while it is being done.
    Queued(Option<Work>),
    Running(Option<Work>),
    Done(SystemTime, Outcome),
}

impl Job {
    fn is_done(&self) -> bool {
        matches!(self.state, State::Done(..))
    }

    /// Tells whether the duration of the job is over, if it has one.
    fn is_due(&self) -> bool {
        matches!(self.finish, Finish::After(life) if self.started.0.elapsed() >= life)
    }

    /// Returns the work, if it has not begun.
    fn take(&mut self) -> Option<Work> {
        match &mut self.state {
            State::Queued(work) | State::Running(work) => work.take(),
            State::Done(..) => None,
        }
    }
}

impl Jobs {
    /// Starts a job. Returns its UUID, and passes the UUID to the work.
    ///
    /// The work may run in this call: the caller must not hold a lock that the work takes.
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
            // The job is no longer stored, so its result is not needed.
            let _ = work(job.uuid);
        }
        if finish == Finish::AfterPolls(0) {
            self.complete(uuid);
        }
        uuid
    }

    /// Does the work of all due jobs. Must be called before the cluster is read or changed.
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

    /// Does the work of a job. The lock is not held, because the work can start jobs, or take long.
    fn complete(&self, uuid: Uuid) {
        let pending =
            self.lock().iter_mut().find(|job| job.uuid == uuid).and_then(|job| Some((job.finish, job.take()?)));
        let Some((finish, work)) = pending else { return };
        let outcome = work(uuid);
        if let Some(job) = self.lock().iter_mut().find(|job| job.uuid == uuid) {
            let ended = match finish {
                // The end is the due time, also if no client polled the job.
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

/// Returns the 202 response with the job.
///
/// The response has the link to the job also in plain JSON, because NetApp's clients need it. NetApp's page on
/// asynchronous processing shows the link.
pub(crate) fn accepted(uuid: Uuid, location: Option<String>) -> ApiResponse {
    let body = json!({"job": {"uuid": uuid.to_string(), "_links": self_link(&path(uuid))}});
    ApiResponse::accepted(location, body)
}

/// Returns the path of the job.
pub(crate) fn path(uuid: Uuid) -> String {
    format!("{JOBS}/{uuid}")
}

/// Returns the job as clients see it.
///
/// # Errors
/// Returns 4 if the job does not exist, and the codes of [`Selection::read`]. A request with an invalid `fields` counts
/// as a poll.
pub(crate) fn show(jobs: &Jobs, uuid: Uuid, parameters: &Parameters<'_>, style: Style) -> Result<ApiResponse, Refusal> {
    let record = jobs.poll(uuid).ok_or_else(|| Refusal::not_found("job with the UUID", "uuid", &uuid.to_string()))?;
    let selection = Selection::read(parameters, DefaultFields::All)?;
    Ok(ApiResponse::single(&record, &selection, style).linked(style, &path(uuid)))
}

/// Writes a time without fractions of a second, as in NetApp's examples.
fn timestamp(time: SystemTime) -> Option<Arc<str>> {
    let time = OffsetDateTime::from(time);
    let seconds = time.replace_nanosecond(0).unwrap_or(time);
    Some(seconds.format(&Rfc3339).ok()?.into())
}
