//! Releases of ONTAP, and what came with each.

use serde_json::Value;

use super::At;
use super::document::join;
use super::properties::properties;
use super::spec::{Operation, named, target};

/// Generation, major and minor of a release, such as 9.15.1.
pub(crate) type Release = [u8; 3];

/// Returns the release that brought a part of the spec, by the part's mark.
pub(crate) fn introduced(part: &Value, pointer: &str) -> Result<Option<Release>, At> {
    const MARK: &str = "x-ntap-introduced";
    let Some(mark) = part.get(MARK) else { return Ok(None) };
    let numbers: Option<Vec<u8>> =
        mark.as_str().and_then(|text| text.split('.').map(|number| number.parse().ok()).collect());
    match numbers.as_deref() {
        Some([generation, major]) => Ok(Some([*generation, *major, 0])),
        Some([generation, major, minor]) => Ok(Some([*generation, *major, *minor])),
        _ => Err(At::new(join(pointer, MARK), format!("{mark} is no release of ONTAP, such as \"9.15\""))),
    }
}

/// Returns the release that brought an operation.
pub(crate) fn first(operation: &Operation<'_>) -> Result<Release, At> {
    introduced(operation.value, &operation.pointer)?
        .ok_or_else(|| At::new(&operation.pointer, "the operation needs an `x-ntap-introduced`"))
}

/// Returns a release as Rust.
pub(crate) fn release([generation, major, minor]: Release) -> syn::Expr {
    syn::parse_quote!(Release::new(#generation, #major, #minor))
}

/// Returns the parameters and the fields of the body that came after their operation, by dotted name.
pub(crate) fn later(spec: &Value, operation: &Operation<'_>, first: Release) -> Result<Vec<(String, Release)>, At> {
    let mut later = Vec::new();
    for (pointer, parameter) in operation.parameters() {
        let parameter = target(spec, parameter);
        if let (Some(name), Some(since)) = (parameter["name"].as_str(), introduced(parameter, &pointer)?) {
            later.push((name.to_owned(), since));
        }
    }
    later.retain(|(_, since)| *since > first);
    later.extend(fields(spec, operation, first)?.into_iter().map(|field| (field.name, field.since)));
    Ok(later)
}

/// A field of a body that came after the operation.
pub(crate) struct Field {
    /// The dotted name.
    pub(crate) name: String,
    pub(crate) since: Release,
    /// Whether `self`, the body, has the field.
    pub(crate) given: syn::Expr,
}

/// Returns the fields of an operation's body, and those of its objects, that came after the operation.
pub(crate) fn fields(spec: &Value, operation: &Operation<'_>, first: Release) -> Result<Vec<Field>, At> {
    let mut fields = Vec::new();
    let Some((name, body)) = named(spec, operation.body()) else { return Ok(fields) };
    for property in properties(spec, name, body)? {
        if let Some(since) = introduced(property.schema, &property.pointer)?.filter(|since| *since > first) {
            let given = property.of("self");
            fields.push(Field { name: property.name, since, given: syn::parse_quote!(#given.is_some()) });
        }
    }
    Ok(fields)
}
