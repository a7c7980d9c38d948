//! The properties of a record or a request body, with those of the objects in it.

use quote::format_ident;
use serde_json::Value;
use syn::Ident;

use super::At;
use super::document::join;
use super::names::field_name;
use super::spec::named;

/// A property, or a member of an object that is one.
pub(crate) struct Property<'a> {
    /// The dotted name.
    pub(crate) name: String,
    pub(crate) pointer: String,
    pub(crate) schema: &'a Value,
    /// The schema, or the schema that it refers to.
    pub(crate) target: &'a Value,
    pub(crate) field: Ident,
    /// The field of the object, for a member.
    pub(crate) around: Option<Ident>,
}

impl Property<'_> {
    /// Returns what the variable `of` has of the property, as an `Option` of a reference.
    pub(crate) fn of(&self, of: &str) -> syn::Expr {
        let (of, field) = (format_ident!("{of}"), &self.field);
        match &self.around {
            Some(around) => syn::parse_quote!(#of.#around.as_ref().and_then(|part| part.#field.as_ref())),
            None => syn::parse_quote!(#of.#field.as_ref()),
        }
    }

    pub(crate) fn is_object(&self) -> bool {
        self.target["properties"].is_object()
    }
}

/// Returns the properties of the schema of this name, each before its members.
pub(crate) fn properties<'a>(spec: &'a Value, name: &str, schema: &'a Value) -> Result<Vec<Property<'a>>, At> {
    let mut found = Vec::new();
    for property in of(spec, schema, &join("/components/schemas", name))? {
        let object = named(spec, property.schema).map(|(name, _)| join("/components/schemas", name));
        let members = of(spec, property.target, object.as_ref().unwrap_or(&property.pointer))?;
        let (name, around) = (property.name.clone(), property.field.clone());
        found.push(property);
        found.extend(members.into_iter().map(|member| Property {
            name: format!("{name}.{}", member.name),
            around: Some(around.clone()),
            ..member
        }));
    }
    Ok(found)
}

fn of<'a>(spec: &'a Value, object: &'a Value, pointer: &str) -> Result<Vec<Property<'a>>, At> {
    let list = join(pointer, "properties");
    let properties = object["properties"].as_object().into_iter().flatten();
    properties
        .map(|(name, schema)| {
            let pointer = join(&list, name);
            let field = field_name(name, &pointer)?;
            let target = named(spec, schema).map_or(schema, |(_, target)| target);
            Ok(Property { name: name.clone(), pointer, schema, target, field, around: None })
        })
        .collect()
}
