//! Lists the points that NetApp's documents leave open, with the simulator's behaviour and the evidence. Try points
//! without evidence on a cluster before a client relies on them.

/// The evidence for a behaviour of the simulator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Evidence {
    /// Somebody recorded or reported the behaviour of a cluster, at this endpoint or another one.
    Recorded,
    /// NetApp documents the behaviour, for the command line or another endpoint.
    Documented,
    /// Clients by NetApp or by others rely on the behaviour.
    Client,
    /// No evidence exists.
    None,
}

/// A point that the documents leave open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Assumption {
    /// The part of the API.
    pub subject: &'static str,
    /// The behaviour of the simulator.
    pub behaviour: &'static str,
    /// The evidence for the behaviour.
    pub evidence: Evidence,
}

/// Generates the table and its documentation from the same lines.
macro_rules! assumptions {
    ($($subject:literal $evidence:ident $behaviour:literal;)*) => {
        /// All assumptions.
        ///
        /// | Subject | The simulator | Evidence |
        /// |---|---|---|
        $(#[doc = concat!("| ", $subject, " | ", $behaviour, " | ", stringify!($evidence), " |")])*
        pub static ASSUMPTIONS: &[Assumption] = &[
            $(Assumption { subject: $subject, behaviour: $behaviour, evidence: Evidence::$evidence },)*
        ];
    };
}

assumptions! {
    "Errors" Recorded "A missing name is code 2. A PATCH of a field that cannot change is 262196 with the field as target.";
    "Errors" Recorded "An unknown field in a body is 262179 without a target. A path below a record is 404 with 262179.";
    "Errors" Recorded "A request without valid credentials is 401 with 6691623.";
    "Errors" Recorded "An unknown name in `fields` is 262197. `return_timeout` above 120 is 262197, too.";
    "Errors" Client "Any other unknown path is 404 with code 3.";
    "Errors" Client "An error has `arguments` only if the request has `X-Dot-Error-Arguments: true`.";
    "Errors" None "The endpoint's own codes have status 400. The exceptions are 409 for 66257104, and 500 for 66256898, 66256899, 66257007, 66257096, 66257097 and 66257110.";
    "Errors" None "An unknown parameter is 262179 with its name as target.";
    "Errors" None "A path with an invalid UUID is code 2.";
    "Errors" None "A body above 1 MiB is 413 with code 2. A body that takes more than 30 s is 408 with code 2. An incomplete body is 262201.";
    "Errors" None "A POST or PATCH with a `Content-Type` other than JSON is code 2; the header can be missing. A change with an `Origin`, from a page in a browser, is 403 with code 6.";
    "Errors" None "The first broken rule decides the code. The order is: single values, releases, name, SVM, IPspace, limits, endpoints, authentication.";
    "Bodies" Recorded "Responses have line breaks and indentation, also with `pretty=false`.";
    "Bodies" Recorded "Responses have `Vary` and `Content-Security-Policy`. They lack `X-Dot-Ttag`, because its values are unknown.";
    "Bodies" None "A number or a boolean in quotes is 262197.";
    "Bodies" None "`null` is ignored in a POST, and removes the value in a PATCH. The exception is `svm` as `null` in a POST, which is 262197.";
    "Policies" Documented "While IPsec is off, policies cannot be read, as on the command line. The code 2 has no evidence.";
    "Policies" None "While IPsec is off, policies can be created, changed and deleted.";
    "Policies" None "A policy without endpoints covers all traffic. With `refuse = [\"policy_without_endpoints\"]`, the cluster refuses the policy, as the command line does.";
    "Policies" None "`psk` with a remote subnet needs no `remote_identity`. With `refuse = [\"peers_without_identity\"]`, the cluster requires the field, as NetApp's guide does.";
    "Policies" None "`pki` needs no `local_identity`. With `refuse = [\"pki_without_local_identity\"]`, the cluster requires the field, as NetApp's guide does.";
    "Policies" Client "`bypass` and `discard` have the method `none`. The simulator ignores keys and certificates of such policies, so only the fault `error` triggers 66257112.";
    "Policies" Client "The default protocol is `any`; the default port is `0-0`. Responses show a port as a range.";
    "Policies" None "The default `action` is `esp_transport`. The default method is `psk` with a key, and `pki` with a certificate.";
    "Policies" None "The default netmask of an IPv6 address is 64. A new address of the other family removes the old netmask.";
    "Policies" None "Only `esp_udp` requires single hosts (66257120).";
    "Policies" None "A remote endpoint with only one of a zero address and a zero netmask is 66257128. A local endpoint with a zero address or netmask is 66257127.";
    "Policies" None "Names and keys consist of printable ASCII characters. The length of a key includes the prefix `0x` or `0s`.";
    "Policies" None "An unknown IPspace is 66257205 for a policy of an SVM, and 262197 for a policy of the cluster.";
    "Policies" None "An SVM can use its own certificates and those of the cluster. If both have a certificate of the name, the SVM's own certificate is used.";
    "Policies" None "A PATCH can trigger 66257132 and 66257134, which the page lists for POST only.";
    "Policies" None "A policy with `psk` or `pki` has both `ppk.identity` and `ppk.shared_key`, or neither. `bypass` and `discard` ignore both fields.";
    "Policies" None "A PATCH of `ppk.identity` renames the existing key. A PATCH of a policy without a key is 66257153; `null` for a policy with a key is 66257154. `ppk` as `null` is 262196.";
    "Policies" None "The codes for the form and the length of a key (66257107, 66257109, 66257200) apply to `ppk.shared_key`, too. A `ppk.identity` that does not have 6 to 64 characters is 262197.";
    "Policies" None "`certificate_modify_keepsa` is false by default; responses leave out a field without a value. Filters and `order_by` do not accept this field.";
    "Configuration" Documented "The default replay window is 0, as in NetApp's example. The offload is off by default.";
    "Configuration" None "`null` in a PATCH changes nothing. A PATCH with the current value of `enabled` switches nothing.";
    "Configuration" None "The offload can change only if IPsec is off before the PATCH (66256913). The offload with a replay window is 66256915, also while IPsec is off.";
    "Configuration" None "66257496 requires that IPsec is on. The codes of offload and BGP exist from 9.16 on, like the offload.";
    "Configuration" None "An `effective_release` before 9.8 is 66257199, too.";
    "CA certificates" None "A certificate of an SVM needs the SVM in the body, and a certificate of the cluster needs none. Otherwise, the certificate counts as not installed (66257304).";
    "CA certificates" None "A certificate of the type `client` or `server` is not a CA certificate (66257304).";
    "CA certificates" None "An unknown SVM is 2621462. A second POST of a certificate is code 1.";
    "CA certificates" None "A DELETE is 66257303 if the cluster lacks the certificate. It is 66257298 if the cluster has the certificate and IPsec does not.";
    "CA certificates" None "The key is `certificate.uuid`. A request with `records` or a query cannot add or delete several certificates.";
    "Associations" Documented "The states, the form of the indexes, and the node of an association are those of the command line.";
    "Associations" Documented "With `pki`, the IKE association is `connecting` until IPsec trusts a CA of the SVM or of the cluster, as NetApp's guide requires.";
    "Associations" Documented "A change of a policy ends its associations, as on the command line. The next associations have the same UUIDs and new indexes.";
    "Associations" None "Associations stay if a PATCH changes only the certificate, and `certificate_modify_keepsa` is true after the PATCH. A PATCH of more fields ends the associations.";
    "Associations" None "Only a policy between two single hosts has associations, because the peers of subnets and wildcards are unknown.";
    "Associations" None "The IKE association is `connecting` until the peer responds and `negotiation_time` has passed. Until then, the responder's index and the IPsec association are missing.";
    "Associations" None "While IPsec is off, the list of associations is empty.";
    "Associations" None "The IKE version is 2, and the cluster is the initiator. `cipher_suite` is `suiteb_gcm256`, `lifetime` 86400 with IKE and 28800 with IPsec.";
    "Associations" None "`ipsec.action` is `esp_transport` also for a policy with `esp_udp`, because the documents do not list `esp_udp`. Counters stay 0.";
    "Filters" Recorded "A comma means \"or\", as `|` does.";
    "Filters" None "Filters are case-sensitive, except for booleans and UUIDs. Blanks belong to the value.";
    "Filters" None "`!` negates one part, up to the next `|`. A field without a value matches `null` only.";
    "Filters" None "A misplaced operator is 262197; an operator without a value is 262194. A request can have 256 parts with operators.";
    "Filters" None "Addresses, ports, masks and protocols are compared as numbers, other values as text.";
    "Filters" None "The search by `query` and `query_fields` does not exist (262179).";
    "Filters" None "A range whose end is before its start matches nothing. A comparison with `null` is 262197.";
    "Filters" None "A filter by an impossible value finds nothing. The exceptions are a boolean or number field with another text, which is 262197.";
    "Lists" Recorded "Without `fields`, the records have the keys and the fields in the filters.";
    "Lists" Recorded "If a client accepts both media types, the response is HAL. An empty list has `records: []` and `num_records: 0`.";
    "Lists" Client "An empty `fields` is ignored. Two slashes in a path count as one.";
    "Lists" Client "A GET of the configuration, which is no list, accepts and ignores `max_records`.";
    "Lists" None "For policies, the keys are `uuid` and `name`. The default order is oldest first.";
    "Lists" None "Records without a value come first in ascending order, and last in descending order.";
    "Lists" None "A page has 10,000 policies at most, also with a higher `max_records`. The page has a link only if more policies follow.";
    "Lists" None "With `return_records=false`, `num_records` is the number of records on all pages.";
    "Lists" None "`ignore_unknown_fields` ignores unknown names, except in `order_by`. It does not ignore known parameters of other operations.";
    "Lists" None "`order_by` together with its alias `$orderBy` is 262188, a repeated parameter.";
    "Many at once" None "A PATCH or DELETE of the collection without a filter is 262212.";
    "Many at once" None "A failure has the code of the failed policy. With `continue_on_failure`, the code is 262288, or 262287 if no policy changed. `num_records` counts the changed policies.";
    "Many at once" None "Filters together with `records` are 262186. More than 1,000 records are 262197.";
    "Many at once" None "A job is done before the next request. The simulator keeps the results of the last 20 jobs.";
    "Many at once" Client "A failed job has the state `failure`.";
    "Tunnels" None "Records of other SVMs are not found (4). The configuration is that of the cluster. An unknown SVM is 2621462.";
    "Approvals" Documented "A call that waits for an approval is 202, and changes nothing. A repeated call is executed after the approval.";
    "Approvals" None "The link leads to the waiting request. A vetoed call is 403 with code 6. The same account can make and approve a request.";
}
