//! Texts with gaps: `*` stands for any characters, or none.

/// What a text has to look like, with one gap or more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern {
    /// What comes before the first gap.
    start: String,
    /// What comes between two gaps, in this order. None of them is empty.
    middle: Vec<String>,
    /// What comes after the last gap.
    end: String,
}

impl Pattern {
    /// From the texts around the gaps: `a*b` has the two pieces `a` and `b`. `None` where there is no gap.
    pub(crate) fn around(mut pieces: Vec<String>) -> Option<Self> {
        let end = pieces.pop()?;
        let mut pieces = pieces.into_iter();
        let start = pieces.next()?;
        Some(Self { start, middle: pieces.filter(|piece| !piece.is_empty()).collect(), end })
    }

    /// Whether the text looks like this.
    ///
    /// Taking each middle piece at the first place where it is found leaves the most for those that follow, so nothing
    /// is ever tried twice: the time grows with the length of the text, whatever the pattern.
    pub(crate) fn matches(&self, text: &str) -> bool {
        let inner = text.strip_prefix(self.start.as_str()).and_then(|rest| rest.strip_suffix(self.end.as_str()));
        let Some(mut rest) = inner else { return false };
        for piece in &self.middle {
            let Some(at) = rest.find(piece.as_str()) else { return false };
            rest = &rest[at + piece.len()..];
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Pattern;

    fn pattern(text: &str) -> Pattern {
        Pattern::around(text.split('*').map(str::to_owned).collect()).unwrap()
    }

    #[test]
    fn gaps_are_anywhere() {
        for (with_gaps, yes, no) in [
            ("a*", &["a", "ab", "a*"][..], &["", "ba"][..]),
            ("*a", &["a", "ba"], &["", "ab"]),
            ("a*a", &["aa", "aba"], &["a", "ab"]),
            ("*", &["", "a"], &[]),
            ("**", &["", "a"], &[]),
            ("*a*b*", &["ab", "xaxbx"], &["ba", "a", "b"]),
            ("ab*ab*ab", &["ababab", "abxabxab"], &["abab", "abxab"]),
            ("é*é", &["éé", "éaé"], &["é"]),
        ] {
            for text in yes {
                assert!(pattern(with_gaps).matches(text), "{with_gaps} {text}");
            }
            for text in no {
                assert!(!pattern(with_gaps).matches(text), "{with_gaps} {text}");
            }
        }
    }

    #[test]
    fn many_gaps_take_no_time() {
        let with_gaps = "a*".repeat(10_000);
        assert!(pattern(&with_gaps).matches(&"a".repeat(20_000)));
        assert!(!pattern(&format!("{with_gaps}b")).matches(&"a".repeat(20_000)));
    }

    /// Tries everything, one character at a time.
    fn naive(pattern: &[char], text: &[char]) -> bool {
        match (pattern.split_first(), text.split_first()) {
            (None, None) => true,
            (Some(('*', rest)), _) => (0..=text.len()).any(|skipped| naive(rest, &text[skipped..])),
            (Some((one, pattern)), Some((other, text))) => one == other && naive(pattern, text),
            (None, Some(_)) | (Some(_), None) => false,
        }
    }

    proptest! {
        #![proptest_config(crate::query::cases(1000))]

        #[test]
        fn it_agrees_with_trying_everything(with_gaps in "[abé*]{0,5}\\*[abé*]{0,3}", text in "[abé]{0,9}") {
            let characters = |text: &str| text.chars().collect::<Vec<_>>();
            let expected = naive(&characters(&with_gaps), &characters(&text));
            prop_assert_eq!(pattern(&with_gaps).matches(&text), expected);
        }
    }
}
