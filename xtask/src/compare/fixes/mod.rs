//! What would mend a difference: the documented part as the curated document would have it. Words are left empty.

mod schemas;
mod shape;

use serde_json::{Map, Value, json};

use crate::document::join;
use crate::facts::{self, Of};
use crate::finding::Fix;
use crate::patch::Edit;
use crate::place::At;
use crate::spec::{Kind, Spec};

pub(super) use schemas::Schemas;
use shape::{reshaped, shape};

pub(super) fn put(pointer: String, value: impl Into<Value>) -> Edit {
    Edit::Put { pointer, value: value.into() }
}

fn remove(pointer: &str) -> Edit {
    Edit::Remove { pointer: pointer.to_owned() }
}

/// Takes the part out.
pub(super) fn removal(at: &At) -> Fix {
    Fix::edit(remove(&at.pointer))
}

/// Gives the member `name` of the part at `pointer` the documented value, or takes it out if nothing is documented.
pub(super) fn member(spec: &Spec, pointer: &str, name: &str, documented: Option<Value>) -> Fix {
    let member = join(pointer, name);
    match documented {
        Some(value) => Fix::edit(put(member, value)),
        None if spec.value(&member).is_null() => Fix::person("it is said elsewhere in the document"),
        None => Fix::edit(remove(&member)),
    }
}

/// Gives a limit the documented value where it stands, or takes it out; without one, adds it to the schema at `own`.
pub(super) fn limit(spec: &Spec, own: &str, name: &str, has: Option<&At>, documented: Option<&Value>) -> Fix {
    match (has, documented) {
        (Some(at), Some(value)) => Fix::edit(put(at.pointer.clone(), value.clone())),
        (Some(at), None) if at.pointer.starts_with(&format!("{own}/")) => Fix::edit(remove(&at.pointer)),
        (Some(_), None) => Fix::person("the limit belongs to a schema that others may use too"),
        (None, Some(value)) => {
            let mut edits = Vec::new();
            // What stands beside a `$ref` does not count.
            if let Some(target) = spec.value(own).get("$ref") {
                edits.push(remove(&join(own, "$ref")));
                edits.push(put(join(own, "allOf"), json!([{ "$ref": target }])));
            }
            edits.push(put(join(own, name), value.clone()));
            Fix::Edits(edits)
        }
        (None, None) => Fix::Edits(Vec::new()),
    }
}

/// Gives the schema at `pointer` the documented type.
pub(super) fn retyped(spec: &Spec, pointer: &str, of: &facts::Type, schemas: &Schemas<'_>) -> Fix {
    let mut edits = reshaped(spec.value(pointer), pointer, &field_shape(of, schemas));
    edits.extend(schemas.made_for(of));
    Fix::Edits(edits)
}

/// Says of the object that a field has already, and that has all documented members, which definition it stands for.
pub(super) fn stands_for(spec: &Spec, kind: &Kind, definition: &facts::Definition, name: &str) -> Option<Fix> {
    let pointer = match kind {
        Kind::Object(pointer) => pointer,
        Kind::Array(inner) => return stands_for(spec, inner, definition, name),
        Kind::Scalar(_) => return None,
    };
    let schema = spec.schemas.get(pointer)?;
    let same = schema.fields.len() == definition.fields.len()
        && definition.fields.iter().all(|field| schema.fields.contains_key(&field.name));
    same.then(|| names_definition(pointer, name))
}

/// Adds the definition to those that the schema at `pointer` stands for.
pub(super) fn names_definition(pointer: &str, name: &str) -> Fix {
    Fix::edit(Edit::Insert { pointer: join(pointer, "x-ontap-documented-as"), value: name.into() })
}

