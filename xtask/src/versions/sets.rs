//! Lists whose order means nothing.

use serde_json::Value;

/// The items of one list, with their positions, that the other one lacks. What stands twice has to be there twice.
pub(super) fn without<'v>(items: &'v [Value], other: &[Value]) -> Vec<(usize, &'v Value)> {
    let mut left: Vec<&Value> = other.iter().collect();
    let mut missing = Vec::new();
    for (index, item) in items.iter().enumerate() {
        match left.iter().position(|candidate| *candidate == item) {
            Some(position) => {
                left.swap_remove(position);
            }
            None => missing.push((index, item)),
        }
    }
    missing
}

/// Whether what both have stands in another order.
pub(super) fn reordered(from: &[Value], to: &[Value]) -> bool {
    let common = |items: &[Value], other: &[Value]| -> Vec<Value> {
        let missing: Vec<usize> = without(items, other).into_iter().map(|(index, _)| index).collect();
        let kept = items.iter().enumerate().filter(|(index, _)| !missing.contains(index));
        kept.map(|(_, item)| item.clone()).collect()
    };
    common(from, to) != common(to, from)
}
