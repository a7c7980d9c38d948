//! Properties that hold for any request, with generated parameters.

use std::fmt::Debug;

use proptest::{
    prelude::*,
    sample::select,
    test_runner::{RngSeed, TestRunner},
};
use reqwest::Method;
use serde_json::json;

use crate::{
    expressions::thirty,
    facts::{Facts, LIST},
    rig::{POLICIES, Reply, escaped},
};

/// Checks the property with this number of cases. The cases are the same in each run.
pub(crate) fn check<W, C: Debug + Clone>(
    cases: u32,
    world: impl Future<Output = W>,
    strategy: impl Strategy<Value = C>,
    property: impl AsyncFn(&W, C),
) {
    let config = ProptestConfig {
        cases,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(9151),
        ..ProptestConfig::default()
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let world = runtime.block_on(world);
    TestRunner::new(config)
        .run(&strategy, |case| {
            runtime.block_on(property(&world, case));
            Ok(())
        })
        .unwrap();
}

/// Generates the name of a parameter, mostly a documented one.
fn name() -> impl Strategy<Value = String> {
    let mut names: Vec<_> =
        Facts::of("9.15.1").operations[LIST].parameters.iter().map(|parameter| parameter.name.clone()).collect();
    let others = [
        "secret_key",
        "$orderBy",
        "query",
        "query_fields",
        "ignore_unknown_fields",
        "offset",
        "pretty",
        "start.index",
        "start.uuid",
        "start.name",
        "svm",
        "",
    ];
    names.extend(others.map(str::to_owned));
    prop_oneof![8 => select(names), 1 => ".{0,9}"]
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a1*|,!<>=.{}\" -]{0,9}",
        "(!|)(name|svm|uuid|no_such_field|\\*)(,(!|)(svm\\.\\{name,uuid\\}|scope|secret_key)){0,3}",
        "(name|port|scope) (asc|desc|up)(,name){0,2}",
        select(vec!["true", "false", "1"]).prop_map(str::to_owned),
        ".{0,20}",
    ]
}

#[test]
fn any_parameters_are_accepted_or_refused_with_a_code() {
    let parameters = prop::collection::vec((name(), value()), 0..5);
    let world = async {
        let (rig, _) = thirty().await;
        let list = rig.get(POLICIES).await;
        let one = format!("{POLICIES}/{}", list.body["records"][0]["uuid"].as_str().unwrap());
        (rig, one)
    };
    check(400, world, parameters, async |(rig, one), parameters| {
        let pairs: Vec<_> =
            parameters.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect();
        for (method, path, body) in [
            (Method::GET, POLICIES, None),
            (Method::GET, one, None),
            (Method::POST, POLICIES, Some(json!({"name": "a", "enabled": 1}))),
            (Method::PATCH, one, Some(json!({"enabled": true}))),
            (Method::PATCH, POLICIES, Some(json!({"enabled": true}))),
        ] {
            let request = rig.request(method.clone(), &format!("{path}?{}", pairs.join("&")));
            let reply = Reply::of(body.iter().fold(request, |request, body| request.json(body))).await;
            let shown = format!("{method} {path} {parameters:?}: {}", reply.text);
            if reply.status.is_success() {
                // A record always has its keys and never a secret.
                for record in reply.body["records"].as_array().into_iter().flatten() {
                    assert!(record["uuid"].is_string() && record["name"].is_string(), "{shown}");
                }
                assert!(!reply.text.contains("secret_key"), "{shown}");
            } else {
                assert!(reply.status.is_client_error(), "{shown}");
                let error = &reply.body["error"];
                // 262212: no filter selects policies.
                let has_reason = error["target"].is_string() || error["code"] == "262212";
                assert!(error["code"].is_string() && has_reason, "{shown}");
            }
        }
    });
}
