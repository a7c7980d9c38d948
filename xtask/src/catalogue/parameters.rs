//! The table of parameters.

use crate::document::join;
use crate::place::Unreadable;
use crate::spec::{Operation, Spec};

use super::Parameter;

pub(super) fn list(spec: &Spec) -> Result<Vec<Parameter>, Unreadable> {
    let mut all: Vec<Parameter> = Vec::new();
    for (key, operation) in &spec.operations {
        for parameter in &operation.parameters {
            let row = row(spec, operation, parameter)?;
            let same = |other: &&mut Parameter| Parameter { operations: Vec::new(), ..(**other).clone() } == row;
            match all.iter_mut().find(same) {
                Some(other) => other.operations.push(key.clone()),
                None => all.push(Parameter { operations: vec![key.clone()], ..row }),
            }
        }
    }
    all.sort_by(|one, other| (&one.name, &one.operations).cmp(&(&other.name, &other.operations)));
    Ok(all)
}

fn row(spec: &Spec, operation: &Operation, parameter: &crate::spec::Parameter) -> Result<Parameter, Unreadable> {
    let limit = |name: &str| parameter.limits.get(name).map(|(value, _)| value.clone());
    let schema = join(&parameter.pointer, "schema");
    Ok(Parameter {
        name: parameter.name.clone(),
        r#in: parameter.r#in.clone(),
        r#type: parameter.kind.to_string(),
        format: spec.keyword(&schema, "format")?.and_then(|format| format.as_str().map(str::to_owned)),
        required: parameter.required,
        default: limit("default"),
        minimum: limit("minimum"),
        maximum: limit("maximum"),
        min_length: limit("minLength"),
        max_length: limit("maxLength"),
        description: spec.value(&join(&parameter.pointer, "description")).as_str().unwrap_or_default().to_owned(),
        release: parameter.introduced.clone().or_else(|| operation.introduced.0.clone()),
        operations: Vec::new(),
    })
}
