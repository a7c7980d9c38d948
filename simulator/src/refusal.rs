//! Everything that a request can be refused for, with the code, the HTTP status and a message in this project's words.
//!
//! Generic codes and their statuses are those of the vendor's "Getting started" page. For the codes of the IPsec
//! endpoint (66257xxx) no document gives a status: **400 for all of them, 409 for the taken name, and 500 for what only
//! the cluster itself can be at fault for, is an assumption** drawn from the generic codes of the same meaning.

use std::{fmt::Display, time::Duration};

use axum::http::StatusCode;

/// The longest piece of a refused value that a message repeats.
const SHOWN: usize = 80;

/// Why a request is refused.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    /// The HTTP status.
    pub(crate) status: StatusCode,
    /// ONTAP's number for the error.
    pub(crate) code: u32,
    /// The error in words.
    pub(crate) message: String,
    /// The parameter or field at fault.
    pub(crate) target: Option<String>,
    /// The values that the message speaks of: what each is, and the value.
    pub(crate) arguments: Vec<(&'static str, String)>,
    /// The methods that the resource has, for the `Allow` header.
    pub(crate) allow: Option<&'static str>,
    /// After how many seconds to try again, for the `Retry-After` header.
    pub(crate) retry_after: Option<u32>,
}

impl Refusal {
    /// The status is that of the vendor's table of generic codes, or the assumed one for codes of the endpoint. For
    /// 6691623, see [`Refusal::unauthenticated`].
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

    /// For what the table gives no status.
    fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// Names the field or parameter at fault, which also becomes an argument of the message.
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

    /// An error that was ordered rather than met, of any code.
    pub(crate) fn of_fault(code: u32, message: Option<String>, target: Option<String>) -> Self {
        let message = message.unwrap_or_else(|| format!("the simulator was told to answer error {code}"));
        let refusal = Self::new(code, message);
        match target {
            Some(target) => refusal.at(&target),
            None => refusal,
        }
    }

    // The request as a whole.

    /// 6691623: no valid user name and password.
    pub(crate) fn unauthenticated() -> Self {
        Self::new(6_691_623, "sign in with a user name and password that the cluster knows")
    }

    /// Refuses a path without a resource, with status 404. Below a policy, the code is 262179, which was recorded.
    /// Elsewhere, the code is 3: NetApp's Ansible modules and Harvest test for it.
    pub(crate) fn no_such_path(path: &str, is_below_a_policy: bool) -> Self {
        let code = if is_below_a_policy { 262_179 } else { 3 };
        Self::new(code, format!("there is nothing at {}", shorten(path)))
            .showing("path", path)
            .with_status(StatusCode::NOT_FOUND)
    }

    /// 4: there is no `what`, such as "IPsec policy", of this name, which the path has as `target`.
    pub(crate) fn not_found(what: &str, target: &str, name: &str) -> Self {
        Self::new(4, format!("there is no {what} {}", shorten(name))).at(target).showing("value", name)
    }

    /// 4: no policy has this UUID.
    pub(crate) fn no_such_policy(uuid: &str) -> Self {
        Self::not_found("IPsec policy with the UUID", "uuid", uuid)
    }

    /// 3: the resource does not have this method.
    pub(crate) fn no_such_method(method: &str, allow: &'static str) -> Self {
        let mut refusal = Self::new(3, format!("{} is not possible here", shorten(method))).showing("method", method);
        refusal.allow = Some(allow);
        refusal
    }

    /// 2: the last part of the path is no UUID. Which code ONTAP uses here is not documented.
    pub(crate) fn path_without_uuid(given: &str) -> Self {
        Self::new(2, format!("{} in the path is no UUID", shorten(given))).at("uuid").showing("value", given)
    }

    /// 262198: GET, HEAD and DELETE have no body.
    pub(crate) fn body_not_allowed(method: &str) -> Self {
        Self::new(262_198, format!("a {method} request has no body")).showing("method", method)
    }

    /// Refuses a body that does not end, with 2 and status 408. ONTAP's behaviour is not documented.
    pub(crate) fn body_too_slow(limit: Duration) -> Self {
        let message = format!("the body was not there after {} seconds", limit.as_secs());
        Self::new(2, message).with_status(StatusCode::REQUEST_TIMEOUT)
    }

    /// Refuses a content type other than JSON, with 2. Both the refusal and the code are assumptions.
    pub(crate) fn wrong_content_type(given: &str) -> Self {
        let message = format!("a body is application/json or application/hal+json, not {}", shorten(given));
        Self::new(2, message).showing("value", given)
    }

