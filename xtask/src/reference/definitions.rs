//! Definitions: the objects that fields name as their type, and which of two namesakes a field means.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::facts::{Definition, Field, Fingerprint, Of, SCALARS};

use super::form::Form;
use super::rows::{FieldRow, field, fields, is_name, type_names};
use super::table::Subject;
use super::text::{Block, Kind};
use super::{Fault, quirks};

/// A definition as it stands on the page.
#[derive(Debug)]
pub(crate) struct Printed {
    line: u64,
    name: String,
    fingerprint: Option<Fingerprint>,
    rows: Vec<FieldRow>,
}

/// Reads the blocks below the heading of the section: a title, perhaps a description, and a table, over and over.
/// Titles and descriptions are headings of any level, or plain text.
pub(crate) fn read(form: Form, blocks: &[Block], odd: &mut Vec<Fault>) -> Result<Vec<Printed>, Fault> {
    let mut definitions = Vec::new();
    let mut title: Option<(u64, String)> = None;
    let mut about: Vec<&str> = Vec::new();
    let mut without_table = |line: u64, name: String, about: &[&str], then: Option<&str>| {
        let then = then.map_or_else(String::new, |text| format!(", and then `{text}`"));
        let fault = Fault::new(line, format!("the definition `{name}` without a table{then}"), "a table of its fields");
        if !quirks::allows_definition_without_table(form) {
            return Err(fault);
        }
        odd.push(fault);
        Ok(Printed { line, name, fingerprint: Fingerprint::of(&about.join(" ")), rows: Vec::new() })
    };
    for block in blocks {
        let titled = match &block.kind {
            Kind::Heading(text) => Some(text),
            Kind::Paragraph(text) => Some(text).filter(|_| quirks::has_plain_titles(form)),
            _ => None,
        };
        if let Some(text) = titled.filter(|text| is_name(text)) {
            if let Some((line, name)) = title.replace((block.line, quirks::definition_name(text).to_owned())) {
                definitions.push(without_table(line, name, &about, Some(text))?);
                about.clear();
            }
            continue;
        }
        match (&block.kind, &title) {
            (Kind::Heading(text) | Kind::Paragraph(text), Some(_)) => about.push(text),
            (Kind::Table(table), Some((line, name))) => {
                let rows = fields(table.about(Subject::Fields, "Definitions")?)?;
                let fingerprint = Fingerprint::of(&about.join(" "));
                definitions.push(Printed { line: *line, name: name.clone(), fingerprint, rows });
                title = None;
                about.clear();
            }
            (_, None) => {
                let found = format!("{} where a definition starts", block.describe());
                return Err(Fault::new(block.line, found, "the name of a definition"));
            }
            (_, Some((_, name))) => {
                let found = format!("{} in the definition `{name}`", block.describe());
                return Err(Fault::new(block.line, found, "a table of its fields"));
            }
        }
    }
    if let Some((line, name)) = title {
        definitions.push(without_table(line, name, &about, None)?);
    }
    Ok(definitions)
}

/// Finds the definition that each field means.
///
/// A page can give two definitions one name, and its fields tell only the name. It prints a definition after those that
/// it names, so that a field of a definition means the last namesake above. What a body means is then the namesake that
/// no definition means; if there is not exactly one such, the page cannot be read.
#[derive(Debug)]
pub(crate) struct Resolver {
    printed: Vec<Printed>,
    /// The key of each, in the same order.
    keys: Vec<String>,
    namesakes: Namesakes,
    /// For each name, what a body means by it: an index into `printed`, or nothing if that cannot be told.
    meant_by_bodies: BTreeMap<String, Option<usize>>,
}

impl Resolver {
    /// Takes the definitions in the order of the page, and the rows of the bodies that use them.
    pub(crate) fn new(printed: Vec<Printed>, bodies: &[&[FieldRow]]) -> Result<Self, Fault> {
        let printed = without_repeats(printed);
        let namesakes = Namesakes::of(&printed);
        let keys = keys(&printed, &namesakes)?;
        let mut meant: BTreeSet<usize> = BTreeSet::new();
        for (index, definition) in printed.iter().enumerate() {
            for row in definition.rows.iter().filter(|row| is_reference(row)) {
                meant.extend(namesakes.above(index, &row.of));
            }
        }
        let mut meant_by_bodies = BTreeMap::new();
        for row in bodies.iter().flat_map(|rows| rows.iter()).filter(|row| is_reference(row)) {
            if meant_by_bodies.contains_key(&row.of) {
                continue;
            }
            let named = namesakes.called(&row.of);
            let free: Vec<usize> = named.iter().copied().filter(|index| !meant.contains(index)).collect();
            let one = match (named, free.as_slice()) {
                ([], _) => continue,
                ([only], _) | (_, [only]) => Some(*only),
                _ => None,
            };
            meant_by_bodies.insert(row.of.clone(), one);
        }
        Ok(Self { printed, keys, namesakes, meant_by_bodies })
    }

