//! Server and contenders as processes, each on a core of its own.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::canned::{PASSWORD, USER};
use crate::contenders::{Contender, Failure};
use crate::cores::{pin, two};
use crate::server::Listening;
use crate::sizes::Sizes;
use crate::work::{Done, Task, Work};
use clap::ValueEnum as _;

/// Somebody who can be set to work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// One of this program.
    Own(Contender),
    /// NetApp's library for Python: `get_collection`.
    NetApp,
    /// NetApp's library for Python: `fast_get_collection`.
    NetAppFast,
    /// The client that openapi-generator makes.
    Generated,
}

impl Who {
    /// The name in tables.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Own(Contender::Ours) => "ontap-ipsec",
            Self::Own(Contender::ByHand) => "by hand",
            Self::Own(Contender::ByHandUsual) => "by hand, Response::json",
            Self::Own(Contender::ByHandAhead) => "by hand, one page ahead",
            Self::Own(Contender::Raw) => "hyper, bytes only",
            Self::NetApp => "netapp-ontap get_collection",
            Self::NetAppFast => "netapp-ontap fast_get_collection",
            Self::Generated => "openapi-generator",
        }
    }

    /// Whether it takes so long that it has to do with fewer rounds.
    pub(crate) fn is_slow(self) -> bool {
        matches!(self, Self::NetApp | Self::NetAppFast)
    }

    /// Whether it is somebody else's, who may fail.
    pub(crate) fn is_foreign(self) -> bool {
        !matches!(self, Self::Own(_))
    }
}

/// The work of a contender, and that of the server at the same time.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub(crate) done: Done,
    /// The CPU time of the server.
    pub(crate) server_seconds: f64,
    /// How many requests came to it.
    pub(crate) requests: u64,
}

/// A server that runs, and whom to set to work on it.
pub(crate) struct Stage {
    server: Child,
    asks: ChildStdin,
    says: BufReader<ChildStdout>,
    listening: Listening,
    contender_core: usize,
    python: Option<PathBuf>,
    generated: Option<PathBuf>,
}

impl Stage {
    /// Starts the server.
    ///
    /// # Errors
    /// If it cannot be started, or there are no two cores.
    pub(crate) fn set(sizes: &Sizes, python: Option<PathBuf>, generated: Option<PathBuf>) -> Result<Self, Failure> {
        let [server_core, contender_core] =
            two().ok_or("two cores are needed, one for the server and one for the contenders")?;
        pin(server_core)?;
        let policies = sizes.policies().iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        let mut server = Command::new(std::env::current_exe()?)
            .args(["serve", "--page", &sizes.page.to_string(), "--sizes", &policies])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let (asks, says) = (server.stdin.take().ok_or("no input")?, server.stdout.take().ok_or("no output")?);
        let (mut says, mut line) = (BufReader::new(says), String::new());
        says.read_line(&mut line)?;
        let listening = serde_json::from_str(&line).map_err(|error| format!("the server does not start: {error}"))?;
        Ok(Self { server, asks, says, listening, contender_core, python, generated })
    }

    /// Whether there is such a contender here.
    pub(crate) fn has(&self, who: Who) -> bool {
        match who {
            Who::Own(_) => true,
            Who::NetApp | Who::NetAppFast => self.python.is_some(),
            Who::Generated => self.generated.is_some(),
        }
    }

    /// Sets a contender to work on a cluster with so many policies.
    ///
    /// # Errors
    /// If it fails; with what it says itself of that.
    pub(crate) fn run(&mut self, who: Who, policies: u32, tls: bool, task: Task) -> Result<Outcome, Failure> {
        let urls = self.listening.urls.iter().find(|urls| urls.policies == policies).ok_or("no such size")?;
        let work = Work {
            url: if tls { &urls.tls } else { &urls.plain }.clone(),
            user: USER.to_owned(),
            password: PASSWORD.to_owned(),
            certificate: tls.then(|| self.listening.certificate.clone()),
            task,
        };
        let mut command = match (who, &self.python, &self.generated) {
            (Who::Own(contender), ..) => {
                let mut command = Command::new(std::env::current_exe()?);
                let value = contender.to_possible_value().ok_or("no name")?;
                command.args(["contend", value.get_name()]);
                command
            }
            (Who::NetApp | Who::NetAppFast, Some(python), _) => {
                let mut command = Command::new(python);
                command.arg(netapp()).arg(if who == Who::NetApp { "get_collection" } else { "fast_get_collection" });
                command
            }
            (Who::Generated, _, Some(generated)) => Command::new(generated),
            _ => return Err(format!("{} is not here", who.name()).into()),
        };
        // Programs are started where the one that starts them runs, which then only waits.
        pin(self.contender_core)?;
        let (before, requests) = (self.server_seconds(), self.requests()?);
        let output = command.arg(serde_json::to_string(&work)?).env("NO_PROXY", "127.0.0.1").output()?;
        let (server_seconds, requests) = (self.server_seconds() - before, self.requests()? - requests);
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            let last = said.trim().lines().last().unwrap_or("nothing");
            return Err(format!("{}: {}, after saying: {last}", who.name(), output.status).into());
        }
        let done = serde_json::from_slice(&output.stdout).map_err(|error| format!("{}: {error}", who.name()))?;
        Ok(Outcome { done, server_seconds, requests })
    }

    /// The versions of those who are not of this program.
    pub(crate) fn versions(&self) -> Vec<(String, String)> {
        let said = |command: &mut Command| {
            let output = command.arg("--version").output().map(|output| output.stdout).unwrap_or_default();
            String::from_utf8_lossy(&output).trim().to_owned()
        };
        let mut versions = Vec::new();
        if let Some(python) = &self.python {
            versions.push(("python".to_owned(), said(&mut Command::new(python))));
            versions.push(("netapp-ontap".to_owned(), said(Command::new(python).arg(netapp()))));
        }
        if let Some(generated) = &self.generated {
            versions.push(("openapi-generator".to_owned(), said(&mut Command::new(generated))));
        }
        versions
    }

    /// How many requests came to the server so far.
    fn requests(&mut self) -> Result<u64, Failure> {
        writeln!(self.asks)?;
        let mut line = String::new();
        self.says.read_line(&mut line)?;
        Ok(line.trim().parse().map_err(|_| "the server has ended")?)
    }

    /// The CPU time of the server so far; it has one thread.
    fn server_seconds(&self) -> f64 {
        let text = std::fs::read_to_string(format!("/proc/{}/schedstat", self.server.id())).unwrap_or_default();
        text.split(' ').next().and_then(|nanoseconds| nanoseconds.parse().ok()).unwrap_or(0.0) / 1e9
    }
}

/// The program around NetApp's library.
fn netapp() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/compare/contenders/netapp.py")
}

impl Drop for Stage {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
