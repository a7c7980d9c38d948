//! Simulators for a demonstration.

use std::error::Error;
use std::mem;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use ontap_ipsec::types::IpsecPolicyCreate;
use ontap_ipsec::{Client, Credentials};
use ontap_ipsec_simulator::Simulator;
use tokio::net::TcpSocket;

use crate::clusters::Cluster;
use crate::rollout::AT_ONCE;

const PASSWORD: &str = "only for the simulators";

/// The state of a cluster before the policy is applied.
enum Before {
    Nothing,
    AsDescribed,
    OtherEndpoint,
    OtherPassword,
    Unreachable,
}

impl Before {
    /// Two fail. One in five has the policy, and one in five has another policy of that name.
    fn of(index: usize) -> Self {
        match index {
            17 => Self::OtherPassword,
            33 => Self::Unreachable,
            _ if index.is_multiple_of(5) => Self::AsDescribed,
            _ if index % 5 == 1 => Self::OtherEndpoint,
            _ => Self::Nothing,
        }
    }
}

/// Clusters that run until this is dropped.
pub(crate) struct Demonstration {
    clusters: Vec<Cluster>,
    _places: Vec<Place>,
}

enum Place {
    Simulator {
        _simulator: Simulator,
    },
    /// A port that is taken, and that no program listens on.
    Nobody {
        _port: TcpSocket,
    },
}

impl Demonstration {
    /// Starts so many clusters.
    pub(crate) async fn start(number: usize, policy: &IpsecPolicyCreate) -> Result<Self, Box<dyn Error>> {
        let places = (0..number).map(|index| Place::start(Before::of(index), policy));
        let started = stream::iter(places).buffered(AT_ONCE).try_collect::<Vec<_>>().await;
        let (clients, places): (Vec<_>, _) = started.map_err(explained)?.into_iter().unzip();
        let named = |(index, client)| Cluster { name: format!("cluster-{index:02}"), client };
        Ok(Self { clusters: clients.into_iter().enumerate().map(named).collect(), _places: places })
    }

    /// Gives the clusters away: a client that is dropped after its work keeps no connection open.
    pub(crate) fn take_clusters(&mut self) -> Vec<Cluster> {
        mem::take(&mut self.clusters)
    }
}

/// Says how to have more simulators, if the process has too few file descriptors for all of them.
fn explained(error: Box<dyn Error>) -> Box<dyn Error> {
    format!("the simulators did not start: {error}. Each needs two file descriptors; `ulimit -n` shows the limit")
        .into()
}

impl Place {
    async fn start(before: Before, policy: &IpsecPolicyCreate) -> Result<(Client, Self), Box<dyn Error>> {
        if let Before::Unreachable = before {
            let port = TcpSocket::new_v4()?;
            port.bind(([127, 0, 0, 1], 0).into())?;
            let url = format!("https://{}", port.local_addr()?);
            let client = Client::builder(url).credentials(Credentials::basic("admin", PASSWORD)).build()?;
            return Ok((client, Self::Nobody { _port: port }));
        }
        let password = if let Before::OtherPassword = before { "another one" } else { PASSWORD };
        let simulator = Simulator::builder().user("admin", password).start().await?;
        let client = Client::builder(simulator.url())
            .credentials(Credentials::basic("admin", PASSWORD))
            .ca_certificate(simulator.ca_pem().unwrap_or_default())
            .build()?;
        match before {
            Before::AsDescribed => drop(client.policies().create(policy).await?),
            Before::OtherEndpoint => {
                let other = policy.clone().with_remote("203.0.113.0/26")?;
                client.policies().create(&other).await?;
            }
            Before::Nothing | Before::OtherPassword | Before::Unreachable => {}
        }
        Ok((client, Self::Simulator { _simulator: simulator }))
    }
}
