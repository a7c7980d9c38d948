//! A fault as it is described, in code or in a file.

use std::{fmt, time::Duration};

use serde::Deserialize;
use serde_json::Value as Json;

use crate::faults::{
    check::{self, InvalidFault},
    length::Length,
    settings::{Always, Kind, Settings, Times},
};

/// Something that goes wrong, for which requests, and how often.
///
/// Without more, it strikes the next request once; [`Fault::approval`] and [`Fault::silent_peer`] have no end. [`Fault::on`], [`Fault::path`] and
/// [`Fault::query`] say for which requests it is. [`Fault::skip`], [`Fault::every`], [`Fault::times`],
/// [`Fault::lasting`], [`Fault::always`] and [`Fault::probability`] say which of those it strikes.
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
/// [`Fault::check`], and whatever takes the fault, refuses settings that make no sense together. Certificates are at
/// [`Builder::certificate_fault`](crate::Builder::certificate_fault), tokens that run out at [`Token`](crate::Token).
///
/// # Several at once
/// Faults are tried in the order in which they were set. First come those of the network and of a proxy, whether or not
/// the client has signed in: `delay`, `slow_body`, `reset`, `truncated`, `wrong_length`, `unavailable`, `redirect`. Those
/// of the cluster strike only requests that are let in. Delays add up. Of the other faults of each group, only the first
/// strikes, and those behind it do not count the request.
///
/// # In a file
/// A table with `kind` and the names of the methods here as keys; `on` is called `method`. Times are numbers of seconds,
/// or text with a unit (`"200ms"`). `times` is a number or `"always"`.
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
#[must_use = "a fault strikes only where it is set"]
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

// The kinds.
impl Fault {
    fn new(kind: Kind) -> Self {
        Self { settings: Settings { kind, ..Settings::default() } }
    }

    /// Latency: the answer comes this much later, a day at most. The work is done after the wait, and not at all if
    /// the client hangs up meanwhile; with [`Fault::after_work`] it is done before.
    pub fn delay(time: Duration) -> Self {
        let mut fault = Self::new(Kind::Delay);
        fault.settings.time = Some(Length(time));
        fault
    }

    /// The body comes in pieces of [`Fault::bytes`] bytes (by default 16), with this pause before each of them.
    pub fn slow_body(pause: Duration) -> Self {
        let mut fault = Self::new(Kind::SlowBody);
        fault.settings.time = Some(Length(pause));
        fault
    }

    /// The connection is reset, before the work is done or [`Fault::after_work`]. With HTTP/2 it is the stream that is
    /// reset; other requests on the connection go on.
    pub fn reset() -> Self {
        Self::new(Kind::Reset)
    }

    /// The work is done, but of the answer's body only the first [`Fault::bytes`] bytes (by default half of it) come,
    /// fewer than announced. Then the connection, or with HTTP/2 the stream, ends.
    pub fn truncated() -> Self {
        Self::new(Kind::Truncated)
    }

    /// The work is done, but `Content-Length` announces [`Fault::bytes`] bytes (by default 1) more than there are. Nothing
    /// comes after the body, and the connection stays open.
    pub fn wrong_length() -> Self {
        Self::new(Kind::WrongLength)
    }

    /// A page of HTML, as a proxy in front of the cluster makes it, with this status from 400 to 599. The work is not
    /// done, or with [`Fault::after_work`] it is. See [`Fault::retry_after`] and [`Fault::empty`].
    pub fn unavailable(status: u16) -> Self {
        let mut fault = Self::new(Kind::Unavailable);
        fault.settings.status = Some(status);
        fault
    }

    /// A redirection to this place with the status 307, or another [`Fault::status`] from 301, 302, 303, 307 and 308.
    /// The work is not done.
    pub fn redirect(location: impl Into<String>) -> Self {
        let mut fault = Self::new(Kind::Redirect);
        fault.settings.location = Some(location.into());
        fault
    }

