//! The description of a fault, in code or in a file.

use std::{fmt, time::Duration};

use serde::Deserialize;
use serde_json::Value as Json;

use crate::faults::{
    check::{self, InvalidFault},
    settings::{Always, Kind, Settings, Times},
    time_span::TimeSpan,
};

/// A fault: what goes wrong, for which requests, and how often.
///
/// By default, a fault applies once, to the next request. The exceptions are [`Fault::approval`] and
/// [`Fault::silent_peer`], which apply without end. [`Fault::on`], [`Fault::path`] and [`Fault::query`] select
/// requests. [`Fault::skip`], [`Fault::every`], [`Fault::times`], [`Fault::lasting`], [`Fault::always`] and
/// [`Fault::probability`] set how many of the selected requests are affected.
///
/// ```
/// use ontap_ipsec_simulator::Fault;
///
/// let overloaded = Fault::unavailable(503).retry_after(2).on("POST").path("/api/security/*").times(2);
/// let third_list_is_cut_short = Fault::truncated().on("GET").path("/api/security/ipsec/policies").skip(2);
/// let bad_network = Fault::reset().probability(0.1, 7);
/// # for fault in [overloaded, third_list_is_cut_short, bad_network] { fault.check().unwrap(); }
/// ```
///
/// Settings that exclude each other are an error when the simulator starts, in
/// [`Simulator::inject`](crate::Simulator::inject) and in [`Fault::check`].
/// [`Builder::certificate_fault`](crate::Builder::certificate_fault) sets a bad server certificate, and
/// [`Token`](crate::Token) a limited token.
///
/// # Several at once
/// Faults apply in the order in which they were added. Network faults come first, also before sign-in: `delay`,
/// `slow_body`, `reset`, `truncated`, `wrong_length`, `unavailable`, `redirect`. Cluster faults, the other kinds, apply
/// only to signed-in requests. All delays add up. Of the other network faults, only the first match applies, and the
/// later ones do not count the request. The same holds for cluster faults.
///
/// # In a file
/// A fault is a table with the key `kind`. The other keys are the names of the methods here; [`Fault::on`] is `method`.
/// A time is a number of seconds, or text with a unit, such as `"200ms"`. `times` is a number or `"always"`.
///
/// ```toml
/// [[fault]]
/// kind = "unavailable"
/// status = 503
/// retry_after = 2
/// method = "POST"
/// path = "/api/security/*"
/// times = 2
/// ```
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "Settings")]
#[must_use = "a fault has no effect before it is added to a simulator"]
pub struct Fault {
    pub(crate) settings: Settings,
}

impl TryFrom<Settings> for Fault {
    type Error = InvalidFault;

    fn try_from(settings: Settings) -> Result<Self, InvalidFault> {
        check::compile(&settings)?;
        Ok(Self { settings })
    }
}

// Kinds of faults.
impl Fault {
    fn new(kind: Kind) -> Self {
        Self { settings: Settings { kind, ..Settings::default() } }
    }

    /// Delays the response by this time, a day at most. The work starts after the delay. If the client disconnects
    /// first, nothing is done. With [`Fault::after_work`], the work is done before the delay.
    pub fn delay(time: Duration) -> Self {
        let mut fault = Self::new(Kind::Delay);
        fault.settings.time = Some(TimeSpan(time));
        fault
    }

    /// Sends the body in pieces of [`Fault::bytes`] bytes, 16 by default, with this pause before each piece.
    pub fn slow_body(pause: Duration) -> Self {
        let mut fault = Self::new(Kind::SlowBody);
        fault.settings.time = Some(TimeSpan(pause));
        fault
    }

    /// Resets the connection, before the work or [`Fault::after_work`]. With HTTP/2, only the stream is reset; other
    /// requests on the connection continue.
    pub fn reset() -> Self {
        Self::new(Kind::Reset)
    }

    /// Does the work, but sends only the first [`Fault::bytes`] bytes of the body, half of it by default.
    /// `Content-Length` has the full length. Then the connection ends; with HTTP/2, the stream.
    pub fn truncated() -> Self {
        Self::new(Kind::Truncated)
    }

    /// Does the work, but `Content-Length` is [`Fault::bytes`] bytes too high, 1 by default. Nothing follows the body,
    /// and the connection stays open.
    pub fn wrong_length() -> Self {
        Self::new(Kind::WrongLength)
    }

    /// Responds with a proxy's HTML page and this status from 400 to 599. The work is not done, unless
    /// [`Fault::after_work`] is set. See [`Fault::retry_after`] and [`Fault::empty`].
    pub fn unavailable(status: u16) -> Self {
        let mut fault = Self::new(Kind::Unavailable);
        fault.settings.status = Some(status);
        fault
    }

