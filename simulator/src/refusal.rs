//! The errors of requests, with their codes, HTTP statuses and messages. The messages are not NetApp's.
//!
//! The statuses of the endpoint's codes (66257xxx) are **assumptions**, because no document gives them. The assumed
//! status is 400. The exceptions are 409 for a name that is already in use, and 500 for errors inside the cluster.
//! Generic codes with the same meaning have these statuses. NetApp's "Getting started" page has the generic codes and
//! their statuses.

use std::{fmt::Display, time::Duration};

use axum::http::StatusCode;

/// The number of characters of a refused value that a message repeats.
const SHOWN: usize = 80;

/// The error of a request.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    /// The HTTP status.
    pub(crate) status: StatusCode,
    /// The ONTAP code.
    pub(crate) code: u32,
    /// The message.
    pub(crate) message: String,
    /// The invalid parameter or field.
    pub(crate) target: Option<String>,
    /// The names and values of the message's arguments.
    pub(crate) arguments: Vec<(&'static str, String)>,
    /// The methods of the resource, for the `Allow` header.
    pub(crate) allow: Option<&'static str>,
    /// The seconds until the next attempt, for the `Retry-After` header.
    pub(crate) retry_after: Option<u32>,
}

impl Refusal {
    /// Makes an error. The status is that of NetApp's table of generic codes, or the assumed one for codes of the
    /// endpoint. For 6691623, see [`Refusal::unauthenticated`].
    fn new(code: u32, message: impl Into<String>) -> Self {
        let status = match code {
            1 | 8 | 2_621_576 | 66_257_104 => StatusCode::CONFLICT,
            3 => StatusCode::METHOD_NOT_ALLOWED,
            4 => StatusCode::NOT_FOUND,
            6 => StatusCode::FORBIDDEN,
            7 | 262_160 => StatusCode::TOO_MANY_REQUESTS,
            65_541 | 65_552 | 65_562 | 262_145 | 262_210 | 393_271 | 1_245_212 | 66_256_898 | 66_256_899
            | 66_257_007 | 66_257_096 | 66_257_097 | 66_257_110 => StatusCode::INTERNAL_SERVER_ERROR,
            6_691_623 => StatusCode::UNAUTHORIZED,
            _ => StatusCode::BAD_REQUEST,
        };
        Self {
            status,
            code,
            message: message.into(),
            target: None,
            arguments: Vec::new(),
            allow: None,
            retry_after: None,
        }
    }

    /// Sets the status, for errors that are not in the table.
    fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// Sets the invalid field or parameter, which also becomes an argument of the message.
    pub(crate) fn at(mut self, target: &str) -> Self {
        self.target = Some(target.to_owned());
        self.arguments.push(("field", shorten(target)));
        self
    }

    /// Adds a value to the arguments of the message.
    pub(crate) fn showing(mut self, what: &'static str, value: &str) -> Self {
        self.arguments.push((what, shorten(value)));
        self
    }

    /// Makes the error of a fault, with any code.
    pub(crate) fn of_fault(code: u32, message: Option<String>, target: Option<String>) -> Self {
        let message = message.unwrap_or_else(|| format!("a fault of the simulator returned error {code}"));
        let refusal = Self::new(code, message);
        match target {
            Some(target) => refusal.at(&target),
            None => refusal,
        }
    }

    // Errors of the request as a whole.

    /// Makes 6691623: the credentials are missing or wrong.
    pub(crate) fn unauthenticated() -> Self {
        Self::new(6_691_623, "the user name, password or token is wrong; sign in with valid credentials")
    }

    /// Makes the error for an unknown path, with status 404. Below a policy, the code is 262179, which was recorded on
    /// a cluster. Elsewhere, the code is 3, which NetApp's Ansible modules and Harvest expect.
    pub(crate) fn no_such_path(path: &str, is_below_a_policy: bool) -> Self {
        let code = if is_below_a_policy { 262_179 } else { 3 };
        Self::new(code, format!("the path {} does not exist", shorten(path)))
            .showing("path", path)
            .with_status(StatusCode::NOT_FOUND)
    }

    /// Makes 4: no `what`, such as "IPsec policy", has this name. `target` is the part of the path with the name.
    pub(crate) fn not_found(what: &str, target: &str, name: &str) -> Self {
        Self::new(4, format!("no {what} {} exists", shorten(name))).at(target).showing("value", name)
    }

    /// Makes 4: no policy has this UUID.
    pub(crate) fn no_such_policy(uuid: &str) -> Self {
        Self::not_found("IPsec policy with the UUID", "uuid", uuid)
    }

    /// Makes 3: the resource does not have this method.
    pub(crate) fn no_such_method(method: &str, allow: &'static str) -> Self {
        let mut refusal = Self::new(3, format!("the resource does not have the method {}", shorten(method)))
            .showing("method", method);
        refusal.allow = Some(allow);
        refusal
    }

    /// Makes 2: the last segment of the path is no UUID. ONTAP's code is not documented.
    pub(crate) fn path_without_uuid(given: &str) -> Self {
        Self::new(2, format!("{} in the path is not a UUID", shorten(given))).at("uuid").showing("value", given)
    }

