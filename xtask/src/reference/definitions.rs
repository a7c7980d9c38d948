//! Definitions: the objects that fields name as their type, and which of two namesakes a field means.

use std::collections::{HashMap, HashSet};
use std::iter;

use serde_json::{Value, json};

use crate::facts::{Part, Parts, Rows, path_to};

use super::description::{mark, reference_in};
use super::rows::{fields, is_name, type_names};
use super::table::FIELDS;
use super::text::{Block, Kind};
use super::{Fault, Reading, quirks};

/// A definition as it stands on the page.
#[derive(Debug)]
pub(crate) struct Printed {
    line: u64,
    name: String,
    about: String,
    rows: Rows,
}

impl Printed {
    /// Makes the fault of a definition that `then` follows instead of its table.
    fn without_table(&self, then: Option<&str>) -> Fault {
        let then = then.map_or_else(String::new, |text| format!(", and then `{text}`"));
        Fault::new(self.line, format!("the definition `{}` without a table{then}", self.name), "a table of its fields")
    }
}

/// Reads the blocks below the heading of the section: a title, perhaps a description, and a table, over and over.
/// Titles and descriptions are headings of any level, or plain text if there are `plain_titles`. A definition without a table
/// is a warning.
pub(crate) fn read(plain_titles: bool, blocks: &[Block], reading: &mut Reading) -> Result<Vec<Printed>, Fault> {
    let mut definitions = Vec::new();
    let mut open: Option<Printed> = None;
    let is_titled = |block: &Block| plain_titles || matches!(block.kind, Kind::Heading(_));
    for block in blocks {
        match (&block.kind, &mut open) {
            (Kind::Heading(text) | Kind::Paragraph(text), _) if is_name(text) && is_titled(block) => {
                let name = quirks::definition_name(text).to_owned();
                let next = Printed { line: block.line, name, about: String::new(), rows: Rows::new() };
                if let Some(empty) = open.replace(next) {
                    reading.warn(empty.without_table(Some(text)));
                    definitions.push(empty);
                }
            }
            (_, None) => {
                let found = format!("{} where a definition starts", block.describe());
                return Err(Fault::new(block.line, found, "the name of a definition"));
            }
            (Kind::Heading(text) | Kind::Paragraph(text), Some(definition)) => definition.about.extend([" ", text]),
            (Kind::Table(table), Some(definition)) => {
                definition.rows = fields(table.about(FIELDS, "Definitions")?)?;
                definitions.extend(open.take());
            }
            (_, Some(definition)) => {
                let found = format!("{} in the definition `{}`", block.describe(), definition.name);
                return Err(Fault::new(block.line, found, "a table of its fields"));
            }
        }
    }
    if let Some(empty) = open {
        reading.warn(empty.without_table(None));
        definitions.push(empty);
    }
    Ok(definitions)
}

/// Where the definitions of each name are, from the top down.
type Namesakes = HashMap<String, Vec<usize>>;

/// Finds the definition that each field means.
///
/// A page can give two definitions one name, and its fields tell only the name. The page prints a definition after those
/// that its fields mean, so that a field of a definition means the last namesake above. A body means the namesake that no
/// definition means. A page with several such namesakes, or none, cannot be read.
#[derive(Debug)]
pub(crate) struct Resolver {
    printed: Vec<Printed>,
    /// The name of the component of each, in the same order.
    keys: Vec<String>,
    namesakes: Namesakes,
    /// The indexes of definitions that fields of definitions mean.
    referenced: HashSet<usize>,
}

impl Resolver {
    /// Takes the definitions in the order of the page. The names of their components start with `start`, and differ from
    /// those of `others`.
    pub(crate) fn new(printed: Vec<Printed>, start: &str, others: &Parts) -> Result<Self, Fault> {
        let printed = without_repeats(printed);
        let mut namesakes = Namesakes::new();
        for (index, definition) in printed.iter().enumerate() {
            namesakes.entry(definition.name.clone()).or_default().push(index);
        }
        let keys = keys(&printed, &namesakes, start, others)?;
        let mut resolver = Self { printed, keys, namesakes, referenced: HashSet::new() };
        let mut referenced = HashSet::new();
        for (index, definition) in resolver.printed.iter().enumerate() {
            let references = definition.rows.iter().filter_map(|(.., schema)| reference_in(schema));
            referenced.extend(references.filter_map(|(_, name)| resolver.above(index, name)));
        }
        resolver.referenced = referenced;
        Ok(resolver)
    }

