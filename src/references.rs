//! References to other objects of the cluster, of which either the name or the UUID is enough.

use uuid::Uuid;

use crate::bindings::types::{CertificateReference, IpspaceReference, SvmReference};

macro_rules! reference {
    ($($reference:ident),*) => {$(
        impl $reference {
            /// By name.
            #[must_use]
            pub fn named(name: impl Into<String>) -> Self {
                Self { name: Some(name.into()), ..Self::default() }
            }

            /// By UUID.
            #[must_use]
            pub fn with_uuid(uuid: Uuid) -> Self {
                Self { uuid: Some(uuid.to_string()), ..Self::default() }
            }
        }

        /// By name.
        impl From<&str> for $reference {
            fn from(name: &str) -> Self {
                Self::named(name)
            }
        }

        /// By name.
        impl From<String> for $reference {
            fn from(name: String) -> Self {
                Self::named(name)
            }
        }

        /// By UUID.
        impl From<Uuid> for $reference {
            fn from(uuid: Uuid) -> Self {
                Self::with_uuid(uuid)
            }
        }
    )*};
}

reference!(CertificateReference, IpspaceReference, SvmReference);
