//! From a fault as it is described to one that can strike, or to what is wrong with the description.

use std::time::Duration;

use axum::http::{HeaderValue, Method, StatusCode};

use crate::{
    ending::Finish,
    faults::{
        cluster::ClusterFault,
        length::{LONGEST, Length},
        network::NetworkFault,
        odds::Odds,
        pattern::{Methods, Pattern},
        settings::{Kind, Settings, Times},
    },
    path::POLICIES,
    refusal::Refusal,
};

/// Why a fault cannot be set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the fault {kind} {problem}")]
pub struct InvalidFault {
    kind: &'static str,
    problem: String,
}

/// A fault that can strike.
#[derive(Clone, Debug)]
pub(crate) struct Compiled {
    pub(crate) pattern: Pattern,
    pub(crate) odds: Odds,
    pub(crate) effect: Effect,
}

/// Where a fault strikes, and what it does there.
#[derive(Clone, Debug)]
pub(crate) enum Effect {
    /// Lets the answer wait, on top of whatever else strikes.
    Delay {
        time: Duration,
        after_work: bool,
    },
    Network(NetworkFault),
    Cluster(ClusterFault),
}

/// # Errors
/// If a setting is out of its range, missing, or not for this kind of fault.
pub(crate) fn compile(settings: &Settings) -> Result<Compiled, InvalidFault> {
    let problem = |problem: String| InvalidFault { kind: settings.kind.name(), problem };
    let foreign = foreign(settings);
    if !foreign.is_empty() {
        return Err(problem(format!("has no use for {}", foreign.join(", "))));
    }
    Ok(Compiled {
        pattern: pattern(settings).map_err(problem)?,
        odds: odds(settings).map_err(problem)?,
        effect: effect(settings).map_err(problem)?,
    })
}

/// The settings that are there although they are not for this kind.
fn foreign(settings: &Settings) -> Vec<&'static str> {
    use Kind::{Busy, Delay, Error, Job, Redirect, Reset, SlowBody, Truncated, Unavailable, WrongLength};
    let kinds: [(&str, bool, &[Kind]); 12] = [
        ("after_work", settings.after_work, &[Delay, Reset, Unavailable, Error]),
        ("time", settings.time.is_some(), &[Delay, SlowBody, Job]),
        ("bytes", settings.bytes.is_some(), &[SlowBody, Truncated, WrongLength]),
        ("status", settings.status.is_some(), &[Unavailable, Redirect, Error]),
        ("retry_after", settings.retry_after.is_some(), &[Unavailable, Error]),
        ("empty", settings.empty, &[Unavailable]),
        ("location", settings.location.is_some(), &[Redirect]),
        ("code", settings.code.is_some(), &[Error, Job]),
        ("message", settings.message.is_some(), &[Error, Job]),
        ("target", settings.target.is_some(), &[Error, Job]),
        ("polls", settings.polls.is_some(), &[Job]),
        ("without_link", settings.without_link, &[Busy]),
    ];
    kinds
        .into_iter()
        .filter(|(_, given, kinds)| *given && !kinds.contains(&settings.kind))
        .map(|(name, ..)| name)
        .collect()
}

fn pattern(settings: &Settings) -> Result<Pattern, String> {
    let method = match &settings.method {
        None => None,
        Some(text) => match Method::from_bytes(text.as_bytes()) {
            Ok(method) if text.bytes().all(|byte| byte.is_ascii_uppercase()) => Some(method),
            _ => return Err(format!("has a method that is none in capitals: {text:?}")),
        },
    };
    if let Some(path) = settings.path.as_deref().filter(|path| !path.starts_with(['/', '*'])) {
        return Err(format!("has a path that starts with neither a slash nor *: {path:?}"));
    }
    if settings.path.as_deref().is_some_and(|path| path.contains('?')) {
        return Err("has a path with a question mark; the query has a setting of its own".to_owned());
    }
    if settings.query.as_deref() == Some("") {
        return Err("has an empty query, which says nothing".to_owned());
    }
    let mut pattern = Pattern {
        methods: method.clone().map_or(Methods::Any, Methods::Only),
        path: settings.path.clone(),
        query: settings.query.clone(),
    };
    match settings.kind {
        Kind::Busy => {
            if method.is_some_and(|method| method != Method::GET) {
                return Err("is for GET and no other method".to_owned());
            }
            pattern.methods = Methods::Only(Method::GET);
            pattern.path.get_or_insert_with(|| POLICIES.to_owned());
        }
        Kind::Job => match method {
            None => pattern.methods = Methods::Changing,
            Some(method) if [Method::POST, Method::PATCH, Method::DELETE].contains(&method) => {}
            Some(_) => return Err("is for POST, PATCH and DELETE and no other method".to_owned()),
        },
        _ => {}
    }
    Ok(pattern)
}

