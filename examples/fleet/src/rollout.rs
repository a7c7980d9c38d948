//! The policy brought to all clusters.

use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

use futures_util::{StreamExt as _, stream};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use ontap_ipsec::Applied;
use ontap_ipsec::types::IpsecPolicyCreate;

use crate::clusters::Cluster;

/// The number of clusters that are worked on at a time. Waiting costs no more than a socket each, and a cluster that does not
/// respond then keeps none of the others waiting. Most systems give a process 1,024 sockets.
pub(crate) const AT_ONCE: usize = 256;

/// The outcome on one cluster.
pub(crate) struct Report {
    pub(crate) cluster: String,
    pub(crate) outcome: Result<Applied, ontap_ipsec::Error>,
    pub(crate) took: Duration,
}

impl Report {
    pub(crate) fn succeeded(&self) -> bool {
        self.outcome.is_ok()
    }
}

/// Applies the policy to all clusters, and shows the progress. A failure on one cluster does not stop the others.
pub(crate) async fn apply(policy: &IpsecPolicyCreate, clusters: Vec<Cluster>) -> Vec<Report> {
    let bar = progress_bar(clusters.len());
    let apply = async |(index, Cluster { name, client }): (usize, Cluster)| {
        let started = Instant::now();
        let outcome = client.policies().apply(policy).await;
        (index, Report { cluster: name, outcome, took: started.elapsed() })
    };
    let mut finished = stream::iter(clusters).enumerate().map(apply).buffer_unordered(AT_ONCE);
    let mut reports = Vec::new();
    let mut failed = 0;
    while let Some((index, report)) = finished.next().await {
        failed += usize::from(!report.succeeded());
        bar.set_message(format!("{failed} failed"));
        bar.inc(1);
        reports.push((index, report));
    }
    bar.finish_and_clear();
    // In the order that was asked for, not that in which they came.
    reports.sort_by_key(|(index, _)| *index);
    reports.into_iter().map(|(_, report)| report).collect()
}

/// A bar on standard error; none where nobody watches, since a log would get its control characters.
fn progress_bar(clusters: usize) -> ProgressBar {
    let watched = std::io::stderr().is_terminal();
    let target = if watched { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(Some(clusters as u64), target);
    match ProgressStyle::with_template("{bar:40} {pos}/{len} clusters, {msg} ({elapsed})") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
