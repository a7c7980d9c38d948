//! A resource of the API is a table of fields. Bodies, `fields`, filters and `order_by` all read it. The tables are in
//! [`resources`](crate::resources).
//!
//! Members of objects go by their dotted names, as in ONTAP's queries.

use crate::{state::Release, values::Kind};

/// When a field can be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Settable {
    /// Never; ONTAP finds it out.
    Never,
    /// Only when the record is made.
    OnCreate,
    /// When the record is made and later.
    Always,
}

/// One field of a record that holds a single value.
#[derive(Debug)]
pub(crate) struct Field {
    /// The place in the table of its resource.
    pub(crate) place: usize,
    /// The dotted name.
    pub(crate) name: &'static str,
    /// Where the last part of the name begins.
    pub(crate) leaf: usize,
    /// The kind of its values, with their normal form.
    pub(crate) kind: Kind,
    /// When it can be given.
    pub(crate) settable: Settable,
    /// Whether it is ever returned.
    pub(crate) readable: bool,
    /// Whether records are found and sorted by it, if it is returned.
    pub(crate) searchable: bool,
    /// The first release that has it.
    pub(crate) introduced: Release,
    /// The first release that returns it, and filters and sorts by it if it is searchable.
    pub(crate) read_introduced: Release,
}

/// A field that is there, and readable, since the first release.
pub(crate) const fn field(name: &'static str, kind: Kind, settable: Settable) -> Field {
    let mut leaf = name.len();
    while leaf > 0 && name.as_bytes()[leaf - 1] != b'.' {
        leaf -= 1;
    }
    Field {
        place: 0,
        name,
        leaf,
        kind,
        settable,
        readable: true,
        searchable: true,
        introduced: Release::FIRST,
        read_introduced: Release::FIRST,
    }
}

/// Tells each field its place.
pub(crate) const fn table<const LENGTH: usize>(mut fields: [Field; LENGTH]) -> [Field; LENGTH] {
    let mut place = 0;
    while place < LENGTH {
        fields[place].place = place;
        place += 1;
    }
    fields
}

impl Field {
    /// The field, but only since this release.
    pub(crate) const fn since(self, introduced: Release) -> Self {
        Self { introduced, read_introduced: introduced, ..self }
    }

    /// Whether the release returns it.
    pub(crate) fn is_readable(&self, release: Release) -> bool {
        self.readable && self.read_introduced <= release
    }
}

/// A resource: where it is, and the fields of its records.
#[derive(Debug)]
pub(crate) struct Resource {
    /// The path of the collection, or of the one record.
    pub(crate) path: &'static str,
    /// The first release that has it.
    pub(crate) introduced: Release,
    /// The fields that tell one record from another. Every record has them, whatever `fields` says.
    pub(crate) keys: &'static [&'static str],
    /// Every field, by name.
    pub(crate) fields: &'static [Field],
}

impl Resource {
    /// The place of the field of this dotted name.
    pub(crate) fn place(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }

    /// The field of this dotted name, if the release has it.
    pub(crate) fn named(&self, name: &str, release: Release) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name && field.introduced <= release)
    }

    /// The field of this dotted name, if the release returns it.
    pub(crate) fn readable(&self, name: &str, release: Release) -> Option<&'static Field> {
        self.named(name, release).filter(|field| field.is_readable(release))
    }

    /// The field of this dotted name, if records are found and sorted by it.
    pub(crate) fn searchable(&self, name: &str, release: Release) -> Option<&'static Field> {
        self.readable(name, release).filter(|field| field.searchable)
    }

    /// The fields inside the object of this name; none when the release has no such object.
    pub(crate) fn members(&self, object: &str, release: Release) -> impl Iterator<Item = &'static Field> {
        self.fields.iter().filter(move |field| is_member(field.name, object) && field.introduced <= release)
    }
}

/// The names that one endpoint's fields go by.
#[derive(Debug)]
pub(crate) struct EndpointNames {
    pub(crate) address: &'static str,
    pub(crate) family: &'static str,
    pub(crate) netmask: &'static str,
    pub(crate) port: &'static str,
}

impl EndpointNames {
    /// Whether it is the end at the SVM.
    pub(crate) fn is_local(&self) -> bool {
        self.address == LOCAL.address
    }
}

pub(crate) const ACTION: &str = "action";
pub(crate) const AUTHENTICATION_METHOD: &str = "authentication_method";
pub(crate) const CERTIFICATE_MODIFY_KEEPSA: &str = "certificate_modify_keepsa";
pub(crate) const CERTIFICATE_NAME: &str = "certificate.name";
pub(crate) const CERTIFICATE_UUID: &str = "certificate.uuid";
pub(crate) const ENABLED: &str = "enabled";
pub(crate) const IPSPACE_NAME: &str = "ipspace.name";
pub(crate) const IPSPACE_UUID: &str = "ipspace.uuid";
pub(crate) const LOCAL_IDENTITY: &str = "local_identity";
pub(crate) const NAME: &str = "name";
pub(crate) const OFFLOAD_ENABLED: &str = "offload_enabled";
pub(crate) const PPK_IDENTITY: &str = "ppk.identity";
pub(crate) const PPK_SHARED_KEY: &str = "ppk.shared_key";
pub(crate) const PROTOCOL: &str = "protocol";
pub(crate) const REMOTE_IDENTITY: &str = "remote_identity";
pub(crate) const REPLAY_WINDOW: &str = "replay_window";
pub(crate) const SCOPE: &str = "scope";
pub(crate) const SECRET_KEY: &str = "secret_key";
pub(crate) const SVM_NAME: &str = "svm.name";
pub(crate) const SVM_UUID: &str = "svm.uuid";
pub(crate) const UUID: &str = "uuid";

pub(crate) const LOCAL: EndpointNames = EndpointNames {
    address: "local_endpoint.address",
    family: "local_endpoint.family",
    netmask: "local_endpoint.netmask",
    port: "local_endpoint.port",
};

pub(crate) const REMOTE: EndpointNames = EndpointNames {
    address: "remote_endpoint.address",
    family: "remote_endpoint.family",
    netmask: "remote_endpoint.netmask",
    port: "remote_endpoint.port",
};

/// Objects that refer to something outside this API, and the collection that each refers to.
pub(crate) const REFERENCES: [(&str, &str); 4] = [
    ("certificate", "/api/security/certificates/"),
    ("ipspace", "/api/network/ipspaces/"),
    ("node", "/api/cluster/nodes/"),
    ("svm", "/api/svm/svms/"),
];

/// Whether the dotted name lies inside the object.
pub(crate) fn is_member(name: &str, object: &str) -> bool {
    name.strip_prefix(object).is_some_and(|rest| rest.starts_with('.'))
}
