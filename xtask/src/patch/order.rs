//! Where something new goes among what is there.

use std::cmp::Ordering;

use serde_json::Value;

/// For each new part, in the order that they come to stand in: before which of the old parts, and which it is.
type Places = Vec<(usize, usize)>;

/// Where new keys go: into the order of the old ones if there are two or more and they have one, else to the end.
pub(super) fn keys(old: &[&str], new: &[&str]) -> Places {
    let digits = |keys: &[&str]| keys.iter().all(|key| is_number(key));
    if old.len() < 2 {
        at_end(old, new)
    } else if digits(old) && digits(new) && old.is_sorted_by(|a, b| by_number(a, b).is_le()) {
        sorted(old, new, |a, b| by_number(a, b))
    } else if old.is_sorted() {
        sorted(old, new, |a, b| a.cmp(b))
    } else {
        at_end(old, new)
    }
}

/// Where new items go: into the order of the old ones if they are numbers, or two or more strings, and have one; else to
/// the end.
pub(super) fn items(old: &[Value], new: &[Value]) -> Places {
    let all = |of: fn(&Value) -> bool| old.iter().chain(new).all(of);
    if all(Value::is_number) && old.is_sorted_by(|a, b| by_value(a, b).is_le()) {
        sorted(old, new, by_value)
    } else if old.len() > 1 && all(Value::is_string) && old.is_sorted_by(|a, b| a.as_str() <= b.as_str()) {
        sorted(old, new, |a, b| a.as_str().cmp(&b.as_str()))
    } else {
        at_end(old, new)
    }
}

/// Whether a key is written in digits alone.
pub(super) fn is_number(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit())
}

fn by_number(a: &str, b: &str) -> Ordering {
    let (a, b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
    a.len().cmp(&b.len()).then(a.cmp(b))
}

fn by_value(a: &Value, b: &Value) -> Ordering {
    let whole = |value: &Value| value.as_i64().map(i128::from).or_else(|| value.as_u64().map(i128::from));
    match (whole(a), whole(b)) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => a.as_f64().partial_cmp(&b.as_f64()).unwrap_or(Ordering::Equal),
    }
}

fn at_end<T>(old: &[T], new: &[T]) -> Places {
    (0..new.len()).map(|index| (old.len(), index)).collect()
}

fn sorted<T>(old: &[T], new: &[T], order: impl Fn(&T, &T) -> Ordering) -> Places {
    let mut places: Places = new
        .iter()
        .enumerate()
        .map(|(index, part)| (old.partition_point(|other| order(other, part).is_le()), index))
        .collect();
    places.sort_by(|(_, a), (_, b)| order(&new[*a], &new[*b]).then(a.cmp(b)));
    places
}
