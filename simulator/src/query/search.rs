//! `query` and `query_fields`: words that are looked for in several fields at once.
//!
//! `query=web svm1|dns&query_fields=name,svm` admits records with `web` in one of these fields and `svm1` in one of
//! them, and records with `dns` in one of them. `*` in a word stands for any characters. In double quotes, blanks and
//! operators are text.
//!
//! Assumptions, where the documents leave it open: a blank binds closer than `|`; each word may be found in another
//! field; case counts; `!`, `<` and the like are text; `query_fields` takes objects, braces, `*` and `!` as `fields`
//! does, and with `!` alone means all others; flags are searched as `true` and `false`.

use std::collections::HashSet;

use crate::{
    cluster::Record,
    fields::{self, FIELDS, Field},
    query::{parameters::Parameters, selection, wildcard::Pattern},
    refusal::Refusal,
    values::Value,
};

/// A condition on several fields.
#[derive(Debug)]
pub(crate) struct Search {
    fields: Vec<&'static Field>,
    /// Of these groups of words, one has to be found whole.
    any_of: Vec<Vec<Pattern>>,
}

impl Search {
    /// Reads the two parameters; `None` without both.
    ///
    /// # Errors
    /// 262273 for one of the two alone, 262272 for an open quote, 262274 for nothing to look for, 262275 for no field,
    /// 262276 for a field twice, 262286 for braces that do not pair up, 262250 for `secret_key`, 262197 for what is no
    /// field.
    pub(crate) fn read(parameters: &Parameters<'_>) -> Result<Option<Self>, Refusal> {
        match (parameters.text("query"), parameters.text("query_fields")) {
            (None, None) => Ok(None),
            (Some(_), None) => Err(Refusal::half_a_search("query_fields")),
            (None, Some(_)) => Err(Refusal::half_a_search("query")),
            (Some(words), Some(names)) => {
                Ok(Some(Self { any_of: read_words(words)?, fields: read_fields(names, parameters)? }))
            }
        }
    }

    /// How many words are looked for.
    pub(crate) fn len(&self) -> usize {
        self.any_of.iter().map(Vec::len).sum()
    }

    /// Whether the words are in the record.
    pub(crate) fn admits(&self, record: &Record) -> bool {
        let values: Vec<_> =
            self.fields.iter().filter_map(|field| record.at(field.place)).map(Value::written).collect();
        self.any_of.iter().any(|words| words.iter().all(|word| values.iter().any(|value| word.matches(value))))
    }
}

