//! How a simulator is set up and started.

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
    approvals::Approvals,
    auth::{Account, Admission},
    body::{self, KnownFields, Purpose},
    cluster::Cluster,
    faults::{CertificateFault, Fault, Faults, InvalidFault},
    front::Front,
    jobs::Jobs,
    recording::{Recorder, Recording},
    resources::POLICY,
    results::Results,
    routes, rules, seed, server,
    shared::Shared,
    state::{ClusterState, StateError, Svm},
    state_file::StateLog,
    tls,
    tokens::{InvalidToken, Token, Tokens},
};

/// The SVM that a cluster has when none was asked for.
const DEFAULT_SVM: (&str, Uuid) = ("svm1", uuid!("02c9e252-41be-11e9-81d5-00a0986138f7"));

/// The settings of a simulator that is not started yet. Comes from [`Simulator::builder`].
///
/// `Debug` shows neither the password nor the tokens.
#[derive(Clone, Debug)]
#[must_use = "a simulator answers only after start()"]
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

    /// Sets the one account that may sign in; `admin` with the password `netapp1!` unless set.
    pub fn user(mut self, name: impl Into<String>, password: impl Into<String>) -> Self {
        self.account = Account { name: name.into(), password: password.into() };
        self
    }

    /// Lets clients sign in with this bearer token, too. A plain text is a token without a limit. ONTAP takes tokens from
    /// release 9.14 on. See also [`Simulator::issue_token`].
    pub fn token(mut self, token: impl Into<Token>) -> Self {
        self.state = self.state.token(token);
        self
    }

    /// Lets clients sign in with a certificate instead of a password. The common name has to be the name of the account.
    /// The certificate is optional. It must be signed by the simulator's own authority
    /// ([`Simulator::client_identity_pem`]) or by one of [`Builder::client_certificate_authority`]; with others, the
    /// handshake fails.
    pub fn client_certificates(mut self) -> Self {
        self.ask_clients = true;
        self
    }

    /// Does the same as [`Builder::client_certificates`], and also trusts these authorities, in PEM.
    pub fn client_certificate_authority(mut self, pem: impl Into<String>) -> Self {
        self.client_authorities.push(pem.into());
        self.client_certificates()
    }

    /// Serves HTTPS with a certificate that clients have to refuse.
    pub fn certificate_fault(mut self, fault: CertificateFault) -> Self {
        self.state.certificate_fault = Some(fault);
        self
    }

    /// Sets what the cluster consists of: SVMs, IPspaces, certificates, limits, the release, policies, faults and tokens.
    /// Replaces what was set of these before.
    pub fn cluster(mut self, state: ClusterState) -> Self {
        self.state = state;
        self
    }

    /// Adds a data SVM. Without any SVM, there is `svm1` with the UUID `02c9e252-41be-11e9-81d5-00a0986138f7`.
    pub fn svm(mut self, name: impl Into<String>, uuid: Uuid) -> Self {
        self.state = self.state.svm(Svm::data(name).with_uuid(uuid));
        self
    }

    /// Starts with this many made-up policies; see [`ClusterState::made_up_policies`].
    pub fn policies(mut self, count: u32) -> Self {
        self.state = self.state.made_up_policies(count);
        self
    }

    /// Serves HTTP without TLS, which ONTAP itself never does.
    pub fn plain_http(mut self) -> Self {
        self.https = false;
        self
    }

    /// Listens at this address instead of at a free port of 127.0.0.1. Port 0 stands for any free port.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = address;
        self
    }

    /// Sets how many requests [`Simulator::requests`] and the page at `/` show, and in which form; the last 10,000, as
    /// sent, unless set.
    pub fn recording(mut self, recording: Recording) -> Self {
        self.recording = recording;
        self
    }

    /// Keeps the policies in this file over restarts. If it is there, they are read from it, and none of those that
    /// [`Builder::cluster`] and [`Builder::policies`] describe are added; if not, it is made. The configuration of IPsec and
    /// its CA certificates are not kept: they begin as the cluster is described.
    ///
    /// The file has a line of JSON for each change, appended before the request is answered: a killed process loses
    /// nothing. The system writes it to the disk later, so that a crash of the machine can lose the last changes. Keys are
    /// not in the file, for the simulator does not keep them.
    ///
    /// At each start, and after 10,000 changes, the file is replaced as a whole, with one line for each policy; requests
    /// wait meanwhile. After a failed write, the simulator goes on, and tries again at the next change
    /// ([`StateFile`](crate::StateFile)). Symbolic links are followed, and the file's mode is kept. A file with `.lock`
    /// behind the name keeps other simulators away, and stays.
    pub fn state_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.state_file = Some(path.into());
        self
    }

    /// Adds something that goes wrong, behind what was added before. See also [`Simulator::inject`].
    pub fn fault(mut self, fault: Fault) -> Self {
        self.state = self.state.fault(fault);
        self
    }

    /// Starts the simulator as a task of the current Tokio runtime. Once this returns, it accepts connections.
    ///
    /// # Errors
    /// If the simulator cannot listen at the address. If the cluster, a fault or a token is impossible. If the state file
    /// cannot be used, or holds policies that the cluster cannot have. If no certificate can be made or read. If plain
    /// HTTP is set together with a setting of TLS.
    ///
    /// # Panics
    /// Outside of a Tokio runtime, as everything in Tokio does.
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
        let shared = Arc::new_cyclic(|itself| Shared {
            admission: Admission { account: self.account, tokens, release: cluster.release },
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
        let front = Front::new(routes::router(Arc::clone(&shared)));
        let server = tokio::spawn(server::serve(listener, acceptor, front, stopped));
        let scheme = if self.https { "https" } else { "http" };
        let url = format!("{scheme}://{}", reachable(address));
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
    seed::plant(cluster, count)
        .map_err(|refusal| StateError::new(format!("{count} made-up policies cannot be made: {}", refusal.message)))
}

/// Where clients on this host find a server that listens at this address.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            SocketAddr::V4(_) => IpAddr::V4(Ipv4Addr::LOCALHOST),
            SocketAddr::V6(_) => IpAddr::V6(Ipv6Addr::LOCALHOST),
        });
    }
    address
}

/// Why a simulator did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address cannot be listened at: it is in use, not of this host, or not allowed.
    #[error("cannot listen at {address}: {source}")]
    #[non_exhaustive]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The cluster cannot be as it was described.
    #[error("the cluster cannot be as described: {0}")]
    Cluster(#[from] StateError),
    /// The policies cannot be kept in the file, or those in it cannot be read. The file is as it was.
    #[error("the state file {}: {reason}", path.display())]
    #[non_exhaustive]
    StateFile {
        /// The file.
        path: PathBuf,
        /// The problem.
        reason: String,
    },
    /// A fault makes no sense.
    #[error(transparent)]
    Fault(#[from] InvalidFault),
    /// No client could send a token.
    #[error(transparent)]
    Token(#[from] InvalidToken),
    /// Plain HTTP was asked for, and also a fault of the certificate or certificates of clients.
    #[error("certificates of the server and of clients need TLS, which is turned off")]
    NeedsTls,
    /// No certificate could be made for HTTPS.
    #[error("cannot set up TLS: {source}")]
    #[non_exhaustive]
    Tls {
        /// What went wrong.
        source: Box<dyn Error + Send + Sync>,
    },
}