    /// Redirects to this URL. The status is 307 by default; [`Fault::status`] sets 301, 302, 303, 307 or 308. The work
    /// is not done.
    pub fn redirect(location: impl Into<String>) -> Self {
        let mut fault = Self::new(Kind::Redirect);
        fault.settings.location = Some(location.into());
        fault
    }

    /// Responds with an error of this code in ONTAP's form. The work is not done, unless [`Fault::after_work`] is set.
    /// Use this fault for errors that no request can trigger, such as 66257097, a change that cannot be stored.
    ///
    /// NetApp documents the status of generic codes, but not of codes in [`ERROR_CODES`](crate::ERROR_CODES). For the
    /// latter, the simulator assumes 400. The exceptions are 409 for 66257104, and 500 for 66256898, 66256899,
    /// 66257007, 66257096, 66257097 and 66257110. [`Fault::status`] sets another status.
    pub fn error(code: u32) -> Self {
        let mut fault = Self::new(Kind::Error);
        fault.settings.code = Some(code);
        fault
    }

    /// Simulates a busy cluster: a page ends after [`Fault::records`] records, 0 by default. The page has a link to the
    /// next page, also if no records follow. Applies to GET only, and to the list of policies unless [`Fault::path`] is
    /// set.
    ///
    /// With [`Fault::without_link`], the page has no link, as if no records followed. Recordings of real clusters show
    /// this behaviour after `return_timeout` ran out. Add [`Fault::delay`] to simulate the timeout.
    pub fn busy() -> Self {
        Self::new(Kind::Busy)
    }

    /// Responds with 202 and a job. The work is done when the job ends: after [`Fault::polls`] polls, 2 by default, or
    /// after [`Fault::time`]. The job has the result that the request would have had. With [`Fault::failing`], the job
    /// fails and nothing is done. A request with `records` always starts a job; the fault then only sets the end of the
    /// job.
    ///
    /// Applies to POST, PATCH and DELETE, unless [`Fault::on`] selects one of them. ONTAP executes requests for one
    /// IPsec policy without a job. Other parts of ONTAP's API use jobs for these methods.
    pub fn job() -> Self {
        Self::new(Kind::Job)
    }

    /// Simulates multi-admin verification: a POST, PATCH or DELETE waits for an administrator's approval. The response
    /// is 202 with the number of the waiting request, and nothing is done. Applies without end, unless [`Fault::times`]
    /// or [`Fault::lasting`] is set.
    ///
    /// [`Simulator::approve`](crate::Simulator::approve) approves a request: the client repeats the call, and the
    /// simulator executes it once. [`Simulator::veto`](crate::Simulator::veto) refuses a request: the repeated call is
    /// 403. The same works over HTTP: a PATCH of `/api/security/multi-admin-verify/requests/{index}` with `{"state":
    /// "approved"}` or `{"state": "vetoed"}`.
    pub fn approval() -> Self {
        Self::new(Kind::Approval)
    }

    /// Simulates a peer that does not respond: the one with the address [`Fault::peer`], or every peer. The IKE
    /// association with the peer stays `connecting`, and the IPsec association is missing. Applies to GET of the
    /// associations, without end unless [`Fault::times`] or [`Fault::lasting`] is set.
    pub fn silent_peer() -> Self {
        Self::new(Kind::SilentPeer)
    }

    /// Removes this field from records, or all fields of this object, such as `ipspace`. A filter by the field finds
    /// nothing. Applies to GET.
    pub fn without_field(field: impl Into<String>) -> Self {
        let mut fault = Self::new(Kind::WithoutField);
        fault.settings.field = Some(field.into());
        fault
    }
}

// Settings that select requests.
impl Fault {
    /// Selects requests with this method, in capitals.
    pub fn on(mut self, method: impl AsRef<str>) -> Self {
        self.settings.method = Some(method.as_ref().to_owned());
        self
    }

    /// Selects requests with this path. `*` matches any characters, slashes included. The path is compared after dot
    /// segments and doubled slashes are resolved, and before percent-decoding.
    pub fn path(mut self, glob: impl Into<String>) -> Self {
        self.settings.path = Some(glob.into());
        self
    }

    /// Selects requests whose query contains this text, encoded or decoded.
    pub fn query(mut self, part: impl Into<String>) -> Self {
        self.settings.query = Some(part.into());
        self
    }

    /// Skips this number of selected requests at first; 0 by default. With `skip(2)`, the fault applies to the third
    /// one.
    pub fn skip(mut self, requests: u64) -> Self {
        self.settings.skip = requests;
        self
    }

    /// Applies the fault to every `requests`-th selected request after [`Fault::skip`]; 1 or more. With 3, these are
    /// the third, the sixth and so on, until [`Fault::times`] is reached.
    pub fn every(mut self, requests: u64) -> Self {
        self.settings.every = Some(requests);
        self
    }

