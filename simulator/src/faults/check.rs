//! Checks the settings of a fault.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use axum::http::{HeaderValue, Method, StatusCode};

use crate::{
    effects::{Busy, Finish, SilentPeer},
    faults::{
        frequency::Frequency,
        network::NetworkFault,
        pattern::{Methods, Pattern},
        settings::{Kind, Settings, Times},
        time_span::{LONGEST, TimeSpan},
    },
    fields,
    path::{ASSOCIATIONS, POLICIES},
    refusal::Refusal,
    resources::IPSEC,
};

/// The reason why the settings of a fault are invalid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the fault {kind} is invalid: {problem}")]
pub struct InvalidFault {
    kind: Kind,
    problem: String,
}

/// A fault with valid settings.
#[derive(Clone, Debug)]
pub(crate) struct CheckedFault {
    pub(crate) pattern: Pattern,
    pub(crate) frequency: Frequency,
    pub(crate) effect: Effect,
}

/// The effect of a fault.
#[derive(Clone, Debug)]
pub(crate) enum Effect {
    /// Delays the response, in addition to other faults.
    Delay {
        time: Duration,
        after_work: bool,
    },
    Network(NetworkFault),
    Cluster(ClusterFault),
}

/// The effect of a cluster fault on a signed-in request.
#[derive(Clone, Debug)]
pub(crate) enum ClusterFault {
    /// Returns an error.
    Error { refusal: Refusal, after_work: bool },
    /// Makes the page of a list shorter.
    Busy(Busy),
    /// Moves the work to a job. A job with a `failure` fails without work.
    Job { finish: Finish, failure: Option<Refusal> },
    /// Waits for an administrator's approval.
    Approval,
    /// Shows the associations as if a peer did not respond.
    SilentPeer(SilentPeer),
    /// Removes a field or an object from records.
    WithoutField(Arc<str>),
}

/// # Errors
/// Returns an error if a setting is out of range, missing, or not for this kind of fault.
pub(crate) fn compile(settings: &Settings) -> Result<CheckedFault, InvalidFault> {
    let problem = |problem: String| InvalidFault { kind: settings.kind, problem };
    let foreign = settings.foreign();
    if !foreign.is_empty() {
        return Err(problem(format!("this kind does not have the setting {}; remove the setting", foreign.join(", "))));
    }
    Ok(CheckedFault {
        pattern: pattern(settings).map_err(problem)?,
        frequency: frequency(settings).map_err(problem)?,
        effect: effect(settings).map_err(problem)?,
    })
}

fn pattern(settings: &Settings) -> Result<Pattern, String> {
    let method = match &settings.method {
        None => None,
        Some(text) => match Method::from_bytes(text.as_bytes()) {
            Ok(method) if text.bytes().all(|byte| byte.is_ascii_uppercase()) => Some(method),
            _ => return Err(format!("method is {text:?}; use a method in capitals, such as \"GET\"")),
        },
    };
    if let Some(path) = settings.path.as_deref().filter(|path| !path.starts_with(['/', '*'])) {
        return Err(format!("path is {path:?}; start the path with a slash or *"));
    }
    if settings.path.as_deref().is_some_and(|path| path.contains('?')) {
        return Err("path has a question mark; use the setting query".to_owned());
    }
    if settings.query.as_deref() == Some("") {
        return Err("query is empty; remove the setting, or set a part of the query".to_owned());
    }
    let mut pattern = Pattern {
        methods: method.clone().map_or(Methods::Any, Methods::Only),
        path: settings.path.clone(),
        query: settings.query.clone(),
    };
    match settings.kind {
        Kind::Busy | Kind::SilentPeer | Kind::WithoutField => {
            if method.is_some_and(|method| method != Method::GET) {
                return Err("method must be GET for this kind".to_owned());
            }
            pattern.methods = Methods::Only(Method::GET);
            match settings.kind {
                Kind::Busy => drop(pattern.path.get_or_insert_with(|| POLICIES.to_owned())),
                Kind::SilentPeer => drop(pattern.path.get_or_insert_with(|| format!("{ASSOCIATIONS}*"))),
                _ => {}
            }
        }
        Kind::Job | Kind::Approval => {
            match method {
                None => pattern.methods = Methods::Changing,
                Some(method) if [Method::POST, Method::PATCH, Method::DELETE].contains(&method) => {}
                Some(_) => return Err("method must be POST, PATCH or DELETE for this kind".to_owned()),
            }
            if settings.kind == Kind::Approval {
                // Without this path, the fault would also match the administrator's PATCH.
                pattern.path.get_or_insert_with(|| format!("{POLICIES}*"));
            }
        }
        _ => {}
    }
    Ok(pattern)
}

fn frequency(settings: &Settings) -> Result<Frequency, String> {
    let chance = match (settings.probability, settings.seed) {
        (None, None) => None,
        (None, Some(_)) => return Err("seed needs probability; set both, or remove seed".to_owned()),
        (Some(probability), seed) if (0.0..=1.0).contains(&probability) => {
            Some((probability, seed.unwrap_or_default()))
        }
        (Some(probability), _) => return Err(format!("probability is {probability}; use a number from 0 to 1")),
    };
    if settings.every == Some(0) {
        return Err("every is 0; use 1 or more".to_owned());
    }
    let times = match settings.times {
        Some(Times::Number(0)) => return Err("times is 0; use 1 or more, or \"always\"".to_owned()),
        Some(Times::Number(times)) => Some(times),
        Some(Times::Word(_)) => None,
        None => settings.is_for_once().then_some(1),
    };
    let lasting = settings.lasting.map(|TimeSpan(time)| short_enough(time)).transpose()?;
    Ok(Frequency { lasting, skip: settings.skip, every: settings.every.unwrap_or(1), chance, times })
}

