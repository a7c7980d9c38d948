//! Checks each value of a body without the other values.

use std::{net::IpAddr, sync::Arc};

use crate::{
    fields::{self, EndpointNames, Field},
    refusal::{Refusal, shorten},
    values::{self, Kind},
};

/// Returns the value of a field in ONTAP's normal form.
///
/// # Errors
/// Returns a code if the text has more than one value. Protocols: 66257099. Ports: 66257100, 66257101, and 66257115 for
/// a range. Subnets: 66257113, 66257114. An empty subnet is 66257143, and a port out of range is 66257132. Other
/// invalid values are 262197.
pub(crate) fn of_text(field: &Field, text: &str) -> Result<Arc<str>, Refusal> {
    match field.kind {
        Kind::Protocol => one_protocol(field, text)?,
        Kind::Port => one_port(field, text)?,
        Kind::Address | Kind::Netmask => one_subnet(field, text)?,
        _ => {}
    }
    match field.kind {
        // The address decides which masks are valid, so the check follows when both are known.
        Kind::Netmask => Ok(text.into()),
        // An unknown UUID of an SVM has its own code; an invalid UUID gets the same code later.
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
        let message = format!("{} is more than one protocol; use one protocol or any", shorten(text));
        return Err(Refusal::rule(66_257_099, message).at(field.name).showing("value", text));
    }
    Ok(())
}

fn one_port(field: &Field, text: &str) -> Result<(), Refusal> {
    let refuse = |code, message: String| Err(Refusal::rule(code, message).at(field.name).showing("value", text));
    let (end, shown) = (end_of(field), shorten(text));
    if text.contains(',') {
        let code = if end.is_local() { 66_257_100 } else { 66_257_101 };
        return refuse(code, format!("{shown} is more than one port; use one port, or none for any"));
    }
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    match (values::digits::<u16>(first), values::digits::<u16>(last)) {
        (Some(first), Some(last)) if first == last => Ok(()),
        (Some(first), Some(last)) if first < last => {
            refuse(66_257_115, format!("{shown} is a range of ports; use one port, or none for any"))
        }
        _ => refuse(66_257_132, format!("{shown} for {} is invalid; use a port from 0 to 65535", field.name)),
    }
}

fn one_subnet(field: &Field, text: &str) -> Result<(), Refusal> {
    let end = end_of(field);
    if text.is_empty() {
        return Err(Refusal::rule(
            66_257_143,
            format!("{} is empty; leave the field out, or set a subnet", field.name),
        )
        .at(field.name));
    }
    let is_end = |end: &str| match field.kind {
        Kind::Netmask => values::prefix_length(end).is_some(),
        _ => end.split_once('/').map_or(end, |(address, _)| address).parse::<IpAddr>().is_ok(),
    };
    let is_range = text.split_once('-').is_some_and(|ends| is_range_of(ends, is_end));
    if text.contains(',') || is_range {
        let code = if end.is_local() { 66_257_113 } else { 66_257_114 };
        let message = format!("{} is more than one subnet; use one subnet", shorten(text));
        return Err(Refusal::rule(code, message).at(field.name).showing("value", text));
    }
    Ok(())
}

/// Tells whether both ends are valid values. A hyphen alone is no proof of a range, because names can have hyphens.
fn is_range_of((first, last): (&str, &str), is_end: impl Fn(&str) -> bool) -> bool {
    is_end(first) && is_end(last)
}

/// Returns the endpoint of the field.
fn end_of(field: &Field) -> &'static EndpointNames {
    if fields::is_member(field.name, "local_endpoint") { &fields::LOCAL } else { &fields::REMOTE }
}
