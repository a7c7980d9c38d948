//! SVMs and their IPspaces.

use serde::Deserialize;
use uuid::{Uuid, uuid};

/// The IPspace that every cluster has.
pub(crate) const DEFAULT_IPSPACE: &str = "Default";

/// The UUID of `Default`, the same in every simulator, and not that of a real cluster.
const DEFAULT_IPSPACE_UUID: Uuid = uuid!("3f8a1d04-86d1-11e0-ae1c-123478563412");

/// An SVM of the simulated cluster.
///
/// Only data SVMs can have IPsec policies. A policy for another SVM is 66257117, or 66257396 for the admin SVM in
/// MetroCluster.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Svm {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) uuid: Option<Uuid>,
    #[serde(default)]
    pub(crate) kind: SvmKind,
    #[serde(default = "default_ipspace")]
    pub(crate) ipspace: String,
    #[serde(default)]
    pub(crate) migrating: bool,
}

/// The kind of an SVM.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SvmKind {
    /// An SVM that serves data.
    #[default]
    Data,
    /// The admin SVM of the cluster.
    Admin,
    /// The SVM of a node.
    Node,
}

impl Svm {
    /// Describes a data SVM in the IPspace `Default`.
    #[must_use]
    pub fn data(name: impl Into<String>) -> Self {
        Self { name: name.into(), uuid: None, kind: SvmKind::Data, ipspace: default_ipspace(), migrating: false }
    }

    /// Describes the admin SVM.
    #[must_use]
    pub fn admin(name: impl Into<String>) -> Self {
        Self { kind: SvmKind::Admin, ..Self::data(name) }
    }

    /// The SVM of a node.
    #[must_use]
    pub fn node(name: impl Into<String>) -> Self {
        Self { kind: SvmKind::Node, ..Self::data(name) }
    }

    /// Sets the UUID. The default is computed from the name, and is the same in every simulator.
    #[must_use]
    pub fn with_uuid(mut self, uuid: Uuid) -> Self {
        self.uuid = Some(uuid);
        self
    }

    /// Sets the IPspace, which the cluster must have. The default is `Default`.
    #[must_use]
    pub fn in_ipspace(mut self, name: impl Into<String>) -> Self {
        self.ipspace = name.into();
        self
    }

    /// Makes the SVM migrate to another cluster; the default is not migrating. The policies of the SVM then cannot be
    /// created or changed (66257142).
    #[must_use]
    pub fn migrating(mut self) -> Self {
        self.migrating = true;
        self
    }

    pub(crate) fn uuid(&self) -> Uuid {
        self.uuid.unwrap_or_else(|| super::made_up_uuid("svm", &self.name))
    }
}

/// An IPspace of the simulated cluster. `Default` always exists.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ipspace {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) uuid: Option<Uuid>,
}

impl Ipspace {
    /// Describes an IPspace with this name.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), uuid: None }
    }

    /// Sets the UUID. The default is computed from the name, and is the same in every simulator.
    #[must_use]
    pub fn with_uuid(mut self, uuid: Uuid) -> Self {
        self.uuid = Some(uuid);
        self
    }

    pub(crate) fn uuid(&self) -> Uuid {
        self.uuid.unwrap_or_else(|| match self.name.as_str() {
            DEFAULT_IPSPACE => DEFAULT_IPSPACE_UUID,
            name => super::made_up_uuid("ipspace", name),
        })
    }
}

fn default_ipspace() -> String {
    DEFAULT_IPSPACE.to_owned()
}
