//! Stores the results of jobs for several policies, which `job_results_uuid` requests.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::{
    api_response::{self, ApiResponse, Records, Style},
    cluster::Record,
    query::{
        filter::Filters,
        parameters::Parameters,
        selection::{DefaultFields, Selection},
    },
    record_json::self_link,
    refusal::Refusal,
    values,
};

/// The number of jobs whose results are stored. Each result can have a thousand policies.
const REMEMBERED: usize = 20;

/// The results by job, latest last. `None` means that the job is not done.
#[derive(Debug, Default)]
pub(crate) struct Results(Mutex<VecDeque<(Uuid, Option<Done>)>>);

#[derive(Debug, Default)]
pub(crate) struct Done {
    pub(crate) records: Vec<Record>,
    pub(crate) errors: Vec<Refusal>,
}

impl Results {
    /// Adds a job that is not done, unless its result already exists.
    pub(crate) fn expect(&self, of: Uuid) {
        let mut results = self.lock();
        if results.iter().all(|(uuid, _)| *uuid != of) {
            remember(&mut results, of, None);
        }
    }

    pub(crate) fn add(&self, of: Uuid, result: Done) {
        let mut results = self.lock();
        match results.iter_mut().find(|(uuid, _)| *uuid == of) {
            Some((_, expected)) => *expected = Some(result),
            None => remember(&mut results, of, Some(result)),
        }
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<(Uuid, Option<Done>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the result of a job, restricted by `fields` and filters.
    ///
    /// # Errors
    /// Returns 262294 for an unknown job, 262293 for one that is not done, and 262179 for parameters of pages.
    pub(crate) fn show(
        &self,
        of: &str,
        parameters: &Parameters<'_>,
        itself: &str,
        style: Style,
    ) -> Result<ApiResponse, Refusal> {
        let pages_only = ["max_records", "offset", "order_by", "return_records", "return_timeout"];
        if let Some(name) = pages_only.into_iter().find(|name| parameters.text(name).is_some()) {
            return Err(Refusal::unexpected(name));
        }
        let (filters, selection) = (Filters::read(parameters)?, Selection::read(parameters, DefaultFields::Keys)?);
        let (results, wanted) = (self.lock(), values::uuid(of));
        let (_, result) =
            results.iter().find(|(uuid, _)| Some(*uuid) == wanted).ok_or_else(|| Refusal::no_results(of))?;
        let result = result.as_ref().ok_or_else(|| Refusal::no_results_yet(of))?;
        let records = result.records.iter().filter(|record| filters.admit(record));
        let records = Records::new(records, selection, style);
        let errors: Vec<_> = result.errors.iter().map(|refusal| api_response::error_object(style, refusal)).collect();
        let mut body = json!({});
        if !errors.is_empty() {
            body["errors"] = Json::Array(errors);
        }
        if style.hal {
            body["_links"] = self_link(itself);
        }
        Ok(ApiResponse::ok(body).with_records(records))
    }
}

/// Adds a job after the others. Removes the oldest one if too many are stored.
fn remember(results: &mut VecDeque<(Uuid, Option<Done>)>, of: Uuid, result: Option<Done>) {
    if results.len() == REMEMBERED {
        results.pop_front();
    }
    results.push_back((of, result));
}
