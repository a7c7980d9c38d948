//! How a simulator is set up and started.

use std::{
    error::Error,
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::{Arc, Mutex},
};

use tokio::{net::TcpListener, sync::watch};
use uuid::{Uuid, uuid};

use crate::{
    Simulator,
    auth::Account,
    cluster::{Cluster, Svm},
    faults::{Fault, Faults, InvalidFault},
    front::Front,
    jobs::Jobs,
    recording::Recording,
    routes::{self, Shared},
    seed, server, tls,
};

/// The SVM that a cluster has when none was asked for.
const DEFAULT_SVM: (&str, Uuid) = ("svm1", uuid!("02c9e252-41be-11e9-81d5-00a0986138f7"));

/// The settings of a simulator that is not started yet. Comes from [`Simulator::builder`].
///
/// `Debug` does not show the password.
#[derive(Clone, Debug)]
#[must_use = "a simulator answers only after start()"]
pub struct Builder {
    account: Account,
    svms: Vec<Svm>,
    policies: u32,
    https: bool,
    listen: SocketAddr,
    recording: bool,
    faults: Vec<Fault>,
}

impl Builder {
    pub(crate) fn new() -> Self {
        Self {
            account: Account { name: "admin".to_owned(), password: "netapp1!".to_owned() },
            svms: Vec::new(),
            policies: 0,
            https: true,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            recording: true,
            faults: Vec::new(),
        }
    }

    /// Sets the one account that may sign in. By default, it is `admin` with the password `netapp1!`.
    pub fn user(mut self, name: impl Into<String>, password: impl Into<String>) -> Self {
        self.account = Account { name: name.into(), password: password.into() };
        self
    }

    /// Adds an SVM. Without any, there is `svm1` with the UUID `02c9e252-41be-11e9-81d5-00a0986138f7`.
    pub fn svm(mut self, name: impl Into<String>, uuid: Uuid) -> Self {
        self.svms.push(Svm { name: name.into(), uuid });
        self
    }

    /// Starts with this many made-up policies, `policy-0001` and so on, handed out to the SVMs in turn. They are the
    /// same in every simulator, UUIDs included.
    pub fn policies(mut self, count: u32) -> Self {
        self.policies = count;
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

    /// Whether requests are kept for [`Simulator::requests`]; they are by default. A simulator that runs for long
    /// should not, for nothing ever removes them.
    pub fn recording(mut self, on: bool) -> Self {
        self.recording = on;
        self
    }

    /// Adds something that goes wrong, behind what was added before. See also [`Simulator::inject`].
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// Starts the simulator as a task of the current Tokio runtime. Once this returns, it accepts connections.
    ///
    /// # Errors
    /// If the address cannot be listened at, if two SVMs have the same name or UUID, if a fault makes no sense, or if no
    /// certificate can be made.
    ///
    /// # Panics
    /// Outside of a Tokio runtime, as everything in Tokio does.
    pub async fn start(mut self) -> Result<Simulator, StartError> {
        if self.svms.is_empty() {
            self.svms.push(Svm { name: DEFAULT_SVM.0.to_owned(), uuid: DEFAULT_SVM.1 });
        }
        for (index, svm) in self.svms.iter().enumerate() {
            if self.svms[..index].iter().any(|other| other.name == svm.name || other.uuid == svm.uuid) {
                return Err(StartError::DuplicateSvm { name: svm.name.clone(), uuid: svm.uuid });
            }
        }
        let mut cluster = Cluster::new(self.svms);
        seed::plant(&mut cluster, self.policies);

        let cannot_listen = |source| StartError::Listen { address: self.listen, source };
        let listener = TcpListener::bind(self.listen).await.map_err(cannot_listen)?;
        let address = listener.local_addr().map_err(cannot_listen)?;
        let tls = if self.https {
            Some(tls::make(address.ip()).map_err(|error| StartError::Tls { source: Box::new(error) })?)
        } else {
            None
        };
        let (acceptor, ca_pem) = tls.map(|tls| (tls.acceptor, tls.ca_pem)).unzip();

        let faults = Faults::default();
        for fault in self.faults {
            faults.add(fault)?;
        }
        let shared = Arc::new(Shared {
            account: self.account,
            cluster: Mutex::new(cluster),
            recording: Recording::new(self.recording),
            jobs: Jobs::default(),
            faults,
        });
        let (stop, stopped) = watch::channel(false);
        let front = Front::new(routes::router(Arc::clone(&shared)));
        let server = tokio::spawn(server::serve(listener, acceptor, front, stopped));
        let scheme = if self.https { "https" } else { "http" };
        let url = format!("{scheme}://{}", reachable(address));
        Ok(Simulator { url, ca_pem, shared, stop, server })
    }
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
        /// What the operating system says.
        source: io::Error,
    },
    /// An SVM has the name or the UUID of an earlier one.
    #[error("the SVM {name} with the UUID {uuid} shares its name or UUID with another SVM")]
    #[non_exhaustive]
    DuplicateSvm {
        /// The name of the later one.
        name: String,
        /// The UUID of the later one.
        uuid: Uuid,
    },
    /// A fault makes no sense.
    #[error(transparent)]
    Fault(#[from] InvalidFault),
    /// No certificate could be made for HTTPS.
    #[error("cannot set up TLS: {source}")]
    #[non_exhaustive]
    Tls {
        /// What went wrong.
        source: Box<dyn Error + Send + Sync>,
    },
}