    /// 2, with status 413: the body is larger than the simulator reads. ONTAP's own limit is not documented.
    pub(crate) fn body_too_large(limit: usize) -> Self {
        Self::new(2, format!("the body is larger than {limit} bytes")).with_status(StatusCode::PAYLOAD_TOO_LARGE)
    }

    /// 262201: the body ends before it is whole.
    pub(crate) fn body_broken_off() -> Self {
        Self::new(262_201, "the body cannot be read to its end")
    }

    // Query parameters.

    /// 262179: a parameter that is not known here.
    pub(crate) fn unexpected(name: &str) -> Self {
        Self::unexpected_field(name).at(name)
    }

    /// 262179: a field in a body that is not known here. Recorded, without a target.
    pub(crate) fn unexpected_field(name: &str) -> Self {
        Self::new(262_179, format!("{} is not expected here", shorten(name)))
    }

    /// 262188: a parameter was given more than once.
    pub(crate) fn parameter_twice(name: &str) -> Self {
        Self::new(262_188, format!("the parameter {} is there more than once", shorten(name))).at(name)
    }

    /// 262194: a parameter has nothing after its name.
    pub(crate) fn parameter_without_value(name: &str) -> Self {
        Self::new(262_194, format!("the parameter {} has no value", shorten(name))).at(name)
    }

    /// 262211: a POST cannot be filtered.
    pub(crate) fn filter_on_post(name: &str) -> Self {
        Self::new(262_211, format!("{name} belongs into the body of a POST, not into its URL")).at(name)
    }

    /// 262202: a secret stands in the URL.
    pub(crate) fn secret_in_url(name: &str) -> Self {
        Self::new(262_202, format!("{name} is a secret and must stay out of URLs")).at(name)
    }

    /// 262249: a field that cannot be read was asked for.
    pub(crate) fn unreadable(name: &str) -> Self {
        Self::new(262_249, format!("{name} can be set but not read")).at(name)
    }

    /// 262250: a field that cannot be read was filtered by.
    pub(crate) fn unreadable_filter(name: &str) -> Self {
        Self::new(262_250, format!("{name} cannot be read, so nothing can be found by it")).at(name)
    }

    /// 262268: not a field to sort by.
    pub(crate) fn unsortable(name: &str) -> Self {
        Self::new(262_268, format!("records cannot be sorted by {}", shorten(name)))
            .at("order_by")
            .showing("value", name)
    }

    /// 262286: braces in `fields` do not pair up.
    pub(crate) fn braces(value: &str) -> Self {
        Self::new(262_286, "the braces in fields do not pair up").at("fields").showing("value", value)
    }

    /// 262194: an operator in a filter has no value to work on.
    pub(crate) fn incomplete_expression(name: &str, value: &str) -> Self {
        Self::new(262_194, format!("an operator in {} has nothing to work on", shorten(value)))
            .at(name)
            .showing("value", value)
    }

    // Bodies.

    /// 262199: the body is no JSON.
    pub(crate) fn broken_json(line: usize, column: usize) -> Self {
        Self::new(262_199, format!("the body stops being JSON at line {line}, column {column}"))
            .showing("line", &line.to_string())
            .showing("column", &column.to_string())
    }

    /// 262197: a number that is larger than the simulator reads.
    pub(crate) fn number_out_of_range(line: usize, column: usize) -> Self {
        Self::new(262_197, format!("the number at line {line}, column {column} is out of range"))
            .showing("line", &line.to_string())
            .showing("column", &column.to_string())
    }

    /// 262201: the body is JSON, but no object.
    pub(crate) fn not_an_object() -> Self {
        Self::new(262_201, "the body has to be a JSON object")
    }

    /// 262255: the body is a JSON array.
    pub(crate) fn array_for_a_body() -> Self {
        Self::new(262_255, "the body has to be a JSON object, not an array")
    }

    /// 262254: no array where one belongs.
    pub(crate) fn no_array(name: &str) -> Self {
        Self::new(262_254, format!("{name} has to be an array")).at(name)
    }

    /// 262212: an array of policies without any.
    pub(crate) fn no_records() -> Self {
        Self::new(262_212, "records is empty, so that there is nothing to do").at("records")
    }

    /// 262212: a change to many policies that does not say to which.
    pub(crate) fn no_query() -> Self {
        Self::new(262_212, "say by a query which policies are meant; name=* means all")
    }

    /// 262186: policies are named both in the body and by a query.
    pub(crate) fn records_and_query(filter: &str) -> Self {
        Self::new(262_186, format!("{filter} in the URL and records in the body exclude each other")).at(filter)
    }

