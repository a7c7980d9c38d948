//! The client that most callers want.

use std::fmt;

use progenitor_client::ClientInfo as _;
use uuid::Uuid;

use crate::ClientBuilder;
use crate::bindings::{self, ResponseValue, builder, types};
use crate::error::{Error, ErrorKind, Result};
use crate::error_code::Operation;
use crate::itinerary::Itinerary;
use crate::lookup;
use crate::pages::{self, Page};
use crate::policies::Policies;
use crate::requests::RequestBody as _;

/// The IPsec policies of one cluster. Cheap to clone; clones share their connections.
///
/// Its methods fail with an [`Error`] whose [`code`](Error::code) is ONTAP's; [`ErrorCode::operations`] tells which
/// codes are documented for which of them.
///
/// [`ErrorCode::operations`]: crate::ErrorCode::operations
#[derive(Clone)]
pub struct Client {
    bindings: bindings::Client,
}

impl Client {
    /// Starts to set up a client for the cluster at `url`, `https://host` or `https://host:port`: the cluster's
    /// management address, or that of an SVM.
    ///
    /// ```
    /// use ontap_ipsec::{Client, Credentials};
    ///
    /// let client = Client::builder("https://cluster.example.com")
    ///     .credentials(Credentials::basic("admin", "the password"))
    ///     .build()?;
    /// # Ok::<(), ontap_ipsec::Error>(())
    /// ```
    pub fn builder(url: impl Into<String>) -> ClientBuilder {
        ClientBuilder::new(url.into())
    }

    /// A client as environment variables say, `ONTAP_URL` and others: [`ClientBuilder::from_env`] lists them, and gives
    /// a builder for what they do not say.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`], with a message that names the variable at fault.
    pub fn from_env() -> Result<Self> {
        ClientBuilder::from_env()?.build()
    }

    pub(crate) fn from_bindings(bindings: bindings::Client) -> Self {
        Self { bindings }
    }

    /// The generated client, for all that the API has. It shares connections, credentials and hooks with this one.
    #[must_use]
    pub fn bindings(&self) -> &bindings::Client {
        &self.bindings
    }

    /// Reads a policy, with all its fields.
    ///
    /// # Errors
    /// One for which [`Error::is_not_found`] holds if there is no such policy.
    pub async fn get(&self, uuid: Uuid) -> Result<types::IpsecPolicy> {
        let operation = Operation::IpsecPolicyGet;
        let answer = sent(operation, self.bindings.ipsec_policy_get().uuid(uuid).send().await)?;
        // It is in every record; an answer without it is somebody else's.
        if answer.uuid.is_none() {
            let error = Error::new(ErrorKind::UnexpectedAnswer, "the answer holds no policy");
            return Err(error.during(operation).of_success(&answer));
        }
        Ok(answer.into_inner())
    }

