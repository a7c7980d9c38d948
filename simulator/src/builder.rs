//! Settings and start of a simulator.

use std::{
    error::Error,
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, Weak},
};

use tokio::sync::watch;
use uuid::{Uuid, uuid};

use crate::{
    Simulator,
    api_service::ApiService,
    approvals::Approvals,
    auth::{Account, SignIn},
    body::{self, KnownFields, Purpose},
    cluster::Cluster,
    faults::{CertificateFault, Fault, Faults, InvalidFault},
    jobs::Jobs,
    made_up,
    recording::{Recorder, Recording},
    resources::POLICY,
    results::Results,
    routes, rules, server,
    shared::Shared,
    state::{ClusterState, StateError, Svm},
    state_file::StateLog,
    tls,
    tokens::{InvalidToken, Token, Tokens},
};

/// The name and UUID of the default SVM.
const DEFAULT_SVM: (&str, Uuid) = ("svm1", uuid!("02c9e252-41be-11e9-81d5-00a0986138f7"));

/// The settings of a simulator before its start. [`Simulator::builder`] returns the defaults.
///
/// `Debug` shows neither the password nor the tokens.
#[derive(Clone, Debug)]
#[must_use = "the simulator runs only after start()"]
pub struct Builder {
    account: Account,
    state: ClusterState,
    https: bool,
    listen: SocketAddr,
    recording: Recording,
    state_file: Option<PathBuf>,
    ask_clients: bool,
    client_authorities: Vec<String>,
}

impl Builder {
    pub(crate) fn new() -> Self {
        Self {
            account: Account { name: "admin".to_owned(), password: "netapp1!".to_owned() },
            state: ClusterState::default(),
            https: true,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            recording: Recording::default(),
            state_file: None,
            ask_clients: false,
            client_authorities: Vec::new(),
        }
    }

    /// Sets the only account. The default is `admin` with the password `netapp1!`.
    pub fn user(mut self, name: impl Into<String>, password: impl Into<String>) -> Self {
        self.account = Account { name: name.into(), password: password.into() };
        self
    }

    /// Accepts this bearer token, too. A token from a text has no limit. Tokens need release 9.14 or later. See also
    /// [`Simulator::issue_token`].
    pub fn token(mut self, token: impl Into<Token>) -> Self {
        self.state = self.state.token(token);
        self
    }

    /// Accepts client certificates instead of a password. The common name has to be the name of the account. Clients
    /// need not show a certificate. A certificate from an unknown CA ends the handshake. The simulator trusts its own
    /// CA ([`Simulator::client_identity_pem`]) and those of [`Builder::client_certificate_authority`].
    pub fn client_certificates(mut self) -> Self {
        self.ask_clients = true;
        self
    }

    /// Does the same as [`Builder::client_certificates`], and also trusts the CA certificates in this PEM.
    pub fn client_certificate_authority(mut self, pem: impl Into<String>) -> Self {
        self.client_authorities.push(pem.into());
        self.client_certificates()
    }

    /// Serves HTTPS with a server certificate that clients have to refuse.
    pub fn certificate_fault(mut self, fault: CertificateFault) -> Self {
        self.state.certificate_fault = Some(fault);
        self
    }

    /// Sets the cluster: SVMs, IPspaces, certificates, limits, release, policies, faults and tokens. Earlier calls for
    /// these settings have no effect any more.
    pub fn cluster(mut self, state: ClusterState) -> Self {
        self.state = state;
        self
    }

    /// Adds a data SVM. The default is one SVM, `svm1`, with the UUID `02c9e252-41be-11e9-81d5-00a0986138f7`.
    pub fn svm(mut self, name: impl Into<String>, uuid: Uuid) -> Self {
        self.state = self.state.svm(Svm::data(name).with_uuid(uuid));
        self
    }

    /// Adds this many generated policies at the start; see [`ClusterState::made_up_policies`].
    pub fn policies(mut self, count: u32) -> Self {
        self.state = self.state.made_up_policies(count);
        self
    }

    /// Serves plain HTTP. ONTAP itself always uses TLS.
    pub fn plain_http(mut self) -> Self {
        self.https = false;
        self
    }

