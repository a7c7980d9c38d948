//! Computes the security associations of the policies. The simulator stores no associations.
//!
//! A policy has associations if IPsec is on, the policy is enabled and encrypts, and both endpoints are single hosts.
//! The IKE association is `connecting` at first. After `negotiation_time`, it is `established`, and the IPsec
//! association exists. Each change of the policy restarts the negotiation. The exception is a change of only the
//! certificate, if `certificate_modify_keepsa` is true.

use std::net::IpAddr;

use uuid::Uuid;

use crate::{
    cluster::{Cluster, Item, Named, Record},
    effects::SilentPeer,
    fields::{self, EndpointNames},
    resources::ASSOCIATION,
};

/// The two kinds of association of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Ike,
    Ipsec,
}

impl Kind {
    const ALL: [Self; 2] = [Self::Ike, Self::Ipsec];

    /// Returns the value of the field `type`.
    fn name(self) -> &'static str {
        if self == Self::Ike { "ike" } else { "ipsec" }
    }

    /// Converts the UUID of a policy into that of its association, and back.
    fn swap(self, uuid: Uuid) -> Uuid {
        Uuid::from_u128(uuid.as_u128() ^ if self == Self::Ike { 0x69_6b65 } else { 0x69_7073_6563 })
    }
}

/// The associations of all policies, oldest policy first. The IKE association comes before the IPsec association.
#[derive(Clone, Copy)]
pub(crate) struct Associations<'a> {
    pub(crate) cluster: &'a Cluster,
    /// The peers that do not respond.
    pub(crate) silent_peer: Option<SilentPeer>,
}

impl<'a> Associations<'a> {
    /// Counts the associations.
    pub(crate) fn len(self) -> usize {
        self.cluster
            .policies
            .after(None)
            .filter_map(|policy| self.is_up(policy))
            .map(|is_up| 1 + usize::from(is_up))
            .sum()
    }

    /// Returns the association with this UUID.
    pub(crate) fn get(self, uuid: Uuid) -> Option<Item> {
        let of_kind = |kind: Kind| self.association(self.cluster.policies.get(kind.swap(uuid))?, kind);
        Kind::ALL.into_iter().find_map(of_kind)
    }

