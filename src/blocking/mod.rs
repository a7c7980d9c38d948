//! The client for programs without an async runtime: the same calls, which return when they are done.
//!
//! ```no_run
//! use ontap_ipsec::blocking::Client;
//!
//! let client = Client::from_env()?;
//! for policy in client.list(|all| all.svm_name("svm1")) {
//!     println!("{}", policy?.name.unwrap_or_default());
//! }
//! # Ok::<(), ontap_ipsec::Error>(())
//! ```
//!
//! A client has a thread of its own, on which a Tokio runtime keeps connections and time-outs going, between calls, too.
//!
//! # Inside an async runtime
//! There, a call would block the tasks that share its thread, so that it fails with [`ErrorKind::Configuration`] and sends
//! nothing: the async [`Client`](crate::Client) is the one to use. Tokio's threads for blocking work count as inside. To
//! make a client there, or to drop it, does no harm.
//!
//! [`ErrorKind::Configuration`]: crate::ErrorKind::Configuration

mod client;
mod driver;
mod policies;

pub use client::Client;
pub use policies::Policies;