    /// Makes 262198: a GET, HEAD or DELETE has a body.
    pub(crate) fn body_not_allowed(method: &str) -> Self {
        Self::new(262_198, format!("a {method} request cannot have a body")).showing("method", method)
    }

    /// Makes 2 with status 408: the body does not arrive in time. ONTAP's behaviour is not documented.
    pub(crate) fn body_too_slow(limit: Duration) -> Self {
        let message = format!("the body did not arrive within {} seconds", limit.as_secs());
        Self::new(2, message).with_status(StatusCode::REQUEST_TIMEOUT)
    }

    /// Makes 2: the content type is not JSON. ONTAP's behaviour is not documented.
    pub(crate) fn wrong_content_type(given: &str) -> Self {
        let message = format!("the content type {} is not supported; use application/json", shorten(given));
        Self::new(2, message).showing("value", given)
    }

    /// Makes 2 with status 413: the body is too large. ONTAP's limit is not documented.
    pub(crate) fn body_too_large(limit: usize) -> Self {
        Self::new(2, format!("the body is larger than {limit} bytes")).with_status(StatusCode::PAYLOAD_TOO_LARGE)
    }

    /// Makes 262201: the body is incomplete.
    pub(crate) fn body_broken_off() -> Self {
        Self::new(262_201, "the body is incomplete")
    }

    // Errors of query parameters.

    /// Makes 262179: the parameter is unknown.
    pub(crate) fn unexpected(name: &str) -> Self {
        Self::unexpected_field(name).at(name)
    }

    /// Makes 262179: a field of the body is unknown. Recorded on a cluster, without a target.
    pub(crate) fn unexpected_field(name: &str) -> Self {
        Self::new(262_179, format!("the field or parameter {} is unknown", shorten(name)))
    }

    /// Makes 262188: a parameter is repeated.
    pub(crate) fn parameter_twice(name: &str) -> Self {
        Self::new(262_188, format!("the parameter {} is repeated", shorten(name))).at(name)
    }

    /// Makes 262194: a parameter has no value.
    pub(crate) fn parameter_without_value(name: &str) -> Self {
        Self::new(262_194, format!("the parameter {} has no value", shorten(name))).at(name)
    }

    /// Makes 262211: a POST has a filter.
    pub(crate) fn filter_on_post(name: &str) -> Self {
        Self::new(262_211, format!("{name} cannot be in the URL of a POST; move {name} to the body")).at(name)
    }

    /// Makes 262202: a secret is in the URL.
    pub(crate) fn secret_in_url(name: &str) -> Self {
        Self::new(262_202, format!("{name} is a secret and cannot be in a URL")).at(name)
    }

    /// Makes 262249: `fields` names a field that cannot be read.
    pub(crate) fn unreadable(name: &str) -> Self {
        Self::new(262_249, format!("{name} cannot be read; remove {name} from fields")).at(name)
    }

    /// Makes 262250: a filter names a field that cannot be read.
    pub(crate) fn unreadable_filter(name: &str) -> Self {
        Self::new(262_250, format!("{name} cannot be read, so a filter cannot use {name}")).at(name)
    }

    /// Makes 262268: records cannot be sorted by this field.
    pub(crate) fn unsortable(name: &str) -> Self {
        Self::new(262_268, format!("records cannot be sorted by {}", shorten(name)))
            .at("order_by")
            .showing("value", name)
    }

    /// Makes 262286: the braces in `fields` are not paired.
    pub(crate) fn braces(value: &str) -> Self {
        Self::new(262_286, "the braces in fields are not paired").at("fields").showing("value", value)
    }

    /// Makes 262194: an operator in a filter has no value.
    pub(crate) fn incomplete_expression(name: &str, value: &str) -> Self {
        Self::new(262_194, format!("an operator in {} has no value", shorten(value))).at(name).showing("value", value)
    }

    // Errors of bodies.

    /// Makes 262199: the body is no JSON.
    pub(crate) fn broken_json(line: usize, column: usize) -> Self {
        Self::new(262_199, format!("the body is invalid JSON at line {line}, column {column}"))
            .showing("line", &line.to_string())
            .showing("column", &column.to_string())
    }

    /// Makes 262197: a number is too large for the simulator.
    pub(crate) fn number_out_of_range(line: usize, column: usize) -> Self {
        Self::new(262_197, format!("the number at line {line}, column {column} is out of range"))
            .showing("line", &line.to_string())
            .showing("column", &column.to_string())
    }

    /// Makes 262201: the body is JSON, but no object.
    pub(crate) fn not_an_object() -> Self {
        Self::new(262_201, "the body must be a JSON object")
    }

    /// Makes 262255: the body is a JSON array.
    pub(crate) fn array_for_a_body() -> Self {
        Self::new(262_255, "the body must be a JSON object, not an array")
    }

    /// Makes 262254: the value must be an array.
    pub(crate) fn no_array(name: &str) -> Self {
        Self::new(262_254, format!("{name} must be an array")).at(name)
    }

