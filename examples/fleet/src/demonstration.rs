//! Clusters for whoever has none at hand.

use std::error::Error;

use futures_util::future;
use ontap_ipsec::types::IpsecPolicyCreate;
use ontap_ipsec::{Client, Credentials};
use ontap_ipsec_simulator::Simulator;
use tokio::net::TcpSocket;

use crate::clusters::Cluster;

const CLUSTERS: usize = 50;
const PASSWORD: &str = "only for the simulators";

/// What a cluster is like before the policy comes.
enum Before {
    Nothing,
    AsDescribed,
    OtherEndpoint,
    OtherPassword,
    Unreachable,
}

impl Before {
    /// Two that fail, 10 that have the policy, 10 that have another one of its name, 28 without.
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

/// Clusters that are there as long as this is.
pub(crate) struct Demonstration(Vec<Site>);

struct Site {
    client: Client,
    /// What keeps the cluster, or its absence, in place.
    _place: Place,
}

enum Place {
    Simulator {
        _simulator: Simulator,
    },
    /// A port that is taken, and that nobody listens at.
    Nobody {
        _port: TcpSocket,
    },
}

impl Demonstration {
    pub(crate) async fn start(policy: &IpsecPolicyCreate) -> Result<Self, Box<dyn Error>> {
        let sites = (0..CLUSTERS).map(|index| Site::start(Before::of(index), policy));
        Ok(Self(future::try_join_all(sites).await?))
    }

    pub(crate) fn clusters(&self) -> Vec<Cluster> {
        let sites = self.0.iter().enumerate();
        sites
            .map(|(index, site)| Cluster { name: format!("cluster-{index:02}"), client: site.client.clone() })
            .collect()
    }
}

impl Site {
    async fn start(before: Before, policy: &IpsecPolicyCreate) -> Result<Self, Box<dyn Error>> {
        if let Before::Unreachable = before {
            let port = TcpSocket::new_v4()?;
            port.bind(([127, 0, 0, 1], 0).into())?;
            let url = format!("https://{}", port.local_addr()?);
            let client = Client::builder(url).credentials(Credentials::basic("admin", PASSWORD)).build()?;
            return Ok(Self { client, _place: Place::Nobody { _port: port } });
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
        Ok(Self { client, _place: Place::Simulator { _simulator: simulator } })
    }
}