fn effect(settings: &Settings) -> Result<Effect, String> {
    let (after_work, retry_after) = (settings.after_work, settings.retry_after);
    let bytes = match settings.bytes {
        Some(0) => return Err("bytes is 0; use 1 or more".to_owned()),
        bytes => bytes,
    };
    Ok(match settings.kind {
        Kind::Delay => Effect::Delay { time: time(settings)?, after_work },
        Kind::SlowBody => {
            Effect::Network(NetworkFault::SlowBody { pause: time(settings)?, piece: bytes.unwrap_or(16) })
        }
        Kind::Reset => Effect::Network(NetworkFault::Reset { after_work }),
        Kind::Truncated => Effect::Network(NetworkFault::Truncated { bytes }),
        Kind::WrongLength => Effect::Network(NetworkFault::WrongLength { bytes: bytes.unwrap_or(1) }),
        Kind::Unavailable => {
            let status = failing(settings.status.ok_or("status is missing; set a status, such as 503")?)?;
            Effect::Network(NetworkFault::Unavailable { status, retry_after, empty: settings.empty, after_work })
        }
        Kind::Redirect => {
            let status = settings.status.unwrap_or(307);
            let status = StatusCode::from_u16(status)
                .ok()
                .filter(|_| [301, 302, 303, 307, 308].contains(&status))
                .ok_or_else(|| format!("status is {status}; use 301, 302, 303, 307 or 308"))?;
            let location = settings.location.as_deref().ok_or("location is missing; set the URL to redirect to")?;
            let location = HeaderValue::from_str(location)
                .ok()
                .filter(|_| !location.is_empty())
                .ok_or_else(|| format!("location is {location:?}, which a header cannot have; use a URL"))?;
            Effect::Network(NetworkFault::Redirect { status, location })
        }
        Kind::Error => {
            let mut refusal = error_of(settings)?.ok_or("code is missing; set a code, such as 66257097")?;
            if let Some(status) = settings.status {
                refusal.status = failing(status)?;
            }
            refusal.retry_after = retry_after;
            Effect::Cluster(ClusterFault::Error { refusal, after_work })
        }
        Kind::Busy => Effect::Cluster(ClusterFault::Busy(Busy {
            records: settings.records.unwrap_or_default(),
            without_link: settings.without_link,
        })),
        Kind::Approval => Effect::Cluster(ClusterFault::Approval),
        Kind::SilentPeer => {
            let refuse = |text: &String| format!("peer is {text:?}; use an IP address");
            let peer = settings.peer.as_ref().map(|text| text.parse().map_err(|_| refuse(text))).transpose()?;
            Effect::Cluster(ClusterFault::SilentPeer(SilentPeer(peer)))
        }
        Kind::WithoutField => {
            let field = settings.field.as_deref().ok_or("field is missing; set a field, such as \"ipspace\"")?;
            let names: BTreeSet<_> =
                IPSEC.iter().flat_map(|resource| resource.fields).map(|known| known.name).collect();
            if !names.iter().any(|known| *known == field || fields::is_member(known, field)) {
                let names = Vec::from_iter(names).join(", ");
                return Err(format!("field is {field:?}, which no record has; use one of {names}"));
            }
            let mut having = IPSEC.iter().filter(|resource| resource.place(field).is_some()).peekable();
            if having.peek().is_some() && having.all(|resource| resource.keys.contains(&field)) {
                return Err(format!("field is {field:?}, which every record must have; use another field"));
            }
            Effect::Cluster(ClusterFault::WithoutField(field.into()))
        }
        Kind::Job => {
            let finish = match (settings.polls, settings.time) {
                (Some(_), Some(_)) => return Err("polls and time exclude each other; remove one of them".to_owned()),
                (None, Some(_)) => Finish::After(time(settings)?),
                (polls, None) => Finish::AfterPolls(polls.unwrap_or(2)),
            };
            let failure = error_of(settings)?;
            if failure.is_none() && (settings.message.is_some() || settings.target.is_some()) {
                return Err("message and target need code; set code, or remove them".to_owned());
            }
            Effect::Cluster(ClusterFault::Job { finish, failure })
        }
    })
}

fn time(settings: &Settings) -> Result<Duration, String> {
    let TimeSpan(time) = settings.time.ok_or("time is missing; set a time, such as \"200ms\"")?;
    short_enough(time)
}

fn short_enough(time: Duration) -> Result<Duration, String> {
    if time > LONGEST { Err("the time is more than a day; use 24 hours or less".to_owned()) } else { Ok(time) }
}

fn failing(status: u16) -> Result<StatusCode, String> {
    StatusCode::from_u16(status)
        .ok()
        .filter(|_| (400..=599).contains(&status))
        .ok_or_else(|| format!("status is {status}; use 400 to 599"))
}

/// Returns the error that the settings describe, if `code` is set.
fn error_of(settings: &Settings) -> Result<Option<Refusal>, String> {
    match settings.code {
        None => Ok(None),
        Some(0) => Err("code is 0, which is no error; use another code".to_owned()),
        Some(code) => Ok(Some(Refusal::of_fault(code, settings.message.clone(), settings.target.clone()))),
    }
}