    /// Returns the associations of the policies with this name.
    pub(crate) fn of_policies(self, name: &str) -> impl Iterator<Item = Item> + use<'a> {
        self.cluster.policies.named(name).flat_map(move |policy| self.of(policy))
    }

    /// Returns the associations after this sequence number. Up to two earlier ones can come first.
    pub(crate) fn after(self, sequence: Option<u64>) -> impl Iterator<Item = Item> + use<'a> {
        let policy_before = sequence.and_then(|sequence| (sequence / 2).checked_sub(1));
        self.cluster.policies.after(policy_before).flat_map(move |policy| self.of(policy))
    }

    fn of(self, policy: &'a Item) -> impl Iterator<Item = Item> + use<'a> {
        Kind::ALL.into_iter().filter_map(move |kind| self.association(policy, kind))
    }

    /// Tells whether the negotiation is done; `None` for a policy without associations.
    fn is_up(self, policy: &Item) -> Option<bool> {
        let text = |name| policy.record.text(name);
        let method = text(fields::AUTHENTICATION_METHOD);
        // The other actions, `bypass` and `discard`, have the method `none`.
        let wants_one = text(fields::ENABLED) == Some("true") && matches!(method, Some("psk" | "pki"));
        if !self.cluster.ipsec_enabled() || !wants_one || !is_host(policy, &fields::LOCAL) {
            return None;
        }
        let peer: IpAddr = text(fields::REMOTE.address).filter(|_| is_host(policy, &fields::REMOTE))?.parse().ok()?;
        let (changed, _) = self.cluster.policies.changes(policy.uuid)?;
        let begun = changed.max(self.cluster.switched);
        let is_silent = self.silent_peer.is_some_and(|silent_peer| silent_peer.is_of(peer));
        let is_trusted = method == Some("psk") || self.cluster.trusts_an_authority(text(fields::SVM_UUID));
        Some(begun.elapsed() >= self.cluster.negotiation_time && !is_silent && is_trusted)
    }

    fn association(self, policy: &Item, kind: Kind) -> Option<Item> {
        let is_up = self.is_up(policy).filter(|is_up| kind == Kind::Ike || *is_up)?;
        let uuid = kind.swap(policy.uuid);
        let mut record = self.cluster.common[kind as usize].clone();
        record.set(fields::UUID, uuid.to_string());
        for (name, of_policy) in [
            ("local_address", fields::LOCAL.address),
            ("policy_name", fields::NAME),
            ("remote_address", fields::REMOTE.address),
            (fields::SCOPE, fields::SCOPE),
            (fields::SVM_NAME, fields::SVM_NAME),
            (fields::SVM_UUID, fields::SVM_UUID),
        ] {
            record.put(name, policy.record.shared(of_policy));
        }
        // A new negotiation has new indexes. All simulators compute the same ones.
        let (_, changes) = self.cluster.policies.changes(policy.uuid)?;
        let indexes = format!("{} {changes} {}", kind.name(), self.cluster.switches);
        let (first, second) = Uuid::new_v5(&policy.uuid, indexes.as_bytes()).as_u64_pair();
        match kind {
            Kind::Ike => {
                record.set("ike.initiator_security_parameter_index", format!("{first:016x}"));
                if is_up {
                    record.set("ike.responder_security_parameter_index", format!("{second:016x}"));
                } else {
                    record.set("ike.state", "connecting");
                }
                if policy.record.text(fields::AUTHENTICATION_METHOD) == Some("pki") {
                    record.set("ike.authentication", "cert");
                }
            }
            Kind::Ipsec => {
                // Indexes below 256 are reserved, so the highest bits are set.
                let index = |half: u64| format!("{:08x}", half >> 32 | 0xc000_0000);
                record.set("ipsec.inbound.security_parameter_index", index(first));
                record.set("ipsec.outbound.security_parameter_index", index(second));
            }
        }
        let sequence = policy.sequence * 2 + u64::from(kind == Kind::Ipsec);
        Some(Item { uuid, record, sequence })
    }
}

/// Makes two records with the values that most associations share, first for IKE, then for IPsec.
pub(super) fn common(node: &Named) -> [Record; 2] {
    let ike = [
        ("lifetime", "86400"),
        ("ike.authentication", "psk"),
        ("ike.is_initiator", "true"),
        ("ike.state", "established"),
        ("ike.version", "2"),
    ];
    let ipsec = [("lifetime", "28800"), ("ipsec.action", "esp_transport"), ("ipsec.state", "installed")];
    let counters = ["bytes", "offload_bytes", "offload_packets", "packets"]
        .map(|counter| [format!("ipsec.inbound.{counter}"), format!("ipsec.outbound.{counter}")]);
    let mut records = Kind::ALL.map(|kind| {
        let mut record = Record::new(&ASSOCIATION);
        record.set("type", kind.name());
        record.set("cipher_suite", "suiteb_gcm256");
        record.set("node.name", node.name.as_str());
        record.set("node.uuid", node.uuid.to_string());
        record
    });
    ike.into_iter().for_each(|(name, value)| records[0].set(name, value));
    ipsec.into_iter().for_each(|(name, value)| records[1].set(name, value));
    counters.iter().flatten().for_each(|name| records[1].set(name, "0"));
    records
}

/// Tells whether the endpoint is a single host.
fn is_host(policy: &Item, names: &EndpointNames) -> bool {
    let text = |name| policy.record.text(name);
    matches!((text(names.family), text(names.netmask)), (Some("ipv4"), Some("32")) | (Some("ipv6"), Some("128")))
}
