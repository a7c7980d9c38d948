//! The points that the vendor's documents leave open, with the simulator's behaviour and the evidence for it. Rows without
//! evidence should be tried on a cluster before a client needs them.

/// The evidence for a behaviour of the simulator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Evidence {
    /// Recorded or noted on a cluster, at this endpoint or another one.
    Recorded,
    /// The vendor says so, for the command line or another endpoint.
    Documented,
    /// Clients of the vendor or of others rely on it.
    Client,
    /// There is none.
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
    /// The evidence for it.
    pub evidence: Evidence,
}

/// Makes the table and, from the same lines, its documentation.
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
    "Errors" Recorded "An unknown name in `fields` is 262197, and `return_timeout` beyond 120 as well.";
    "Errors" Client "Any other path that leads nowhere is 404 with code 3.";
    "Errors" Client "`arguments` come only to clients that send `X-Dot-Error-Arguments: true`.";
    "Errors" None "The endpoint's own codes are status 400, but 409 for 66257104, and 500 for 66256898, 66256899, 66257007, 66257096, 66257097 and 66257110.";
    "Errors" None "An unknown parameter is 262179 with its name as target.";
    "Errors" None "A path whose last part is no UUID is code 2.";
    "Errors" None "A body of more than 1 MiB is 413 with code 2, one of more than 30 s is 408, and one that breaks off is 262201.";
    "Errors" None "A POST or PATCH with a `Content-Type` other than JSON's is refused with code 2; the header can be missing. One with an `Origin`, from a page in a browser, is 403 with code 6.";
    "Errors" None "The first broken rule decides: each value by itself; releases; name, SVM, IPspace; limits; endpoints; authentication.";
    "Bodies" Recorded "Responses are laid out for people, whatever `pretty` says.";
    "Bodies" Recorded "`Vary` and `Content-Security-Policy` are there; `X-Dot-Ttag` is not, for its values are not known.";
    "Bodies" None "Numbers and booleans in quotes are refused (262197).";
    "Bodies" None "`null` counts as not given in a POST, and takes the value away in a PATCH. `svm` cannot be `null` in a POST (262197).";
    "Policies" Documented "While IPsec is off, policies cannot be read, as on the command line. The code is 2 without evidence.";
    "Policies" None "While IPsec is off, policies can be made, changed and deleted.";
    "Policies" None "A policy without endpoints covers any. `refuse = [\"policy_without_endpoints\"]` refuses it, as the command line does.";
    "Policies" None "`psk` with a remote subnet needs no `remote_identity`. `refuse = [\"peers_without_identity\"]` wants one, as the vendor's guide.";
    "Policies" None "`pki` needs no `local_identity`. `refuse = [\"pki_without_local_identity\"]` wants one, as the vendor's guide.";
    "Policies" Client "`bypass` and `discard` have the method `none`. Keys and certificates beside them are ignored, so 66257112 has to be ordered.";
    "Policies" Client "Without a protocol it is `any`; without a port, `0-0`. A port comes back as a range.";
    "Policies" None "Without an `action` it is `esp_transport`. Without a method, a key means `psk` and a certificate `pki`.";
    "Policies" None "An IPv6 address without a netmask has 64. A new address of the other family drops the old netmask.";
    "Policies" None "Only `esp_udp` wants single hosts (66257120).";
    "Policies" None "Half a wildcard is 66257128 at the remote end. Any zero is 66257127 at the local end.";
    "Policies" None "Names and keys have printable characters of ASCII. A key's length includes `0x` or `0s`.";
    "Policies" None "An unknown IPspace is 66257205 with an SVM, and 262197 without.";
    "Policies" None "An SVM can use its own certificates and those of the cluster. A name means its own one first.";
    "Policies" None "A PATCH can meet 66257132 and 66257134, which the page lists for POST alone.";
    "Policies" None "A policy has a `ppk.identity` and a `ppk.shared_key`, or neither, with `psk` and with `pki`. `bypass` and `discard` ignore both.";
    "Policies" None "A PATCH of `ppk.identity` alone renames the key that is there. Without a key it is 66257153, and `null` with one is 66257154. `ppk` as `null` is 262196.";
    "Policies" None "The codes for the form and the length of a key (66257107, 66257109, 66257200) hold for `ppk.shared_key`, too. Another length of `ppk.identity` than 6 to 64 is 262197.";
    "Policies" None "Without a value, `certificate_modify_keepsa` counts as false and does not come back. No record is found or sorted by it.";
    "Configuration" Documented "The replay window is 0 at first, as in the vendor's example. The offload is off.";
    "Configuration" None "`null` in a PATCH changes nothing. A PATCH with the `enabled` of before switches nothing.";
    "Configuration" None "The offload can change only if IPsec was off before the PATCH (66256913). With a replay window it is refused, also while IPsec is off (66256915).";
    "Configuration" None "66257496 comes only while IPsec is on. The codes of offload and BGP came with the offload, in 9.16.";
    "Configuration" None "66257199 is also the code for an `effective_release` before 9.8.";
    "CA certificates" None "An SVM has to be given for a certificate of an SVM, and none for one of the cluster; otherwise it counts as not installed (66257304).";
    "CA certificates" None "A certificate of the type `client` or `server` is none of a CA (66257304).";
    "CA certificates" None "An unknown SVM is 2621462. A certificate that was added before is code 1.";
    "CA certificates" None "A DELETE is 66257303 where the cluster has no such certificate, and 66257298 where IPsec has not.";
    "CA certificates" None "The key is `certificate.uuid`. Several at once, by `records` or by a query, cannot be added or deleted.";
    "Associations" Documented "Their states, the form of their indexes, and that they belong to a node, are those of the command line.";
    "Associations" Documented "With `pki`, one of IKE is `connecting` until IPsec trusts a CA of the SVM or of the cluster, as the vendor's guide wants.";
    "Associations" Documented "A change of a policy ends its associations, as on the command line. Those that follow keep the UUIDs, and have other indexes.";
    "Associations" None "They stay if nothing changes but the certificate, and `certificate_modify_keepsa` is true after the PATCH. A PATCH that changes more ends them.";
    "Associations" None "Only a policy for two single hosts has some, for nobody knows the peers of subnets and wildcards.";
    "Associations" None "One of IKE is `connecting` until the peer answers and the time of the cluster file has passed. It has no responder's index then, and there is none of IPsec.";
    "Associations" None "While IPsec is off there are none, which is an empty list.";
    "Associations" None "IKE is version 2, and the cluster the initiator. `cipher_suite` is `suiteb_gcm256`, `lifetime` 86400 with IKE and 28800 with IPsec.";
    "Associations" None "`ipsec.action` is `esp_transport` also for a policy with `esp_udp`, which is none of the documented words. Counters stay 0.";
    "Filters" Recorded "A comma means \"or\", as `|` does.";
    "Filters" None "Case counts, except in booleans and UUIDs. Blanks belong to the value.";
    "Filters" None "`!` negates its own part, not those behind a `|`. A field without a value meets `null` alone.";
    "Filters" None "An operator without a meaning is 262197, an unfinished one 262194. A request has 256 parts with operators at most.";
    "Filters" None "Addresses, ports, masks and protocols are compared as numbers, everything else by the alphabet.";
    "Filters" None "The search by `query` and `query_fields` is not there (262179).";
    "Filters" None "A range whose end is before its beginning admits nothing. Nothing is less or more than `null`.";
    "Filters" None "A text that no value can be equal to finds nothing, but a boolean has to be one (262197).";
    "Lists" Recorded "Without `fields`, the keys come back, and the fields that are filtered by.";
    "Lists" Recorded "With both media types accepted, HAL comes back. An empty list has `records: []` and `num_records: 0`.";
    "Lists" Client "An empty `fields` counts as not given. Two slashes in a path count as one.";
    "Lists" Client "The configuration, which is no list, takes `max_records` and passes over it.";
    "Lists" None "For policies, the keys are `uuid` and `name`. Without `order_by`, the oldest policy comes first.";
    "Lists" None "Fields without a value come first in ascending order, last in descending order.";
    "Lists" None "A page has 10,000 policies at most, whatever `max_records` says. There is a link only if there is more.";
    "Lists" None "With `return_records=false`, `num_records` counts what all pages have.";
    "Lists" None "`ignore_unknown_fields` passes over names that mean nothing, but not in `order_by`, and not over known parameters in the wrong place.";
    "Lists" None "`order_by` and its alias `$orderBy` together are one parameter given twice (262188).";
    "Many at once" None "A PATCH or DELETE of the collection without a filter is 262212.";
    "Many at once" None "A failure has its own code; with `continue_on_failure` it is 262288, or 262287 if nothing was done. `num_records` counts what was done.";
    "Many at once" None "Filters beside `records` are 262186. More than 1,000 records are 262197.";
    "Many at once" None "A job is done as soon as anything looks. The results of the last 20 jobs are remembered.";
    "Many at once" Client "A job that failed has the state `failure`.";
    "Tunnels" None "Records of other SVMs are not found (4). The configuration is that of the cluster. An SVM that is not there is 2621462.";
    "Approvals" Documented "A call that waits for an approval is 202, and nothing is done. The same call again executes what was granted.";
    "Approvals" None "The link leads to the request. A vetoed call is 403 with code 6. One account asks and grants.";
}
