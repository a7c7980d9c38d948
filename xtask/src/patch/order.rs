//! Where something new goes among what is there.

use std::cmp::Ordering;

use serde_json::{Map, Value};

/// For each new part, in the order that they come to stand in: before which of the old parts, and which it is.
type Places = Vec<(usize, usize)>;

/// Finds the places of new members: those of items that are the keys, as numbers if all are.
pub(super) fn members(old: &Map<String, Value>, new: &Map<String, Value>) -> Places {
    let are_numbers = old.keys().chain(new.keys()).all(|key| is_number(key));
    let number = |key: &str| key.parse::<f64>().ok().filter(|_| are_numbers).map(Value::from);
    let item = |key: &String| number(key).unwrap_or_else(|| key.as_str().into());
    items(&old.keys().map(item).collect::<Vec<_>>(), &new.keys().map(item).collect::<Vec<_>>())
}

/// Finds the places of new items. The order of the old items is kept if they are numbers, or two or more strings. Without an
/// order, new items go to the end.
pub(super) fn items(old: &[Value], new: &[Value]) -> Places {
    let all = |of: fn(&Value) -> bool| old.iter().chain(new).all(of);
    let are_alike = all(Value::is_number) || old.len() > 1 && all(Value::is_string);
    if !are_alike || !old.is_sorted_by(|a, b| order(a, b).is_le()) {
        return (0..new.len()).map(|index| (old.len(), index)).collect();
    }
    let place = |part: &Value| old.partition_point(|other| order(other, part).is_le());
    let mut places: Places = new.iter().map(place).zip(0..).collect();
    places.sort_by(|(_, a), (_, b)| order(&new[*a], &new[*b]));
    places
}

/// Whether a key is written in digits alone.
pub(super) fn is_number(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit())
}

/// The order of two numbers or of two strings.
fn order(a: &Value, b: &Value) -> Ordering {
    let numbers = a.as_f64().partial_cmp(&b.as_f64()).unwrap_or(Ordering::Equal);
    numbers.then_with(|| a.as_str().cmp(&b.as_str()))
}
