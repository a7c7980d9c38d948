//! SVMs, and the IPspaces that they are in.

use serde::Deserialize;
use uuid::{Uuid, uuid};

/// The IPspace that every cluster has.
pub(crate) const DEFAULT_IPSPACE: &str = "Default";

/// Its UUID: made up, and the same in every simulator.
const DEFAULT_IPSPACE_UUID: Uuid = uuid!("3f8a1d04-86d1-11e0-ae1c-123478563412");

/// An SVM of the simulated cluster.
///
/// Only data SVMs take IPsec policies (66257117 for the others, 66257396 for the admin SVM of a cluster in a
/// MetroCluster configuration).
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
    /// It serves data.
    #[default]
    Data,
    /// It stands for the cluster.
    Admin,
    /// It stands for one node.
    Node,
}

impl Svm {
    /// A data SVM in the IPspace `Default`.
    #[must_use]
    pub fn data(name: impl Into<String>) -> Self {
        Self { name: name.into(), uuid: None, kind: SvmKind::Data, ipspace: default_ipspace(), migrating: false }
    }

    /// The admin SVM.
    #[must_use]
    pub fn admin(name: impl Into<String>) -> Self {
        Self { kind: SvmKind::Admin, ..Self::data(name) }
    }

    /// The SVM of a node.
    #[must_use]
    pub fn node(name: impl Into<String>) -> Self {
        Self { kind: SvmKind::Node, ..Self::data(name) }
    }

    /// With this UUID. Without one, it is made from the name, and so the same in every simulator.
    #[must_use]
    pub fn with_uuid(mut self, uuid: Uuid) -> Self {
        self.uuid = Some(uuid);
        self
    }

    /// In this IPspace, which the cluster has to have.
    #[must_use]
    pub fn in_ipspace(mut self, name: impl Into<String>) -> Self {
        self.ipspace = name.into();
        self
    }

    /// On its way to another cluster: its policies can be neither made nor changed (66257142).
    #[must_use]
    pub fn migrating(mut self) -> Self {
        self.migrating = true;
        self
    }

    pub(crate) fn uuid(&self) -> Uuid {
        self.uuid.unwrap_or_else(|| super::made_up_uuid("svm", &self.name))
    }
}

/// An IPspace of the simulated cluster. `Default` is always there.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ipspace {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) uuid: Option<Uuid>,
}

impl Ipspace {
    /// An IPspace of this name.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), uuid: None }
    }

    /// With this UUID. Without one, it is made from the name, and so the same in every simulator.
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
