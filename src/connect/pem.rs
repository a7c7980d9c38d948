//! The sections of PEM files (RFC 7468), still as text: which of them hold certificates and which private keys.

/// A section, from its first line to its last.
pub(crate) struct Section<'a> {
    label: &'a str,
    text: &'a str,
}

impl<'a> Section<'a> {
    pub(crate) fn text(&self) -> &'a str {
        self.text
    }

    pub(crate) fn is_certificate(&self) -> bool {
        matches!(self.label, "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE")
    }

    pub(crate) fn is_private_key(&self) -> bool {
        self.label.ends_with("PRIVATE KEY")
    }

    /// Whether a passphrase is needed: the label says so in PKCS #8, a header in the older forms.
    pub(crate) fn is_encrypted(&self) -> bool {
        self.label.starts_with("ENCRYPTED") || self.text.lines().any(|line| line.starts_with("Proc-Type: 4,ENCRYPTED"))
    }
}

/// The sections of a file, up to the first that does not end.
pub(crate) fn sections(pem: &[u8]) -> Vec<Section<'_>> {
    let mut rest = std::str::from_utf8(pem).unwrap_or_default();
    let mut found = Vec::new();
    while let Some(start) = rest.find("-----BEGIN ") {
        let text = &rest[start..];
        let Some((label, _)) = text["-----BEGIN ".len()..].split_once("-----") else { break };
        let last = format!("-----END {label}-----");
        let Some(end) = text.find(&last).map(|end| end + last.len()) else { break };
        found.push(Section { label, text: &text[..end] });
        rest = &text[end..];
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_are_found_among_other_text() {
        let pem = b"subject: x\n-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\r\nand\n\
            -----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAA==\n-----END RSA PRIVATE KEY-----\n\
            -----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n-----BEGIN CERTIFICATE-----\nAA==\n";
        let found = sections(pem);
        let of = |section: &Section| (section.is_certificate(), section.is_private_key(), section.is_encrypted());
        assert_eq!(
            found.iter().map(of).collect::<Vec<_>>(),
            [(true, false, false), (false, true, true), (false, true, false)]
        );
        assert_eq!(found[0].text(), "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----");
    }

    #[test]
    fn what_is_no_pem_has_none() {
        for pem in [b"".as_slice(), b"\xff-----BEGIN X-----", b"-----BEGIN ", b"-----BEGIN X-----\n"] {
            assert!(sections(pem).is_empty());
        }
    }
}
