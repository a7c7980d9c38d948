//! Creating a policy, once, also when the answer is lost.

use progenitor_client::ClientInfo as _;
use reqwest::header::LOCATION;
use uuid::Uuid;

use crate::bindings::{self, ResponseValue, types};
use crate::client::sent;
use crate::comparison::differences;
use crate::error::{Error, ErrorKind, Result};
use crate::error_code::{ErrorCode, Operation};
use crate::requests::RequestBody as _;
use crate::{Client, lookup};

const OPERATION: Operation = Operation::IpsecPolicyCreate;

/// What was found where the policy should be.
enum Found {
    /// The policy as it was sent.
    Ours(Uuid),
    /// Another policy of its name.
    Other(String),
    /// Nothing.
    Nothing,
}

impl Client {
    /// Creates a policy and gives its UUID. Members that only ONTAP sets, such as the links in a reference, are left
    /// out.
    ///
    /// If the answer is lost, so that the policy may be there or not, it is looked for, as far as the client's
    /// [`RetryPolicy`](crate::RetryPolicy) allows: a policy of that SVM and name with all the values that were sent is
    /// taken for the one that was created; if there is none, it is sent again. A policy that somebody else created
    /// meanwhile with the same values cannot be told apart, not even by its key, which ONTAP never returns.
    ///
    /// It is also looked for after an answer of success that cannot be read, does not name it, or says that the cluster has
    /// only begun; but then it is not sent again.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidRequest`] if the policy breaks a limit or a rule that ONTAP documents, such as a name that is
    /// not of 1 to 64 characters, a key not of 18 to 128, a port above 65535, or `psk` without a key; nothing is sent
    /// then, and the error's code is the one that ONTAP has for it. What the documents leave open, ONTAP decides.
    /// [`ErrorCode::DuplicatePolicyName`] if the SVM has a policy of that name.
    pub async fn create(&self, policy: &types::IpsecPolicyCreate) -> Result<Uuid> {
        policy.check().map_err(|breach| Error::from(breach).during(OPERATION))?;
        let hooks = self.bindings().inner();
        let (of_one_call, progress) = hooks.of_one_call();
        let (base, http) = (self.bindings().baseurl(), self.bindings().client().clone());
        let bindings = bindings::Client::new_with_client(base, http, of_one_call);
        // Whether an attempt so far may have been carried out.
        let mut doubtful = false;
        loop {
            let answer =
                sent(OPERATION, bindings.ipsec_policy_create().body(policy.clone().without_read_only()).send().await);
            let error = match answer.and_then(|created| named(&created)) {
                Ok(uuid) => return Ok(uuid),
                Err(error) => error.after(progress.attempts()),
            };
            let accepted = error.is_of_success();
            let taken = doubtful && error.code() == Some(&ErrorCode::DuplicatePolicyName);
            doubtful |= error.is_doubtful();
            if !taken {
                let exchange = hooks.exchange();
                let pause = (accepted || error.is_doubtful()).then(|| exchange.pause(&progress, None)).flatten();
                let Some(pause) = pause else { return Err(error) };
                exchange.clock.sleep(pause).await;
            }
            match self.look_for(policy).await {
                Ok(Found::Ours(uuid)) => return Ok(uuid),
                Ok(Found::Nothing) if accepted => {
                    return Err(error.noting("there is no policy of that name so far"));
                }
                Ok(Found::Nothing) if !taken => {}
                Ok(Found::Nothing) => return Err(error),
                Ok(Found::Other(fields)) => {
                    let note = format!("there is a policy of that name, which differs in {fields}");
                    return Err(error.noting(&note));
                }
                Err(_) => {
                    return Err(error.noting("whether the policy was created all the same could not be found out"));
                }
            }
        }
    }

    async fn look_for(&self, policy: &types::IpsecPolicyCreate) -> Result<Found> {
        let Some(name) = &policy.name else {
            return Err(Error::new(ErrorKind::InvalidRequest, "there is no name to look for").during(OPERATION));
        };
        let Some(existing) = lookup::policy(self, policy.svm.as_ref(), name).await? else {
            return Ok(Found::Nothing);
        };
        let fields: Vec<_> =
            differences(policy, &existing).into_iter().map(|difference| format!("`{}`", difference.field)).collect();
        Ok(match existing.id() {
            Some(uuid) if fields.is_empty() => Found::Ours(uuid),
            Some(_) => Found::Other(fields.join(", ")),
            None => Found::Other("having no UUID".to_owned()),
        })
    }
}

/// The UUID of what was created: in the address that the answer gives, or in the record, if it has one.
fn named(created: &ResponseValue<types::IpsecPolicyResponse>) -> Result<Uuid> {
    let location = created.headers().get(LOCATION).and_then(|location| location.to_str().ok());
    let path = location.and_then(|location| location.split('?').next());
    let from_location = path.and_then(|path| path.rsplit('/').next()).and_then(|uuid| uuid.parse().ok());
    let record = created.records.iter().flatten().next();
    from_location.or_else(|| record.and_then(types::IpsecPolicy::id)).ok_or_else(|| {
        let message = "the policy was accepted, but the answer does not name it; look for it with `find`";
        Error::new(ErrorKind::UnexpectedAnswer, message).during(OPERATION).of_success(created)
    })
}
