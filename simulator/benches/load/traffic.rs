//! Measures that concurrent clients get correct responses, and that the simulator's memory does not grow.

use std::time::{Duration, Instant};

use fastrand::Rng;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::{task::JoinSet, time::sleep};

use crate::{
    program::{Memory, POLICIES, Program, Session, checked_response},
    report::{self, Report},
};

/// The limit for the growth of memory after the first quarter, for current responses. The limit does not depend on the
/// number of policies, so that a million policies do not hide a leak. A page of 10,000 policies takes 13 MB as text and
/// 4 MB as records.
const MOST_GROWTH: u64 = 16 << 20;

/// The number of policies that a client keeps.
const KEPT: usize = 20;

pub(crate) async fn measure(report: &mut Report, program: &Program, clients: usize, duration: Duration) {
    let until = Instant::now() + duration;
    let mut running = JoinSet::new();
    for number in 0..clients {
        let client = Client {
            session: program.session(),
            number,
            made: Vec::new(),
            count: 0,
            rng: Rng::with_seed(number as u64),
        };
        running.spawn(client.run(until));
    }
    sleep(duration / 4).await;
    let warm = program.memory(Memory::Now);
    // Measured while all clients still send requests.
    sleep(until.saturating_duration_since(Instant::now()).mul_f32(0.98)).await;
    let end = program.memory(Memory::Now);

    let (mut times, mut errors) = (Vec::new(), Vec::new());
    for outcome in running.join_all().await {
        match outcome {
            Ok(done) => times.extend(done),
            Err(error) => errors.push(error),
        }
    }
    for error in errors.iter().take(3) {
        println!("{error}");
    }
    times.sort_unstable_by_key(|(_, time)| *time);
    let rate = times.len() as f64 / duration.as_secs_f64();
    report.tell(&format!("{clients} clients for {} s", duration.as_secs()), &format!("{rate:.0} requests/s"));
    let percentiles = |times: &[Duration]| {
        let at = |part: usize| times.get(times.len() * part / 100).copied().unwrap_or_default().as_secs_f64() * 1000.0;
        format!("{:.1}, {:.1} ms", at(50), at(99))
    };
    report.tell("  p50, p99", &percentiles(&times.iter().map(|(_, time)| *time).collect::<Vec<_>>()));
    for request in Request::ALL {
        let times: Vec<_> = times.iter().filter(|(done, _)| *done == request).map(|(_, time)| *time).collect();
        report.tell(&format!("    {request:?} ({})", times.len()), &percentiles(&times));
    }
    report.check("  clients that met an error", &errors.len().to_string(), errors.len(), 0, |limit| limit.to_string());
    match warm.zip(end) {
        None => report.tell("  memory", "unknown here"),
        Some((warm, end)) => {
            let shown = format!("{} to {}", report::mebibytes(warm), report::mebibytes(end));
            report.check("  memory, warm to end", &shown, end.saturating_sub(warm), MOST_GROWTH, |limit| {
                format!("+{}", report::mebibytes(limit))
            });
        }
    }
}

/// The kinds of requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Request {
    Page,
    LargePage,
    Get,
    Find,
    Create,
    Change,
    Delete,
    Filter,
}

impl Request {
    const ALL: [Self; 8] =
        [Self::Page, Self::LargePage, Self::Get, Self::Find, Self::Create, Self::Change, Self::Delete, Self::Filter];

    /// Chooses a kind at random. Filters are rare, because a filter over a million policies blocks other requests for a
    /// fifth of a second.
    fn any(rng: &mut Rng) -> Self {
        match rng.u32(0..1000) {
            0..150 => Self::Page,
            150..170 => Self::LargePage,
            170..400 => Self::Get,
            400..600 => Self::Find,
            600..700 => Self::Create,
            700..895 => Self::Change,
            895..999 => Self::Delete,
            _ => Self::Filter,
        }
    }
}

struct Client {
    session: Session,
    number: usize,
    /// The names and paths of the policies that the client created and did not delete.
    made: Vec<(String, String)>,
    count: usize,
    rng: Rng,
}

impl Client {
    /// # Errors
    /// Returns the first wrong result.
    async fn run(mut self, until: Instant) -> Result<Vec<(Request, Duration)>, String> {
        let mut times = Vec::new();
        while Instant::now() < until {
            let request = match Request::any(&mut self.rng) {
                _ if self.made.is_empty() => Request::Create,
                Request::Create if self.made.len() == KEPT => Request::Delete,
                any => any,
            };
            let started = Instant::now();
            self.send(request).await.map_err(|error| format!("{request:?}: {error}"))?;
            times.push((request, started.elapsed()));
        }
        Ok(times)
    }

    async fn send(&mut self, request: Request) -> Result<(), String> {
        let chosen = self.rng.usize(0..self.made.len().max(1));
        let (name, path) = self.made.get(chosen).cloned().unwrap_or_default();
        match request {
            Request::Page => self.list("max_records=50&order_by=name&fields=*", 50).await,
            Request::LargePage => self.list("max_records=500&fields=*", 500).await,
            Request::Get => {
                let policy = self.ask(Method::GET, &path, None, 200).await?.1;
                let policy: Value = serde_json::from_slice(&policy).map_err(|error| error.to_string())?;
                if policy["name"] == name { Ok(()) } else { Err(format!("{policy} instead of {name}")) }
            }
            Request::Find => self.list(&format!("name={name}&fields=svm"), 1).await,
            Request::Create => {
                self.count += 1;
                let name = format!("load-{}-{}", self.number, self.count);
                let policy = json!({"name": name, "svm": {"name": "svm1"}, "secret_key": "a-key-of-enough-characters"});
                let (path, _) = self.ask(Method::POST, POLICIES, Some(policy), 201).await?;
                self.made.push((name, path.ok_or("no Location")?));
                Ok(())
            }
            Request::Change => {
                let change =
                    json!({"enabled": self.rng.bool(), "remote_identity": format!("peer {}", self.rng.u16(..))});
                self.ask(Method::PATCH, &path, Some(change), 200).await.map(drop)
            }
            Request::Delete => {
                self.made.swap_remove(chosen);
                self.ask(Method::DELETE, &path, None, 200).await.map(drop)
            }
            // This filter reads every policy.
            Request::Filter => self.list(&format!("name=*oad-{}-*", self.number), self.made.len()).await,
        }
    }

    /// # Errors
    /// Returns the errors of [`checked_response`], and an error for a wrong number of records.
    async fn list(&self, query: &str, expected: usize) -> Result<(), String> {
        let (_, body) = self.ask(Method::GET, &format!("{POLICIES}?{query}"), None, 200).await?;
        let body: Value = serde_json::from_slice(&body).map_err(|error| error.to_string())?;
        let found = body["records"].as_array().map(Vec::len);
        if found == Some(expected) { Ok(()) } else { Err(format!("{query}: {found:?} records, not {expected}")) }
    }

    async fn ask(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
        status: u16,
    ) -> Result<(Option<String>, Vec<u8>), String> {
        let request = self.session.request(method, path);
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        checked_response(request, status).await
    }
}
