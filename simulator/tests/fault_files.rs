//! Faults in files.

use std::time::Duration;

use ontap_ipsec_simulator::Fault;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
struct File {
    #[serde(default)]
    fault: Vec<Fault>,
}

fn read(text: &str) -> Result<Vec<Fault>, String> {
    toml::from_str::<File>(text).map(|file| file.fault).map_err(|error| error.to_string())
}

#[test]
fn a_file_and_code_can_describe_the_same_faults() {
    let faults = read(
        r#"
        [[fault]]
        kind = "unavailable"
        status = 503
        retry_after = 2
        empty = true
        after_work = true
        method = "POST"
        path = "/api/security/*"
        query = "a=b"
        times = 2

        [[fault]]
        kind = "delay"
        time = "200ms"
        probability = 0.1
        seed = 7

        [[fault]]
        kind = "slow_body"
        time = 0.5
        bytes = 10
        every = 3
        times = "always"

        [[fault]]
        kind = "reset"
        skip = 2

        [[fault]]
        kind = "truncated"
        bytes = 5

        [[fault]]
        kind = "wrong_length"

        [[fault]]
        kind = "redirect"
        location = "https://other.example/"
        status = 308

        [[fault]]
        kind = "error"
        code = 66257097
        message = "m"
        target = "name"

        [[fault]]
        kind = "busy"

        [[fault]]
        kind = "busy"
        without_link = true


        [[fault]]
        kind = "busy"
        records = 2
        lasting = "1.5s"

        [[fault]]
        kind = "approval"

        [[fault]]
        kind = "without_field"
        field = "ipspace"

        [[fault]]
        kind = "job"
        time = "2m"
        code = 8
        "#,
    )
    .unwrap();
    let coded = [
        Fault::unavailable(503)
            .retry_after(2)
            .empty()
            .after_work()
            .on("POST")
            .path("/api/security/*")
            .query("a=b")
            .times(2),
        Fault::delay(Duration::from_millis(200)).probability(0.1, 7),
        Fault::slow_body(Duration::from_millis(500)).bytes(10).every(3).always(),
        Fault::reset().skip(2),
        Fault::truncated().bytes(5),
        Fault::wrong_length(),
        Fault::redirect("https://other.example/").status(308),
        Fault::error(66_257_097).message("m").target("name"),
        Fault::busy(),
        Fault::busy().without_link(),
        Fault::busy().records(2).lasting(Duration::from_millis(1500)),
        Fault::approval(),
        Fault::without_field("ipspace"),
        Fault::job().time(Duration::from_secs(120)).failing(8),
    ];
    assert_eq!(faults, coded);
}

#[test]
fn times_can_have_units() {
    for (text, milliseconds) in [
        ("2", 2000),
        ("0.25", 250),
        ("\"250ms\"", 250),
        ("\"1.5s\"", 1500),
        ("\"1 m\"", 60_000),
        ("\"1h\"", 3_600_000),
        ("0", 0),
    ] {
        let faults = read(&format!("[[fault]]\nkind = \"delay\"\ntime = {text}")).unwrap();
        assert_eq!(faults, [Fault::delay(Duration::from_millis(milliseconds))], "{text}");
    }
    for text in ["-1", "\"2\"", "\"2d\"", "\"ms\"", "\"-1s\"", "nan", "inf", "1e300", "true", "86401", "\"25h\""] {
        let error = read(&format!("[[fault]]\nkind = \"delay\"\ntime = {text}")).unwrap_err();
        assert!(error.contains("a number of seconds up to a day") && error.contains("line 3"), "{text}: {error}");
    }
}

#[test]
fn errors_in_faults_have_their_line() {
    for (text, parts) in [
        ("kind = \"explode\"", &["unknown variant `explode`", "`delay`", "`busy`", "`job`", "line 2"][..]),
        ("times = 1", &["missing field `kind`"]),
        ("kind = \"reset\"\nstatsu = 1", &["unknown field `statsu`", "`status`", "line 3"]),
        ("kind = \"reset\"\ntimes = \"never\"", &["`times` must be a number of 1 or more, or \"always\"", "line 3"]),
        ("kind = \"reset\"\ntimes = 0", &["the fault reset is invalid: times is 0", "line 1"]),
        ("kind = \"reset\"\nstatus = 503", &["the fault reset is invalid: this kind does not have the setting status"]),
        ("kind = \"unavailable\"", &["status is missing; set a status, such as 503"]),
        ("kind = \"unavailable\"\nstatus = 70000", &["70000", "u16"]),
        ("kind = \"error\"", &["code is missing"]),
        ("kind = \"redirect\"", &["location is missing"]),
        ("kind = \"delay\"", &["time is missing"]),
        ("kind = \"reset\"\nseed = 1", &["seed needs probability"]),
    ] {
        let error = read(&format!("[[fault]]\n{text}")).unwrap_err();
        for part in parts {
            assert!(error.contains(part), "{text}: {error}");
        }
    }
}

#[test]
fn faults_are_shown_with_their_settings() {
    for (fault, shown) in [
        (
            Fault::unavailable(503).retry_after(2).on("POST").path("/api/security/*").query("a=b").times(2),
            "unavailable, method POST, path /api/security/*, query a=b, retry_after 2, status 503, times 2",
        ),
        (
            Fault::delay(Duration::from_millis(1500)).after_work().path("/api/*").skip(2),
            "delay, after_work, path /api/*, skip 2, time 1.5s, once",
        ),
        (Fault::reset(), "reset, once"),
        (Fault::busy().every(3), "busy, every 3"),
        (Fault::busy().without_link(), "busy, without_link, once"),
        (Fault::error(8).probability(0.5, 1).times(1), "error, code 8, probability 0.5, seed 1, times 1"),
        (Fault::job().always().message("m").failing(8), "job, code 8, message m, times always"),
    ] {
        assert_eq!(fault.to_string(), shown);
    }
}
