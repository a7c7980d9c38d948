//! What a policy holds: the values of its fields, small enough for a million of them.

use std::{collections::HashSet, sync::Arc};

use crate::{
    fields::{self, FIELDS, Field},
    values::{Kind, Value},
};

/// What a policy holds, by dotted field name. A field without a value is not there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Record {
    /// A bit for each place in [`FIELDS`] that has a value.
    present: u32,
    /// The values, in the order of that table. Shared until one of the copies changes, so that all policies of a moment
    /// can be copied at once.
    values: Arc<Vec<Value>>,
}

const _: () = assert!(FIELDS.len() <= u32::BITS as usize, "a record has a bit for every field");

impl Record {
    /// The value of a field.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.at(place(name)?)
    }

    /// The value of the field at this place in [`FIELDS`]. No name is looked up, so that many records can be asked.
    pub(crate) fn at(&self, place: usize) -> Option<&Value> {
        if self.has(place) { self.values.get(self.index(place)) } else { None }
    }

    /// The text of a field.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.text()
    }

    /// Gives the field a text.
    pub(crate) fn set(&mut self, name: &'static str, text: impl Into<Arc<str>>) {
        self.put(name, Some(Value::Text(text.into())));
    }

    /// Gives the field a value, or takes its value away.
    pub(crate) fn put(&mut self, name: &'static str, value: Option<Value>) {
        let Some(place) = place(name) else { return };
        let index = self.index(place);
        match (self.has(place), value) {
            (true, Some(value)) => Arc::make_mut(&mut self.values)[index] = value,
            (true, None) => {
                Arc::make_mut(&mut self.values).remove(index);
                self.present &= !(1 << place);
            }
            (false, Some(value)) => {
                Arc::make_mut(&mut self.values).insert(index, value);
                self.present |= 1 << place;
            }
            (false, None) => {}
        }
    }

    /// The places in [`FIELDS`] of the fields that have a value, in that order, and the values.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (usize, &Value)> {
        (0..FIELDS.len()).filter(|place| self.has(*place)).zip(self.values.iter())
    }

    fn has(&self, place: usize) -> bool {
        self.present & (1 << place) != 0
    }

    /// Where the value of this place is, or would be: behind those of the places before it.
    fn index(&self, place: usize) -> usize {
        (self.present & ((1 << place) - 1)).count_ones() as usize
    }
}

fn place(name: &str) -> Option<usize> {
    FIELDS.iter().position(|field| field.name == name)
}

/// One copy of each text that many policies have, such as the name of their SVM.
///
/// Only fields of few values take part: words, ports, masks, protocols, and references to what the cluster consists of.
/// So the pool cannot grow beyond these values, and needs no cleaning.
#[derive(Debug, Default)]
pub(crate) struct Pool(HashSet<Arc<str>>);

impl Pool {
    /// Makes the record as small as it gets.
    pub(crate) fn compact(&mut self, record: &mut Record) {
        let places = (0..FIELDS.len()).filter(|place| record.present & (1 << place) != 0);
        let values = Arc::make_mut(&mut record.values);
        for (place, value) in places.zip(values.iter_mut()) {
            if let (Value::Text(text), true) = (value, is_common(&FIELDS[place])) {
                match self.0.get(text) {
                    Some(known) => *text = Arc::clone(known),
                    None => {
                        self.0.insert(Arc::clone(text));
                    }
                }
            }
        }
        values.shrink_to_fit();
    }
}

/// Whether the field has few values.
fn is_common(field: &Field) -> bool {
    matches!(field.kind, Kind::Word(_) | Kind::Netmask | Kind::Port | Kind::Protocol)
        || [fields::SCOPE, fields::LOCAL.family, fields::REMOTE.family].contains(&field.name)
        || fields::REFERENCES.iter().any(|(object, _)| fields::is_member(field.name, object))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_set_replaced_and_taken_away() {
        let mut record = Record::default();
        record.set(fields::NAME, "a");
        record.put(fields::ENABLED, Some(Value::Flag(true)));
        record.set(fields::ACTION, "bypass");
        record.set(fields::NAME, "b");
        assert_eq!(record.text(fields::NAME), Some("b"));
        assert_eq!(record.get(fields::ENABLED), Some(&Value::Flag(true)));
        let names: Vec<_> = record.iter().map(|(place, _)| FIELDS[place].name).collect();
        assert_eq!(names, [fields::ACTION, fields::ENABLED, fields::NAME]);
        record.put(fields::NAME, None);
        record.put(fields::NAME, None);
        assert_eq!(record.get(fields::NAME), None);
        assert_eq!(record.get("colour"), None);
    }

    #[test]
    fn what_many_policies_share_is_there_once() {
        let mut pool = Pool::default();
        let records: Vec<_> = (0..3)
            .map(|_| {
                let mut record = Record::default();
                record.set(fields::SVM_NAME, "svm1".to_owned());
                record.set(fields::NAME, "p".to_owned());
                pool.compact(&mut record);
                record
            })
            .collect();
        let address = |record: &Record, name: &str| record.text(name).unwrap().as_ptr();
        assert_eq!(address(&records[0], fields::SVM_NAME), address(&records[2], fields::SVM_NAME));
        assert_ne!(address(&records[0], fields::NAME), address(&records[2], fields::NAME));
    }
}