    /// Finds the definition that a field of the definition at `index` means: the nearest above, or else the first of all.
    fn above(&self, index: usize, name: &str) -> Option<usize> {
        let places = self.namesakes.get(name)?;
        let above = places.partition_point(|place| *place < index);
        places.get(above.saturating_sub(1)).copied()
    }

    /// The schema of a body with these rows.
    pub(crate) fn body(&self, rows: Rows) -> Result<Part, Fault> {
        self.object(Part::default(), rows, |line, name| {
            let Some(places) = self.namesakes.get(name) else { return Ok(None) };
            let mut free = places.iter().filter(|place| places.len() == 1 || !self.referenced.contains(place));
            match (free.next(), free.next()) {
                (Some(only), None) => Ok(Some(*only)),
                _ => {
                    let found = format!("`{name}`, of which there are several definitions");
                    Err(Fault::new(line, found, "just one that no other definition refers to"))
                }
            }
        })
    }

    /// Makes the schema of an object with these rows; `target` finds the definition of a name that stands in a line.
    fn object(
        &self,
        mut object: Part,
        mut rows: Rows,
        target: impl Fn(u64, &str) -> Result<Option<usize>, Fault>,
    ) -> Result<Part, Fault> {
        for (line, _, schema) in &mut rows {
            let Some((place, name)) = reference_in(schema) else { continue };
            let absent = || Fault::new(*line, format!("the type `{name}`, which has no definition here"), type_names());
            let target = target(*line, name)?.ok_or_else(absent)?;
            if let Some(name) = schema.pointer_mut(place) {
                *name = path_to(&self.keys[target]).into();
            }
        }
        object.put("type", "object");
        object.object("properties", rows);
        Ok(object)
    }

    /// Adds the schemas of all definitions to what was read.
    pub(crate) fn schemas(self, reading: &mut Reading) -> Result<(), Fault> {
        for (index, definition) in self.printed.iter().enumerate() {
            let mut marks = Part::default();
            marks.put("x-ontap-documented-as", json!([definition.name]));
            mark(&mut marks.members, &definition.about);
            let schema = self.object(marks, definition.rows.clone(), |_, name| Ok(self.above(index, name)))?;
            reading.schema(definition.line, self.keys[index].clone(), schema);
        }
        Ok(())
    }
}

/// A definition that is printed twice, word for word, is one.
fn without_repeats(mut printed: Vec<Printed>) -> Vec<Printed> {
    let mut seen = HashSet::new();
    printed.retain(|definition| {
        let said = definition.rows.iter().map(|(_, name, schema)| json!([name, schema]));
        seen.insert((definition.name.clone(), Value::from_iter(said).to_string()))
    });
    printed
}

/// The facts name a definition by its path wherever a field is one: a long key would make them much longer than the page.
pub(crate) const LONGEST_KEY: usize = 1000;

fn keys(printed: &[Printed], namesakes: &Namesakes, start: &str, others: &Parts) -> Result<Vec<String>, Fault> {
    let mut keys = Vec::new();
    let mut told_apart = HashSet::new();
    let mut used = HashSet::new();
    for definition in printed {
        let name = &definition.name;
        let mut key = format!("{start}.{name}");
        if namesakes[name].len() > 1 {
            let names: Vec<&str> = definition.rows.iter().map(|(_, name, _)| name.as_str()).collect();
            let fields = names.join(".");
            let found = format!(
                "one of several definitions `{name}` with names of fields that fill more than {LONGEST_KEY} characters"
            );
            let expected = "a short list of names, to tell it from the others";
            ensure!(fields.len() <= LONGEST_KEY, definition.line, found, expected);
            let found = format!("a second definition `{name}` with the same fields, differently described");
            let expected = "definitions that their fields tell apart";
            ensure!(told_apart.insert((name, names)), definition.line, found, expected);
            if !fields.is_empty() {
                key = format!("{key}.{fields}");
            }
        }
        let numbered = (2..).map(|number| format!("{key}_{number}"));
        let free = iter::once(key.clone())
            .chain(numbered)
            .find(|key| !others.schemas.contains_key(key) && used.insert(key.clone()));
        keys.push(free.unwrap_or_default());
    }
    Ok(keys)
}
