//! The operations of the API: a builder for each, generated from `spec/ontap-ipsec.yaml`.
//!
//! Most callers want the handles of [`Client`](crate::Client), such as [`Policies`](crate::Policies). A builder sends one
//! operation, repeats it where that is safe, and checks no body. Builders share connections, credentials, limits and
//! retries with their client.
//!
//! ```
//! # async fn example(client: ontap_ipsec::Client, uuid: uuid::Uuid) -> Result<(), ontap_ipsec::Error> {
//! let response = client.operations().ipsec_policy_get(uuid).fields(["name", "enabled"]).send().await?;
//! println!("{} {:?}", response.status(), response.body().name);
//! # Ok(())
//! # }
//! ```

use std::fmt::Display;

use uuid::Uuid;

use crate::error::Result;
use crate::error_code::Operation;
use crate::exchange::query::Query;
use crate::exchange::{Budget, Exchange, Response};
use crate::model::filter::Filter;
use crate::model::types;

/// A method for each operation, which starts its request.
#[derive(Clone, Debug)]
pub struct Operations {
    exchange: Exchange,
}

impl Operations {
    pub(crate) fn new(exchange: &Exchange) -> Self {
        Self { exchange: exchange.clone() }
    }
}

include!(concat!(env!("OUT_DIR"), "/operations.rs"));
