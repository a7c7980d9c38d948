//! The command-line arguments.

use std::{net::SocketAddr, path::PathBuf};

use clap::Parser;
use uuid::Uuid;

/// Simulates NetApp ONTAP's REST API for IPsec in memory.
///
/// The first line of the output is `listening on` and the URL. A browser shows a page at this URL. The simulator runs
/// until Ctrl-C or SIGTERM. Without --state, the policies are then lost. The simulator is not made by NetApp, and was
/// not compared with a cluster.
#[derive(Parser)]
#[command(version)]
pub(crate) struct Arguments {
    /// Address and port to listen on; port 0 selects a free port
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    pub(crate) listen: SocketAddr,

    /// Serve plain HTTP without TLS
    #[arg(long)]
    pub(crate) plain_http: bool,

    /// User name that clients sign in with
    #[arg(long, value_name = "NAME", default_value = "admin")]
    pub(crate) user: String,

    /// Password that clients sign in with. Other users of the host can see the argument, but not the environment
    /// variable
    #[arg(long, env = "ONTAP_SIMULATOR_PASSWORD", hide_env_values = true, default_value = "netapp1!")]
    pub(crate) password: String,

    /// TOML file that describes the cluster: SVMs, IPspaces, certificates, limits, release, policies, faults
    #[arg(long, value_name = "FILE", conflicts_with_all = ["svm", "policies"])]
    pub(crate) cluster: Option<PathBuf>,

    /// A data SVM of the cluster; repeatable; excludes --cluster. Default: svm1
    #[arg(long, value_name = "NAME=UUID", value_parser = svm)]
    pub(crate) svm: Vec<(String, Uuid)>,

    /// Number of generated policies at the start; excludes --cluster
    #[arg(long, value_name = "N")]
    pub(crate) policies: Option<u32>,

    /// File that keeps the policies over restarts, without their keys. If the file has content, the cluster starts with
    /// exactly its policies. Each change is written before its response. A crash of the machine can lose the last
    /// changes; a killed program loses none
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,

    /// Write the CA certificate that clients have to trust to this file, in PEM
    #[arg(long, value_name = "FILE", conflicts_with = "plain_http")]
    pub(crate) ca_out: Option<PathBuf>,

    /// Print the documented error codes as JSON, with a way to trigger each, and exit
    #[arg(long)]
    pub(crate) error_codes: bool,
}

/// Reads `name=uuid`.
fn svm(text: &str) -> Result<(String, Uuid), String> {
    match text.split_once('=') {
        Some((name, uuid)) if !name.is_empty() => match Uuid::try_parse(uuid) {
            Ok(uuid) => Ok((name.to_owned(), uuid)),
            Err(_) => Err(format!("the UUID {uuid:?} is invalid; use the form 02c9e252-41be-11e9-81d5-00a0986138f7")),
        },
        _ => Err("the value must have the form NAME=UUID".to_owned()),
    }
}
