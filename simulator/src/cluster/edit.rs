//! Changes to the cluster while it runs.

use crate::{
    cluster::{self, Cluster},
    fields,
    state::{Certificate, Release, StateError, Svm},
};

/// The cluster of a running simulator, as [`Simulator::change`](crate::Simulator::change) passes it to a closure.
///
/// Nothing can be removed or renamed, because policies may refer to it.
#[derive(Debug)]
pub struct ClusterEdit<'a>(pub(crate) &'a mut Cluster);

impl ClusterEdit<'_> {
    /// Starts or ends the migration of an SVM to another cluster; see [`Svm::migrating`].
    ///
    /// # Errors
    /// Returns an error if no SVM has this name.
    pub fn set_migrating(&mut self, svm: &str, migrating: bool) -> Result<(), StateError> {
        let found = self.0.svms.iter_mut().find(|known| known.name == svm);
        let found =
            found.ok_or_else(|| StateError::new(format!("the cluster has no SVM {svm:?}; add the SVM first")))?;
        found.migrating = migrating;
        Ok(())
    }

    /// Switches IPsec on or off; see [`ClusterState::ipsec_disabled`](crate::ClusterState::ipsec_disabled).
    pub fn set_ipsec_enabled(&mut self, enabled: bool) {
        let mut config = self.0.config.clone();
        config.set(fields::ENABLED, enabled.to_string());
        self.0.configure(config);
    }

    /// Sets the effective release of the cluster; see
    /// [`ClusterState::effective_release`](crate::ClusterState::effective_release).
    pub fn set_effective_release(&mut self, release: Release) {
        self.0.effective_release = release;
    }

    /// Sets the limit of policies for each SVM; `None` means no limit. Existing policies stay.
    pub fn set_policies_per_svm(&mut self, limit: Option<usize>) {
        self.0.policies_per_svm = limit.unwrap_or(usize::MAX);
    }

    /// Sets the limit of policies for the cluster; `None` means no limit. Existing policies stay.
    pub fn set_policies_per_cluster(&mut self, limit: Option<usize>) {
        self.0.policies_per_cluster = limit.unwrap_or(usize::MAX);
    }

    /// Adds an SVM.
    ///
    /// # Errors
    /// Returns an error if the name or UUID is already in use, or if the IPspace does not exist.
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
    /// Returns an error if the name or UUID is already in use, or if the SVM does not exist.
    pub fn add_certificate(&mut self, certificate: &Certificate) -> Result<(), StateError> {
        let certificate = cluster::certificate(&self.0.svms, certificate)?;
        self.0.certificates.push(certificate);
        cluster::check_certificates(&self.0.certificates).inspect_err(|_| {
            self.0.certificates.pop();
        })
    }
}
