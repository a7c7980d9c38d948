//! The length of a pause.

use std::time::Duration;

/// Returns a random part of `initial`, doubled for each attempt after the first, up to `max`. Clients that were refused
/// together thus do not come back together. `random` is from 0 to 1.
pub(super) fn full_jitter(initial: Duration, max: Duration, attempts: u32, random: f64) -> Duration {
    let doublings = attempts.saturating_sub(1).min(31);
    let longest = initial.saturating_mul(1 << doublings).min(max);
    // A float cannot hold `Duration::MAX`, so that the product could be more than a duration can.
    Duration::try_from_secs_f64(longest.as_secs_f64() * random.clamp(0.0, 1.0))
        .map_or(longest, |part| part.min(longest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_up_to_the_longest() {
        let [initial, max] = [500, 3000].map(Duration::from_millis);
        let longest = |attempts| full_jitter(initial, max, attempts, 1.0).as_millis();
        assert_eq!([0, 1, 2, 3, 4, 40, u32::MAX].map(longest), [500, 500, 1000, 2000, 3000, 3000, 3000]);
    }

    #[test]
    fn is_spread_from_nothing_on() {
        let part = |random| full_jitter(Duration::from_secs(4), Duration::from_secs(60), 1, random).as_millis();
        assert_eq!([0.0, 0.25, 0.5, 1.0, -1.0, 7.0].map(part), [0, 1000, 2000, 4000, 0, 4000]);
    }

    #[test]
    fn no_length_is_too_much() {
        assert_eq!(full_jitter(Duration::MAX, Duration::MAX, 9, 1.0), Duration::MAX);
        assert_eq!(full_jitter(Duration::ZERO, Duration::MAX, 9, 1.0), Duration::ZERO);
    }
}
