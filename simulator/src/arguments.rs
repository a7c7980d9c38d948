//! The arguments of the program.

use std::{net::SocketAddr, path::PathBuf};

use clap::Parser;
use uuid::Uuid;

/// An in-memory look-alike of the ONTAP 9.15.1 REST API for IPsec.
///
/// The first line of the output says where the simulator listens; a page for browsers is there, too. The simulator runs
/// until it is interrupted. Without a state file, its policies are then lost.
#[derive(Parser)]
#[command(version)]
pub(crate) struct Arguments {
    /// Address and port to listen at; port 0 stands for any free port
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    pub(crate) listen: SocketAddr,

    /// Serve HTTP without TLS
    #[arg(long)]
    pub(crate) plain_http: bool,

    /// Name of the account that may sign in
    #[arg(long, value_name = "NAME", default_value = "admin")]
    pub(crate) user: String,

    /// Password of the account; other users of the host can see it here, but not in the environment
    #[arg(long, env = "ONTAP_SIMULATOR_PASSWORD", hide_env_values = true, default_value = "netapp1!")]
    pub(crate) password: String,

    /// TOML file that describes the cluster: SVMs, IPspaces, certificates, limits, release, policies, faults
    #[arg(long, value_name = "FILE", conflicts_with_all = ["svm", "policies"])]
    pub(crate) cluster: Option<PathBuf>,

    /// A data SVM of the cluster, instead of --cluster; can be repeated. Without any, there is svm1
    #[arg(long, value_name = "NAME=UUID", value_parser = svm)]
    pub(crate) svm: Vec<(String, Uuid)>,

    /// Number of made-up policies to start with, instead of --cluster
    #[arg(long, value_name = "N")]
    pub(crate) policies: Option<u32>,

    /// Keep the policies in this file over restarts, without their keys: a line for each change, before its response. If
    /// the file is not empty, the cluster has just its policies. A crash of the machine, not of the program, can lose the last
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,

    /// Write the certificate of the authority to trust to this file, in PEM
    #[arg(long, value_name = "FILE", conflicts_with = "plain_http")]
    pub(crate) ca_out: Option<PathBuf>,

    /// Serve nothing: print the documented error codes and how to trigger each, as JSON
    #[arg(long)]
    pub(crate) error_codes: bool,
}

/// Reads `name=uuid`.
fn svm(text: &str) -> Result<(String, Uuid), String> {
    match text.split_once('=') {
        Some((name, uuid)) if !name.is_empty() => match Uuid::try_parse(uuid) {
            Ok(uuid) => Ok((name.to_owned(), uuid)),
            Err(_) => Err(format!("{uuid} is no UUID")),
        },
        _ => Err("it has to be NAME=UUID".to_owned()),
    }
}