fn read_fields(text: &str, parameters: &Parameters<'_>) -> Result<Vec<&'static Field>, Refusal> {
    if text.is_empty() {
        return Err(Refusal::search_without_fields());
    }
    let known: Vec<_> = FIELDS.iter().filter(|field| field.introduced <= parameters.release()).collect();
    let names: Vec<_> = known.iter().map(|field| field.name).collect();
    let (mut with, mut without) = (vec![false; names.len()], vec![false; names.len()]);
    let mut initial = true;
    let mut seen = HashSet::new();
    for part in selection::expand(text).ok_or_else(|| Refusal::braces("query_fields", text))? {
        let (into, name) = match part.strip_prefix('!') {
            Some(name) => (&mut without, name),
            None => {
                initial = false;
                (&mut with, part.as_str())
            }
        };
        if fields::named(name, parameters.release()).is_some_and(|field| !field.readable) {
            return Err(Refusal::unreadable_filter(name));
        }
        if !selection::mark(into, &names, name) && !parameters.ignores_unknown() {
            return Err(Refusal::invalid("query_fields", Some(name), "there is no such field"));
        }
        if let Some(twice) = seen.replace(part) {
            return Err(Refusal::search_field_twice(&twice));
        }
    }
    let is_searched =
        |(index, field): &(usize, &Field)| field.readable && (initial || with[*index]) && !without[*index];
    let found: Vec<_> = known.into_iter().enumerate().filter(is_searched).map(|(_, field)| field).collect();
    if found.is_empty() { Err(Refusal::search_without_fields()) } else { Ok(found) }
}

fn read_words(text: &str) -> Result<Vec<Vec<Pattern>>, Refusal> {
    let mut groups = vec![Vec::new()];
    let mut word = Word::default();
    let mut in_quotes = false;
    for character in text.chars() {
        match character {
            '"' => in_quotes = !in_quotes,
            _ if in_quotes => word.push(character),
            ' ' => word.end(&mut groups),
            '|' => {
                word.end(&mut groups);
                groups.push(Vec::new());
            }
            '*' => word.gap(),
            _ => word.push(character),
        }
    }
    word.end(&mut groups);
    if in_quotes {
        return Err(Refusal::search_quotes(text));
    }
    if groups.iter().any(Vec::is_empty) {
        return Err(Refusal::search_without_words());
    }
    Ok(groups)
}

/// The word that is being read, if there is one: the texts around its gaps. The first is empty, for the word may begin
/// anywhere in a value.
#[derive(Default)]
struct Word(Vec<String>);

impl Word {
    fn push(&mut self, character: char) {
        match self.0.last_mut() {
            Some(piece) => piece.push(character),
            None => self.0 = vec![String::new(), character.into()],
        }
    }

    fn gap(&mut self) {
        if self.0.is_empty() {
            self.0.push(String::new());
        }
        self.0.push(String::new());
    }

    /// Puts the word into the last group.
    fn end(&mut self, groups: &mut [Vec<Pattern>]) {
        let mut pieces = std::mem::take(&mut self.0);
        if pieces.is_empty() {
            return;
        }
        // It may end anywhere in a value.
        pieces.push(String::new());
        if let (Some(group), Some(pattern)) = (groups.last_mut(), Pattern::around(pieces)) {
            group.push(pattern);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::select};

    use super::*;
    use crate::{query::parameters::Scope, state::Release};

    fn search(fields: &str, words: &str) -> Search {
        let raw = [("query_fields".to_owned(), fields.to_owned()), ("query".to_owned(), words.to_owned())];
        Search::read(&Parameters::read(&raw, Scope::Collection, Release::LATEST).unwrap()).unwrap().unwrap()
    }

    /// Whether the pieces are in the text in this order, whatever is between and around them.
    fn is_in(pieces: &[String], text: &str) -> bool {
        let Some((piece, more)) = pieces.split_first() else { return true };
        (0..=text.len())
            .filter(|at| text.is_char_boundary(*at))
            .any(|at| text[at..].strip_prefix(piece.as_str()).is_some_and(|rest| is_in(more, rest)))
    }

    /// A word: the texts around its gaps, which are written in quotes.
    fn word() -> impl Strategy<Value = Vec<String>> {
        prop_oneof!["[ab |*!]{1,3}".prop_map(|text| vec![text]), prop::collection::vec("[ab |*]{1,2}", 2..4),]
    }

    proptest! {
        #![proptest_config(crate::query::cases(1000))]

        #[test]
        fn it_agrees_with_a_naive_search(
            groups in prop::collection::vec(prop::collection::vec(word(), 1..3), 1..4),
            values in prop::collection::vec(prop::option::of("[ab |*!]{0,6}"), 3),
            blanks in select(vec![" ", "   "]),
        ) {
            let write = |word: &Vec<String>| {
                word.iter().map(|piece| format!("\"{piece}\"")).collect::<Vec<_>>().join("*")
            };
            let text: Vec<_> =
                groups.iter().map(|group| group.iter().map(write).collect::<Vec<_>>().join(blanks)).collect();
            let names = [fields::NAME, "local_identity", "remote_identity"];
            let mut record = Record::default();
            for (name, value) in names.into_iter().zip(&values) {
                record.put(name, value.as_deref().map(|text| Value::Text(text.into())));
            }
            record.set(fields::SCOPE, "ab");
            let expected = groups.iter().any(|group| {
                group.iter().all(|word| values.iter().flatten().any(|value| is_in(word, value)))
            });
            prop_assert_eq!(search(&names.join(","), &text.join("|")).admits(&record), expected, "{:?}", text);
        }
    }

    #[test]
    fn a_field_without_a_value_holds_no_words() {
        assert!(!search("*", "*").admits(&Record::default()));
    }
}
