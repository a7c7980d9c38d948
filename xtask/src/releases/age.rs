//! Whether a release can have an operation that its reference lacks.

use crate::workspace;

use super::Side;

/// Whether the page for an operation is missing on the other side, rather than the operation itself. `present` is the
/// side that documents it, as there since `introduced`.
///
/// The newer of two releases says since when an operation is there, and so whether the older one has it too. An operation that
/// only the older one has is gone, as far as one can know. Within a release, nothing comes or goes.
pub(super) fn page_is_missing(introduced: &str, present: Side, from: &str, to: &str) -> bool {
    let (from, to) = (number(from), number(to));
    let (here, there) = match present {
        Side::From => (from, to),
        Side::To => (to, from),
    };
    // By the order that they were asked for in, if the numbers tell none.
    let newer = match (&here, &there) {
        (Some(here), Some(there)) => here >= there,
        _ => present == Side::To,
    };
    let was_there = number(introduced).zip(there).is_some_and(|(introduced, there)| introduced <= there);
    newer && was_there
}

/// The release in numbers, so that 9.8 comes before 9.15 and 9.8.0 is 9.8.
fn number(release: &str) -> Option<Vec<u32>> {
    let mut numbers = workspace::release(release)?;
    while numbers.last() == Some(&0) {
        numbers.pop();
    }
    Some(numbers)
}
