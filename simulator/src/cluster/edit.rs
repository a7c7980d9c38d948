//! Changes to what the cluster consists of, while it runs.

use crate::{
    cluster::{self, Cluster},
    fields,
    state::{Certificate, Release, StateError, Svm},
};

/// The cluster of a running simulator, in the hands of [`Simulator::change`](crate::Simulator::change).
///
/// It changes only things that change on a cluster while clients talk to it. Nothing is taken away or renamed, for policies
/// may refer to it.
#[derive(Debug)]
pub struct ClusterEdit<'a>(pub(crate) &'a mut Cluster);

impl ClusterEdit<'_> {
    /// Sends the SVM on its way to another cluster, or lets it arrive; see [`Svm::migrating`].
    ///
    /// # Errors
    /// If there is no such SVM.
    pub fn set_migrating(&mut self, svm: &str, migrating: bool) -> Result<(), StateError> {
        let found = self.0.svms.iter_mut().find(|known| known.name == svm);
        let found = found.ok_or_else(|| StateError::new(format!("there is no SVM {svm}")))?;
        found.migrating = migrating;
        Ok(())
    }

    /// Switches IPsec on or off; see [`ClusterState::ipsec_disabled`](crate::ClusterState::ipsec_disabled).
    pub fn set_ipsec_enabled(&mut self, enabled: bool) {
        let mut config = self.0.config.clone();
        config.set(fields::ENABLED, enabled.to_string());
        self.0.configure(config);
    }

    /// Sets the release that the cluster as a whole has reached, see
    /// [`ClusterState::effective_release`](crate::ClusterState::effective_release).
    pub fn set_effective_release(&mut self, release: Release) {
        self.0.effective_release = release;
    }

    /// Sets how many policies each SVM takes, any number with `None`. Policies beyond that stay.
    pub fn set_policies_per_svm(&mut self, limit: Option<usize>) {
        self.0.policies_per_svm = limit.unwrap_or(usize::MAX);
    }

    /// Sets how many policies the cluster takes, any number with `None`. Policies beyond that stay.
    pub fn set_policies_per_cluster(&mut self, limit: Option<usize>) {
        self.0.policies_per_cluster = limit.unwrap_or(usize::MAX);
    }

    /// Adds an SVM.
    ///
    /// # Errors
    /// If the name or UUID is taken, or if the IPspace does not exist.
    pub fn add_svm(&mut self, svm: &Svm) -> Result<(), StateError> {
        let svm = cluster::svm(&self.0.ipspaces, svm)?;
        self.0.svms.push(svm);
        cluster::check_svms(&self.0.svms).inspect_err(|_| {
            self.0.svms.pop();
        })
    }

    /// Adds a certificate.
    ///
    /// # Errors
    /// If the name or UUID is taken, or if the SVM does not exist.
    pub fn add_certificate(&mut self, certificate: &Certificate) -> Result<(), StateError> {
        let certificate = cluster::certificate(&self.0.svms, certificate)?;
        self.0.certificates.push(certificate);
        cluster::check_certificates(&self.0.certificates).inspect_err(|_| {
            self.0.certificates.pop();
        })
    }
}
