//! `fields`: which fields an answer holds.

use crate::{
    fields::{self, Field},
    query::parameters::Parameters,
    refusal::Refusal,
};

/// The fields that an answer holds.
#[derive(Debug)]
pub(crate) struct Selection {
    /// For each place in the table of fields, whether the field is in the answer.
    chosen: Vec<bool>,
}

impl Selection {
    /// Reads `fields`; without it, `default_fields` decides.
    ///
    /// # Errors
    /// 262286 for braces that do not pair up, 262249 for a key, 262197 for what is no field.
    pub(crate) fn read(parameters: &Parameters<'_>, default_fields: DefaultFields) -> Result<Self, Refusal> {
        let (resource, release) = (parameters.resource(), parameters.release());
        let none = vec![false; resource.fields.len()];
        let (mut with, mut without) = (none.clone(), none);
        let mut initial = true;
        if let Some(text) = parameters.text("fields") {
            for part in expand(text).ok_or_else(|| Refusal::braces(text))? {
                let (into, part) = match part.strip_prefix('!') {
                    Some(part) => (&mut without, part),
                    None => {
                        initial = false;
                        (&mut with, part.as_str())
                    }
                };
                if resource.named(part, release).is_some_and(|field| !field.readable) {
                    return Err(Refusal::unreadable(part));
                }
                let readable = resource.fields.iter().filter(|field| field.is_readable(release));
                if !mark(into, readable, part) && !parameters.ignores_unknown() {
                    return Err(Refusal::invalid("fields", Some(part), "there is no such field"));
                }
            }
        }
        let everything = initial && default_fields == DefaultFields::All;
        // Recorded: without `fields`, those that are filtered by come back, too.
        let is_filtered_by = |name: &str| initial && parameters.filters().iter().any(|(field, _)| field.name == name);
        let is_chosen = |field: &Field| {
            let wanted = everything || with[field.place] || is_filtered_by(field.name);
            let is_key = resource.keys.contains(&field.name);
            let may_be = wanted && !without[field.place] && !parameters.view().hides(field.name);
            field.is_readable(release) && (is_key || may_be)
        };
        Ok(Self { chosen: resource.fields.iter().map(is_chosen).collect() })
    }

    /// Whether the field is in the answer. No text is compared, so that many records can be asked.
    pub(crate) fn has(&self, field: &Field) -> bool {
        self.chosen.get(field.place).is_some_and(|chosen| *chosen)
    }
}

/// The fields that are returned without `fields`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DefaultFields {
    /// On a collection: only what tells the records apart, and what they are filtered by.
    Keys,
    /// On one record: everything.
    All,
}

/// Marks the fields that one entry of a list stands for: a name, an object with all in it, or everything. `false` if
/// there are none.
fn mark<'a>(marks: &mut [bool], fields: impl Iterator<Item = &'a Field>, part: &str) -> bool {
    let everything = matches!(part, "*" | "**");
    let object = part.strip_suffix(".*").unwrap_or(part);
    let mut found = false;
    for field in fields.filter(|field| everything || field.name == part || fields::is_member(field.name, object)) {
        marks[field.place] = true;
        found = true;
    }
    found
}

/// The list with its braces multiplied out (`a,b.{c,d}` is `a`, `b.c`, `b.d`), or `None` if they do not pair up.
fn expand(text: &str) -> Option<Vec<String>> {
    let (mut expanded, mut object) = (Vec::new(), None);
    for part in text.split(',') {
        let (before, name) = part.split_once('{').map_or((None, part), |(before, name)| (Some(before), name));
        if before.is_some() && object.is_some() {
            return None;
        }
        // To repeat a longer text for each member would take more memory than the request is worth.
        object = before.map(|before| before.chars().take(LONGEST).collect::<String>()).or(object);
        let inner = name.strip_suffix('}');
        if inner.is_some() && object.is_none() || inner.unwrap_or(name).contains(['{', '}']) {
            return None;
        }
        expanded.push(format!("{}{}", object.as_deref().unwrap_or_default(), inner.unwrap_or(name)));
        if inner.is_some() {
            object = None;
        }
    }
    object.is_none().then_some(expanded)
}

/// No name has more characters than this before a brace.
const LONGEST: usize = 32;