    /// Responds with an error of this code in ONTAP's form instead of the work, or after it with [`Fault::after_work`].
    /// Use this for errors that no request can trigger, such as 66257097, an update that could not be stored.
    ///
    /// The status is that of the vendor's table of generic codes. For codes of [`ERROR_CODES`](crate::ERROR_CODES), no
    /// status is documented. The simulator assumes 500 for 66256898, 66256899, 66257007, 66257096, 66257097 and 66257110,
    /// 409 for 66257104, and 400 for the others. [`Fault::status`] sets another one.
    pub fn error(code: u32) -> Self {
        let mut fault = Self::new(Kind::Error);
        fault.settings.code = Some(code);
        fault
    }

    /// Makes a busy cluster: the page of a list ends after [`Fault::records`] records (0 unless set), with a link, even
    /// if nothing follows. For GET only; for the list of policies unless [`Fault::path`] names another.
    ///
    /// With [`Fault::without_link`], the list looks as if there were no more records, as was recorded of real clusters when
    /// `return_timeout` ran out. A real cluster answers only then: add [`Fault::delay`] for that.
    pub fn busy() -> Self {
        Self::new(Kind::Busy)
    }

    /// Responds with 202 and a job. The work is done when the job ends: after [`Fault::polls`] polls (2 unless set), or
    /// after [`Fault::time`]. The job then succeeds or fails as the request would have. With [`Fault::failing`], the job
    /// fails and nothing is done. A request with several policies in its body is a job in any case; the fault then sets
    /// how the job ends.
    ///
    /// Is for POST, PATCH and DELETE unless [`Fault::on`] names one of them. ONTAP answers requests for one IPsec policy
    /// itself, but clients of other parts of its API meet jobs for all of these methods.
    pub fn job() -> Self {
        Self::new(Kind::Job)
    }

    /// Multi-admin verification: a POST, PATCH or DELETE waits for the approval of an administrator. The response is 202
    /// with the number of the request that waits, and nothing is done. Without [`Fault::times`] and [`Fault::lasting`],
    /// there is no end.
    ///
    /// [`Simulator::approve`](crate::Simulator::approve) grants the request: the same call, made again, is then executed
    /// once. [`Simulator::veto`](crate::Simulator::veto) refuses it: the call is answered 403. Over HTTP, it is a PATCH of
    /// `/api/security/multi-admin-verify/requests/{index}` with `{"state": "approved"}` or `"vetoed"`.
    pub fn approval() -> Self {
        Self::new(Kind::Approval)
    }

    /// A peer that does not answer: that with this [`Fault::peer`] as its address, or every one. Of the associations with
    /// it, that of IKE stays `connecting`, and that of IPsec is not there. Is for GET of the associations. Without
    /// [`Fault::times`] and [`Fault::lasting`], there is no end.
    pub fn silent_peer() -> Self {
        Self::new(Kind::SilentPeer)
    }

    /// Records come without this field, or without all fields of this object, such as `ipspace`. A filter by the field
    /// finds nothing. Is for GET.
    pub fn without_field(field: impl Into<String>) -> Self {
        let mut fault = Self::new(Kind::WithoutField);
        fault.settings.field = Some(field.into());
        fault
    }
}

// Which requests.
impl Fault {
    /// Only for this method, in capitals.
    pub fn on(mut self, method: impl AsRef<str>) -> Self {
        self.settings.method = Some(method.as_ref().to_owned());
        self
    }

    /// Limits the fault to this path, where `*` stands for any characters, slashes included. The path is compared after
    /// dot segments and doubled slashes are resolved, and before percent-decoding.
    pub fn path(mut self, glob: impl Into<String>) -> Self {
        self.settings.path = Some(glob.into());
        self
    }

    /// Only if this is a part of the query, as it was sent or decoded.
    pub fn query(mut self, part: impl Into<String>) -> Self {
        self.settings.query = Some(part.into());
        self
    }

    /// Lets this many of the requests pass at first. So `skip(2)` alone strikes the third one.
    pub fn skip(mut self, requests: u64) -> Self {
        self.settings.skip = requests;
        self
    }

    /// Applies the fault to every such request only, after those that [`Fault::skip`] lets pass. With 3, these are the
    /// third, the sixth and so on, until [`Fault::times`] is reached.
    pub fn every(mut self, requests: u64) -> Self {
        self.settings.every = Some(requests);
        self
    }