    /// Sets how often the fault applies; 1 or more. The default is 1. The default is no limit with [`Fault::every`],
    /// [`Fault::probability`], [`Fault::lasting`], [`Fault::approval`] and [`Fault::silent_peer`].
    pub fn times(mut self, times: u64) -> Self {
        self.settings.times = Some(Times::Number(times));
        self
    }

    /// Ends the fault this long after it was added, a day at most. Until then, the fault applies without end, unless
    /// [`Fault::times`] is set.
    pub fn lasting(mut self, time: Duration) -> Self {
        self.settings.lasting = Some(TimeSpan(time));
        self
    }

    /// Applies the fault without end.
    pub fn always(mut self) -> Self {
        self.settings.times = Some(Times::Word(Always::Always));
        self
    }

    /// Applies the fault with this probability, from 0 to 1. The same seed gives the same sequence of decisions. In a
    /// file, the default seed is 0.
    pub fn probability(mut self, probability: f64, seed: u64) -> Self {
        self.settings.probability = Some(probability);
        self.settings.seed = Some(seed);
        self
    }
}

// Settings of the effect.
impl Fault {
    /// Does the work before the fault applies. For [`Fault::delay`], [`Fault::reset`], [`Fault::unavailable`] and
    /// [`Fault::error`]. If the work fails, the client gets the error of the work.
    pub fn after_work(mut self) -> Self {
        self.settings.after_work = true;
        self
    }

    /// Sets a number of bytes; 1 or more. [`Fault::slow_body`]: the size of a piece. [`Fault::truncated`]: the bytes
    /// that are sent. [`Fault::wrong_length`]: the bytes that are missing.
    pub fn bytes(mut self, bytes: u64) -> Self {
        self.settings.bytes = Some(bytes);
        self
    }

    /// Sets the HTTP status of [`Fault::unavailable`] or [`Fault::error`], from 400 to 599, or of [`Fault::redirect`].
    pub fn status(mut self, status: u16) -> Self {
        self.settings.status = Some(status);
        self
    }

    /// Adds `Retry-After` with this number of seconds to [`Fault::unavailable`] and [`Fault::error`].
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.settings.retry_after = Some(seconds);
        self
    }

    /// Removes the HTML page of [`Fault::unavailable`].
    pub fn empty(mut self) -> Self {
        self.settings.empty = true;
        self
    }

    /// Sets the message of [`Fault::error`] or [`Fault::failing`].
    pub fn message(mut self, message: impl Into<String>) -> Self {
        self.settings.message = Some(message.into());
        self
    }

    /// Sets the `target` of the error for [`Fault::error`] and [`Fault::failing`].
    pub fn target(mut self, field: impl Into<String>) -> Self {
        self.settings.target = Some(field.into());
        self
    }

    /// Sets the number of polls until the end of [`Fault::job`]. With 0, the job has ended at the first poll.
    pub fn polls(mut self, polls: u32) -> Self {
        self.settings.polls = Some(polls);
        self
    }

    /// Sets the duration of [`Fault::job`], a day at most. Excludes [`Fault::polls`].
    pub fn time(mut self, time: Duration) -> Self {
        self.settings.time = Some(TimeSpan(time));
        self
    }

    /// Sets the number of records on a page of [`Fault::busy`]; 0 by default.
    pub fn records(mut self, records: u64) -> Self {
        self.settings.records = Some(records);
        self
    }

    /// Removes the link to the next page of [`Fault::busy`].
    pub fn without_link(mut self) -> Self {
        self.settings.without_link = true;
        self
    }

    /// Sets the IP address of the peer for [`Fault::silent_peer`].
    pub fn peer(mut self, address: impl Into<String>) -> Self {
        self.settings.peer = Some(address.into());
        self
    }

    /// Makes [`Fault::job`] fail with this code. In a file, the key is `code`.
    pub fn failing(mut self, code: u32) -> Self {
        self.settings.code = Some(code);
        self
    }

    /// Checks the settings.
    ///
    /// # Errors
    /// Returns an error if a setting is out of range, missing, or not for this kind of fault.
    pub fn check(&self) -> Result<(), InvalidFault> {
        check::compile(&self.settings).map(|_| ())
    }
}

/// Writes one line with the settings as in a file, such as `unavailable, method POST, retry_after 2, status 503, times
/// 2`.
impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.settings.kind.fmt(formatter)?;
        for (name, value) in self.settings.given() {
            match value {
                Json::Bool(_) => write!(formatter, ", {name}"),
                Json::String(text) => write!(formatter, ", {name} {text}"),
                value => write!(formatter, ", {name} {value}"),
            }?;
        }
        formatter.write_str(if self.settings.is_for_once() { ", once" } else { "" })
    }
}