    /// 262287 where it is the only one, 262288 where others were done, and stay so.
    pub(crate) fn some_failed(failed: usize, done: usize) -> Self {
        let code = if done == 0 { 262_287 } else { 262_288 };
        Self::new(code, format!("{failed} of {} policies failed", failed + done))
    }

    /// 262293: the job is not over, so that it has no results yet.
    pub(crate) fn no_results_yet(uuid: &str) -> Self {
        Self::new(262_293, format!("the job {} is not over", shorten(uuid)))
            .at("job_results_uuid")
            .showing("value", uuid)
    }

    /// 262294: no job of this collection has this UUID, so that it has no results.
    pub(crate) fn no_results(uuid: &str) -> Self {
        Self::new(262_294, format!("no job about IPsec policies has the UUID {}", shorten(uuid)))
            .at("job_results_uuid")
            .showing("value", uuid)
    }

    /// 262282: a name stands twice in the body.
    pub(crate) fn property_twice(name: &str) -> Self {
        Self::new(262_282, format!("{} is in the body more than once", shorten(name))).at(name)
    }

    /// 262197: not a value for this field or parameter. `value` is `None` where it must not be repeated.
    pub(crate) fn invalid(name: &str, value: Option<&str>, wanted: impl Display) -> Self {
        match value {
            Some(value) => Self::new(262_197, format!("{} is no value for {name}: {wanted}", shorten(value)))
                .at(name)
                .showing("value", value),
            None => Self::new(262_197, format!("the value is none for {name}: {wanted}")).at(name),
        }
    }

    /// 262255: an array where one value belongs.
    pub(crate) fn array(name: &str) -> Self {
        Self::new(262_255, format!("{name} is no array")).at(name)
    }

    /// 262196: a field that is only ever returned.
    pub(crate) fn read_only(name: &str) -> Self {
        Self::new(262_196, format!("{} can be read but not set", shorten(name))).at(name)
    }

    /// 262196: a field that is fixed once the policy exists. Recorded at other endpoints.
    pub(crate) fn fixed(name: &str) -> Self {
        Self::new(262_196, format!("{name} cannot change once the policy exists")).at(name)
    }

    /// 262190: a PATCH with nothing in it.
    pub(crate) fn nothing_to_change() -> Self {
        Self::new(262_190, "the request changes nothing: name a field and its new value")
    }

    /// 262212: a POST without a body.
    pub(crate) fn no_body() -> Self {
        Self::new(262_212, "say in the body what is to be made")
    }

    /// 2: a field that every record needs. Recorded at another endpoint.
    pub(crate) fn missing(name: &str) -> Self {
        Self::new(2, format!("a {name} is needed")).at(name)
    }

    /// 1: there is one already.
    pub(crate) fn exists(message: &str) -> Self {
        Self::new(1, message)
    }

    /// 2: policies cannot be read while IPsec is off.
    pub(crate) fn ipsec_is_off() -> Self {
        Self::new(2, "IPsec is switched off for the cluster: switch it on to read policies")
    }

    /// 6: somebody who is known may not do this.
    pub(crate) fn forbidden(message: impl Into<String>) -> Self {
        Self::new(6, message)
    }

    /// 262160: too many lists wait for their clients to read them.
    pub(crate) fn too_many_lists() -> Self {
        Self::new(262_160, "too many clients do not read their lists; try again later")
    }

    // The endpoint's own rules.

    /// One of the endpoint's own codes; the rule that is broken says which, and why.
    pub(crate) fn rule(code: u32, message: impl Into<String>) -> Self {
        Self::new(code, message)
    }

    /// 2621462: a request is about an SVM that is not there, as a header or a field says.
    pub(crate) fn unknown_svm(name: &'static str, svm: &str) -> Self {
        Self::new(2_621_462, format!("there is no SVM {}", shorten(svm))).at(name).showing("value", svm)
    }

    /// 2621706: name and UUID are those of two SVMs.
    pub(crate) fn two_svms(name: &str, uuid: &str) -> Self {
        Self::new(
            2_621_706,
            format!("svm.name is {} while svm.uuid {} belongs to another SVM", shorten(name), shorten(uuid)),
        )
        .at("svm")
        .showing("name", name)
        .showing("uuid", uuid)
    }
}

/// The value, or its beginning if it is long.
pub(crate) fn shorten(value: &str) -> String {
    match value.char_indices().nth(SHOWN) {
        None => value.to_owned(),
        Some((end, _)) => format!("{}…", &value[..end]),
    }
}
