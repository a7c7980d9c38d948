//! `order_by`: by which fields, and in which direction, records are sorted.

use std::cmp::Ordering;

use crate::{
    cluster::Policy,
    fields::{self, FIELDS, Field},
    query::parameters::Parameters,
    refusal::Refusal,
};

/// A way to sort policies. Where the fields do not decide, the order of creation does.
#[derive(Debug)]
pub(crate) struct Order(Vec<(&'static Field, Direction)>);

/// Which values come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Ascending,
    Descending,
}

impl Order {
    /// Reads the `order_by` parameter.
    ///
    /// # Errors
    /// 262268 for something that is no readable field, 262197 for a direction that is neither `asc` nor `desc`.
    pub(crate) fn read(parameters: &Parameters<'_>) -> Result<Self, Refusal> {
        let Some(text) = parameters.text("order_by") else { return Ok(Self(Vec::new())) };
        // No longer than there are fields, however long the text: what was named before cannot decide again.
        let mut by: Vec<(&Field, Direction)> = Vec::with_capacity(FIELDS.len());
        for part in text.split(',') {
            let mut words = part.split_whitespace();
            let name = words.next().unwrap_or_default();
            let field = fields::named(name, parameters.release())
                .filter(|field| field.readable)
                .ok_or_else(|| Refusal::unsortable(name))?;
            let direction = match (words.next(), words.next()) {
                (None, None) => Direction::Ascending,
                (Some(word), None) if word.eq_ignore_ascii_case("asc") => Direction::Ascending,
                (Some(word), None) if word.eq_ignore_ascii_case("desc") => Direction::Descending,
                _ => return Err(Refusal::invalid("order_by", Some(part), "a field is followed by asc or desc")),
            };
            if by.iter().all(|(earlier, _)| earlier.name != field.name) {
                by.push((field, direction));
            }
        }
        Ok(Self(by))
    }

    /// Whether no order was asked for, which leaves that of creation.
    pub(crate) fn is_default(&self) -> bool {
        self.0.is_empty()
    }

    /// What policies are sorted by, the deciding field first.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&'static Field, Direction)> + '_ {
        self.0.iter().copied()
    }

    /// Which of the two comes first.
    pub(crate) fn compare(&self, one: &Policy, other: &Policy) -> Ordering {
        self.decide(one, other.sequence, |_, field| other.record.at(field.place))
    }

    /// Whether the policy comes before or after the place of one with these values, in the order of
    /// [`Order::fields`], and this sequence number. Values that are missing count as unset.
    pub(crate) fn compare_to(&self, policy: &Policy, values: &[Option<&str>], sequence: u64) -> Ordering {
        self.decide(policy, sequence, |index, _| *values.get(index)?)
    }

    fn decide<'a>(&self, one: &Policy, sequence: u64, other: impl Fn(usize, &Field) -> Option<&'a str>) -> Ordering {
        for (index, (field, direction)) in self.0.iter().enumerate() {
            let rank = |value| field.kind.rank(value);
            // An empty text counts as unset: a client that takes a link apart may lose a parameter that is empty.
            let is_there = |value: &&str| !value.is_empty();
            let (one, other) = (one.record.at(field.place), other(index, field));
            let ordering = one.filter(is_there).map(rank).cmp(&other.filter(is_there).map(rank));
            let ordering = match direction {
                Direction::Ascending => ordering,
                Direction::Descending => ordering.reverse(),
            };
            if ordering.is_ne() {
                return ordering;
            }
        }
        one.sequence.cmp(&sequence)
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::select};

    use super::*;
    use crate::{cluster::Record, query::parameters::Scope, state::Release, values::Kind};

    fn order(text: &str) -> Order {
        let raw = [("order_by".to_owned(), text.to_owned())];
        Order::read(&Parameters::read(&raw, Scope::Collection, Release::LATEST).unwrap()).unwrap()
    }

    fn policy() -> impl Strategy<Value = Policy> {
        let text = |kind: Kind, texts: Vec<&'static str>| {
            prop::option::of(select(texts))
                .prop_map(move |text| text.map(|text| Value::Text(kind.normal(text).unwrap().into())))
        };
        (
            text(Kind::Text, vec!["a", "b", "B"]),
            text(Kind::Port, vec!["9", "10", "9-12"]),
            text(Kind::Address, vec!["10.0.0.9", "10.0.0.10", "::1"]),
            prop::option::of(any::<bool>()),
            0..9_u64,
        )
            .prop_map(|(name, port, address, enabled, sequence)| {
                let mut record = Record::default();
                record.put(fields::NAME, name);
                record.put(fields::LOCAL.port, port);
                record.put(fields::LOCAL.address, address);
                record.put(fields::ENABLED, enabled.map(Value::Flag));
                Policy { uuid: uuid::Uuid::nil(), record, sequence }
            })
    }

    fn any_order() -> impl Strategy<Value = String> {
        let names = [fields::NAME, fields::LOCAL.port, fields::LOCAL.address, fields::ENABLED];
        let part = (select(names.to_vec()), select(vec!["", " asc", " desc"]));
        prop::collection::vec(part, 1..6)
            .prop_map(|parts| parts.into_iter().map(|(name, way)| format!("{name}{way}")).collect::<Vec<_>>().join(","))
    }

    /// The values that a policy is sorted by.
    fn place(order: &Order, policy: &Policy) -> Vec<Option<Value>> {
        order.fields().map(|(field, _)| policy.record.get(field.name).cloned()).collect()
    }

    proptest! {
        #![proptest_config(crate::query::cases(1000))]

        #[test]
        fn it_is_a_total_order(text in any_order(), (a, b, c) in (policy(), policy(), policy())) {
            let order = order(&text);
            prop_assert_eq!(order.compare(&a, &a), Ordering::Equal);
            prop_assert_eq!(order.compare(&a, &b), order.compare(&b, &a).reverse());
            if order.compare(&a, &b).is_le() && order.compare(&b, &c).is_le() {
                prop_assert!(order.compare(&a, &c).is_le());
            }
            if order.compare(&a, &b).is_eq() {
                prop_assert_eq!(place(&order, &a), place(&order, &b));
                prop_assert_eq!(a.sequence, b.sequence);
            }
        }

        #[test]
        fn a_place_is_as_good_as_its_policy(text in any_order(), (a, b) in (policy(), policy())) {
            let order = order(&text);
            prop_assert_eq!(order.compare_to(&a, &place(&order, &b), b.sequence), order.compare(&a, &b));
        }

        #[test]
        fn the_first_field_decides_and_then_creation(
            policies in prop::collection::vec(policy(), 0..20),
            down in any::<bool>(),
        ) {
            let order = order(if down { "local_endpoint.port desc" } else { "local_endpoint.port" });
            let mut sorted: Vec<_> = policies.iter().collect();
            sorted.sort_by(|one, other| order.compare(one, other));
            let port = |policy: &Policy| policy.record.text(fields::LOCAL.port).map(|text| {
                let (first, last) = text.split_once('-').unwrap();
                (first.parse::<u16>().unwrap(), last.parse::<u16>().unwrap())
            });
            for pair in sorted.windows(2) {
                let (one, other) = (port(pair[0]), port(pair[1]));
                let expected = if down { Ordering::Greater } else { Ordering::Less };
                prop_assert!(one == other || one.cmp(&other) == expected);
                prop_assert!(one != other || pair[0].sequence <= pair[1].sequence);
            }
        }
    }

    #[test]
    fn what_was_asked_for_is_told() {
        let read = order("svm.name DESC,name,svm.name");
        let fields: Vec<_> = read.fields().map(|(field, direction)| (field.name, direction)).collect();
        assert_eq!(fields, [("svm.name", Direction::Descending), ("name", Direction::Ascending)]);
        assert!(!read.is_default());
        assert!(Order::read(&Parameters::read(&[], Scope::Collection, Release::LATEST).unwrap()).unwrap().is_default());
    }
}