    /// The fields of a body.
    pub(crate) fn body(&mut self, rows: &[FieldRow]) -> Result<Vec<Field>, Fault> {
        let mut fields = Vec::new();
        for row in rows {
            let of = if is_reference(row) {
                match self.meant_by_bodies.get(&row.of) {
                    Some(Some(index)) => Of::Definition(self.keys[*index].clone()),
                    Some(None) => {
                        let found = format!("`{}`, of which there are several definitions", row.of);
                        return Err(Fault::new(row.line, found, "just one that no other definition refers to"));
                    }
                    None => return Err(absent(row)),
                }
            } else {
                Of::Scalar(row.of.clone())
            };
            fields.push(field(row, of)?);
        }
        fields.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(fields)
    }

    /// All definitions, by their keys.
    pub(crate) fn finish(self) -> Result<BTreeMap<String, Definition>, Fault> {
        let mut definitions = BTreeMap::new();
        for (index, definition) in self.printed.iter().enumerate() {
            let mut fields = Vec::new();
            for row in &definition.rows {
                let of = if is_reference(row) {
                    let target = self.namesakes.above(index, &row.of).ok_or_else(|| absent(row))?;
                    Of::Definition(self.keys[target].clone())
                } else {
                    Of::Scalar(row.of.clone())
                };
                fields.push(field(row, of)?);
            }
            fields.sort_by(|a, b| a.name.cmp(&b.name));
            let fingerprint = definition.fingerprint.clone();
            definitions
                .insert(self.keys[index].clone(), Definition { fingerprint, fields, origin: definition.line.into() });
        }
        Ok(definitions)
    }
}

fn is_reference(row: &FieldRow) -> bool {
    !SCALARS.contains(&row.of.as_str())
}

fn absent(row: &FieldRow) -> Fault {
    Fault::new(row.line, format!("the type `{}`, which has no definition here", row.of), type_names())
}

/// Where the definitions of each name are, from the top down.
#[derive(Debug)]
struct Namesakes(BTreeMap<String, Vec<usize>>);

impl Namesakes {
    fn of(printed: &[Printed]) -> Self {
        let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, definition) in printed.iter().enumerate() {
            places.entry(definition.name.clone()).or_default().push(index);
        }
        Self(places)
    }

    fn called(&self, name: &str) -> &[usize] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// What the definition at `index` means by `name`: the nearest above, or else the one that there is.
    fn above(&self, index: usize, name: &str) -> Option<usize> {
        let places = self.called(name);
        let above = places.partition_point(|place| *place < index);
        above.checked_sub(1).map_or_else(|| places.first(), |nearest| places.get(nearest)).copied()
    }
}

/// A definition that is printed twice, word for word, is one.
fn without_repeats(printed: Vec<Printed>) -> Vec<Printed> {
    let mut seen = HashSet::new();
    let is_new: Vec<bool> = printed
        .iter()
        .map(|definition| {
            let rows = definition.rows.iter();
            let said: Vec<_> = rows.map(|row| (&row.name, row.array, &row.of, &row.description)).collect();
            seen.insert((&definition.name, said))
        })
        .collect();
    printed.into_iter().zip(is_new).filter_map(|(definition, is_new)| is_new.then_some(definition)).collect()
}

/// The facts name a definition wherever a field is one, so that a long key would make them much longer than the page.
const LONGEST_KEY: usize = 1000;

fn keys(printed: &[Printed], namesakes: &Namesakes) -> Result<Vec<String>, Fault> {
    let mut keys = Vec::new();
    let mut seen = HashSet::new();
    for definition in printed {
        let name = &definition.name;
        let key = if namesakes.called(name).len() == 1 {
            name.clone()
        } else {
            let mut names: Vec<&str> = definition.rows.iter().map(|row| row.name.as_str()).collect();
            names.sort_unstable();
            let names = names.join(",");
            if names.len() > LONGEST_KEY {
                let found = format!(
                    "one of several definitions `{name}` with names of fields that fill more than {LONGEST_KEY} characters"
                );
                return Err(Fault::new(definition.line, found, "a short list of names, to tell it from the others"));
            }
            format!("{name}({names})")
        };
        if !seen.insert(key.clone()) {
            let found = format!("a second definition `{name}` with the same fields, differently described");
            return Err(Fault::new(definition.line, found, "definitions that their fields tell apart"));
        }
        keys.push(key);
    }
    Ok(keys)
}
