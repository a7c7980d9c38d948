//! Faults of the server's certificate.

use serde::Deserialize;

/// A server certificate that clients have to refuse, or that many clients refuse. All connections show this
/// certificate.
///
/// For a self-signed certificate, [`Simulator::ca_pem`](crate::Simulator::ca_pem) returns the certificate itself. A
/// file has the name in lower case with underscores, such as `"wrong_host"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CertificateFault {
    /// The certificate expired yesterday.
    Expired,
    /// The certificate is valid from tomorrow on.
    NotYetValid,
    /// The certificate is for `elsewhere.invalid`, and for no name or address of this host.
    WrongHost,
    /// A CA signed the certificate that has the same name as the one of
    /// [`Simulator::ca_pem`](crate::Simulator::ca_pem), and another key.
    UnknownAuthority,
    /// The certificate is self-signed. The only name is the common name `localhost`, as in ONTAP's default certificate.
    CommonNameOnly,
    /// The certificate is self-signed, and claims to be a CA (`CA:TRUE`).
    CaTrue,
}