    /// Strikes this often, from 1 on. The default is 1, but no end with [`Fault::every`], [`Fault::probability`],
    /// [`Fault::lasting`], [`Fault::approval`] and [`Fault::silent_peer`].
    pub fn times(mut self, times: u64) -> Self {
        self.settings.times = Some(Times::Number(times));
        self
    }

    /// Ends this long after it was set, a day at most. Until then it strikes without end, unless [`Fault::times`] sets one.
    pub fn lasting(mut self, time: Duration) -> Self {
        self.settings.lasting = Some(Length(time));
        self
    }

    /// Strikes without end.
    pub fn always(mut self) -> Self {
        self.settings.times = Some(Times::Word(Always::Always));
        self
    }

    /// Strikes with this probability, from 0 to 1. The same seed decides the same way every time; in a file, it is 0
    /// unless it is given.
    pub fn probability(mut self, probability: f64, seed: u64) -> Self {
        self.settings.probability = Some(probability);
        self.settings.seed = Some(seed);
        self
    }
}

// What exactly.
impl Fault {
    /// The request takes effect before the fault does. For [`Fault::delay`], [`Fault::reset`], [`Fault::unavailable`] and
    /// [`Fault::error`]; if the request itself fails, the client gets that error.
    pub fn after_work(mut self) -> Self {
        self.settings.after_work = true;
        self
    }

    /// A number of bytes of the body, from 1 on: of a piece with [`Fault::slow_body`], that come with
    /// [`Fault::truncated`], that are missing with [`Fault::wrong_length`].
    pub fn bytes(mut self, bytes: u64) -> Self {
        self.settings.bytes = Some(bytes);
        self
    }

    /// The HTTP status of [`Fault::unavailable`] or [`Fault::error`], from 400 to 599, or of [`Fault::redirect`].
    pub fn status(mut self, status: u16) -> Self {
        self.settings.status = Some(status);
        self
    }

    /// `Retry-After` with this number of seconds, for [`Fault::unavailable`] and [`Fault::error`].
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.settings.retry_after = Some(seconds);
        self
    }

    /// Leaves out the page of [`Fault::unavailable`].
    pub fn empty(mut self) -> Self {
        self.settings.empty = true;
        self
    }

    /// The text of [`Fault::error`] or [`Fault::failing`].
    pub fn message(mut self, message: impl Into<String>) -> Self {
        self.settings.message = Some(message.into());
        self
    }

    /// The field at fault, for [`Fault::error`] and [`Fault::failing`].
    pub fn target(mut self, field: impl Into<String>) -> Self {
        self.settings.target = Some(field.into());
        self
    }

    /// How often [`Fault::job`] is asked about before it ends; with 0, it has ended when it is asked about first.
    pub fn polls(mut self, polls: u32) -> Self {
        self.settings.polls = Some(polls);
        self
    }

    /// How long [`Fault::job`] takes, instead of [`Fault::polls`]; a day at most.
    pub fn time(mut self, time: Duration) -> Self {
        self.settings.time = Some(Length(time));
        self
    }

    /// How many records the page of [`Fault::busy`] has at most; 0 by default.
    pub fn records(mut self, records: u64) -> Self {
        self.settings.records = Some(records);
        self
    }

    /// Leaves out the link of [`Fault::busy`].
    pub fn without_link(mut self) -> Self {
        self.settings.without_link = true;
        self
    }

    /// The address of [`Fault::silent_peer`].
    pub fn peer(mut self, address: impl Into<String>) -> Self {
        self.settings.peer = Some(address.into());
        self
    }

    /// Lets [`Fault::job`] fail with this code, which is called `code` in a file.
    pub fn failing(mut self, code: u32) -> Self {
        self.settings.code = Some(code);
        self
    }

    /// Whether the settings make sense together.
    ///
    /// # Errors
    /// If one is out of its range, missing, or not for this kind of fault.
    pub fn check(&self) -> Result<(), InvalidFault> {
        check::compile(&self.settings).map(|_| ())
    }
}

/// One line with the settings as in a file, such as `unavailable, method POST, retry_after 2, status 503, times 2`.
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
