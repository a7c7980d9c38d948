//! Fixes of differences: the documented part as the curated document has such parts. Descriptions are left empty.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value, json};

use super::wording::{Kind as Worded, Wording};
use crate::document::join;
use crate::finding::Fix;
use crate::openapi::{Document, Kind, Part, SCHEMAS, Schema, component_prefix, references};
use crate::patch::Edit;

/// The members that say what a value is.
const SHAPE: [&str; 11] = [
    "$ref",
    "type",
    "items",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "properties",
    "required",
    "additionalProperties",
    "x-ontap-documented-as",
];

/// The members of a documented part that the curated document has no use for.
const OF_FACTS: [&str; 3] = ["x-ontap-fingerprint", "x-ontap-cut", "x-ontap-documented-as"];

fn put(pointer: String, value: impl Into<Value>) -> Edit {
    Edit::Put(pointer, value.into())
}

fn reference(pointer: &str) -> Value {
    json!({ "$ref": format!("#{pointer}") })
}

fn remove(pointer: &str) -> Edit {
    Edit::Remove(pointer.to_owned())
}

/// Takes the part out.
pub(super) fn removal(pointer: &str) -> Fix {
    Fix::edit(remove(pointer))
}

/// Gives the member `name` of the part at `pointer` the documented value, or takes it out if nothing is documented.
pub(super) fn member(curated: &Document, pointer: &str, name: &str, documented: Option<Value>) -> Fix {
    let member = join(pointer, name);
    match documented {
        Some(value) => Fix::edit(put(member, value)),
        None if curated.value(&member).is_null() => Fix::person("it is said elsewhere in the document"),
        None => removal(&member),
    }
}

/// Gives a limit the documented value where it stands, or takes it out; without one, adds it to the schema at `own`.
pub(super) fn limit(curated: &Document, own: &str, name: &str, has: Option<&str>, documented: Option<&Value>) -> Fix {
    match (has, documented) {
        (Some(at), Some(value)) => Fix::edit(put(at.to_owned(), value.clone())),
        (Some(at), None) if at.starts_with(&format!("{own}/")) => removal(at),
        (Some(_), None) => Fix::person("the limit belongs to a schema that others may use too"),
        (None, Some(value)) => {
            let mut edits = Vec::new();
            // Tools ignore members beside a `$ref`.
            if let Some(target) = curated.value(own).get("$ref") {
                edits.push(remove(&join(own, "$ref")));
                edits.push(put(join(own, "allOf"), json!([{ "$ref": target }])));
            }
            edits.push(put(join(own, name), value.clone()));
            Fix::Edits(edits)
        }
        (None, None) => Fix::None,
    }
}

/// Adds the definition to those that the schema at `pointer` stands for.
pub(super) fn names_definition(pointer: &str, name: &str) -> Edit {
    Edit::Insert(join(pointer, "x-ontap-documented-as"), name.into())
}

/// Adds a parameter to the list at `list`: `node`, or the component that is the same.
pub(super) fn new_parameter((curated, wording): (&Document, &Wording), list: &str, said: &Part, node: &Value) -> Fix {
    let shared = curated.value("/components/parameters").as_object().into_iter().flatten();
    let is_same = |other: &Value| {
        let required = other["required"].as_bool().unwrap_or_default();
        other["name"] == said.name && other["in"] == said.r#in && required == said.required
    };
    let shared: Vec<_> = shared.filter(|(_, other)| is_same(other)).collect();
    // Of several, the one with the documented default, and of those the one that was written after the same sentence.
    let is_read = |component: &str| {
        let read = wording.of(Worded::Parameters, &format!("components.parameters.{component}"));
        said.said.fingerprint.as_ref().is_some_and(|fingerprint| read.contains(fingerprint))
    };
    let fits = |other: &Value| other["schema"]["default"] == node["schema"]["default"];
    if let Some((component, _)) = shared.iter().min_by_key(|(component, other)| (!fits(other), !is_read(component))) {
        let value = reference(&join("/components/parameters", component));
        return Fix::edit(Edit::Insert(list.to_owned(), value));
    }
    let mut new = Map::new();
    let empty = Value::from("");
    for name in ["name", "in", "required", "description", "x-ntap-introduced"] {
        let value = if name == "description" { Some(&empty) } else { node.get(name) };
        new.extend(value.map(|value| (name.to_owned(), value.clone())));
    }
    new.extend(style(&said.kind).map(|(name, value)| (name.to_owned(), value)));
    let own = join(SCHEMAS, &said.name);
    let is_list = matches!(said.kind, Kind::Array(_)) && curated.value(&own)["type"] == "array";
    let schema = if is_list { reference(&own) } else { node["schema"].clone() };
    new.insert("schema".to_owned(), schema);
    Fix::edit(Edit::Insert(list.to_owned(), new.into()))
}

