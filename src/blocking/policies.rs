//! All policies of a list, one at a time.

use std::fmt;

use super::driver::Driver;
use crate::bindings::types::IpsecPolicy;
use crate::error::Result;

/// All policies that match, page after page: an [`Iterator`]. The next page is on its way while one is read, as in the
/// async [`Policies`](crate::Policies).
///
/// An error ends it, until [`resume`](Self::resume) is called.
#[must_use = "nothing is asked of the cluster before the first policy is"]
pub struct Policies<'a> {
    driver: &'a Driver,
    policies: crate::Policies<'a>,
    /// Whether it was asked where it cannot wait, which ends it as any other error does.
    refused: bool,
}

impl<'a> Policies<'a> {
    pub(super) fn new(driver: &'a Driver, policies: crate::Policies<'a>) -> Self {
        Self { driver, policies, refused: false }
    }

    /// See [`Policies::limit`](crate::Policies::limit).
    pub fn limit(mut self, policies: u64) -> Self {
        self.policies = self.policies.limit(policies);
        self
    }

    /// See [`Policies::resume`](crate::Policies::resume).
    ///
    /// ```
    /// # fn example(client: ontap_ipsec::blocking::Client) -> Result<(), ontap_ipsec::Error> {
    /// let mut policies = client.list(|all| all);
    /// while let Some(policy) = policies.next() {
    ///     match policy {
    ///         Ok(policy) => println!("{}", policy.name.unwrap_or_default()),
    ///         Err(error) if error.is_retryable() => policies.resume(),
    ///         Err(error) => return Err(error),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn resume(&mut self) {
        self.refused = false;
        self.policies.resume();
    }
}

impl Iterator for Policies<'_> {
    type Item = Result<IpsecPolicy>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.refused {
            return None;
        }
        let waited = self.driver.wait(async { Ok(self.policies.try_next().await) });
        self.refused = waited.is_err();
        waited.and_then(|policy| policy).transpose()
    }
}

impl fmt::Debug for Policies<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.policies.fmt(f)
    }
}
