//! The policies of a cluster, and what can be done with them.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use uuid::Uuid;

use super::apply::{self, Applied, Plan};
use super::apply_all::{self, AppliedAll, PlannedAll};
use super::page::{self, Page};
use super::{create, established, lookup, record};
use crate::error::Result;
use crate::error_code::Operation;
use crate::exchange::Exchange;
use crate::model::policy::PolicyScope;
use crate::model::types::{IpsecPolicy, IpsecPolicyCreate, IpsecPolicyModify, SecurityAssociation};
use crate::operations::{IpsecPolicyCollectionGet, Operations};

/// The IPsec policies of a cluster and of its SVMs. Made by [`Client::policies`](crate::Client::policies).
///
/// Its futures own what they need, so that they can be spawned and collected. For many policies, there is
/// [`apply_all`](Self::apply_all). For other calls on many, this is the recipe; the client runs no more requests at a time
/// than [`max_concurrent_requests`](crate::ClientBuilder::max_concurrent_requests):
///
/// ```
/// # async fn example(client: ontap_ipsec::Client, uuids: Vec<uuid::Uuid>) {
/// use futures_util::{StreamExt as _, stream};
///
/// tokio::spawn(async move {
///     let deleted = stream::iter(uuids).map(|uuid| client.policies().delete(uuid)).buffer_unordered(4);
///     deleted.for_each(|outcome| async move { println!("{outcome:?}") }).await;
/// });
/// # }
/// ```
///
/// A call fails with an [`Error`](crate::Error) whose [`code`](crate::Error::code) is ONTAP's; [`ErrorCode::operations`]
/// tells which codes are documented for which operation. [`RetryPolicy::deadline`](crate::RetryPolicy::deadline) limits
/// each call.
///
/// [`ErrorCode::operations`]: crate::ErrorCode::operations
#[derive(Clone, Debug)]
pub struct Policies {
    exchange: Exchange,
}

impl Policies {
    pub(super) fn new(exchange: &Exchange) -> Self {
        Self { exchange: exchange.clone() }
    }

    /// Starts a list of policies, with all their fields: set filters or other options, and end it with
    /// [`stream`](IpsecPolicyCollectionGet::stream), [`page`](IpsecPolicyCollectionGet::page),
    /// [`count`](IpsecPolicyCollectionGet::count) or [`first`](IpsecPolicyCollectionGet::first).
    ///
    /// ```
    /// # async fn example(client: ontap_ipsec::Client) -> Result<(), ontap_ipsec::Error> {
    /// let mut policies = client.policies().list().svm_name("svm1").enabled(true).stream();
    /// while let Some(policy) = policies.try_next().await? {
    ///     println!("{}", policy.name.unwrap_or_default());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// A string is taken literally; [`Filter`](crate::Filter) has ONTAP's operators.
    ///
    /// A page has as many records as ONTAP sends, 10,000 at most; `max_records` sets a lower number. A busy cluster sends
    /// empty pages: the list follows up to 100 of them in a row, with pauses.
    pub fn list(&self) -> IpsecPolicyCollectionGet {
        // Without `fields`, ONTAP returns names and UUIDs only.
        lookup::list(&self.exchange)
    }

    /// Reads the page after `page`, or nothing if that was the last.
    ///
    /// # Errors
    /// [`ErrorKind::UnexpectedResponse`](crate::ErrorKind::UnexpectedResponse) if the link to the page leads out of this
    /// cluster's API.
    pub fn next_page(&self, page: &Page) -> impl Future<Output = Result<Option<Page>>> + Send + use<> {
        page::next(&self.exchange, Operation::IpsecPolicyCollectionGet, page)
    }

    /// Creates a policy, and returns its UUID. Members that only ONTAP sets, such as the links in a reference, are left
    /// out.
    ///
    /// If the response is lost, `create` looks for a policy of that SVM and name. If no such policy exists, `create`
    /// sends the policy again, as far as the [`RetryPolicy`](crate::RetryPolicy) allows. If it exists, `create` returns
    /// the error of the lost response. The policy may have existed before, with another key, and ONTAP returns no key.
    /// The error's [`arguments`](crate::Error::arguments) have the policy's `uuid`. To be sure of the key, delete that
    /// policy, and create it again. [`apply`](Self::apply) looks before it creates, and has no such error.
    ///
    /// Some 2xx responses cannot be read, do not name the policy, or say that a job has begun. `create` then looks for the
    /// policy, and does not send it again. After status 201, a policy that is as described counts as created.
    ///
    /// A `create` is one request, and one more for each look. `create` does not check whether IPsec is on: a policy has
    /// no effect while IPsec is off ([`Config::enable`](crate::Config::enable)). [`established`](Self::established)
    /// checks that.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) if the policy breaks a documented limit or rule. A
    /// name has 1 to 64 characters, a key 18 to 128, a port is at most 65535, `psk` needs a key. Nothing is sent then;
    /// the error has ONTAP's code for the rule. [`ErrorCode::DuplicatePolicyName`](crate::ErrorCode::DuplicatePolicyName)
    /// if the SVM has a policy of that name. [`ErrorKind::ApprovalRequired`](crate::ErrorKind::ApprovalRequired) if
    /// multi-admin verification protects the operation; nothing is done then.
    pub fn create(&self, policy: &IpsecPolicyCreate) -> impl Future<Output = Result<Uuid>> + Send + use<> {
        let create = create::prepare(&self.exchange, policy);
        async move {
            let create = create?;
            let mut budget = create.exchange.budget();
            create::create(&create, &mut budget).await
        }
    }

