#![doc = include_str!("../README.md")]

mod api_response;
mod api_service;
mod apply_fault;
mod approvals;
pub mod assumptions;
mod auth;
mod authority;
mod body;
mod builder;
mod by_query;
mod by_records;
mod call;
mod cluster;
mod effects;
mod faults;
mod fields;
mod ipsec;
mod jobs;
mod json;
mod made_up;
mod one_value;
mod operations;
#[cfg(feature = "program")]
mod overview;
mod path;
mod query;
mod record_json;
mod recording;
mod redaction;
mod refusal;
mod resources;
mod results;
mod routes;
mod rules;
mod secret;
mod server;
mod shared;
mod state;
mod state_file;
mod tls;
mod tokens;
mod tunnel;
mod values;
mod whole_file;
mod wildcard;
mod wire;

use std::{
    fmt, io,
    path::Path,
    sync::{Arc, MutexGuard},
};

use serde_json::Value as Json;
use tokio::{sync::watch, task::JoinHandle};

use crate::{authority::Authority, cluster::Cluster};

pub use crate::{
    approvals::Approval,
    builder::{Builder, StartError},
    cluster::ClusterEdit,
    faults::{CertificateFault, Fault, FaultId, FaultReport, InvalidFault},
    recording::{RecordedRequest, Recording},
    rules::codes::{CodeEntry, ERROR_CODES, Trigger},
    state::{
        Certificate, CertificateKind, ClusterState, Ipspace, Release, ReleaseError, StateError, Svm, SvmKind,
        UndocumentedCase,
    },
    state_file::StateFile,
    tokens::{InvalidToken, Token},
};

/// A running simulator. Dropping the simulator stops it at once; [`Simulator::shutdown`] lets requests end.
///
/// `Debug` shows where it listens, and neither the password nor the requests.
pub struct Simulator {
    url: String,
    /// Boxed, as most of what a simulator is would be this otherwise.
    authority: Option<Box<Authority>>,
    shared: Arc<shared::Shared>,
    stop: watch::Sender<bool>,
    server: JoinHandle<()>,
}

impl Simulator {
    /// The settings of a new simulator, all at their defaults.
    pub fn builder() -> Builder {
        Builder::new()
    }

    /// Where it listens, such as `https://127.0.0.1:43210`, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The certificate, in PEM, of the authority that signed the server's certificate; `None` with plain HTTP.
    ///
    /// Every simulator has its own. The server's certificate is for 127.0.0.1, ::1, `localhost` and the address that
    /// it listens at.
    #[must_use]
    pub fn ca_pem(&self) -> Option<&str> {
        self.authority.as_deref().map(Authority::pem)
    }

    /// Makes a certificate for this user, and returns it with its key, in PEM; for [`Builder::client_certificates`]. The
    /// certificate is valid for a year, with this simulator only.
    ///
    /// Only the account that may sign in gets anywhere with it; for others, the certificate is good, but the answer is
    /// 401. This is a secret.
    ///
    /// # Errors
    /// With plain HTTP, and if no key or certificate can be made.
    pub fn client_identity_pem(&self, user: &str) -> Result<String, StartError> {
        let authority = self.authority.as_ref().ok_or(StartError::NeedsTls)?;
        authority.client(user).map_err(|error| StartError::Tls { source: Box::new(error) })
    }

    /// Makes a bearer token good from now on; one that is good, or was, starts over.
    ///
    /// # Errors
    /// If no client could send it.
    pub fn issue_token(&self, token: impl Into<Token>) -> Result<(), InvalidToken> {
        self.shared.sign_in.tokens.add(token.into())
    }

    /// Makes a bearer token good no more; `false` if it was never issued.
    pub fn revoke_token(&self, token: &str) -> bool {
        self.shared.sign_in.tokens.remove(token)
    }

    /// Writes [`Simulator::ca_pem`] into a file, whole or not at all. A program that waits for the file thus never reads
    /// a part of it. A symbolic link is followed; a FIFO, or `/dev/stdout`, gets the text directly.
    ///
    /// # Errors
    /// If the file cannot be written, and [`io::ErrorKind::NotFound`] with plain HTTP.
    pub fn write_ca_pem(&self, path: impl AsRef<Path>) -> io::Result<()> {
        let pem = self.ca_pem().ok_or(io::ErrorKind::NotFound)?;
        whole_file::write(path.as_ref(), &mut |out| out.write_all(pem.as_bytes()))
    }

