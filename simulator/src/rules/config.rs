//! Checks changes of the configuration of IPsec.

use crate::{
    body::Given,
    cluster::{Cluster, Record},
    fields,
    refusal::Refusal,
    rules::limits,
    state::Release,
};

/// Applies the changes to the configuration and checks the result. `null` changes nothing.
///
/// # Errors
/// Returns 66257199 if a node or the cluster is too old. A change of the offload while IPsec is on is 66256913. The
/// offload with a replay window is 66256915. IPsec off while BGP needs IPsec is 66257496.
pub(crate) fn modify(cluster: &Cluster, given: &Given) -> Result<Record, Refusal> {
    limits::check_releases(cluster).map_err(|refusal| Refusal { code: 66_257_199, ..refusal })?;
    let mut config = cluster.config.clone();
    for (name, value) in given.values.iter().filter(|(_, value)| value.is_some()) {
        config.put(name, value.clone());
    }
    let (before, after) = (|name| cluster.config.text(name), |name| config.text(name));
    let (enabled, offload) = (fields::ENABLED, fields::OFFLOAD_ENABLED);
    if before(enabled) == Some("true") && before(offload) != after(offload) {
        let message = "the offload cannot change while IPsec is on; switch IPsec off first";
        return Err(Refusal::rule(66_256_913, message).at(offload));
    }
    if after(offload) == Some("true") && after(fields::REPLAY_WINDOW) != Some("0") {
        let message = "the offload excludes a replay window; set replay_window to 0";
        return Err(Refusal::rule(66_256_915, message).at(fields::REPLAY_WINDOW));
    }
    let has_md5 = cluster.bgp_md5 && cluster.release >= Release::new(9, 16, 0);
    if has_md5 && before(enabled) == Some("true") && after(enabled) == Some("false") {
        let message = "a BGP peer group uses MD5, which needs IPsec; switch MD5 off first";
        return Err(Refusal::rule(66_257_496, message).at(enabled));
    }
    Ok(config)
}