    /// Reads a policy, with all its fields.
    ///
    /// # Errors
    /// Without such a policy, [`Error::is_not_found`](crate::Error::is_not_found) is true.
    pub fn get(&self, uuid: Uuid) -> impl Future<Output = Result<IpsecPolicy>> + Send + use<> {
        let exchange = self.exchange.clone();
        async move { record::policy(&exchange, uuid, &mut exchange.budget()).await }
    }

    /// Finds a policy by its name, in an SVM (by name or UUID) or, with [`PolicyScope::cluster`], among those of the
    /// cluster. Names are literal: operators in them have no effect. The IPspace of a scope is not compared, since not
    /// every cluster returns it.
    ///
    /// ```
    /// # async fn example(client: ontap_ipsec::Client) -> Result<(), ontap_ipsec::Error> {
    /// if let Some(policy) = client.policies().find("svm1", "nfs-to-hosts").await? {
    ///     println!("{:?}", policy.enabled);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If ONTAP refuses the query or does not answer, or if the cluster is too busy: `find` asks again for an empty list
    /// that took as long as `return_timeout` (15 s). No policy is no error.
    pub fn find(
        &self,
        scope: impl Into<PolicyScope>,
        name: impl Into<String>,
    ) -> Pin<Box<dyn Future<Output = Result<Option<IpsecPolicy>>> + Send>> {
        let (exchange, scope, name) = (self.exchange.clone(), scope.into(), name.into());
        Box::pin(async move {
            let mut budget = exchange.budget();
            lookup::policy(&exchange, scope.svm.as_ref(), &name, &mut budget).await
        })
    }

    /// Changes the given fields of a policy, and leaves the others as they are. Members that only ONTAP sets, such as an
    /// endpoint's family, are not sent. ONTAP also keeps the members of an endpoint that are left out. To cover any port,
    /// set port 0. No change makes an endpoint any address.
    ///
    /// A change of an enabled policy ends its security associations; NetApp recommends to disable it first. A certificate
    /// for a policy without `pki` has made ONTAP restart.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) if there is nothing to change, if an endpoint has
    /// no members, or if ONTAP takes a value in no policy. Without such a policy,
    /// [`Error::is_not_found`](crate::Error::is_not_found) is true.
    pub fn modify(&self, uuid: Uuid, changes: &IpsecPolicyModify) -> impl Future<Output = Result<()>> + Send + use<> {
        let modify = apply::prepare(&self.exchange, uuid, changes);
        async move {
            let modify = modify?;
            let mut budget = modify.exchange.budget();
            modify.send_within(&mut budget).await.map(drop)
        }
    }

    /// Deletes a policy. If a response was lost, a policy that is gone at the next attempt counts as deleted.
    ///
    /// # Errors
    /// Without such a policy, [`Error::is_not_found`](crate::Error::is_not_found) is true.
    pub fn delete(&self, uuid: Uuid) -> impl Future<Output = Result<()>> + Send + use<> {
        let delete = Operations::new(&self.exchange).ipsec_policy_delete(uuid);
        async move {
            let mut budget = delete.exchange.budget();
            record::gone(delete.send_within(&mut budget).await, &budget)
        }
    }

    /// Waits until a policy has a security association of IPsec, and returns one: a tunnel stands then.
    ///
    /// `established` looks at once, and then after pauses that grow from 1 to 15 s, until `deadline` is over. ONTAP makes
    /// an association when there is traffic that the policy covers.
    /// [`Client::with_deadline`](crate::Client::with_deadline) and [`RetryPolicy`](crate::RetryPolicy) limit each look. A
    /// cluster that does not respond is asked again; the last look may take 10 s beyond the deadline. After the deadline,
    /// `established` finds the cause with up to four more requests.
    ///
    /// ```
    /// # async fn example(client: ontap_ipsec::Client, uuid: uuid::Uuid) -> Result<(), ontap_ipsec::Error> {
    /// use std::time::Duration;
    ///
    /// let association = client.policies().established(uuid, Duration::from_secs(60)).await?;
    /// println!("{:?} to {:?}", association.local_address, association.remote_address);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::NotEstablished`](crate::ErrorKind::NotEstablished), with the cause in words. IPsec is off, the policy
    /// is disabled, IPsec lacks the CA certificate that the policy needs, or IKE has not ended. In the last case,
    /// [`Error::is_timeout`](crate::Error::is_timeout) is true. For a policy whose action protects nothing, `established`
    /// returns this error at once. [`Error::is_not_found`](crate::Error::is_not_found) is true if the policy does not
    /// exist.
    pub fn established(
        &self,
        uuid: Uuid,
        deadline: Duration,
    ) -> impl Future<Output = Result<SecurityAssociation>> + Send + use<> {
        let exchange = self.exchange.clone();
        async move { established::established(&exchange, uuid, deadline).await }
    }

