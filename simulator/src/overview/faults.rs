//! Faults in words.

use crate::{
    FaultReport,
    faults::settings::{Settings, Times},
};

/// A fault, as the page tells it.
#[derive(Debug)]
pub(super) struct FaultRow {
    /// What goes wrong.
    pub(super) what: String,
    /// For which requests.
    pub(super) requests: String,
    /// How many of them.
    pub(super) often: String,
    pub(super) seen: u64,
    pub(super) struck: u64,
    pub(super) spent: bool,
}

impl FaultRow {
    pub(super) fn of(report: &FaultReport) -> Self {
        let settings = &report.fault.settings;
        Self {
            what: what(settings),
            requests: requests(settings),
            often: often(settings),
            seen: report.seen,
            struck: report.struck,
            spent: report.spent,
        }
    }
}

fn what(settings: &Settings) -> String {
    let mut what = settings.kind.name().replace('_', " ");
    let mut add = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            what.push_str(&format!(", {name} {value}"));
        }
    };
    add("status", settings.status.map(|status| status.to_string()));
    add("code", settings.code.map(|code| code.to_string()));
    add("time", settings.time.map(|time| format!("{:?}", time.0)));
    add("bytes", settings.bytes.map(|bytes| bytes.to_string()));
    add("polls", settings.polls.map(|polls| polls.to_string()));
    add("retry after", settings.retry_after.map(|seconds| format!("{seconds} s")));
    add("to", settings.location.clone());
    if settings.without_link {
        what.push_str(", without a link");
    }
    if settings.after_work {
        what.push_str(", after the work");
    }
    what
}

fn requests(settings: &Settings) -> String {
    let method = settings.method.as_deref().unwrap_or("any");
    let path = settings.path.as_deref().unwrap_or("*");
    match &settings.query {
        None => format!("{method} {path}"),
        Some(query) => format!("{method} {path} with {query} in the query"),
    }
}

fn often(settings: &Settings) -> String {
    let mut parts = Vec::new();
    if settings.skip > 0 {
        parts.push(format!("after {}", settings.skip));
    }
    if let Some(every) = settings.every {
        parts.push(format!("one of {every}"));
    }
    if let Some(probability) = settings.probability {
        parts.push(format!("probability {probability}"));
    }
    match settings.times {
        Some(Times::Number(times)) => parts.push(format!("{times} times")),
        Some(Times::Word(_)) => parts.push("always".to_owned()),
        // Without an end where there are odds.
        None if settings.every.is_some() || settings.probability.is_some() => {}
        None => parts.push("once".to_owned()),
    }
    parts.join(", ")
}