    /// Makes 262212: `records` is empty.
    pub(crate) fn no_records() -> Self {
        Self::new(262_212, "records is empty; add a policy").at("records")
    }

    /// Makes 262212: a change of several policies has no query.
    pub(crate) fn no_query() -> Self {
        Self::new(262_212, "the query is missing; select policies by a query, such as name=* for all")
    }

    /// Makes 262186: the request has both `records` and a query.
    pub(crate) fn records_and_query(filter: &str) -> Self {
        Self::new(262_186, format!("{filter} in the URL and records in the body exclude each other")).at(filter)
    }

    /// Makes 262287 if no policy changed, and 262288 if other policies changed. The changes stay.
    pub(crate) fn some_failed(failed: usize, done: usize) -> Self {
        let code = if done == 0 { 262_287 } else { 262_288 };
        Self::new(code, format!("{failed} of {} policies failed", failed + done))
    }

    /// Makes 262293: the job is not done, so it has no results yet.
    pub(crate) fn no_results_yet(uuid: &str) -> Self {
        Self::new(262_293, format!("the job {} is not done", shorten(uuid)))
            .at("job_results_uuid")
            .showing("value", uuid)
    }

    /// Makes 262294: no job of this collection has this UUID.
    pub(crate) fn no_results(uuid: &str) -> Self {
        Self::new(262_294, format!("no job for IPsec policies has the UUID {}", shorten(uuid)))
            .at("job_results_uuid")
            .showing("value", uuid)
    }

    /// Makes 262282: a name is repeated in the body.
    pub(crate) fn property_twice(name: &str) -> Self {
        Self::new(262_282, format!("{} is repeated in the body", shorten(name))).at(name)
    }

    /// Makes 262197: the value of a field or parameter is invalid. `value` is `None` if the message must not show it.
    pub(crate) fn invalid(name: &str, value: Option<&str>, wanted: impl Display) -> Self {
        match value {
            Some(value) => Self::new(262_197, format!("{} is invalid for {name}: {wanted}", shorten(value)))
                .at(name)
                .showing("value", value),
            None => Self::new(262_197, format!("the value of {name} is invalid: {wanted}")).at(name),
        }
    }

    /// Makes 262255: the field has an array instead of a single value.
    pub(crate) fn array(name: &str) -> Self {
        Self::new(262_255, format!("{name} cannot be an array")).at(name)
    }

    /// Makes 262196: the field is read-only.
    pub(crate) fn read_only(name: &str) -> Self {
        Self::new(262_196, format!("{} is read-only", shorten(name))).at(name)
    }

    /// Makes 262196: the field of an existing policy cannot change. Recorded at other endpoints.
    pub(crate) fn fixed(name: &str) -> Self {
        Self::new(262_196, format!("{name} of an existing policy cannot change")).at(name)
    }

    /// Makes 262190: a PATCH has no change.
    pub(crate) fn nothing_to_change() -> Self {
        Self::new(262_190, "the request changes nothing; set a field")
    }

    /// Makes 262212: a POST has no body.
    pub(crate) fn no_body() -> Self {
        Self::new(262_212, "the body is missing")
    }

    /// Makes 2: a required field is missing. Recorded at another endpoint.
    pub(crate) fn missing(name: &str) -> Self {
        Self::new(2, format!("{name} is missing")).at(name)
    }

    /// Makes 1: the record already exists.
    pub(crate) fn exists(message: &str) -> Self {
        Self::new(1, message)
    }

    /// Makes 2: policies cannot be read while IPsec is off.
    pub(crate) fn ipsec_is_off() -> Self {
        Self::new(2, "IPsec is off for the cluster; switch IPsec on to read policies")
    }

    /// Makes 6: the request is not allowed.
    pub(crate) fn forbidden(message: impl Into<String>) -> Self {
        Self::new(6, message)
    }

    /// Makes 262160: too many clients do not read their lists.
    pub(crate) fn too_many_lists() -> Self {
        Self::new(262_160, "too many clients do not read their lists; try again later")
    }

    // Errors of the endpoint's rules.

    /// Makes an error with one of the endpoint's codes. The rule decides the code and the message.
    pub(crate) fn rule(code: u32, message: impl Into<String>) -> Self {
        Self::new(code, message)
    }

    /// Makes 2621462: a header or a field names an unknown SVM.
    pub(crate) fn unknown_svm(name: &'static str, svm: &str) -> Self {
        Self::new(2_621_462, format!("no SVM {} exists", shorten(svm))).at(name).showing("value", svm)
    }

    /// Makes 2621706: the name and the UUID belong to different SVMs.
    pub(crate) fn two_svms(name: &str, uuid: &str) -> Self {
        Self::new(
            2_621_706,
            format!("svm.name {} and svm.uuid {} belong to different SVMs", shorten(name), shorten(uuid)),
        )
        .at("svm")
        .showing("name", name)
        .showing("uuid", uuid)
    }
}

/// Shortens a long value to its beginning.
pub(crate) fn shorten(value: &str) -> String {
    match value.char_indices().nth(SHOWN) {
        None => value.to_owned(),
        Some((end, _)) => format!("{}…", &value[..end]),
    }
}