fn odds(settings: &Settings) -> Result<Odds, String> {
    let chance = match (settings.probability, settings.seed) {
        (None, None) => None,
        (None, Some(_)) => return Err("has a seed but no probability".to_owned()),
        (Some(probability), seed) if (0.0..=1.0).contains(&probability) => {
            Some((probability, seed.unwrap_or_default()))
        }
        (Some(probability), _) => return Err(format!("has a probability that is not from 0 to 1: {probability}")),
    };
    if settings.every == Some(0) {
        return Err("has every = 0; it is 1 or more".to_owned());
    }
    let times = match settings.times {
        Some(Times::Number(0)) => return Err("has times = 0; it is 1 or more, or \"always\"".to_owned()),
        Some(Times::Number(times)) => Some(times),
        Some(Times::Word(_)) => None,
        None if chance.is_some() || settings.every.is_some() => None,
        None => Some(1),
    };
    Ok(Odds { skip: settings.skip, every: settings.every.unwrap_or(1), chance, times })
}

fn effect(settings: &Settings) -> Result<Effect, String> {
    let (after_work, retry_after) = (settings.after_work, settings.retry_after);
    let bytes = match settings.bytes {
        Some(0) => return Err("has bytes = 0; it is 1 or more".to_owned()),
        bytes => bytes,
    };
    Ok(match settings.kind {
        Kind::Delay => Effect::Delay { time: time(settings)?, after_work },
        Kind::SlowBody => {
            Effect::Network(NetworkFault::SlowBody { pause: time(settings)?, piece: bytes.unwrap_or(16) })
        }
        Kind::Reset => Effect::Network(NetworkFault::Reset { after_work }),
        Kind::Truncated => Effect::Network(NetworkFault::Truncated { bytes }),
        Kind::WrongLength => Effect::Network(NetworkFault::WrongLength { bytes }),
        Kind::Unavailable => {
            let status = failing(settings.status.ok_or("needs a status, such as 503")?)?;
            Effect::Network(NetworkFault::Unavailable { status, retry_after, empty: settings.empty, after_work })
        }
        Kind::Redirect => {
            let status = settings.status.unwrap_or(307);
            let status = StatusCode::from_u16(status)
                .ok()
                .filter(|_| [301, 302, 303, 307, 308].contains(&status))
                .ok_or_else(|| format!("has a status that is not 301, 302, 303, 307 or 308: {status}"))?;
            let location = settings.location.as_deref().ok_or("needs a location")?;
            let location = HeaderValue::from_str(location)
                .ok()
                .filter(|_| !location.is_empty())
                .ok_or_else(|| format!("has a location that cannot stand in a header: {location:?}"))?;
            Effect::Network(NetworkFault::Redirect { status, location })
        }
        Kind::Error => {
            let mut refusal = ordered(settings)?.ok_or("needs a code, such as 66257097")?;
            if let Some(status) = settings.status {
                refusal.status = failing(status)?;
            }
            refusal.retry_after = retry_after;
            Effect::Cluster(ClusterFault::Error { refusal, after_work })
        }
        Kind::Busy => Effect::Cluster(ClusterFault::Busy { without_link: settings.without_link }),
        Kind::Job => {
            let finish = match (settings.polls, settings.time) {
                (Some(_), Some(_)) => return Err("has both polls and time; one of them ends it".to_owned()),
                (None, Some(_)) => Finish::After(time(settings)?),
                (polls, None) => Finish::AfterPolls(polls.unwrap_or(2)),
            };
            let failure = ordered(settings)?;
            if failure.is_none() && (settings.message.is_some() || settings.target.is_some()) {
                return Err("has a message or target but no code to fail with".to_owned());
            }
            Effect::Cluster(ClusterFault::Job { finish, failure })
        }
    })
}

fn time(settings: &Settings) -> Result<Duration, String> {
    let Length(time) = settings.time.ok_or("needs a time, such as \"200ms\"")?;
    if time > LONGEST {
        return Err("takes more than a day".to_owned());
    }
    Ok(time)
}

fn failing(status: u16) -> Result<StatusCode, String> {
    StatusCode::from_u16(status)
        .ok()
        .filter(|_| (400..=599).contains(&status))
        .ok_or_else(|| format!("has a status that is not from 400 to 599: {status}"))
}

/// The error that the settings describe, if they have a code.
fn ordered(settings: &Settings) -> Result<Option<Refusal>, String> {
    match settings.code {
        None => Ok(None),
        Some(0) => Err("has code = 0, which stands for no error".to_owned()),
        Some(code) => Ok(Some(Refusal::ordered(code, settings.message.clone(), settings.target.clone()))),
    }
}
