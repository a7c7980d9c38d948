//! The one table of what an IPsec policy consists of. Bodies, `fields`, filters and `order_by` all read it.
//!
//! Names, kinds and when a field can be set follow the reference page of ONTAP 9.15.1 and the vendor's API document of
//! that release. Members of objects go by their dotted names, as in ONTAP's queries.

use crate::{state::Release, values::Kind};

/// When a field can be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Settable {
    /// Never; ONTAP finds it out.
    Never,
    /// Only when the policy is made.
    OnCreate,
    /// When the policy is made and later.
    Always,
}

/// One field of a policy that holds a single value.
#[derive(Debug)]
pub(crate) struct Field {
    /// The place in [`FIELDS`].
    pub(crate) place: usize,
    /// The dotted name.
    pub(crate) name: &'static str,
    /// The kind of its values, with their normal form.
    pub(crate) kind: Kind,
    /// When it can be given.
    pub(crate) settable: Settable,
    /// Whether it is ever returned.
    pub(crate) readable: bool,
    /// The first release that has it.
    pub(crate) introduced: Release,
    /// The first release that returns it, filters by it and sorts by it.
    pub(crate) read_introduced: Release,
}

const fn field(name: &'static str, kind: Kind, settable: Settable) -> Field {
    Field {
        place: 0,
        name,
        kind,
        settable,
        readable: true,
        introduced: Release::FIRST,
        read_introduced: Release::FIRST,
    }
}

impl Field {
    const fn since(self, introduced: Release) -> Self {
        Self { introduced, read_introduced: introduced, ..self }
    }

    /// Whether the release returns it, filters by it and sorts by it.
    pub(crate) fn is_readable(&self, release: Release) -> bool {
        self.readable && self.read_introduced <= release
    }
}

/// The release that brought certificates.
const PKI: Release = Release::new(9, 10, 0);

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
pub(crate) const CERTIFICATE_NAME: &str = "certificate.name";
pub(crate) const CERTIFICATE_UUID: &str = "certificate.uuid";
pub(crate) const ENABLED: &str = "enabled";
pub(crate) const IPSPACE_NAME: &str = "ipspace.name";
pub(crate) const IPSPACE_UUID: &str = "ipspace.uuid";
pub(crate) const LOCAL_IDENTITY: &str = "local_identity";
pub(crate) const NAME: &str = "name";
pub(crate) const PROTOCOL: &str = "protocol";
pub(crate) const REMOTE_IDENTITY: &str = "remote_identity";
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

/// The fields that tell one policy from another. Every record has them, whatever `fields` says.
pub(crate) const KEYS: [&str; 2] = [UUID, NAME];

/// Objects that refer to something outside this API, and the collection that each refers to.
pub(crate) const REFERENCES: [(&str, &str); 3] =
    [("certificate", "/api/security/certificates/"), ("ipspace", "/api/network/ipspaces/"), ("svm", "/api/svm/svms/")];

/// Every field, by name.
pub(crate) static FIELDS: [Field; 24] = {
    use Settable::{Always, Never, OnCreate};
    let mut fields = [
        Field {
            read_introduced: Release::new(9, 15, 0),
            ..field(ACTION, Kind::Word(&["bypass", "discard", "esp_transport", "esp_udp"]), OnCreate)
        },
        field(AUTHENTICATION_METHOD, Kind::Word(&["none", "psk", "pki"]), OnCreate).since(PKI),
        field(CERTIFICATE_NAME, Kind::Text, Always).since(PKI),
        field(CERTIFICATE_UUID, Kind::Uuid, Always).since(PKI),
        field(ENABLED, Kind::Flag, Always),
        field(IPSPACE_NAME, Kind::Text, OnCreate),
        field(IPSPACE_UUID, Kind::Uuid, OnCreate),
        field(LOCAL.address, Kind::Address, Always),
        field(LOCAL.family, Kind::Text, Never),
        field(LOCAL.netmask, Kind::Netmask, Always),
        field(LOCAL.port, Kind::Port, Always),
        field(LOCAL_IDENTITY, Kind::Text, Always),
        field(NAME, Kind::Text, OnCreate),
        field(PROTOCOL, Kind::Protocol, Always),
        field(REMOTE.address, Kind::Address, Always),
        field(REMOTE.family, Kind::Text, Never),
        field(REMOTE.netmask, Kind::Netmask, Always),
        field(REMOTE.port, Kind::Port, Always),
        field(REMOTE_IDENTITY, Kind::Text, Always),
        field(SCOPE, Kind::Text, Never),
        Field { readable: false, ..field(SECRET_KEY, Kind::Secret, OnCreate) },
        field(SVM_NAME, Kind::Text, OnCreate),
        field(SVM_UUID, Kind::Uuid, OnCreate),
        field(UUID, Kind::Uuid, Never),
    ];
    let mut place = 0;
    while place < fields.len() {
        fields[place].place = place;
        place += 1;
    }
    fields
};

/// The field of this dotted name, if the release has it.
pub(crate) fn named(name: &str, release: Release) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.name == name && field.introduced <= release)
}

/// The field of this dotted name, if the release returns it.
pub(crate) fn readable(name: &str, release: Release) -> Option<&'static Field> {
    named(name, release).filter(|field| field.is_readable(release))
}

/// The fields inside the object of this name; none when the release has no such object.
pub(crate) fn members(object: &str, release: Release) -> impl Iterator<Item = &'static Field> {
    FIELDS.iter().filter(move |field| is_member(field.name, object) && field.introduced <= release)
}

/// Whether the dotted name lies inside the object.
pub(crate) fn is_member(name: &str, object: &str) -> bool {
    name.strip_prefix(object).is_some_and(|rest| rest.starts_with('.'))
}
