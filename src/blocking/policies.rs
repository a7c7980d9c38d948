//! The policies of a cluster, and what can be done with them.

use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::handle::handle;
use super::list::List;
use crate::client::{Applied, AppliedAll, Page, Plan, PlannedAll};
use crate::error::Result;
use crate::model::policy::PolicyScope;
use crate::model::types::{IpsecPolicy, IpsecPolicyCreate, IpsecPolicyModify, SecurityAssociation};

handle! {
    /// The IPsec policies of a cluster and of its SVMs, as the async [`Policies`](crate::Policies) has them.
    Policies {
        create(policy: &IpsecPolicyCreate) -> Uuid;
        get(uuid: Uuid) -> IpsecPolicy;
        modify(uuid: Uuid, changes: &IpsecPolicyModify) -> ();
        delete(uuid: Uuid) -> ();
        established(uuid: Uuid, deadline: Duration) -> SecurityAssociation;
        apply(description: &IpsecPolicyCreate) -> Applied;
        plan(description: &IpsecPolicyCreate) -> Plan;
        apply_all(descriptions: &[IpsecPolicyCreate]) -> AppliedAll;
        plan_all(descriptions: &[IpsecPolicyCreate]) -> PlannedAll;
        next_page(page: &Page) -> Option<Page>;
    }
}

impl Policies {
    /// Starts a list of policies. See [`Policies::list`](crate::Policies::list).
    pub fn list(&self) -> List {
        List { driver: Arc::clone(&self.driver), list: self.handle.list() }
    }

    /// Finds the policy of this name. See [`Policies::find`](crate::Policies::find).
    ///
    /// # Errors
    /// Returns the errors of the async method.
    pub fn find(&self, scope: impl Into<PolicyScope>, name: impl Into<String>) -> Result<Option<IpsecPolicy>> {
        self.driver.wait(self.handle.find(scope, name))
    }
}
