//! Operations, and their parameters, statuses, headers and error codes.

use crate::class::Class;
use crate::difference::{Body, Pair, Sides, Spot, headers, shown};
use crate::document::join;
use crate::openapi::{Operation, Response, Way};
use crate::rule::Rule;
use crate::workspace;

use super::Collector;

const WHOLE: &str = "operation";

impl<'a> Collector<'a> {
    /// An operation that one release lacks, or whose page its reference lacks.
    pub(super) fn lone_operation(&mut self, key: &str, sides: Sides<&Operation>) {
        let Some(operation) = sides.any() else { return };
        let introduced = operation.said.introduced.clone().unwrap_or_default();
        let is_old = sides.from.is_some();
        let pointer = |side: Option<&Operation>| side.map_or("/paths", |operation| &operation.pointer).to_owned();
        let at = (pointer(sides.from), pointer(sides.to));
        let spot = Spot { operation: key, subject: WHOLE, at: &at };
        let since = |side: Option<&Operation>| side.map(|_| format!("since {introduced}"));
        let values = (since(sides.from), since(sides.to));
        if self.page_is_missing(&introduced, is_old) {
            self.left_out(spot, Rule::PageMissing, is_old);
        } else if is_old {
            self.change(spot, Class::Breaking, Rule::OperationRemoved, values);
        } else {
            self.change(spot, Class::Compatible, Rule::OperationAdded, values);
        }
    }

    /// Tells whether the other side lacks the page for an operation, rather than the operation itself. The older side has the
    /// page if `is_old`, or else the newer one, as there since `introduced`.
    ///
    /// The newer of two releases says since when an operation is there, and so whether the older one has it too. An operation
    /// that only the older one has is gone, as far as one can know. Within a release, nothing comes or goes.
    fn page_is_missing(&self, introduced: &str, is_old: bool) -> bool {
        let (from, to) = (number(self.from.release()), number(self.to.release()));
        let (here, there) = if is_old { (from, to) } else { (to, from) };
        let was_there = number(introduced).zip(there.as_ref()).is_some_and(|(introduced, there)| introduced <= *there);
        // By the order that they were asked for in, if the numbers tell none.
        was_there && here.zip(there).map_or(!is_old, |(here, there)| here >= there)
    }

    /// Compares the release, the commands and the sentence of an operation.
    pub(super) fn operation(&mut self, pair: &Pair<'_>) {
        let (from, to) = (pair.from, pair.to);
        let since = (from.said.introduced.clone(), to.said.introduced.clone());
        let commands = (shown::commands(&from.commands), shown::commands(&to.commands));
        let at = pair.members("x-ntap-introduced");
        self.differ(pair.spot(WHOLE, &at), Class::Wording, Rule::OperationIntroduced, since);
        let at = pair.members("x-ontap-commands");
        self.differ(pair.spot(WHOLE, &at), Class::Wording, Rule::OperationCommand, commands);
        let at = pair.members("x-ontap-fingerprint");
        self.wording(pair.spot(WHOLE, &at), Rule::OperationWording, &from.said, &to.said);
    }

    /// Compares the parameters, the status, the headers and the error codes.
    pub(super) fn parts(&mut self, pair: &Pair<'a>) {
        pair.parameters().iter().for_each(|part| self.part(pair, part, Way::Create));
        let (from, to) = (pair.from.success(), pair.to.success());
        let used = |side: Option<(_, &Response)>, list| side.map_or(list, |(_, response)| response.used.clone());
        let lists = pair.members("responses");
        let at = (used(from, lists.0), used(to, lists.1));
        let status = |side: Option<(&str, _)>| side.map(|(status, _)| status.to_owned());
        let spot = pair.spot("response", &at);
        self.differ(spot, Class::Breaking, Rule::ResponseStatus, (status(from), status(to)));
        let list = |operation| join(&Body::Response.pointer(operation), "headers");
        let lists = (list(pair.from), list(pair.to));
        let headers = headers(from.map(|(_, response)| response), to.map(|(_, response)| response), &lists);
        headers.iter().chain(&pair.error_codes()).for_each(|part| self.part(pair, part, Way::Return));
    }
}

/// The release in numbers, so that 9.8 comes before 9.15 and 9.8.0 is 9.8.
fn number(release: &str) -> Option<Vec<u32>> {
    let mut numbers = workspace::release(release)?;
    while numbers.last() == Some(&0) {
        numbers.pop();
    }
    Some(numbers)
}
