//! Selects the fields of a response by `fields`.

use crate::{
    fields::{self, Field},
    query::parameters::Parameters,
    refusal::Refusal,
};

/// The fields of a response.
#[derive(Debug)]
pub(crate) struct Selection {
    /// For each field of the table, true if the response has it.
    chosen: Vec<bool>,
}

impl Selection {
    /// Reads `fields`; `default_fields` is the default.
    ///
    /// # Errors
    /// Returns 262286 for unpaired braces, 262249 for a field that cannot be read, and 262197 for an unknown field.
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
                    return Err(Refusal::invalid("fields", Some(part), "no such field exists"));
                }
            }
        }
        let everything = initial && default_fields == DefaultFields::All;
        // Recorded on a cluster: without `fields`, a response also has the fields in the filters.
        let is_filtered_by = |name: &str| initial && parameters.filters().iter().any(|(field, _)| field.name == name);
        let is_chosen = |field: &Field| {
            let wanted = everything || with[field.place] || is_filtered_by(field.name);
            let is_key = resource.keys.contains(&field.name);
            let may_be = wanted && !without[field.place] && !parameters.view().hides(field.name);
            field.is_readable(release) && (is_key || may_be)
        };
        Ok(Self { chosen: resource.fields.iter().map(is_chosen).collect() })
    }

    /// Tells whether the response has the field. The lookup compares no names, so that many records are fast.
    pub(crate) fn has(&self, field: &Field) -> bool {
        self.chosen.get(field.place).is_some_and(|chosen| *chosen)
    }
}

/// The default of `fields`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DefaultFields {
    /// The keys of the records, and the fields in the filters; for a collection.
    Keys,
    /// All fields; for one record.
    All,
}

/// Marks the fields that one entry of `fields` selects: a field, all fields of an object, or all fields. Returns
/// `false` if the entry selects no field.
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

/// Expands the braces in a list: `a,b.{c,d}` becomes `a`, `b.c`, `b.d`. Returns `None` if braces are not paired.
fn expand(text: &str) -> Option<Vec<String>> {
    let (mut expanded, mut object) = (Vec::new(), None);
    for part in text.split(',') {
        let (before, name) = part.split_once('{').map_or((None, part), |(before, name)| (Some(before), name));
        if before.is_some() && object.is_some() {
            return None;
        }
        // A long text before a brace would be repeated for each name, and use much memory.
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

/// The highest number of characters before a brace. All names of objects are shorter.
const LONGEST: usize = 32;