    /// Lists all policies that match, over all pages, with all their fields. `query` sets filters, or another choice of
    /// fields; `|all| all` sets none.
    ///
    /// ```
    /// # async fn example(client: ontap_ipsec::Client) -> Result<(), ontap_ipsec::Error> {
    /// let mut policies = client.list(|all| all.svm_name("svm1").enabled(true));
    /// while let Some(policy) = policies.try_next().await? {
    ///     println!("{}", policy.name.unwrap_or_default());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// A filter's value may hold ONTAP's operators, such as `nfs*` or `psk|pki`; [`Filter`](crate::Filter) writes them, and quotes
    /// values that are not to be read as operators.
    pub fn list<'a>(&'a self, query: impl FnOnce(Query<'a>) -> Query<'a>) -> Policies<'a> {
        Policies::new(&self.bindings, query(self.all_fields()))
    }

    /// How many policies match, without reading them.
    ///
    /// ```
    /// # async fn example(client: ontap_ipsec::Client) -> Result<(), ontap_ipsec::Error> {
    /// let enabled = client.count(|all| all.svm_name("svm1").enabled(true)).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If ONTAP refuses the query or does not answer, or answers without a number.
    pub async fn count<'a>(&'a self, query: impl FnOnce(Query<'a>) -> Query<'a>) -> Result<u64> {
        let first = query(self.bindings.ipsec_policy_collection_get()).return_records(false);
        let (mut page, mut itinerary, mut count) = (pages::page(first).await?, Itinerary::default(), 0);
        loop {
            // A page's number is that of its own records, also of those that are not returned.
            let number = page.num_records.ok_or_else(|| {
                let message = "the answer holds no number of policies";
                Error::new(ErrorKind::UnexpectedAnswer, message).during(pages::OPERATION).after(page.attempts)
            })?;
            count = number.saturating_add(count);
            itinerary.leads_on(&page)?;
            match self.next_page(&page).await? {
                Some(next) => page = next,
                None => return Ok(count),
            }
        }
    }

    /// One page of what [`list`](Self::list) gives; `max_records` sets its size.
    ///
    /// # Errors
    /// If ONTAP refuses the query or does not answer.
    pub async fn page<'a>(&'a self, query: impl FnOnce(Query<'a>) -> Query<'a>) -> Result<Page> {
        pages::page(query(self.all_fields())).await
    }

    /// The page after `page`, or nothing if that was the last.
    ///
    /// # Errors
    /// If the page cannot be had, or the link to it leads out of this cluster's API.
    pub async fn next_page(&self, page: &Page) -> Result<Option<Page>> {
        pages::after(&self.bindings, page).await
    }

    /// The policy of this name in this SVM, or with `None` among those of the cluster; nothing if there is none. Both
    /// names are taken literally, whatever characters they hold.
    ///
    /// # Errors
    /// If ONTAP refuses the query or does not answer.
    pub async fn find<'a>(&self, svm: impl Into<Option<&'a str>>, name: &str) -> Result<Option<types::IpsecPolicy>> {
        lookup::policy(self, svm.into().map(types::SvmReference::from).as_ref(), name).await
    }

    /// Changes the given fields of a policy and leaves the others as they are. Members that only ONTAP sets, such as an
    /// endpoint's family, are left out.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidRequest`] if there is nothing to change, or a value is one that ONTAP refuses in any policy; one
    /// for which [`Error::is_not_found`] holds if there is no such policy.
    pub async fn modify(&self, uuid: Uuid, changes: &types::IpsecPolicyModify) -> Result<()> {
        let operation = Operation::IpsecPolicyModify;
        changes.check().map_err(|breach| Error::from(breach).during(operation))?;
        let body = changes.clone().without_read_only();
        sent(operation, self.bindings.ipsec_policy_modify().uuid(uuid).body(body).send().await).map(drop)
    }

    /// Deletes a policy.
    ///
    /// # Errors
    /// One for which [`Error::is_not_found`] holds if there is no such policy.
    pub async fn delete(&self, uuid: Uuid) -> Result<()> {
        sent(Operation::IpsecPolicyDelete, self.bindings.ipsec_policy_delete().uuid(uuid).send().await).map(drop)
    }

    /// What identifies a policy is all that ONTAP lists unless asked for more.
    fn all_fields(&self) -> Query<'_> {
        self.bindings.ipsec_policy_collection_get().fields("*")
    }
}

/// What can be asked of a list: a setter for each of the API's filters and options.
pub type Query<'a> = builder::IpsecPolicyCollectionGet<'a>;

pub(crate) fn sent<T>(
    operation: Operation,
    answer: std::result::Result<ResponseValue<T>, bindings::Error<types::ErrorResponse>>,
) -> Result<ResponseValue<T>> {
    answer.map_err(|error| Error::from(error).during(operation))
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("url", &self.bindings.baseurl()).finish_non_exhaustive()
    }
}

impl types::IpsecPolicy {
    /// The policy's UUID, if the record has one and it is one.
    #[must_use]
    pub fn id(&self) -> Option<Uuid> {
        self.uuid.as_deref()?.parse().ok()
    }
}
