//! A policy as described, whatever was there before.

use uuid::Uuid;

use crate::Client;
use crate::bindings::types::{IpsecPolicy, IpsecPolicyCreate};
use crate::comparison::{self, differences};
use crate::error::{Error, ErrorArgument, ErrorKind, Result};
use crate::error_code::ErrorCode;
use crate::fields::Field;
use crate::lookup;

/// What [`Client::apply`] did.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Applied {
    /// There was no such policy; now there is.
    Created(Uuid),
    /// The policy was there; now it is as described.
    Modified {
        /// Its UUID.
        uuid: Uuid,
        /// The fields that were different.
        fields: Vec<Field>,
    },
    /// The policy was there, and as described. Nothing was changed.
    Unchanged(Uuid),
}

impl Applied {
    /// The policy's UUID.
    #[must_use]
    pub fn uuid(&self) -> Uuid {
        match self {
            Self::Created(uuid) | Self::Modified { uuid, .. } | Self::Unchanged(uuid) => *uuid,
        }
    }
}

/// How often the policy is looked for, before others who create and delete it at the same time are left to it.
const ROUNDS: usize = 3;

impl Client {
    /// Sees to it that there is a policy as described: makes it, changes it or leaves it alone. To do so again, or at the
    /// same time as somebody else, does no harm.
    ///
    /// The policy is the one of this name in the SVM that the description names, by name or UUID, or, if it names none,
    /// among those of the cluster. Fields that the description leaves out are left as they are. Values count as the same
    /// in whatever form ONTAP returns them: port `201` as `201-201`, protocol `6` as `tcp`, a dotted netmask as a prefix
    /// length, an IPv6 address compressed.
    ///
    /// ONTAP never returns a key, so that it cannot be compared: a policy with another key counts as being as described.
    /// To give a policy another key, delete it and create it again.
    ///
    /// ```
    /// # async fn example(client: ontap_ipsec::Client) -> Result<(), ontap_ipsec::Error> {
    /// use ontap_ipsec::types::IpsecPolicyCreate;
    /// use ontap_ipsec::{Applied, PolicyScope};
    ///
    /// let policy = IpsecPolicyCreate::discard("telnet", PolicyScope::svm("svm1"));
    /// match client.apply(&policy).await? {
    ///     Applied::Created(uuid) => println!("{uuid} is new"),
    ///     Applied::Modified { uuid, fields } => println!("{uuid} had other {fields:?}"),
    ///     _ => {}
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::FixedAtCreate`] if the policy is there and differs in a field that cannot be changed; nothing is
    /// changed then, not even the fields that could be. [`ErrorKind::InvalidRequest`] if the description has no name.
    /// Otherwise those of [`create`](Self::create) and [`modify`](Self::modify).
    pub async fn apply(&self, description: &IpsecPolicyCreate) -> Result<Applied> {
        let Some(name) = description.name.as_deref().filter(|name| !name.is_empty()) else {
            let message = "the description has no `name`, by which the policy would be found; nothing was sent";
            return Err(Error::new(ErrorKind::InvalidRequest, message));
        };
        let mut round = 1;
        loop {
            let existing = lookup::policy(self, description.svm.as_ref(), name).await?;
            let outcome = match &existing {
                Some(existing) => self.make_alike(description, existing).await,
                None => self.create(description).await.map(Applied::Created),
            };
            match outcome {
                // Between the look and the deed, somebody else made it or took it away.
                Err(error) if round < ROUNDS && is_overtaken(&error, existing.is_some()) => round += 1,
                outcome => return outcome,
            }
        }
    }

    /// Changes what is not as described.
    async fn make_alike(&self, description: &IpsecPolicyCreate, existing: &IpsecPolicy) -> Result<Applied> {
        let uuid =
            existing.id().ok_or_else(|| Error::new(ErrorKind::UnexpectedAnswer, "a policy in the list has no UUID"))?;
        let (modifiable, fixed): (Vec<_>, Vec<_>) =
            differences(description, existing).into_iter().partition(|difference| difference.modifiable);
        if !fixed.is_empty() {
            let argument = |name: Field, value| ErrorArgument { code: Some(name.into()), message: value };
            let fields = fixed.into_iter().map(|difference| argument(difference.field, difference.existing));
            return Err(Error::fixed_at_create(fields.collect()));
        }
        if modifiable.is_empty() {
            return Ok(Applied::Unchanged(uuid));
        }
        let fields: Vec<_> = modifiable.into_iter().map(|difference| difference.field).collect();
        self.modify(uuid, &comparison::changes(description, &fields)).await?;
        Ok(Applied::Modified { uuid, fields })
    }
}

/// Whether the error shows that the policy came or went after it was looked for.
fn is_overtaken(error: &Error, was_there: bool) -> bool {
    if was_there { error.is_not_found() } else { error.code() == Some(&ErrorCode::DuplicatePolicyName) }
}
