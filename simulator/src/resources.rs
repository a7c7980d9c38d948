//! The tables of fields of each resource.
//!
//! The names, the kinds and the settable fields are those of NetApp's pages of ONTAP 9.15.1 and 9.17.1. The first
//! release of a field is that in NetApp's API document of 9.15.1. The fields of 9.18 are those of NetApp's Python
//! library.

use crate::{
    fields::{
        self, Field, LOCAL, REMOTE, Resource,
        Settable::{Always, Never, OnCreate},
        field, table,
    },
    path,
    state::Release,
    values::Kind,
};

/// The first release with certificates.
const PKI: Release = Release::new(9, 10, 0);

/// The first release with the hardware offload.
const OFFLOAD: Release = Release::new(9, 16, 0);

/// The first release with post-quantum keys.
const POST_QUANTUM: Release = Release::new(9, 17, 0);

/// The first release with `certificate_modify_keepsa`.
const KEEPSA: Release = Release::new(9, 18, 0);

/// The policies.
pub(crate) static POLICY: Resource = Resource {
    path: path::POLICIES,
    introduced: Release::FIRST,
    keys: &[fields::UUID, fields::NAME],
    fields: &table([
        Field {
            read_introduced: Release::new(9, 15, 0),
            ..field(fields::ACTION, Kind::Word(&["bypass", "discard", "esp_transport", "esp_udp"]), OnCreate)
        },
        field(fields::AUTHENTICATION_METHOD, Kind::Word(&["none", "psk", "pki"]), OnCreate).since(PKI),
        field(fields::CERTIFICATE_NAME, Kind::Text, Always).since(PKI),
        field(fields::CERTIFICATE_UUID, Kind::Uuid, Always).since(PKI),
        // No page lists this field as a filter.
        Field { searchable: false, ..field(fields::CERTIFICATE_MODIFY_KEEPSA, Kind::Flag, Always).since(KEEPSA) },
        field(fields::ENABLED, Kind::Flag, Always),
        field(fields::IPSPACE_NAME, Kind::Text, OnCreate),
        field(fields::IPSPACE_UUID, Kind::Uuid, OnCreate),
        field(LOCAL.address, Kind::Address, Always),
        field(LOCAL.family, Kind::Text, Never),
        field(LOCAL.netmask, Kind::Netmask, Always),
        field(LOCAL.port, Kind::Port, Always),
        field(fields::LOCAL_IDENTITY, Kind::Text, Always),
        field(fields::NAME, Kind::Text, OnCreate),
        field(fields::PPK_IDENTITY, Kind::Sized(6, 64), Always).since(POST_QUANTUM),
        Field { readable: false, ..field(fields::PPK_SHARED_KEY, Kind::Secret, OnCreate).since(POST_QUANTUM) },
        field(fields::PROTOCOL, Kind::Protocol, Always),
        field(REMOTE.address, Kind::Address, Always),
        field(REMOTE.family, Kind::Text, Never),
        field(REMOTE.netmask, Kind::Netmask, Always),
        field(REMOTE.port, Kind::Port, Always),
        field(fields::REMOTE_IDENTITY, Kind::Text, Always),
        field(fields::SCOPE, Kind::Text, Never),
        Field { readable: false, ..field(fields::SECRET_KEY, Kind::Secret, OnCreate) },
        field(fields::SVM_NAME, Kind::Text, OnCreate),
        field(fields::SVM_UUID, Kind::Uuid, OnCreate),
        field(fields::UUID, Kind::Uuid, Never),
    ]),
};

/// The configuration of IPsec as a whole.
pub(crate) static CONFIG: Resource = Resource {
    path: path::CONFIG,
    introduced: Release::FIRST,
    keys: &[],
    fields: &table([
        field(fields::ENABLED, Kind::Flag, Always),
        field(fields::OFFLOAD_ENABLED, Kind::Flag, Always).since(OFFLOAD),
        field(fields::REPLAY_WINDOW, Kind::Number(&[0, 64, 128, 256, 512, 1024]), Always),
    ]),
};