    /// Brings a policy to the desired state: creates it, changes it or leaves it alone. `apply` is idempotent, also when
    /// others apply the same policy at the same time.
    ///
    /// The policy is found by its name in the SVM of the description; without an SVM, among those of the cluster.
    ///
    /// Fields that the description leaves out stay as they are. A given endpoint is described as a whole: without an
    /// address, any address; without a port, any port. To cover all traffic, give [`IpsecEndpoint::any`]. ONTAP cannot
    /// widen a policy to any address: delete the policy, and create it again. Before 9.15, ONTAP returns no action, and
    /// some clusters return no IPspace; these are then not compared.
    ///
    /// If somebody else creates or deletes the policy at the same time, `apply` starts again, three rounds at most.
    ///
    /// Values are compared in the form that ONTAP returns. Port `201` is `201-201`, protocol `6` is `tcp`, a dotted
    /// netmask is a prefix length, an IPv6 address is compressed.
    ///
    /// ONTAP returns no key. A policy with another key counts as unchanged, and [`Applied::key_not_compared`] says so. To
    /// change a key, delete the policy and create it again.
    ///
    /// ```
    /// # async fn example(client: ontap_ipsec::Client) -> Result<(), ontap_ipsec::Error> {
    /// use ontap_ipsec::types::IpsecPolicyCreate;
    /// use ontap_ipsec::Change;
    ///
    /// let policy = IpsecPolicyCreate::discard("telnet", "svm1");
    /// let applied = client.policies().apply(&policy).await?;
    /// match applied.change {
    ///     Change::Created => println!("{} is new", applied.uuid),
    ///     Change::Modified(fields) => println!("{} had other {fields:?}", applied.uuid),
    ///     _ => {}
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::FixedAtCreate`](crate::ErrorKind::FixedAtCreate) if a field differs that cannot be changed; nothing
    /// is changed then. [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) if the description has no name.
    /// All errors of [`create`](Self::create) and [`modify`](Self::modify).
    ///
    /// [`IpsecEndpoint::any`]: crate::types::IpsecEndpoint::any
    pub fn apply(&self, description: &IpsecPolicyCreate) -> impl Future<Output = Result<Applied>> + Send + use<> {
        let (exchange, description) = (self.exchange.clone(), description.clone());
        async move { apply::apply(&exchange, &description, None).await }
    }

    /// Returns what [`apply`](Self::apply) would do, and changes nothing.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) if the description has no name; if ONTAP refuses
    /// the query or does not answer.
    pub fn plan(&self, description: &IpsecPolicyCreate) -> impl Future<Output = Result<Plan>> + Send + use<> {
        let (exchange, description) = (self.exchange.clone(), description.clone());
        async move {
            let mut budget = exchange.budget();
            apply::plan(&exchange, &description, &mut budget).await
        }
    }

    /// Brings many policies to the desired state, as [`apply`](Self::apply) does for one. `apply_all` is idempotent.
    ///
    /// `apply_all` reads the policies of the named SVMs once, in pages, and writes only those that differ. At most
    /// [`max_concurrent_requests`](crate::ClientBuilder::max_concurrent_requests) are written at a time. One policy that
    /// fails does not stop the others. Policies that no description names are returned, and never deleted.
    ///
    /// [`Client::with_deadline`](crate::Client::with_deadline) limits the reading, and then each policy.
    ///
    /// ```
    /// # use ontap_ipsec::types::IpsecPolicyCreate;
    /// # async fn example(client: ontap_ipsec::Client) -> Result<(), ontap_ipsec::Error> {
    /// let policies = [IpsecPolicyCreate::discard("telnet", "svm1"), IpsecPolicyCreate::discard("telnet", "svm2")];
    /// let applied = client.policies().apply_all(&policies).await?;
    /// for (policy, outcome) in policies.iter().zip(applied.outcomes) {
    ///     println!("{:?}: {outcome:?}", policy.name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If the policies cannot be read; nothing is written then. Each outcome has the errors of [`apply`](Self::apply), and
    /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) if a policy is described twice, or for no possible SVM.
    pub fn apply_all(
        &self,
        descriptions: &[IpsecPolicyCreate],
    ) -> impl Future<Output = Result<AppliedAll>> + Send + use<> {
        let (exchange, descriptions) = (self.exchange.clone(), descriptions.to_vec());
        async move { apply_all::apply_all(&exchange, descriptions).await }
    }

    /// Returns what [`apply_all`](Self::apply_all) would do, and changes nothing.
    ///
    /// # Errors
    /// If the policies cannot be read. Each plan has the errors of [`plan`](Self::plan), and
    /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) if a policy is described twice, or for no possible SVM.
    pub fn plan_all(
        &self,
        descriptions: &[IpsecPolicyCreate],
    ) -> impl Future<Output = Result<PlannedAll>> + Send + use<> {
        let (exchange, descriptions) = (self.exchange.clone(), descriptions.to_vec());
        async move { apply_all::plan_all(&exchange, &descriptions).await }
    }
}
