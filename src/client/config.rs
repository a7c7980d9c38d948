//! The IPsec configuration of a cluster, and what can be done with it.

use std::future::Future;

use super::record;
use crate::error::Result;
use crate::error_code::Operation;
use crate::exchange::Exchange;
use crate::model::body::RequestBody as _;
use crate::model::types::{Ipsec, IpsecModify};
use crate::operations::Operations;

/// The IPsec configuration of a cluster. Made by [`Client::config`](crate::Client::config).
///
/// Its futures own what they need, as those of [`Policies`](crate::Policies) do.
#[derive(Clone, Debug)]
pub struct Config {
    exchange: Exchange,
}

impl Config {
    pub(super) fn new(exchange: &Exchange) -> Self {
        Self { exchange: exchange.clone() }
    }

    /// Reads the configuration: whether IPsec is on, the size of the replay window, and from ONTAP 9.16 on whether hardware
    /// does the cryptography.
    ///
    /// # Errors
    /// If ONTAP refuses the request or does not answer.
    pub fn get(&self) -> impl Future<Output = Result<Ipsec>> + Send + use<> {
        let exchange = self.exchange.clone();
        async move { record::config(&exchange, &mut exchange.budget()).await }
    }

    /// Changes the given fields of the configuration, and leaves the others as they are.
    ///
    /// ```
    /// # async fn example(client: ontap_ipsec::Client) -> Result<(), ontap_ipsec::Error> {
    /// use ontap_ipsec::types::IpsecModify;
    ///
    /// client.config().modify(&IpsecModify::default().with_replay_window(512)).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// If the response is lost, `modify` reads the configuration, as far as the [`RetryPolicy`](crate::RetryPolicy)
    /// allows. A configuration that is as described counts as changed. Otherwise `modify` returns the error of the lost
    /// response, and does not send the change again, which could undo what somebody else changed in between.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) if there is nothing to change. The replay window
    /// must be 0, 64, 128, 256, 512 or 1024 packets, and 0 with hardware offload. Nothing is sent then.
    /// [`ErrorCode::OffloadChangeWhileEnabled`](crate::ErrorCode::OffloadChangeWhileEnabled) if IPsec is on.
    pub fn modify(&self, changes: &IpsecModify) -> impl Future<Output = Result<()>> + Send + use<> {
        let checked = changes.check().map_err(|error| self.exchange.at_host(error.during(Operation::IpsecModify)));
        let modify = Operations::new(&self.exchange).ipsec_modify(changes.clone());
        async move {
            checked?;
            let exchange = &modify.exchange;
            let mut budget = exchange.budget();
            let Err(error) = modify.send_within(&mut budget).await else { return Ok(()) };
            let is_unclear = error.verdict().is_doubtful() || error.is_unclear_success();
            let Some(pause) = is_unclear.then(|| exchange.pause(&budget, &error)).flatten() else { return Err(error) };
            exchange.clock().sleep(pause).await;
            match record::config(exchange, &mut budget).await {
                Ok(config) if is_as_described(&config, &modify.body) => Ok(()),
                Ok(_) => Err(error.noting("the configuration is not as described so far")),
                Err(_) => Err(error.noting("it is unknown whether the configuration was changed")),
            }
        }
    }

    /// Switches IPsec on for the whole cluster. Policies have no effect before.
    ///
    /// ```
    /// # async fn example(client: ontap_ipsec::Client) -> Result<(), ontap_ipsec::Error> {
    /// if client.config().get().await?.enabled == Some(false) {
    ///     client.config().enable().await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of [`modify`](Self::modify).
    pub fn enable(&self) -> impl Future<Output = Result<()>> + Send + use<> {
        self.modify(&IpsecModify::default().with_enabled(true))
    }

    /// Switches IPsec off for the whole cluster. Policies stay, and have no effect.
    ///
    /// # Errors
    /// [`ErrorCode::BgpMd5NeedsIpsec`](crate::ErrorCode::BgpMd5NeedsIpsec) if a BGP peer group needs IPsec; those of
    /// [`modify`](Self::modify).
    pub fn disable(&self) -> impl Future<Output = Result<()>> + Send + use<> {
        self.modify(&IpsecModify::default().with_enabled(false))
    }
}

/// Whether the configuration has all values of the change.
fn is_as_described(config: &Ipsec, changes: &IpsecModify) -> bool {
    fn is<T: PartialEq>(described: &Option<T>, existing: &Option<T>) -> bool {
        described.is_none() || described == existing
    }
    is(&changes.enabled, &config.enabled)
        && is(&changes.offload_enabled, &config.offload_enabled)
        && is(&changes.replay_window, &config.replay_window)
}