/// The CA certificates that IPsec trusts.
pub(crate) static CA_CERTIFICATE: Resource = Resource {
    path: path::CA_CERTIFICATES,
    introduced: PKI,
    keys: &[fields::CERTIFICATE_UUID],
    fields: &table([
        field(fields::CERTIFICATE_UUID, Kind::Uuid, OnCreate),
        field(fields::SCOPE, Kind::Text, Never),
        field(fields::SVM_NAME, Kind::Text, OnCreate),
        field(fields::SVM_UUID, Kind::Uuid, OnCreate),
    ]),
};

/// The security associations.
pub(crate) static ASSOCIATION: Resource = Resource {
    path: path::ASSOCIATIONS,
    introduced: Release::FIRST,
    keys: &[fields::UUID],
    fields: &table([
        field("cipher_suite", Kind::Text, Never),
        field("ike.authentication", Kind::Text, Never),
        field("ike.initiator_security_parameter_index", Kind::Text, Never),
        field("ike.is_initiator", Kind::Flag, Never),
        field("ike.responder_security_parameter_index", Kind::Text, Never),
        field("ike.state", Kind::Text, Never),
        field("ike.version", Kind::Number(&[]), Never),
        field("ipsec.action", Kind::Text, Never),
        field("ipsec.inbound.bytes", Kind::Number(&[]), Never),
        field("ipsec.inbound.offload_bytes", Kind::Number(&[]), Never).since(OFFLOAD),
        field("ipsec.inbound.offload_packets", Kind::Number(&[]), Never).since(OFFLOAD),
        field("ipsec.inbound.packets", Kind::Number(&[]), Never),
        field("ipsec.inbound.security_parameter_index", Kind::Text, Never),
        field("ipsec.outbound.bytes", Kind::Number(&[]), Never),
        field("ipsec.outbound.offload_bytes", Kind::Number(&[]), Never).since(OFFLOAD),
        field("ipsec.outbound.offload_packets", Kind::Number(&[]), Never).since(OFFLOAD),
        field("ipsec.outbound.packets", Kind::Number(&[]), Never),
        field("ipsec.outbound.security_parameter_index", Kind::Text, Never),
        field("ipsec.state", Kind::Text, Never),
        field("lifetime", Kind::Number(&[]), Never),
        field("local_address", Kind::Address, Never),
        field("node.name", Kind::Text, Never),
        field("node.uuid", Kind::Uuid, Never),
        field("policy_name", Kind::Text, Never),
        field("remote_address", Kind::Address, Never),
        field(fields::SCOPE, Kind::Text, Never),
        field(fields::SVM_NAME, Kind::Text, Never),
        field(fields::SVM_UUID, Kind::Uuid, Never),
        field("type", Kind::Text, Never),
        field(fields::UUID, Kind::Uuid, Never),
    ]),
};

/// The cluster.
pub(crate) static CLUSTER: Resource = Resource {
    path: path::CLUSTER,
    introduced: Release::FIRST,
    keys: &[fields::NAME, fields::UUID],
    fields: &table([
        field(fields::NAME, Kind::Text, Never),
        field(fields::UUID, Kind::Uuid, Never),
        field("version.full", Kind::Text, Never),
        field("version.generation", Kind::Number(&[]), Never),
        field("version.major", Kind::Number(&[]), Never),
        field("version.minor", Kind::Number(&[]), Never),
    ]),
};

/// The jobs.
pub(crate) static JOB: Resource = Resource {
    path: path::JOBS,
    introduced: Release::FIRST,
    keys: &[fields::UUID],
    fields: &table([
        field(fields::UUID, Kind::Uuid, Never),
        field("description", Kind::Text, Never),
        field("state", Kind::Text, Never),
        field("message", Kind::Text, Never),
        field("code", Kind::Number(&[]), Never),
        field("start_time", Kind::Text, Never),
        field("end_time", Kind::Text, Never),
        field("error.message", Kind::Text, Never),
        field("error.code", Kind::Text, Never),
        field("error.target", Kind::Text, Never),
    ]),
};

/// The resources of IPsec.
pub(crate) static IPSEC: [&Resource; 4] = [&POLICY, &CONFIG, &CA_CERTIFICATE, &ASSOCIATION];
