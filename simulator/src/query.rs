//! What a request asks for in its URL: which fields, which records, in what order, how many at a time.

mod expression;
pub(crate) mod filter;
pub(crate) mod order;
pub(crate) mod page;
pub(crate) mod parameters;
pub(crate) mod selection;

/// So many cases for a property, the same ones in every run, so that what fails once fails again.
#[cfg(test)]
pub(crate) fn cases(cases: u32) -> proptest::prelude::ProptestConfig {
    use proptest::{prelude::ProptestConfig, test_runner::RngSeed};

    ProptestConfig { cases, failure_persistence: None, rng_seed: RngSeed::Fixed(9151), ..ProptestConfig::default() }
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::select};

    use super::{
        filter::Filters,
        order::Order,
        parameters::{Parameters, Scope},
        selection::{Selection, Unasked},
    };
    use crate::{cluster::Record, fields::FIELDS, state::Release};

    fn name() -> impl Strategy<Value = String> {
        let fields = FIELDS.iter().map(|field| field.name);
        let others = [
            "fields",
            "order_by",
            "$orderBy",
            "query",
            "query_fields",
            "ignore_unknown_fields",
            "max_records",
            "offset",
            "pretty",
            "return_timeout",
            "start.index",
            "start.uuid",
            "start.name",
            "svm",
            "",
        ];
        prop_oneof![8 => select(fields.chain(others).collect::<Vec<_>>()).prop_map(str::to_owned), 1 => ".{0,9}"]
    }

    fn value() -> impl Strategy<Value = String> {
        prop_oneof![
            "[a1*|,!<>=.{}\" ]{0,9}",
            "(!|)(name|svm|uuid|weather|\\*)(,(!|)(svm\\.\\{name,uuid\\}|scope|secret_key)){0,3}",
            "(name|port|scope) (asc|desc|up)(,name){0,2}",
            select(vec!["true", "false", "1"]).prop_map(str::to_owned),
            ".{0,20}",
        ]
    }

    proptest! {
        #![proptest_config(crate::query::cases(500))]

        #[test]
        fn anything_is_read_or_refused_for_a_reason(raw in prop::collection::vec((name(), value()), 0..5)) {
            for scope in [Scope::Collection, Scope::Instance, Scope::Create, Scope::Change, Scope::ChangeMany] {
                let outcome = Parameters::read(&raw, scope, Release::LATEST).and_then(|parameters| {
                    let selection = Selection::of_policy(&parameters, Unasked::All)?;
                    // Keys are there and secrets are not, whatever was asked for.
                    assert!(selection.has("uuid") && selection.has("name") && !selection.has("secret_key"));
                    Order::read(&parameters)?;
                    Filters::read(&parameters).map(|filters| filters.admit(&Record::default()))
                });
                if let Err(refusal) = outcome {
                    prop_assert!(refusal.status.is_client_error());
                    prop_assert!(refusal.target.is_some());
                }
            }
        }
    }
}
