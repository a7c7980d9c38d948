//! Makes one entry of those that differ only in the operation, and puts all in order.

use std::collections::BTreeMap;

use super::change::Change;
use super::gap::Gap;

pub(super) fn changes(found: Vec<Change>) -> Vec<Change> {
    let mut kept: BTreeMap<_, Change> = BTreeMap::new();
    for change in found {
        let key = (change.class, change.rule, change.subject.clone(), change.from.clone(), change.to.clone());
        match kept.get_mut(&key) {
            Some(first) => {
                first.operations.extend(change.operations);
                first.from_at.extend(change.from_at);
                first.to_at.extend(change.to_at);
            }
            None => drop(kept.insert(key, change)),
        }
    }
    let mut changes: Vec<Change> = kept.into_values().collect();
    for change in &mut changes {
        in_order(&mut change.operations);
        in_order(&mut change.from_at);
        in_order(&mut change.to_at);
    }
    changes.sort_by(|a, b| a.order().cmp(&b.order()));
    changes
}

pub(super) fn gaps(found: Vec<Gap>) -> Vec<Gap> {
    let mut kept: BTreeMap<_, Gap> = BTreeMap::new();
    for gap in found {
        let key = (gap.absence, gap.subject.clone());
        match kept.get_mut(&key) {
            Some(first) => {
                first.operations.extend(gap.operations);
                first.from_at.extend(gap.from_at);
                first.to_at.extend(gap.to_at);
            }
            None => drop(kept.insert(key, gap)),
        }
    }
    let mut gaps: Vec<Gap> = kept.into_values().collect();
    for gap in &mut gaps {
        in_order(&mut gap.operations);
        in_order(&mut gap.from_at);
        in_order(&mut gap.to_at);
    }
    gaps.sort_by(|a, b| a.order().cmp(&b.order()));
    gaps
}

fn in_order<T: Ord>(items: &mut Vec<T>) {
    items.sort();
    items.dedup();
}
