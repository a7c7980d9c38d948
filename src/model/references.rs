//! References to other objects of the cluster, of which either the name or the UUID is enough.

use uuid::Uuid;

use super::types::{CertificateReference, IpspaceReference, SvmReference};

macro_rules! reference {
    ($($reference:ident),*) => {$(
        reference!(named $reference: &str, &String, String);

        /// By UUID.
        impl From<Uuid> for $reference {
            fn from(uuid: Uuid) -> Self {
                Self { uuid: Some(uuid.to_string()), ..Self::default() }
            }
        }
    )*};
    (named $reference:ident: $($name:ty),*) => {$(
        /// By name.
        impl From<$name> for $reference {
            fn from(name: $name) -> Self {
                Self { name: Some(name.into()), ..Self::default() }
            }
        }
    )*};
}

reference!(CertificateReference, IpspaceReference, SvmReference);
