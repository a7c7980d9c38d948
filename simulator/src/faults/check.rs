//! From a fault as it is described to one that can strike, or to what is wrong with the description.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use axum::http::{HeaderValue, Method, StatusCode};

use crate::{
    ending::{Busy, Finish, Silence},
    faults::{
        length::{LONGEST, Length},
        network::NetworkFault,
        odds::Odds,
        pattern::{Methods, Pattern},
        settings::{Kind, Settings, Times},
    },
    fields,
    path::{ASSOCIATIONS, POLICIES},
    refusal::Refusal,
    resources::IPSEC,
};

/// Why a fault cannot be set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the fault {kind} {problem}")]
pub struct InvalidFault {
    kind: Kind,
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

/// The effect of a fault of the cluster on a request that was let in.
#[derive(Clone, Debug)]
pub(crate) enum ClusterFault {
    /// Answers an error.
    Error { refusal: Refusal, after_work: bool },
    /// Cuts the page of a list short.
    Busy(Busy),
    /// Leaves the work to a job; one with a `failure` does not do it.
    Job { finish: Finish, failure: Option<Refusal> },
    /// Waits for the approval of an administrator.
    Approval,
    /// Shows the associations as they are while a peer does not answer.
    SilentPeer(Silence),
    /// Leaves a field or an object out of records.
    WithoutField(Arc<str>),
}

/// # Errors
/// If a setting is out of its range, missing, or not for this kind of fault.
pub(crate) fn compile(settings: &Settings) -> Result<Compiled, InvalidFault> {
    let problem = |problem: String| InvalidFault { kind: settings.kind, problem };
    let foreign = settings.foreign();
    if !foreign.is_empty() {
        return Err(problem(format!("has no use for {}", foreign.join(", "))));
    }
    Ok(Compiled {
        pattern: pattern(settings).map_err(problem)?,
        odds: odds(settings).map_err(problem)?,
        effect: effect(settings).map_err(problem)?,
    })
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
        Kind::Busy | Kind::SilentPeer | Kind::WithoutField => {
            if method.is_some_and(|method| method != Method::GET) {
                return Err("is for GET and no other method".to_owned());
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
                Some(_) => return Err("is for POST, PATCH and DELETE and no other method".to_owned()),
            }
            if settings.kind == Kind::Approval {
                // The decision of the administrator is a PATCH, too.
                pattern.path.get_or_insert_with(|| format!("{POLICIES}*"));
            }
        }
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
        None => settings.is_for_once().then_some(1),
    };
    let lasting = settings.lasting.map(|Length(time)| short_enough(time)).transpose()?;
    Ok(Odds { lasting, skip: settings.skip, every: settings.every.unwrap_or(1), chance, times })
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
        Kind::WrongLength => Effect::Network(NetworkFault::WrongLength { bytes: bytes.unwrap_or(1) }),
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
        Kind::Busy => Effect::Cluster(ClusterFault::Busy(Busy {
            records: settings.records.unwrap_or_default(),
            without_link: settings.without_link,
        })),
        Kind::Approval => Effect::Cluster(ClusterFault::Approval),
        Kind::SilentPeer => {
            let refuse = |text: &String| format!("has a peer that is no IP address: {text:?}");
            let peer = settings.peer.as_ref().map(|text| text.parse().map_err(|_| refuse(text))).transpose()?;
            Effect::Cluster(ClusterFault::SilentPeer(Silence(peer)))
        }
        Kind::WithoutField => {
            let field = settings.field.as_deref().ok_or("needs a field, such as \"ipspace\"")?;
            let names: BTreeSet<_> =
                IPSEC.iter().flat_map(|resource| resource.fields).map(|known| known.name).collect();
            if !names.iter().any(|known| *known == field || fields::is_member(known, field)) {
                let names = Vec::from_iter(names).join(", ");
                return Err(format!("has a field that no record has: {field:?}; there are {names}"));
            }
            let mut having = IPSEC.iter().filter(|resource| resource.place(field).is_some()).peekable();
            if having.peek().is_some() && having.all(|resource| resource.keys.contains(&field)) {
                return Err(format!("has a field that is in every record: {field:?}"));
            }
            Effect::Cluster(ClusterFault::WithoutField(field.into()))
        }
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
    short_enough(time)
}

fn short_enough(time: Duration) -> Result<Duration, String> {
    if time > LONGEST { Err("takes more than a day".to_owned()) } else { Ok(time) }
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
