//! Compares the simulator with the documented facts. Lists the intended differences, and fails for others.

use std::collections::{BTreeMap, BTreeSet};

/// The releases with their own pages, and those in the marks of the page of 9.15.1.
pub(crate) const RELEASES: [&str; 7] = ["9.8", "9.9.1", "9.10.1", "9.11.1", "9.14.1", "9.15.1", "9.17.1"];

/// An intended difference, and its reason. Each release, place and name must occur.
struct Known {
    releases: &'static [&'static str],
    places: &'static [&'static str],
    names: &'static [&'static str],
    why: &'static str,
}

const MARKED_PAGE: &[&str] = &["9.8", "9.9.1", "9.10.1", "9.14.1", "9.15.1"];
const RESPONSES: &[&str] =
    &["response of GET /security/ipsec/policies", "response of GET /security/ipsec/policies/{uuid}"];
const POST_BODY: &[&str] = &["body of POST /security/ipsec/policies"];
const PATCH_BODY: &[&str] = &["body of PATCH /security/ipsec/policies/{uuid}"];
const SINCE_9_10: &[&str] = &["authentication_method", "certificate.name", "certificate.uuid"];
const SINCE_9_10_WHY: &str = "The page marks only the filters by them, with 9.10. They came with the fields.";

const KNOWN: [Known; 16] = [
    Known {
        releases: MARKED_PAGE,
        places: RESPONSES,
        names: &["secret_key"],
        why: "ONTAP returns no key: to ask for it is error 262249, and the page of 9.11.1 leaves it out.",
    },
    Known {
        releases: MARKED_PAGE,
        places: POST_BODY,
        names: &["local_endpoint.family", "remote_endpoint.family", "scope"],
        why: "ONTAP derives them from the address and the SVM. The page of 9.11.1 leaves them out.",
    },
    Known {
        releases: &RELEASES,
        places: POST_BODY,
        names: &["uuid"],
        why: "ONTAP gives the UUID; it is read-only in the swagger document.",
    },
    Known {
        releases: &["9.8", "9.9.1", "9.10.1", "9.11.1", "9.14.1", "9.15.1"],
        places: PATCH_BODY,
        names: &["ipspace.name", "ipspace.uuid", "name"],
        why: "Fixed: readCreate in the swagger document. The page of 9.16.1 leaves them out.",
    },
    Known { releases: &RELEASES, places: PATCH_BODY, names: &["uuid"], why: "ONTAP gives the UUID." },
    Known {
        releases: MARKED_PAGE,
        places: PATCH_BODY,
        names: &["action", "scope", "secret_key", "svm.name", "svm.uuid"],
        why: "Fixed. The page of 9.11.1 leaves them out.",
    },
    Known {
        releases: &["9.10.1", "9.11.1", "9.14.1", "9.15.1"],
        places: PATCH_BODY,
        names: &["authentication_method"],
        why: "Fixed: readCreate in the swagger document. The page of 9.16.1 leaves it out.",
    },
    Known {
        releases: MARKED_PAGE,
        places: PATCH_BODY,
        names: &["local_endpoint.family", "remote_endpoint.family"],
        why: "ONTAP derives it from the address. The page of 9.11.1 leaves it out.",
    },
    Known { releases: &["9.8", "9.9.1"], places: RESPONSES, names: SINCE_9_10, why: SINCE_9_10_WHY },
    Known { releases: &["9.8", "9.9.1"], places: POST_BODY, names: SINCE_9_10, why: SINCE_9_10_WHY },
    Known { releases: &["9.8", "9.9.1"], places: PATCH_BODY, names: SINCE_9_10, why: SINCE_9_10_WHY },
    Known {
        releases: &["9.8", "9.9.1", "9.10.1", "9.14.1"],
        places: RESPONSES,
        names: &["action"],
        why: "The page marks only the filter by it, with 9.15; responses of the page of 9.11.1 do not have it.",
    },
    Known {
        releases: &["9.8", "9.9.1", "9.10.1", "9.14.1", "9.15.1", "9.17.1"],
        places: &["parameters of GET /security/ipsec/policies"],
        names: &["name of 65 characters"],
        why: "The limit is that of a name. A filter can hold several.",
    },
    Known {
        releases: &["9.17.1"],
        places: &["parameters of GET /security/ipsec/policies"],
        names: &["ppk.identity of 5 characters", "ppk.identity of 65 characters"],
        why: "The limits are those of an identity. A filter can be a part of one, or hold several.",
    },
    Known {
        releases: &["9.11.1"],
        places: &["codes of GET /security/ipsec/policies/{uuid}", "codes of PATCH /security/ipsec/policies/{uuid}"],
        names: &["66257116"],
        why: "The pages from 9.15.1 on, which the table of codes follows, list it no more.",
    },
    Known {
        releases: &["9.11.1"],
        places: &["codes of POST /security/ipsec/policies"],
        names: &["66257111"],
        why: "The pages from 9.15.1 on, which the table of codes follows, list it no more.",
    },
];

/// The entries of a place, by name.
pub(crate) type Entries = BTreeMap<String, String>;

/// Collects the differences between documents and simulator, without the intended ones.
#[derive(Default)]
pub(crate) struct Comparison {
    findings: Vec<String>,
    met: BTreeSet<(String, String, String)>,
}

impl Comparison {
    pub(crate) fn compare(&mut self, release: &str, place: &str, documented: &Entries, simulated: &Entries) {
        let names: BTreeSet<_> = documented.keys().chain(simulated.keys()).collect();
        for name in names.into_iter().filter(|name| documented.get(*name) != simulated.get(*name)) {
            let is_known = KNOWN.iter().any(|known| {
                known.releases.contains(&release) && known.places.contains(&place) && known.names.contains(&&**name)
            });
            if is_known {
                self.met.insert((release.to_owned(), place.to_owned(), name.clone()));
            } else {
                let shown = |entries: &Entries| entries.get(name).map_or("nothing", String::as_str).to_owned();
                let (documented, simulated) = (shown(documented), shown(simulated));
                self.findings
                    .push(format!("{release} {place}: {name}: documented {documented}, simulated {simulated}"));
            }
        }
    }

    /// Fails for unintended differences, and for intended ones that no longer exist.
    pub(crate) fn finish(mut self) {
        for known in KNOWN {
            for release in known.releases {
                for (place, name) in
                    known.places.iter().flat_map(|place| known.names.iter().map(move |name| (place, name)))
                {
                    if !self.met.contains(&((*release).to_owned(), (*place).to_owned(), (*name).to_owned())) {
                        self.findings
                            .push(format!("{release} {place}: {name}: no difference any more ({})", known.why));
                    }
                }
            }
        }
        assert!(self.findings.is_empty(), "\n{}", self.findings.join("\n"));
    }
}