/// How a parameter of the documented type is written: ONTAP takes a list as one value, with commas.
fn style(kind: &Kind) -> impl Iterator<Item = (&'static str, Value)> {
    let is_list = matches!(kind, Kind::Array(_));
    [("style", "form".into()), ("explode", false.into())].into_iter().filter(move |_| is_list)
}

/// The members that give a schema the documented type, if no schema stands for the type.
fn scalar_shape(kind: &Kind) -> Value {
    match kind {
        Kind::Array(inner) => json!({ "type": "array", "items": scalar_shape(inner) }),
        Kind::Scalar(name) => json!({ "type": name }),
        Kind::Object(_) => json!({ "type": "object" }),
    }
}

/// Gives a parameter the documented type.
pub(super) fn retyped_parameter(curated: &Document, parameter: &Part, kind: &Kind) -> Fix {
    let style = style(kind).map(|(name, value)| put(join(&parameter.pointer, name), value));
    let schema = &parameter.schema;
    Fix::Edits(style.chain(reshaped(curated.value(schema), schema, &scalar_shape(kind))).collect())
}

/// Gives the schema of a header the documented type.
pub(super) fn retyped_scalar(curated: &Document, pointer: &str, kind: &Kind) -> Fix {
    Fix::Edits(reshaped(curated.value(pointer), pointer, &scalar_shape(kind)))
}

/// Adds a header to those at `headers`.
pub(super) fn new_header(curated: &Document, headers: &str, name: &str, node: &Value) -> Fix {
    let shared = join("/components/headers", name);
    let has = !curated.value(&shared).is_null();
    let value = if has { reference(&shared) } else { json!({ "description": "", "schema": node["schema"] }) };
    Fix::edit(put(join(headers, name), value))
}

/// Adds a response, unless a person has to choose a schema for its body.
pub(super) fn new_response(curated: &Document, responses: &str, status: &str, has_body: bool) -> Fix {
    let pointer = join(responses, status);
    if status == "default" && !curated.value("/components/responses/error").is_null() {
        return Fix::edit(put(pointer, reference("/components/responses/error")));
    }
    if has_body {
        return Fix::person("a schema has to be chosen for its body");
    }
    Fix::edit(put(pointer, json!({ "description": "" })))
}

/// Adds a code to the list of an operation.
pub(super) fn new_code(list: &str, code: u64) -> Fix {
    Fix::edit(Edit::Insert(list.to_owned(), code.into()))
}

/// Adds a code to the catalogue, under a name that stands for none.
pub(super) fn new_catalogue_entry(code: u64) -> Fix {
    let value = json!({ "name": placeholder(code), "summary": "", "remedy": "" });
    Fix::edit(put(join(crate::openapi::CATALOGUE, &code.to_string()), value))
}

/// The name of a code until a person has found one: a name once published is never changed.
pub(super) fn placeholder(code: u64) -> String {
    format!("code-{code}")
}

/// The changes that give the schema `node`, at `pointer`, the shape of another. The members that are no part of a shape
/// stay if they fit such values.
fn reshaped(node: &Value, pointer: &str, other: &Value) -> Vec<Edit> {
    let of = other["type"].as_str().unwrap_or_default();
    let goes = |name: &str, value: &Value| match name {
        "enum" | "format" | "pattern" | "minLength" | "maxLength" => of != "string",
        "minimum" | "maximum" => of != "integer",
        "default" => match value {
            Value::Bool(_) => of != "boolean",
            Value::Number(_) => of != "integer",
            Value::String(_) => of != "string",
            _ => true,
        },
        _ => SHAPE.contains(&name) && other.get(name).is_none(),
    };
    let members = |schema: &Value| schema.as_object().cloned().into_iter().flatten();
    let old = members(node).filter(|(name, value)| goes(name, value));
    let new = members(other).filter(|(name, _)| SHAPE.contains(&name.as_str()) || name == "nullable");
    let removed = old.map(|(name, _)| remove(&join(pointer, &name)));
    removed.chain(new.map(|(name, value)| put(join(pointer, &name), value))).collect()
}

/// The curated schema of each documented schema, by the pointer of the documented one.
pub(super) struct Schemas<'a>(HashMap<&'a str, Target>);

#[derive(Clone)]
struct Target {
    pointer: String,
    /// The definition's name and properties, of a schema that is not there yet.
    new: Option<(String, BTreeMap<String, Value>)>,
}

