//! Describes each resource of the API by a table of fields. Bodies, `fields`, filters and `order_by` use the tables in
//! [`resources`](crate::resources).
//!
//! A field inside an object has a dotted name, as in ONTAP's queries.

use crate::{state::Release, values::Kind};

/// The requests that can set a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Settable {
    /// No request; ONTAP computes the value.
    Never,
    /// POST only.
    OnCreate,
    /// POST and PATCH.
    Always,
}

/// A field of a record, with a single value.
#[derive(Debug)]
pub(crate) struct Field {
    /// The index in the table of the resource.
    pub(crate) place: usize,
    /// The dotted name.
    pub(crate) name: &'static str,
    /// The position of the last part of the name.
    pub(crate) leaf: usize,
    /// The kind of the values, which defines their normal form.
    pub(crate) kind: Kind,
    /// The requests that can set the field.
    pub(crate) settable: Settable,
    /// True if responses can have the field.
    pub(crate) readable: bool,
    /// True if filters and `order_by` accept the field.
    pub(crate) searchable: bool,
    /// The first release with the field.
    pub(crate) introduced: Release,
    /// The first release that returns the field, and filters and sorts by it.
    pub(crate) read_introduced: Release,
}

/// Makes a field that every release has and returns.
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

/// Sets the index of each field.
pub(crate) const fn table<const LENGTH: usize>(mut fields: [Field; LENGTH]) -> [Field; LENGTH] {
    let mut place = 0;
    while place < LENGTH {
        fields[place].place = place;
        place += 1;
    }
    fields
}

impl Field {
    /// Sets the first release with the field.
    pub(crate) const fn since(self, introduced: Release) -> Self {
        Self { introduced, read_introduced: introduced, ..self }
    }

    /// Tells whether the release returns the field.
    pub(crate) fn is_readable(&self, release: Release) -> bool {
        self.readable && self.read_introduced <= release
    }
}

/// A resource: its path, and the fields of its records.
#[derive(Debug)]
pub(crate) struct Resource {
    /// The path of the collection, or of the only record.
    pub(crate) path: &'static str,
    /// The first release with the resource.
    pub(crate) introduced: Release,
    /// The fields that identify a record. Every record has them, also if `fields` does not name them.
    pub(crate) keys: &'static [&'static str],
    /// All fields.
    pub(crate) fields: &'static [Field],
}

impl Resource {
    /// Returns the index of the field with this dotted name.
    pub(crate) fn place(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }

    /// Returns the field with this dotted name, if the release has it.
    pub(crate) fn named(&self, name: &str, release: Release) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name && field.introduced <= release)
    }

    /// Returns the field with this dotted name, if the release returns it.
    pub(crate) fn readable(&self, name: &str, release: Release) -> Option<&'static Field> {
        self.named(name, release).filter(|field| field.is_readable(release))
    }

    /// Returns the field with this dotted name, if filters and `order_by` accept it.
    pub(crate) fn searchable(&self, name: &str, release: Release) -> Option<&'static Field> {
        self.readable(name, release).filter(|field| field.searchable)
    }

    /// Returns the fields inside this object. A release without the object has none.
    pub(crate) fn members(&self, object: &str, release: Release) -> impl Iterator<Item = &'static Field> {
        self.fields.iter().filter(move |field| is_member(field.name, object) && field.introduced <= release)
    }
}

/// The names of the fields of one endpoint.
#[derive(Debug)]
pub(crate) struct EndpointNames {
    pub(crate) address: &'static str,
    pub(crate) family: &'static str,
    pub(crate) netmask: &'static str,
    pub(crate) port: &'static str,
}

impl EndpointNames {
    /// Tells whether the names are those of the local endpoint.
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

/// Objects that refer to other parts of ONTAP's API, with the path of each collection.
pub(crate) const REFERENCES: [(&str, &str); 4] = [
    ("certificate", "/api/security/certificates/"),
    ("ipspace", "/api/network/ipspaces/"),
    ("node", "/api/cluster/nodes/"),
    ("svm", "/api/svm/svms/"),
];

/// Tells whether a field is inside the object.
pub(crate) fn is_member(name: &str, object: &str) -> bool {
    name.strip_prefix(object).is_some_and(|rest| rest.starts_with('.'))
}