    /// Listens on this address. Port 0 selects a free port. The default is a free port of 127.0.0.1.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = address;
        self
    }

    /// Sets how many requests the simulator keeps, and in which form. [`Simulator::requests`] and the page at `/` show
    /// these requests. The default is the last 10,000, with secrets.
    pub fn recording(mut self, recording: Recording) -> Self {
        self.recording = recording;
        self
    }

    /// Keeps the policies in this file over restarts. If the file has content, the cluster starts with exactly its
    /// policies; those of [`Builder::cluster`] and [`Builder::policies`] are ignored. If the file does not exist, the
    /// simulator creates it. The file does not keep the configuration of IPsec and the trusted CA certificates.
    ///
    /// A crash of the machine can lose the last changes, because the operating system writes to the disk later. A
    /// killed process loses nothing. Each change becomes one line of JSON before the response is sent. The file has no
    /// keys, because the simulator does not keep keys.
    ///
    /// At each start, and after 10,000 changes, the simulator replaces the whole file; requests wait. The new file has
    /// one line for each policy. After a failed write, the simulator continues, and tries again at the next change
    /// ([`StateFile`](crate::StateFile)). The simulator follows symbolic links and keeps the mode of the file. A second
    /// file with the extension `.lock` keeps other simulators away; it is never deleted.
    pub fn state_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.state_file = Some(path.into());
        self
    }

    /// Adds a fault after the earlier ones. See also [`Simulator::inject`].
    pub fn fault(mut self, fault: Fault) -> Self {
        self.state = self.state.fault(fault);
        self
    }

    /// Starts the simulator as a task of the current Tokio runtime. The simulator accepts connections when this
    /// returns.
    ///
    /// # Errors
    /// Returns [`StartError::Listen`] if the address is not available. [`StartError::Cluster`], [`StartError::Fault`]
    /// and [`StartError::Token`] mean invalid settings. [`StartError::StateFile`] means a file that cannot be used, or
    /// policies that do not fit the cluster. [`StartError::Tls`] means that a certificate cannot be made or read.
    /// [`StartError::NeedsTls`] means plain HTTP with a setting of TLS.
    ///
    /// # Panics
    /// Panics outside of a Tokio runtime.
    pub async fn start(mut self) -> Result<Simulator, StartError> {
        if self.state.svms.is_empty() {
            self.state.svms.push(Svm::data(DEFAULT_SVM.0).with_uuid(DEFAULT_SVM.1));
        }
        let mut cluster = Cluster::new(&self.state)?;
        let cannot_keep = |path: &Path, reason| StartError::StateFile { path: path.to_owned(), reason };
        let (log, restored) = match &self.state_file {
            None => (None, false),
            Some(path) => {
                let (log, restored) = StateLog::open(path, &mut cluster).map_err(|reason| cannot_keep(path, reason))?;
                (Some(log), restored)
            }
        };
        if !restored {
            populate(&mut cluster, &self.state)?;
        }

        let cannot_listen = |source| StartError::Listen { address: self.listen, source };
        let listener = server::listen(self.listen).map_err(cannot_listen)?;
        let address = listener.local_addr().map_err(cannot_listen)?;
        let fault = cluster.certificate_fault;
        let tls = if self.https {
            let made = tls::make(address.ip(), fault, self.ask_clients, &self.client_authorities);
            Some(made.map_err(|source| StartError::Tls { source })?)
        } else if fault.is_some() || self.ask_clients {
            return Err(StartError::NeedsTls);
        } else {
            None
        };
        let (acceptor, authority) = tls.map(|tls| (tls.acceptor, Box::new(tls.authority))).unzip();

        let faults = Faults::default();
        for fault in self.state.faults {
            faults.add(fault)?;
        }
        let tokens = Tokens::default();
        for token in self.state.tokens {
            tokens.add(token)?;
        }
        let state_file = log.as_ref().map(StateLog::report);
        if let (Some(mut log), Some(path)) = (log, &self.state_file) {
            log.rewrite(&cluster.policies).map_err(|reason| cannot_keep(path, reason))?;
            cluster.policies.note_in(Box::new(log));
        }
        let scheme = if self.https { "https" } else { "http" };
        let url = format!("{scheme}://{}", reachable(address));
        let shared = Arc::new_cyclic(|itself| Shared {
            #[cfg(feature = "program")]
            url: url.clone(),
            sign_in: SignIn { account: self.account, tokens, release: cluster.release },
            release: cluster.release,
            cluster: Mutex::new(cluster),
            state_file,
            recording: Recorder::new(self.recording),
            jobs: Jobs::default(),
            approvals: Approvals::default(),
            results: Results::default(),
            itself: Weak::clone(itself),
            faults,
        });
        let (stop, stopped) = watch::channel(false);
        let service = ApiService::new(routes::router(Arc::clone(&shared)));
        let server = tokio::spawn(server::serve(listener, acceptor, service, stopped));
        Ok(Simulator { url, authority, shared, stop, server })
    }
}

/// Adds the first policies.
fn populate(cluster: &mut Cluster, state: &ClusterState) -> Result<(), StateError> {
    for (index, policy) in state.policies.iter().enumerate() {
        let uuid = Uuid::new_v4();
        let record = body::read_one(
            policy.0.to_string().as_bytes(),
            Purpose::Create,
            KnownFields { resource: &POLICY, release: cluster.release, ignore_unknown: false },
        )
        .and_then(|given| rules::create(cluster, uuid, &given))
        .map_err(|refusal| {
            let (number, code) = (index + 1, refusal.code);
            StateError::new(format!("policy number {number}: error {code}: {}", refusal.message))
        })?;
        cluster.policies.add(uuid, record);
    }
    let count = state.made_up_policies;
    made_up::add_policies(cluster, count).map_err(|refusal| {
        StateError::new(format!(
            "made_up_policies = {count} is too high or conflicts with other policies: {}",
            refusal.message
        ))
    })
}

/// Returns the address that clients on this host use for the server.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            SocketAddr::V4(_) => IpAddr::V4(Ipv4Addr::LOCALHOST),
            SocketAddr::V6(_) => IpAddr::V6(Ipv6Addr::LOCALHOST),
        });
    }
    address
}

/// The reason why a simulator did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address is in use, not of this host, or not allowed.
    #[error("cannot listen on {address}: {source}")]
    #[non_exhaustive]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The description of the cluster is invalid.
    #[error("the description of the cluster is invalid: {0}")]
    Cluster(#[from] StateError),
    /// The state file cannot be written, or its content cannot be used. The file is unchanged.
    #[error("the state file {} cannot be used: {reason}", path.display())]
    #[non_exhaustive]
    StateFile {
        /// The file.
        path: PathBuf,
        /// The problem.
        reason: String,
    },
    /// A fault is invalid.
    #[error(transparent)]
    Fault(#[from] InvalidFault),
    /// A token is invalid.
    #[error(transparent)]
    Token(#[from] InvalidToken),
    /// Plain HTTP excludes client certificates and faults of the server certificate.
    #[error("client certificates and certificate faults need TLS; remove the setting plain_http")]
    NeedsTls,
    /// A certificate for HTTPS cannot be made or read.
    #[error("cannot set up TLS: {source}")]
    #[non_exhaustive]
    Tls {
        /// The cause.
        source: Box<dyn Error + Send + Sync>,
    },
}