    /// The requests so far, in the order of their arrival, refused ones included, without their secrets: credentials,
    /// keys, and bodies that are not JSON. How many are kept, [`Builder::recording`] says.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.shared.recording.redacted()
    }

    /// The requests as they were sent, with passwords and keys, where [`Builder::recording`] keeps these.
    #[must_use]
    pub fn requests_with_secrets(&self) -> Vec<RecordedRequest> {
        self.shared.recording.whole()
    }

    /// All policies, oldest first, each as a GET with `fields=*` returns it in plain JSON.
    #[must_use]
    pub fn policies(&self) -> Vec<Json> {
        let cluster = self.cluster();
        cluster.policies.after(None).map(|policy| api_response::full_record(&policy.record, cluster.release)).collect()
    }

    /// The oldest policy of this name, as in [`Simulator::policies`]. Two SVMs can have policies of one name.
    #[must_use]
    pub fn policy(&self, name: &str) -> Option<Json> {
        let cluster = self.cluster();
        cluster.policies.named(name).next().map(|policy| api_response::full_record(&policy.record, cluster.release))
    }

    /// Changes what the cluster consists of. No request sees a part of it: all of them wait until `edit` is done, which
    /// must therefore not ask this simulator for anything.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use ontap_ipsec_simulator::{Certificate, Simulator};
    ///
    /// let simulator = Simulator::builder().start().await?;
    /// simulator.change(|cluster| {
    ///     cluster.set_migrating("svm1", true)?;
    ///     cluster.add_certificate(&Certificate::new("ipsec"))
    /// })?;
    /// # Ok(()) }
    /// ```
    pub fn change<R>(&self, edit: impl FnOnce(&mut ClusterEdit<'_>) -> R) -> R {
        edit(&mut ClusterEdit(&mut self.cluster()))
    }

    /// The cluster, with all done that is due, as a request would find it.
    fn cluster(&self) -> MutexGuard<'_, Cluster> {
        self.shared.jobs.run_due();
        self.shared.cluster()
    }

    /// How the file fares that [`Builder::state_file`] named; `None` without one.
    #[must_use]
    pub fn state_file(&self) -> Option<StateFile> {
        self.shared.state_file.clone()
    }

    /// Lets something go wrong from now on, behind the faults that are set already.
    ///
    /// # Errors
    /// If the settings of the fault make no sense, as [`Fault::check`] has it.
    pub fn inject(&self, fault: Fault) -> Result<FaultId, InvalidFault> {
        self.shared.faults.add(fault)
    }

    /// Takes one fault away; `false` if it is not there any more. Requests that it has affected already go on as they would
    /// have.
    pub fn remove_fault(&self, fault: FaultId) -> bool {
        self.shared.faults.remove(fault)
    }

    /// Takes all faults away, and with them what [`Simulator::faults`] tells of them.
    pub fn clear_faults(&self) {
        self.shared.faults.clear();
    }

    /// The faults that were set, in the order in which they are tried, with how often each was applied.
    #[must_use]
    pub fn faults(&self) -> Vec<FaultReport> {
        self.shared.faults.reports()
    }

    /// The requests that wait for the approval of an administrator, or were decided and not made again, oldest first; see
    /// [`Fault::approval`].
    #[must_use]
    pub fn approvals(&self) -> Vec<Approval> {
        self.shared.approvals.all()
    }

    /// Grants the request of this number: the same call, made again, is executed. `false` if none of this number waits.
    pub fn approve(&self, index: u64) -> bool {
        self.shared.approvals.decide(index, true)
    }

    /// Refuses the request of this number: the same call, made again, is answered 403. `false` if none of this number
    /// waits.
    pub fn veto(&self, index: u64) -> bool {
        self.shared.approvals.decide(index, false)
    }

    /// Stops: no new connections, and two seconds for requests under way. When this returns, the port is free, and the
    /// state file has everything, or [`StateFile::error`] says why not.
    pub async fn shutdown(mut self) {
        self.stop.send_replace(true);
        // It ends without a result, and does not panic; there is nothing to learn from it.
        let _ = (&mut self.server).await;
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.server.abort();
        self.cluster().policies.close_journal();
    }
}

impl fmt::Debug for Simulator {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Simulator").field("url", &self.url).finish_non_exhaustive()
    }
}
