//! Finds the counterparts in two lists.

use std::collections::BTreeMap;

/// A row of one list or both, each with its index.
pub(super) struct Row<'a, T> {
    pub(super) from: Option<(usize, &'a T)>,
    pub(super) to: Option<(usize, &'a T)>,
}

/// The rows of both lists, by their keys. Of several with one key, the first goes with the first, and so on.
pub(super) fn by_key<'a, T, K: Ord>(from: &'a [T], to: &'a [T], key: impl Fn(&'a T) -> K) -> Vec<Row<'a, T>> {
    by_key_of(from.iter().enumerate().collect(), to.iter().enumerate().collect(), key)
}

/// The same, of what is left of two lists.
pub(super) fn by_key_of<'a, T, K: Ord>(
    from: Vec<(usize, &'a T)>,
    to: Vec<(usize, &'a T)>,
    key: impl Fn(&'a T) -> K,
) -> Vec<Row<'a, T>> {
    let mut namesakes: BTreeMap<K, (Vec<_>, Vec<_>)> = BTreeMap::new();
    from.into_iter().for_each(|row| namesakes.entry(key(row.1)).or_default().0.push(row));
    to.into_iter().for_each(|row| namesakes.entry(key(row.1)).or_default().1.push(row));
    let mut rows = Vec::new();
    for (from, to) in namesakes.into_values() {
        let length = from.len().max(to.len());
        let (mut from, mut to) = (from.into_iter(), to.into_iter());
        rows.extend((0..length).map(|_| Row { from: from.next(), to: to.next() }));
    }
    rows
}
