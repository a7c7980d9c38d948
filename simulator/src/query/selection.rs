//! `fields`: which fields an answer holds.

use crate::{
    fields::{self, FIELDS, KEYS},
    query::parameters::Parameters,
    refusal::Refusal,
};

/// The names that an answer holds.
#[derive(Debug)]
pub(crate) struct Selection {
    names: Vec<&'static str>,
    /// For each of the names, whether it is in the answer.
    chosen: Vec<bool>,
}

impl Selection {
    /// Reads `fields` for a policy; without it, `unasked` decides.
    ///
    /// # Errors
    /// 262286 for braces that do not pair up, 262249 for `secret_key`, 262197 for what is no field.
    pub(crate) fn of_policy(parameters: &Parameters<'_>, unasked: Unasked) -> Result<Self, Refusal> {
        let readable = FIELDS.iter().filter(|field| field.is_readable(parameters.release()));
        let read = Self::read(parameters, readable.map(|field| field.name).collect(), &KEYS, unasked)?;
        // Laid out as the table of fields is, for `has_at`.
        let names: Vec<_> = FIELDS.iter().map(|field| field.name).collect();
        Ok(Self { chosen: names.iter().map(|name| read.has(name)).collect(), names })
    }

    /// Reads `fields` for any resource, like [`Selection::of_policy`].
    pub(crate) fn read(
        parameters: &Parameters<'_>,
        names: Vec<&'static str>,
        keys: &[&'static str],
        unasked: Unasked,
    ) -> Result<Self, Refusal> {
        let (mut with, mut without) = (vec![false; names.len()], vec![false; names.len()]);
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
                if fields::named(part, parameters.release()).is_some_and(|field| !field.readable) {
                    return Err(Refusal::unreadable(part));
                }
                if !mark(into, &names, part) && !parameters.ignores_unknown() {
                    return Err(Refusal::invalid("fields", Some(part), "there is no such field"));
                }
            }
        }
        let everything = initial && unasked == Unasked::All;
        // Recorded: without `fields`, those that are filtered by come back, too.
        let is_filtered_by = |name: &str| initial && parameters.filters().iter().any(|(field, _)| field.name == name);
        let is_chosen = |(index, name): (usize, &&'static str)| {
            let wanted = everything || with[index] || is_filtered_by(name);
            keys.contains(name) || (wanted && !without[index] && !parameters.view().hides(name))
        };
        let chosen = names.iter().enumerate().map(is_chosen).collect();
        Ok(Self { names, chosen })
    }

    /// Whether the field is in the answer.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.names.iter().zip(&self.chosen).any(|(known, chosen)| *chosen && *known == name)
    }

    /// Whether the field at this place is in the answer; for a policy, the place in [`FIELDS`]. No text is compared, so
    /// that many records can be asked.
    pub(crate) fn has_at(&self, place: usize) -> bool {
        self.chosen.get(place).is_some_and(|chosen| *chosen)
    }
}

/// The fields that are returned without `fields`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unasked {
    /// On a collection: only what tells the records apart, and what they are filtered by.
    Keys,
    /// On one record: everything.
    All,
}

/// Marks the names that one entry of a list stands for: a name, an object with all in it, or everything. `false` if
/// there are none.
fn mark(marks: &mut [bool], names: &[&str], part: &str) -> bool {
    let everything = matches!(part, "*" | "**");
    let object = part.strip_suffix(".*").unwrap_or(part);
    let mut found = false;
    for (mark, name) in marks.iter_mut().zip(names) {
        if everything || *name == part || fields::is_member(name, object) {
            *mark = true;
            found = true;
        }
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
