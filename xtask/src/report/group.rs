//! The series of a group, as a table: a row for each case and size, a column for each quantity.

use crate::figures::{Series, median};

/// Which row it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row<'f> {
    /// Who did it.
    pub(crate) case: &'f str,
    /// The size of the work.
    pub(crate) size: Option<u64>,
}

/// A table of one benchmark.
#[derive(Debug)]
pub(crate) struct Group<'f> {
    /// Its name.
    pub(crate) name: &'f str,
    /// The columns, in the order in which they were measured.
    pub(crate) quantities: Vec<&'f str>,
    /// The rows, in that order too.
    pub(crate) rows: Vec<Row<'f>>,
    series: Vec<&'f Series>,
}

/// The groups of `series`, in the order in which they were measured.
pub(crate) fn groups(series: &[Series]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for one in series {
        let index = groups.iter().position(|group| group.name == one.group).unwrap_or_else(|| {
            groups.push(Group { name: &one.group, quantities: Vec::new(), rows: Vec::new(), series: Vec::new() });
            groups.len() - 1
        });
        let group = &mut groups[index];
        if !group.quantities.contains(&one.quantity.as_str()) {
            group.quantities.push(&one.quantity);
        }
        let row = Row { case: &one.case, size: one.size };
        if !group.rows.contains(&row) {
            group.rows.push(row);
        }
        group.series.push(one);
    }
    groups
}

impl<'f> Group<'f> {
    /// The values in a row and a column, if they were measured.
    pub(crate) fn values(&self, row: &Row<'_>, quantity: &str) -> Option<&'f [f64]> {
        let is_it = |one: &&&Series| one.case == row.case && one.size == row.size && one.quantity == quantity;
        self.series.iter().find(is_it).map(|one| one.values.as_slice())
    }

    /// Whether there are sizes to show.
    pub(crate) fn has_sizes(&self) -> bool {
        self.rows.iter().any(|row| row.size.is_some())
    }

    /// The sizes, each once.
    pub(crate) fn sizes(&self) -> Vec<Option<u64>> {
        let mut sizes = Vec::new();
        for row in &self.rows {
            if !sizes.contains(&row.size) {
                sizes.push(row.size);
            }
        }
        sizes
    }

    /// The first case.
    pub(crate) fn reference(&self) -> Option<&'f str> {
        self.rows.first().map(|row| row.case)
    }

    /// How many times what the first case has of the same size, if that can be said and is not said anyway.
    pub(crate) fn ratio(&self, row: &Row<'_>, quantity: &str) -> Option<f64> {
        let reference = Row { case: self.reference()?, size: row.size };
        if reference.case == row.case || quantity.ends_with("= 1") {
            return None;
        }
        let ratio = median(self.values(row, quantity)?) / median(self.values(&reference, quantity)?);
        ratio.is_finite().then_some(ratio)
    }
}
