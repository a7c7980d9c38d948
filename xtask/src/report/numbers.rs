//! Figures as people read them.

use crate::figures::{least, median, most};

/// What stands for one that is not finite.
const NONE: &str = "no number";

/// A number with three digits that count, or all of them before the point.
pub(crate) fn number(value: f64) -> String {
    if !value.is_finite() {
        return NONE.to_owned();
    }
    let size = value.abs();
    if size >= 1000.0 {
        return grouped(value);
    }
    let places = match size {
        0.0 | 100.0.. => 0,
        10.0.. => 1,
        1.0.. => 2,
        0.1.. => 3,
        0.01.. => 4,
        0.001.. => 5,
        _ => return format!("{value:.2e}"),
    };
    let text = format!("{value:.places$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// A large number, with commas.
fn grouped(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if value < 0.0 { format!("-{text}") } else { text }
}

/// The middle one, and the least and the most where they are others.
pub(crate) fn spread(values: &[f64]) -> String {
    // The least and the most pass over what is not a number.
    if values.iter().all(|value| value.is_finite()) {
        of_three([median(values), least(values), most(values)])
    } else {
        NONE.to_owned()
    }
}

/// The same of these three.
pub(crate) fn of_three(three: [f64; 3]) -> String {
    if !three.iter().all(|value| value.is_finite()) {
        return NONE.to_owned();
    }
    let [middle, low, high] = three.map(number);
    if low == high { middle } else { format!("{middle} ({low}–{high})") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_count() {
        let shown = [1_234_567.0, 999.6, 123.4, 12.34, 1.0, 0.1234, 0.012_34, 0.0, -2500.0].map(number);
        assert_eq!(shown, ["1,234,567", "1000", "123", "12.3", "1", "0.123", "0.0123", "0", "-2,500"]);
        assert_eq!(number(0.000_012_3), "1.23e-5");
        assert_eq!(number(f64::NAN), "no number");
    }

    #[test]
    fn a_spread_needs_two() {
        assert_eq!(spread(&[3.0]), "3");
        assert_eq!(spread(&[3.0, 1.0, 2.0]), "2 (1–3)");
        assert_eq!(spread(&[1.0, f64::NAN]), "no number");
        assert_eq!(spread(&[]), "no number");
    }
}
