//! Facts with the places of their parts: in a facts file, or in the pages that they were just read from.

use std::collections::BTreeMap;

use super::{Facts, Of, Operation};
use crate::document::join;
use crate::place::{At, Source, Unreadable};
use crate::reference::{self, Input, ReadError, Warning};

/// Facts, with the places of their parts.
#[derive(Debug)]
pub struct Documented {
    /// The facts.
    pub facts: Facts,
    places: Places,
}

#[derive(Debug)]
enum Places {
    File(Source),
    /// What messages call the pages, and the file and line of each part, by its pointer in a facts file.
    Pages(String, BTreeMap<String, (String, u64)>),
}

impl Documented {
    /// Reads the text of a facts file.
    ///
    /// # Errors
    /// If it is not one.
    pub fn parse(file: &str, text: &str) -> Result<Self, Unreadable> {
        let source = Source::parse(file, text)?;
        let facts: Facts = source.decode()?;
        definitions_are_there(&facts, &source)?;
        Ok(Self { facts, places: Places::File(source) })
    }

    /// Reads the facts out of the vendor's pages.
    ///
    /// # Errors
    /// If there is anything in them that is not understood.
    pub fn read(pages: &[Input<'_>], release: &str) -> Result<(Self, Vec<Warning>), ReadError> {
        let read = reference::read(pages, release)?;
        let mut places = BTreeMap::new();
        for (key, operation) in &read.facts.operations {
            let page = read.pages.get(key).cloned().unwrap_or_default();
            let mut add = |pointer: String, line: u64| drop(places.insert(pointer, (page.clone(), line)));
            lines(&join("/operations", key), operation, &mut add);
        }
        let name = pages.iter().map(|page| page.path).collect::<Vec<_>>().join(", ");
        Ok((Self { facts: read.facts, places: Places::Pages(name, places) }, read.warnings))
    }

    /// What messages call the source of the facts.
    pub fn name(&self) -> &str {
        match &self.places {
            Places::File(source) => &source.file,
            Places::Pages(name, _) => name,
        }
    }

    /// The place of what `pointer` names, or of the nearest part around it.
    pub(crate) fn at(&self, pointer: &str) -> At {
        let (name, places) = match &self.places {
            Places::File(source) => return source.at(pointer),
            Places::Pages(name, places) => (name, places),
        };
        let mut around = std::iter::successors(Some(pointer), |inner| inner.rfind('/').map(|end| &inner[..end]));
        let (file, line) = around.find_map(|pointer| places.get(pointer)).cloned().unwrap_or((name.clone(), 1));
        At { file, line, column: 1, pointer: pointer.to_owned() }
    }
}

/// Gives the line of each part of an operation.
fn lines(pointer: &str, operation: &Operation, add: &mut impl FnMut(String, u64)) {
    let item = |list: &str, index: usize| join(&join(pointer, list), &index.to_string());
    add(pointer.to_owned(), operation.origin.line);
    for (index, parameter) in operation.parameters.iter().enumerate() {
        add(item("parameters", index), parameter.origin.line);
    }
    for (index, header) in operation.headers.iter().enumerate() {
        add(item("headers", index), header.origin.line);
    }
    for (index, code) in operation.error_codes.iter().enumerate() {
        add(item("error_codes", index), code.origin.line);
    }
    for (table, fields) in operation.tables(pointer) {
        for (index, field) in fields.iter().enumerate() {
            add(join(&table, &index.to_string()), field.origin.line);
        }
    }
    for (key, definition) in &operation.definitions {
        add(join(&join(pointer, "definitions"), key), definition.origin.line);
    }
}

fn definitions_are_there(facts: &Facts, source: &Source) -> Result<(), Unreadable> {
    for (key, operation) in &facts.operations {
        for (pointer, fields) in operation.tables(&join("/operations", key)) {
            for (index, field) in fields.iter().enumerate() {
                if let Of::Definition(name) = &field.r#type.of
                    && !operation.definitions.contains_key(name)
                {
                    let pointer = join(&pointer, &index.to_string());
                    return Err(source.unreadable(&pointer, format!("`{key}` has no definition `{name}`")));
                }
            }
        }
    }
    Ok(())
}
