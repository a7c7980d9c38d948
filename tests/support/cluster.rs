//! A simulated cluster and a client of it.

use ontap_ipsec::{Client, Credentials};
use ontap_ipsec_simulator::{ClusterState, Simulator};

use super::PASSWORD;

/// Starts a simulator of this cluster, with a client that trusts it and may sign in.
pub(crate) async fn start(state: ClusterState) -> (Simulator, Client) {
    super::watch::over_traces();
    let simulator = Simulator::builder().user("admin", PASSWORD).cluster(state).start().await.unwrap();
    let client = Client::builder(simulator.url())
        .credentials(Credentials::basic("admin", PASSWORD))
        .ca_certificate(simulator.ca_pem().unwrap())
        .build()
        .unwrap();
    (simulator, client)
}
