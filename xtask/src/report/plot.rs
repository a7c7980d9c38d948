//! Plots of bars, as SVG within a page. Their colours are the page's, in the dark and in the light.
//!
//! Own lines and not a library for plots: such a library writes colours, letters and their widths into the picture, and a
//! page in the dark needs others.

use maud::{Markup, html};

use super::group::Row;
use super::numbers::spread;
use crate::figures::{least, median, most};

/// The height of a bar with what is between it and the next, and where bars begin and end.
const STEP: f64 = 44.0;
const LEFT: f64 = 8.0;
const WIDE: f64 = 640.0;

/// A bar for each row: its length is the median, and a line across its end is from the least to the most. Nothing if there
/// is nothing to compare.
pub(crate) fn bars(title: &str, rows: &[(String, &[f64])]) -> Option<Markup> {
    let shown: Vec<&(String, &[f64])> =
        rows.iter().filter(|(_, values)| values.iter().all(|value| value.is_finite() && *value >= 0.0)).collect();
    let end = shown.iter().map(|(_, values)| most(values)).fold(0.0, f64::max);
    if shown.len() < 2 || end <= 0.0 {
        return None;
    }
    let along = |value: f64| LEFT + value / end * (WIDE - 2.0 * LEFT);
    #[expect(clippy::cast_precision_loss, reason = "a few rows")]
    let top = |index: usize| index as f64 * STEP;
    let height = top(shown.len());
    Some(html! {
        figure.plot {
            figcaption { (title) }
            svg viewBox={ "0 0 " (WIDE) " " (height) } role="img" aria-label={ (title) ": bars; the figures are in the table" } {
                @for (index, (name, values)) in shown.iter().enumerate() {
                    @let (middle, low, high) = (along(median(values)), along(least(values)), along(most(values)));
                    @let y = top(index) + 22.0;
                    text x=(LEFT) y=(y - 5.0) { (name) ": " (spread(values)) }
                    rect x=(LEFT) y=(y) width=(number_of(middle - LEFT)) height="12" rx="2" {}
                    line x1=(number_of(low)) y1=(y + 6.0) x2=(number_of(high)) y2=(y + 6.0) {}
                    line x1=(number_of(low)) y1=(y + 2.0) x2=(number_of(low)) y2=(y + 10.0) {}
                    line x1=(number_of(high)) y1=(y + 2.0) x2=(number_of(high)) y2=(y + 10.0) {}
                }
            }
        }
    })
}

/// A coordinate, as exact as a screen.
fn number_of(value: f64) -> String {
    format!("{value:.1}")
}

/// What a row is called in a plot.
pub(crate) fn label(row: &Row<'_>, with_size: bool) -> String {
    match row.size {
        Some(size) if with_size => format!("{}, {}", row.case, super::size(size)),
        _ => row.case.to_owned(),
    }
}
