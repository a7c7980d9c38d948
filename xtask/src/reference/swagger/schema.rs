//! Schemas: of definitions and their members, of parameters and of headers.

use serde_json::{Map, json};

use crate::facts::{FLAGS, LIMITS, Part, path_to};
use crate::workspace;

use super::super::description::mark;
use super::super::rows::is_name;
use super::super::{Fault, quirks};
use super::Reader;
use super::sections::Node;

impl Reader<'_> {
    /// Reads a schema, which can have other members `also` that are read apart.
    pub(super) fn schema(&mut self, node: &Node<'_>, also: &[&str]) -> Result<Part, Fault> {
        const SHAPE: &str = "$ref type items properties description x-ntap-introduced";
        self.has_only(node, &[&SHAPE.split(' ').collect::<Vec<_>>()[..], also, &FLAGS, &LIMITS].concat())?;
        let mut schema = introduced(node)?;
        mark(&mut schema.members, &words(node)?);
        let copied = |key: &&str| Some(((*key).to_owned(), node.value.get(*key)?.clone()));
        let limits: Map<_, _> = LIMITS.iter().filter_map(copied).collect();
        schema.members.extend(FLAGS.iter().filter_map(copied));
        let properties = node.get("properties");
        if let Some(target) = node.get("$ref") {
            let name = target.text()?.strip_prefix("#/definitions/").filter(|name| is_name(name));
            let name = name.ok_or_else(|| target.is_not("`#/definitions/` and a name"))?;
            if !self.reading.parts.schemas.contains_key(name) {
                self.wanted.entry(name.to_owned()).or_insert_with(|| target.line());
            }
            if !schema.members.is_empty() || !limits.is_empty() {
                schema.put("allOf", json!([{"$ref": path_to(name)}]));
                schema.members.extend(limits);
            } else {
                schema.put("$ref", path_to(name));
            }
            return Ok(schema);
        }
        const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];
        let kind = match node.get("type") {
            Some(kind) => TYPES.into_iter().find(|known| kind.value == known).ok_or_else(|| kind.is_not("a type"))?,
            None if properties.is_some() => "object",
            None => return Err(Fault::new(node.line(), "a schema without a type", "`type`, `properties` or `$ref`")),
        };
        schema.put("type", kind);
        if kind == "array" {
            let items = node.get("items");
            let items = items.ok_or_else(|| Fault::new(node.line(), "a list without `items`", "them"))?;
            schema.nest(items.line(), "items", self.schema(&items, &[])?);
        }
        if let Some(properties) = properties {
            let mut part = Part::default();
            for (name, member) in properties.members()? {
                part.nest(member.line(), name, self.schema(&member, &[])?);
            }
            schema.nest(properties.line(), "properties", part);
        }
        schema.members.extend(limits);
        Ok(schema)
    }
}

/// The words of a description, cleaned as those of a page are.
pub(super) fn words(node: &Node<'_>) -> Result<String, Fault> {
    node.get("description").map_or(Ok(String::new()), |description| Ok(quirks::without_markup(description.text()?)))
}

/// A part that starts with the release in which the node first appeared, if it says one.
pub(super) fn introduced(node: &Node<'_>) -> Result<Part, Fault> {
    let mut part = Part::default();
    if let Some(mark) = node.get("x-ntap-introduced") {
        match mark.text()? {
            "DO_NOT_DISPLAY" => {}
            release if workspace::release(release).is_some() => part.put_at(mark.line(), "x-ntap-introduced", release),
            _ => return Err(mark.is_not("a release such as '9.10'")),
        }
    }
    Ok(part)
}