/// Adds a field to the schema at `pointer`.
pub(super) fn new_field(pointer: &str, field: &facts::Field, schemas: &Schemas<'_>) -> Fix {
    let mut edits = vec![put(join(&join(pointer, "properties"), &field.name), field_node(field, schemas))];
    edits.extend(schemas.made_for(&field.r#type));
    Fix::Edits(edits)
}

/// A field as a property.
fn field_node(field: &facts::Field, schemas: &Schemas<'_>) -> Value {
    let mut node = described(field.introduced.as_deref());
    node.extend(field_shape(&field.r#type, schemas));
    node.extend(limits(&field.limits));
    node.into()
}

/// What a field of the documented type is.
fn field_shape(of: &facts::Type, schemas: &Schemas<'_>) -> Map<String, Value> {
    let mut shape = shape(of, schemas);
    if of.array {
        // ONTAP can give null for a list that is unset, and lists are the one kind that bindings do not take it for.
        shape.insert("nullable".to_owned(), true.into());
    }
    shape
}

/// Adds a parameter to the list at `list`.
pub(super) fn new_parameter(spec: &Spec, list: &str, parameter: &facts::Parameter) -> Fix {
    let shared = spec.value("/components/parameters").as_object().into_iter().flatten();
    let same = |node: &Value| {
        node["name"] == parameter.name && node["in"] == parameter.r#in && node["required"] == parameter.required
    };
    for (component, node) in shared {
        let optional = !parameter.required && node["name"] == parameter.name && node["in"] == parameter.r#in;
        if same(node) || (optional && node["required"].is_null()) {
            let value = json!({ "$ref": format!("#{}", join("/components/parameters", component)) });
            return Fix::edit(Edit::Insert { pointer: list.to_owned(), value });
        }
    }
    let mut node = Map::new();
    node.insert("name".to_owned(), parameter.name.clone().into());
    node.insert("in".to_owned(), parameter.r#in.clone().into());
    if parameter.required {
        node.insert("required".to_owned(), true.into());
    }
    node.extend(described(parameter.introduced.as_deref()));
    node.extend(style(&parameter.r#type));
    let own = join("/components/schemas", &parameter.name);
    let schema = if parameter.r#type.array && spec.value(&own)["type"] == "array" {
        json!({ "$ref": format!("#{own}") })
    } else {
        let mut schema = shape::scalar_shape(&parameter.r#type);
        schema.extend(limits(&parameter.limits));
        schema.into()
    };
    node.insert("schema".to_owned(), schema);
    Fix::edit(Edit::Insert { pointer: list.to_owned(), value: node.into() })
}

/// How a parameter of the documented type is written: ONTAP takes a list as one value, with commas.
fn style(of: &facts::Type) -> Map<String, Value> {
    let members = [("style", Value::from("form")), ("explode", false.into())];
    members.into_iter().filter(|_| of.array).map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Gives the parameter at `pointer` the documented type.
pub(super) fn retyped_parameter(spec: &Spec, pointer: &str, schema: &str, of: &facts::Type) -> Fix {
    let style = style(of).into_iter().map(|(name, value)| put(join(pointer, &name), value));
    Fix::Edits(style.chain(reshaped(spec.value(schema), schema, &shape::scalar_shape(of))).collect())
}

/// Gives the schema of a header the documented type, which names no definition.
pub(super) fn retyped_scalar(spec: &Spec, pointer: &str, of: &facts::Type) -> Fix {
    Fix::Edits(reshaped(spec.value(pointer), pointer, &shape::scalar_shape(of)))
}

/// Adds a header to those at `headers`.
pub(super) fn new_header(spec: &Spec, headers: &str, header: &facts::Header) -> Fix {
    let shared = join("/components/headers", &header.name);
    let value = if spec.value(&shared).is_null() {
        json!({ "description": "", "schema": shape::scalar_shape(&header.r#type) })
    } else {
        json!({ "$ref": format!("#{shared}") })
    };
    Fix::edit(put(join(headers, &header.name), value))
}

/// Adds a response, if its body needs no schema that a person has to choose.
pub(super) fn new_response(spec: &Spec, responses: &str, status: &str, fields: &[facts::Field]) -> Fix {
    let pointer = join(responses, status);
    if status == "default" && !spec.value("/components/responses/error").is_null() {
        return Fix::edit(put(pointer, json!({ "$ref": "#/components/responses/error" })));
    }
    if fields.is_empty() {
        return Fix::edit(put(pointer, json!({ "description": "" })));
    }
    Fix::person("a schema has to be chosen for its body")
}

/// Adds a code to the list of an operation.
pub(super) fn new_code(list: &str, code: u64) -> Fix {
    Fix::edit(Edit::Insert { pointer: list.to_owned(), value: code.into() })
}

/// Adds a code to the catalogue, under a name that stands for none.
pub(super) fn new_catalogue_entry(catalogue: &str, code: u64) -> Fix {
    let value = json!({ "name": placeholder(code), "summary": "", "remedy": "" });
    Fix::edit(put(join(catalogue, &code.to_string()), value))
}

/// The name of a code until a person has found one: a name once published is never changed.
pub(super) fn placeholder(code: u64) -> String {
    format!("code-{code}")
}

fn described(introduced: Option<&str>) -> Map<String, Value> {
    let mut node = Map::new();
    node.insert("description".to_owned(), "".into());
    if let Some(release) = introduced {
        node.insert("x-ntap-introduced".to_owned(), release.into());
    }
    node
}

fn limits(limits: &facts::Limits) -> Map<String, Value> {
    limits.named().into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The key of the definition that a type names.
fn definition(of: &facts::Type) -> Option<&str> {
    match &of.of {
        Of::Definition(key) => Some(key),
        Of::Scalar(_) => None,
    }
}
