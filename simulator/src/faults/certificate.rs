//! Faults of the server's certificate.

use serde::Deserialize;

/// A certificate that clients have to refuse, or that many do. All connections from the start show the certificate.
///
/// For those that are self-signed, [`Simulator::ca_pem`](crate::Simulator::ca_pem) returns the certificate itself. In a
/// file it is the name in lower case with underscores, such as `"wrong_host"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CertificateFault {
    /// It was valid until yesterday.
    Expired,
    /// It will be valid from tomorrow on.
    NotYetValid,
    /// It is for `elsewhere.invalid`, and for no name or address of this host.
    WrongHost,
    /// Another authority signed it than the one that [`Simulator::ca_pem`](crate::Simulator::ca_pem) returns, though one
    /// of the same name.
    UnknownAuthority,
    /// It is self-signed, and has `localhost` as its common name and no other name, as ONTAP's default certificate has done.
    CommonNameOnly,
    /// It is self-signed, and says that it is an authority (`CA:TRUE`).
    CaTrue,
}
