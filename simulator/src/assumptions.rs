//! What the vendor's documents leave open, and what the simulator does there. A client that needs one of these points to
//! be so should be tried on a cluster.
//!
//! # Errors
//! - The endpoint's own codes (66257xxx) have no documented status: it is 400, but 409 for a name that is taken, and 500
//!   for 66257096, 66257097 and 66257110, which no request is at fault for.
//! - A request without valid credentials is 401 with the code 6691623.
//! - A path that leads nowhere is 404 with the code 4; one below a policy, 262179, as recorded.
//! - A path whose last part is no UUID is 400 with the code 2. A body of more than 1 MiB is 413 with the code 2, and
//!   one that takes longer than 30 seconds 408. One that breaks off is 400 with the code 262201.
//! - A POST or PATCH with a `Content-Type` other than JSON's is 415 with the code 2. The header can be missing.
//! - An unknown name in `fields` and `query_fields` is 262197, anywhere else 262179.
//! - `arguments` come only to those who send `X-Dot-Error-Arguments: true`, as NetApp's own clients do.
//! - Through a tunnel to an SVM (`X-Dot-SVM-Name`, `X-Dot-SVM-UUID`), policies of others are not found (4); an SVM that is not
//!   there is 2621462.
//!
//! # Order of the rules
//! The first broken rule decides: each value of the body by itself, in the order of the body; releases of nodes and
//! cluster; name, SVM, IPspace, and whether the name is taken; limits; local endpoint, remote endpoint, and what the action
//! wants of both; key, certificate, remote identity.
//!
//! # Policies
//! - Without an `action`, it is `esp_transport`. Without an `authentication_method`, a key means `psk`, a certificate
//!   `pki`. `bypass` and `discard` have `none`, and what was given to authenticate is ignored, unchecked: 66257112, which
//!   says so, has to be ordered.
//! - Without a protocol it is `any`, without a port `0-0`; an IPv6 address without a netmask has 64.
//! - Only `esp_udp` wants single hosts (66257120). A wildcard has both a zero address and a zero netmask; one of the two is
//!   66257128 for the remote end. Any zero is 66257127 for the local one.
//! - Names and keys are of the printable characters of ASCII. A key's length is that of its text, with `0x` or `0s`.
//! - An unknown IPspace is 66257205 with an SVM, and 262197 without.
//! - An SVM can use its own certificates and those of the cluster, and by name its own first.
//! - `null` counts as not given in a POST, and takes the value away in a PATCH.
//! - A new address of the other family, without a netmask, does not keep the old one.
//! - A PATCH can meet two codes that the page lists for POST alone: 66257132 for a port out of range, and 66257134 where
//!   the certificate of `pki` is taken away.
//!
//! # Filters and searches
//! - Case counts, except in booleans and UUIDs. Blanks belong to the value.
//! - `!` negates the part that it stands before, not those behind a `|`.
//! - A field without a value meets `null` and nothing else, so that negations leave it out, too.
//! - An operator where it can have no meaning is refused (262197), an unfinished one as well (262194).
//! - Addresses, ports, masks and protocols are compared as numbers, everything else by the alphabet.
//! - One request can have 256 parts with operators and words to look for in all (262197 beyond), and any number of plain
//!   values.
//! - In a search, a blank binds closer than `|`, and each word may be in another field.
//!
//! # Lists
//! - Without `order_by`, the oldest policy comes first. Fields without a value come first in ascending order, and last in
//!   descending order.
//! - A page has 10,000 policies at most without `max_records`. There is a link to the next page only if there is more.
//! - With `return_records=false`, `num_records` counts all that match, on all pages.
//! - Keys, which are always there, are `uuid` and `name`.
//! - `ignore_unknown_fields` passes over names that mean nothing, and over nothing else; not in `order_by`.
//!
//! # Many at once
//! - A PATCH or DELETE on the collection without any filter is refused (262212). A failure has its own code; with
//!   `continue_on_failure` it is 262288, or 262287 if nothing was done. `num_records` counts what was done.
//! - By records: filters beside `records` are 262186, and more than 1,000 of them 262197. The job is done as soon as anything
//!   looks. Its results are remembered for the last 100 jobs, and for 10,000 policies and errors in all; those of a DELETE
//!   are the policies as they were last.
//! - A job that failed has the state `failure`, the word that NetApp's clients wait for.
