//! `fields`: which fields an answer holds.

use crate::{
    fields::{self, FIELDS, KEYS},
    refusal::Refusal,
};

/// The names that an answer holds.
#[derive(Debug)]
pub(crate) struct Selection(Vec<&'static str>);

/// The fields of a policy that can be read.
fn of_a_policy() -> Vec<&'static str> {
    FIELDS.iter().filter(|field| field.readable).map(|field| field.name).collect()
}

impl Selection {
    /// Reads the value of `fields` for a policy; without one, `unasked` decides.
    ///
    /// # Errors
    /// 262286 for braces that do not pair up, 262249 for `secret_key`, 262197 for what is no field.
    pub(crate) fn of_policy(text: Option<&str>, unasked: Unasked) -> Result<Self, Refusal> {
        let names = of_a_policy();
        Self::read(text, &names, &KEYS, unasked)
    }

    /// As [`Selection::of_policy`], for any resource.
    pub(crate) fn read(
        text: Option<&str>,
        names: &[&'static str],
        keys: &[&'static str],
        unasked: Unasked,
    ) -> Result<Self, Refusal> {
        let initial = match unasked {
            Unasked::Keys => keys.to_vec(),
            Unasked::All => names.to_vec(),
        };
        let Some(text) = text else { return Ok(Self(initial)) };
        let parts = expand(text).ok_or_else(|| Refusal::braces(text))?;
        let (without, with): (Vec<_>, Vec<_>) = parts.iter().partition(|part| part.starts_with('!'));
        let mut chosen = if with.is_empty() { initial } else { keys.to_vec() };
        for part in with {
            chosen.extend(matching(part, names)?);
        }
        for part in without {
            let gone: Vec<_> = matching(&part[1..], names)?;
            chosen.retain(|name| keys.contains(name) || !gone.contains(name));
        }
        Ok(Self(chosen))
    }

    /// Whether the field is in the answer.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains(&name)
    }
}

/// What is returned without `fields`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unasked {
    /// On a collection: only what tells the records apart.
    Keys,
    /// On one record: everything.
    All,
}

/// The fields that one entry of the list stands for.
fn matching(part: &str, names: &[&'static str]) -> Result<Vec<&'static str>, Refusal> {
    if matches!(part, "*" | "**") {
        return Ok(names.to_vec());
    }
    if fields::named(part).is_some_and(|field| !field.readable) {
        return Err(Refusal::unreadable(part));
    }
    let object = part.strip_suffix(".*").unwrap_or(part);
    let found: Vec<_> = names.iter().copied().filter(|name| *name == part || fields::is_member(name, object)).collect();
    if found.is_empty() {
        return Err(Refusal::invalid("fields", Some(part), "there is no such field"));
    }
    Ok(found)
}

/// The list with its braces multiplied out (`a,b.{c,d}` is `a`, `b.c`, `b.d`), or `None` if they do not pair up.
fn expand(text: &str) -> Option<Vec<String>> {
    let mut expanded = Vec::new();
    for part in split(text)? {
        let Some(open) = part.find('{') else {
            expanded.push(part.to_owned());
            continue;
        };
        let inner = part[open + 1..].strip_suffix('}')?;
        for member in expand(inner)? {
            expanded.push(format!("{}{member}", &part[..open]));
        }
    }
    Some(expanded)
}

/// How many braces may be open at once.
const DEEPEST: usize = 16;

/// The list cut at the commas outside of braces, or `None` if the braces do not pair up.
fn split(text: &str) -> Option<Vec<&str>> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0_usize);
    for (index, character) in text.char_indices() {
        match character {
            // `expand` calls itself for each level, and no name is as deep as this.
            '{' if depth == DEEPEST => return None,
            '{' => depth += 1,
            '}' => depth = depth.checked_sub(1)?,
            ',' if depth == 0 => {
                parts.push(&text[start..index]);
                start = index + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    (depth == 0).then_some(parts)
}

#[cfg(test)]
mod tests {
    use super::expand;

    #[test]
    fn braces_are_multiplied_out() {
        let expanded = |text: &str| expand(text).map(|parts| parts.join(" "));
        assert_eq!(expanded("a,b.{c,d},e").as_deref(), Some("a b.c b.d e"));
        assert_eq!(expanded("a.{b.{c,d},e}").as_deref(), Some("a.b.c a.b.d a.e"));
        assert_eq!(expanded("!b.{c}").as_deref(), Some("!b.c"));
        for broken in ["a.{b", "a.b}", "a.{b}}", "}{", "a.{b}c"] {
            assert_eq!(expanded(broken), None, "{broken}");
        }
    }
}
