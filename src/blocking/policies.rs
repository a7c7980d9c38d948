//! The policies of a cluster, and what can be done with them.

use std::fmt;
use std::sync::Arc;

use uuid::Uuid;

use super::driver::Driver;
use super::list::List;
use crate::client::{self, Applied, Page, Plan};
use crate::error::Result;
use crate::model::policy::PolicyScope;
use crate::model::types::{IpsecPolicy, IpsecPolicyCreate, IpsecPolicyModify};

/// The IPsec policies of a cluster and of its SVMs, as the async [`Policies`](crate::Policies) has them.
#[derive(Clone)]
pub struct Policies {
    pub(super) policies: client::Policies,
    pub(super) driver: Arc<Driver>,
}

impl Policies {
    /// Starts a list of policies. See [`Policies::list`](crate::Policies::list).
    pub fn list(&self) -> List {
        List::new(&self.driver, self.policies.list())
    }

    /// Finds the policy of this name. See [`Policies::find`](crate::Policies::find).
    ///
    /// # Errors
    /// Those of the async method.
    pub fn find(&self, scope: impl Into<PolicyScope>, name: impl Into<String>) -> Result<Option<IpsecPolicy>> {
        self.driver.wait(self.policies.find(scope, name))
    }
}

/// The methods whose arguments the futures do not borrow.
macro_rules! calls {
    ($($method:ident($($argument:ident: $of:ty),*) -> $gives:ty;)*) => {
        impl Policies {$(
            #[doc = concat!("See [`Policies::", stringify!($method), "`](crate::Policies::", stringify!($method), ").")]
            ///
            /// # Errors
            /// Those of the async method.
            pub fn $method(&self, $($argument: $of),*) -> Result<$gives> {
                self.driver.wait(self.policies.$method($($argument),*))
            }
        )*}
    };
}

calls! {
    create(policy: &IpsecPolicyCreate) -> Uuid;
    get(uuid: Uuid) -> IpsecPolicy;
    modify(uuid: Uuid, changes: &IpsecPolicyModify) -> ();
    delete(uuid: Uuid) -> ();
    apply(description: &IpsecPolicyCreate) -> Applied;
    plan(description: &IpsecPolicyCreate) -> Plan;
    next_page(page: &Page) -> Option<Page>;
}

impl fmt::Debug for Policies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.policies.fmt(f)
    }
}
