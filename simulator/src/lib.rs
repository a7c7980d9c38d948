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

/// A running simulator. Dropping the simulator stops it at once; [`Simulator::shutdown`] lets current requests end
/// first.
///
/// `Debug` shows the URL, and neither the password nor the requests.
pub struct Simulator {
    url: String,
    /// Boxed, because the authority is much larger than the other fields.
    authority: Option<Box<Authority>>,
    shared: Arc<shared::Shared>,
    stop: watch::Sender<bool>,
    server: JoinHandle<()>,
}

impl Simulator {
    /// Returns the settings of a new simulator, with their defaults.
    pub fn builder() -> Builder {
        Builder::new()
    }

    /// Returns the URL, such as `https://127.0.0.1:43210`, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the CA certificate that clients have to trust, in PEM; `None` with plain HTTP.
    ///
    /// Each simulator has its own CA. The server certificate is for 127.0.0.1, ::1, `localhost` and the address of
    /// [`Builder::listen`].
    #[must_use]
    pub fn ca_pem(&self) -> Option<&str> {
        self.authority.as_deref().map(Authority::pem)
    }

    /// Makes a client certificate for this user, for [`Builder::client_certificates`]. Returns the certificate and its
    /// key, in PEM. The certificate is valid for 397 days, and for this simulator only.
    ///
    /// The return value is a secret. Only a certificate for the account's name can sign in. Requests with another
    /// certificate are 403 with code 6.
    ///
    /// # Errors
    /// Returns [`StartError::NeedsTls`] with plain HTTP, and [`StartError::Tls`] if no certificate can be made.
    pub fn client_identity_pem(&self, user: &str) -> Result<String, StartError> {
        let authority = self.authority.as_ref().ok_or(StartError::NeedsTls)?;
        authority.client(user).map_err(|error| StartError::Tls { source: Box::new(error) })
    }

    /// Adds a bearer token. For a known token, its limits start again.
    ///
    /// # Errors
    /// Returns an error if the token has characters that a bearer token cannot have.
    pub fn issue_token(&self, token: impl Into<Token>) -> Result<(), InvalidToken> {
        self.shared.sign_in.tokens.add(token.into())
    }

    /// Removes a bearer token. Returns `false` if the token is unknown.
    pub fn revoke_token(&self, token: &str) -> bool {
        self.shared.sign_in.tokens.remove(token)
    }

    /// Writes [`Simulator::ca_pem`] into a file. The write is atomic, so a program that waits for the file never reads
    /// a part of it. A symbolic link is followed. A FIFO or `/dev/stdout` gets the text directly.
    ///
    /// # Errors
    /// Returns the errors of the operating system, and [`io::ErrorKind::NotFound`] with plain HTTP.
    pub fn write_ca_pem(&self, path: impl AsRef<Path>) -> io::Result<()> {
        let pem = self.ca_pem().ok_or(io::ErrorKind::NotFound)?;
        whole_file::write(path.as_ref(), &mut |out| out.write_all(pem.as_bytes()))
    }

    /// Returns the requests in the order of their arrival, refused ones included. Secrets are removed: credentials,
    /// keys, and bodies that are not JSON. [`Builder::recording`] sets how many requests are kept.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.shared.recording.redacted()
    }

    /// Returns the requests with passwords and keys, if [`Builder::recording`] keeps them.
    #[must_use]
    pub fn requests_with_secrets(&self) -> Vec<RecordedRequest> {
        self.shared.recording.whole()
    }

    /// Returns all policies, oldest first. The form is that of a GET with `fields=*` in plain JSON.
    #[must_use]
    pub fn policies(&self) -> Vec<Json> {
        let cluster = self.cluster();
        cluster.policies.after(None).map(|policy| api_response::full_record(&policy.record, cluster.release)).collect()
    }

    /// Returns the oldest policy with this name, in the form of [`Simulator::policies`]. Several SVMs can have a policy
    /// with the same name.
    #[must_use]
    pub fn policy(&self, name: &str) -> Option<Json> {
        let cluster = self.cluster();
        cluster.policies.named(name).next().map(|policy| api_response::full_record(&policy.record, cluster.release))
    }

    /// Changes the cluster while requests wait. `edit` must not call this simulator, because both would wait for each
    /// other.
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

    /// Returns the cluster after the work of all due jobs.
    fn cluster(&self) -> MutexGuard<'_, Cluster> {
        self.shared.jobs.run_due();
        self.shared.cluster()
    }

    /// Returns the state of the file of [`Builder::state_file`]; `None` without a file.
    #[must_use]
    pub fn state_file(&self) -> Option<StateFile> {
        self.shared.state_file.clone()
    }

    /// Adds a fault after the existing ones. The fault is active at once.
    ///
    /// # Errors
    /// Returns an error if [`Fault::check`] fails.
    pub fn inject(&self, fault: Fault) -> Result<FaultId, InvalidFault> {
        self.shared.faults.add(fault)
    }

    /// Removes one fault. Returns `false` if the fault does not exist. Requests that the fault already applies to are
    /// not changed.
    pub fn remove_fault(&self, fault: FaultId) -> bool {
        self.shared.faults.remove(fault)
    }

    /// Removes all faults and their counters.
    pub fn clear_faults(&self) {
        self.shared.faults.clear();
    }

    /// Returns the faults in the order in which they apply, with their counters.
    #[must_use]
    pub fn faults(&self) -> Vec<FaultReport> {
        self.shared.faults.reports()
    }

    /// Returns the requests that wait for an administrator or have a decision, oldest first. A decided request is
    /// removed when the client repeats it. See [`Fault::approval`].
    #[must_use]
    pub fn approvals(&self) -> Vec<Approval> {
        self.shared.approvals.all()
    }

    /// Approves the request with this number, so that the client can repeat the call. Returns `false` if no request
    /// with this number waits.
    pub fn approve(&self, index: u64) -> bool {
        self.shared.approvals.decide(index, true)
    }

    /// Refuses the request with this number: the repeated call is 403. Returns `false` if no request with this number
    /// waits.
    pub fn veto(&self, index: u64) -> bool {
        self.shared.approvals.decide(index, false)
    }

    /// Stops the simulator. Current requests have two seconds to end. When this returns, the port is free. The state
    /// file then has all changes, or [`StateFile::error`] says why not.
    pub async fn shutdown(mut self) {
        self.stop.send_replace(true);
        // The task returns nothing, and does not panic.
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