impl<'a> Schemas<'a> {
    pub(super) fn new(documented: &'a Document, curated: &Document) -> Self {
        // Several operations print the same definition, some with fewer fields.
        let mut printed: BTreeMap<&str, Vec<&'a Schema>> = BTreeMap::new();
        for key in documented.operations.keys() {
            let start = SCHEMAS.len() + component_prefix(key).len() + 2;
            for schema in documented.definitions(key) {
                printed.entry(schema.pointer.get(start..).unwrap_or_default()).or_default().push(schema);
            }
        }
        let mut targets: HashMap<&str, Target> = HashMap::new();
        for group in printed.values() {
            let Some(name) = group.first().and_then(|schema| schema.definition()) else { continue };
            let mut fields: BTreeMap<String, Value> = BTreeMap::new();
            for (field, said) in group.iter().flat_map(|schema| &schema.fields) {
                fields.entry(field.clone()).or_insert_with(|| documented.value(&said.pointer).clone());
            }
            let stands = |schema: &&Schema| schema.documented_as.iter().any(|(other, _)| other == name);
            let standing: Vec<&Schema> = curated.schemas.values().filter(stands).collect();
            if !standing.is_empty() {
                // What one operation returns can lack what another takes, so that each has its own choice.
                targets.extend(group.iter().filter_map(|schema| {
                    let lacks = |other: &Schema| {
                        schema.fields.keys().filter(|field| !other.fields.contains_key(*field)).count()
                    };
                    let closest = standing.iter().min_by_key(|other| (lacks(other), other.fields.len()))?;
                    Some((schema.pointer.as_str(), Target { pointer: closest.pointer.clone(), new: None }))
                }));
                continue;
            }
            let numbered = (2..).map(|number| format!("{name}_{number}"));
            let names = std::iter::once(name.to_owned()).chain(numbered);
            let given = |pointer: &str| targets.values().any(|other| other.pointer == pointer);
            let free = |pointer: &String| curated.value(pointer).is_null() && !given(pointer);
            let Some(pointer) = names.map(|name| join(SCHEMAS, &name)).find(free) else { continue };
            let target = Target { pointer, new: Some((name.to_owned(), fields)) };
            targets.extend(group.iter().map(|schema| (schema.pointer.as_str(), target.clone())));
        }
        Self(targets)
    }

    /// Adds the documented field `node` at `pointer`. A field that only responses have gets the marks of one.
    pub(super) fn new_field(&self, pointer: &str, node: &Value, is_read_only: bool) -> Fix {
        let mut field = self.field(node);
        for mark in ["x-ntap-readOnly", "readOnly"].into_iter().filter(|_| is_read_only) {
            field[mark] = true.into();
        }
        self.with_schemas(vec![put(pointer.to_owned(), field)], node)
    }

    /// Gives the schema `curated`, at `pointer`, the type of the documented field `node`.
    pub(super) fn retyped(&self, curated: &Value, pointer: &str, node: &Value) -> Fix {
        self.with_schemas(reshaped(curated, pointer, &self.field(node)), node)
    }

    /// A documented field as a property of a curated schema.
    fn field(&self, node: &Value) -> Value {
        let mut out = json!({ "description": "" });
        let members = node.as_object().into_iter().flatten();
        for (name, value) in members.filter(|(name, _)| !OF_FACTS.contains(&name.as_str())) {
            match name.as_str() {
                // A description beside a `$ref` would not count, so that a single object is wrapped.
                "$ref" => out["allOf"] = json!([self.referred(node)]),
                "properties" => out[name] = self.fields(value.as_object().into_iter().flatten()),
                "allOf" => out[name] = value.as_array().into_iter().flatten().map(|part| self.referred(part)).collect(),
                "items" => out[name] = self.referred(value),
                _ => out[name] = value.clone(),
            }
        }
        if node["type"] == "array" {
            // ONTAP can give null for a list that is unset, and lists are the one kind that bindings do not take it for.
            out["nullable"] = true.into();
        }
        out
    }

    fn fields<'n>(&self, fields: impl IntoIterator<Item = (&'n String, &'n Value)>) -> Value {
        fields.into_iter().map(|(name, node)| (name.clone(), self.field(node))).collect()
    }

    /// A documented schema where it is referred to.
    fn referred(&self, node: &Value) -> Value {
        let target = references(node).first().and_then(|pointer| self.0.get(pointer));
        target.map_or_else(|| node.clone(), |target| reference(&target.pointer))
    }

    /// Adds the edits that make the schemas which a documented field needs and which are not there yet.
    fn with_schemas(&self, mut edits: Vec<Edit>, node: &Value) -> Fix {
        let mut ahead = vec![node];
        while let Some(node) = ahead.pop() {
            for target in references(node).into_iter().filter_map(|pointer| self.0.get(pointer)) {
                let Some((name, fields)) = &target.new else { continue };
                if edits.iter().any(|edit| edit.pointer() == target.pointer) {
                    continue;
                }
                let mut schema = json!({ "description": "", "x-ontap-documented-as": [name], "type": "object" });
                if !fields.is_empty() {
                    schema["properties"] = self.fields(fields);
                }
                edits.push(put(target.pointer.clone(), schema));
                ahead.extend(fields.values());
            }
        }
        Fix::Edits(edits)
    }
}
