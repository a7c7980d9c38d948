//! Each value of a body by itself, whatever stands beside it.

use std::{net::IpAddr, sync::Arc};

use crate::{
    fields::{self, EndpointNames, Field},
    refusal::{Refusal, shorten},
    values::{self, Kind},
};

/// The value that a field gets from this text, in the form that ONTAP returns.
///
/// # Errors
/// Returns the code for more than one protocol (66257099), port (66257100, 66257101, 66257115 for a range) or subnet
/// (66257113, 66257114). 66257143 means an empty subnet, 66257132 a port out of range. All other faults of a value are
/// 262197.
pub(crate) fn of_text(field: &Field, text: &str) -> Result<Arc<str>, Refusal> {
    match field.kind {
        Kind::Protocol => one_protocol(field, text)?,
        Kind::Port => one_port(field, text)?,
        Kind::Address | Kind::Netmask => one_subnet(field, text)?,
        _ => {}
    }
    match field.kind {
        // Which masks are valid depends on the address, so the text stays as it is until both are known.
        Kind::Netmask => Ok(text.into()),
        // There is a code for an unknown UUID of an SVM. Text that is no UUID gets the same one.
        Kind::Uuid if field.name == fields::SVM_UUID && values::uuid(text).is_none() => Ok(text.into()),
        kind => match kind.normal(text) {
            Some(normal) => Ok(normal.into()),
            None => Err(Refusal::invalid(field.name, Some(text), kind.wanted())),
        },
    }
}

fn one_protocol(field: &Field, text: &str) -> Result<(), Refusal> {
    let is_range = text.split_once('-').is_some_and(|ends| is_range_of(ends, |end| field.kind.normal(end).is_some()));
    if text.contains(',') || is_range {
        let message = format!("{} is more than one protocol: a policy covers one or any", shorten(text));
        return Err(Refusal::rule(66_257_099, message).at(field.name).showing("value", text));
    }
    Ok(())
}

fn one_port(field: &Field, text: &str) -> Result<(), Refusal> {
    let refuse = |code, message: String| Err(Refusal::rule(code, message).at(field.name).showing("value", text));
    let (end, shown) = (end_of(field), shorten(text));
    if text.contains(',') {
        let code = if end.is_local() { 66_257_100 } else { 66_257_101 };
        return refuse(code, format!("{shown} is more than one port: an endpoint has one or any"));
    }
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    match (values::digits::<u16>(first), values::digits::<u16>(last)) {
        (Some(first), Some(last)) if first == last => Ok(()),
        (Some(first), Some(last)) if first < last => {
            refuse(66_257_115, format!("{shown} is a range of ports: an endpoint has one or any"))
        }
        _ => refuse(66_257_132, format!("{shown} for {} is no port from 0 to 65535", field.name)),
    }
}

fn one_subnet(field: &Field, text: &str) -> Result<(), Refusal> {
    let end = end_of(field);
    if text.is_empty() {
        return Err(Refusal::rule(66_257_143, format!("{} is empty: leave it out, or name a subnet", field.name))
            .at(field.name));
    }
    let is_end = |end: &str| match field.kind {
        Kind::Netmask => values::prefix_length(end).is_some(),
        _ => end.split_once('/').map_or(end, |(address, _)| address).parse::<IpAddr>().is_ok(),
    };
    let is_range = text.split_once('-').is_some_and(|ends| is_range_of(ends, is_end));
    if text.contains(',') || is_range {
        let code = if end.is_local() { 66_257_113 } else { 66_257_114 };
        let message = format!("{} is more than one subnet: an endpoint has one", shorten(text));
        return Err(Refusal::rule(code, message).at(field.name).showing("value", text));
    }
    Ok(())
}

/// Whether both ends are values. A hyphen alone makes no range: names have some, too.
fn is_range_of((first, last): (&str, &str), is_end: impl Fn(&str) -> bool) -> bool {
    is_end(first) && is_end(last)
}

/// The endpoint that the field is of.
fn end_of(field: &Field) -> &'static EndpointNames {
    if fields::is_member(field.name, "local_endpoint") { &fields::LOCAL } else { &fields::REMOTE }
}
