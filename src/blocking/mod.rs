//! The client for programs without an async runtime: the same calls, which return when they are done.
//!
//! ```no_run
//! use ontap_ipsec::blocking::Client;
//!
//! let client = Client::from_env()?;
//! for policy in client.policies().list().svm_name("svm1").iter() {
//!     println!("{}", policy?.name.unwrap_or_default());
//! }
//! # Ok::<(), ontap_ipsec::Error>(())
//! ```
//!
//! A client has a thread of its own, on which a Tokio runtime keeps connections and time-outs going, between calls, too.
//!
//! # Inside an async runtime
//! A call blocks its thread until it is done. That is what `tokio::task::spawn_blocking` is for; in an async task, use
//! the async [`Client`](crate::Client), or the call stops all tasks that share the thread.

mod client;
mod driver;
mod handle;
mod list;
mod policies;
mod resources;

pub use client::Client;
pub use list::{List, PolicyIter, RecordIter};
pub use policies::Policies;
pub use resources::{CaCertificates, Config, SecurityAssociations};
