//! The paths of resources. Resolves doubled slashes and dot segments (RFC 3986, section 5.2.4) before routing, as ONTAP
//! does.
//!
//! Encoded dots stay: NetApp's overview says that `%2E` is a literal dot. NetApp's Ansible modules follow links to
//! `/api//...`.

/// The collection of policies.
pub(crate) const POLICIES: &str = "/api/security/ipsec/policies";

/// The configuration of IPsec as a whole.
pub(crate) const CONFIG: &str = "/api/security/ipsec";

/// The collection of CA certificates that IPsec trusts.
pub(crate) const CA_CERTIFICATES: &str = "/api/security/ipsec/ca-certificates";

/// The collection of security associations.
pub(crate) const ASSOCIATIONS: &str = "/api/security/ipsec/security-associations";

/// The cluster.
pub(crate) const CLUSTER: &str = "/api/cluster";

/// The collection of jobs.
pub(crate) const JOBS: &str = "/api/cluster/jobs";

/// Resolves doubled slashes, then the segments `.` and `..`. Returns `None` if nothing has to be resolved.
pub(crate) fn resolved(path: &str) -> Option<String> {
    if !path.contains("//") && !path.split('/').any(|segment| matches!(segment, "." | "..")) {
        return None;
    }
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = path.strip_prefix('/').unwrap_or(path).split('/').peekable();
    while let Some(segment) = segments.next() {
        let last = segments.peek().is_none();
        match segment {
            "" | "." => {}
            ".." => {
                kept.pop();
            }
            _ => {
                kept.push(segment);
                continue;
            }
        }
        if last {
            // The path of a folder ends with a slash.
            kept.push("");
        }
    }
    Some(format!("/{}", kept.join("/")))
}
