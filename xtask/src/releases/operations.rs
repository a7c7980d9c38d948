//! Operations, their parameters, and the statuses, headers and error codes of responses.

use crate::class::{Class, Direction};
use crate::difference::{Body, Pair, Sides, headers, shown};
use crate::document::join;
use crate::openapi::{Operation, Parameter};
use crate::rule::Rule;

use super::age::page_is_missing;
use super::{Ledger, Rules, Side, Spot, type_of};

const WHOLE: &str = "operation";

impl Ledger<'_> {
    /// An operation that one release lacks, or whose page its reference lacks.
    pub(super) fn lone_operation(&mut self, key: &str, sides: Sides<&Operation>) {
        let Some(operation) = sides.any() else { return };
        let introduced = operation.said.introduced.clone().unwrap_or_default();
        let present = Side::present(sides.from.is_some());
        let pointer =
            |side: Option<&Operation>| side.map_or("/paths".to_owned(), |operation| operation.pointer.clone());
        let (from, to) = (pointer(sides.from), pointer(sides.to));
        let spot = Spot { operation: key, subject: WHOLE, from: &from, to: &to };
        let since = |side: Option<&Operation>| side.map(|_| format!("since {introduced}"));
        let (before, after) = (since(sides.from), since(sides.to));
        if page_is_missing(&introduced, present, self.from.release(), self.to.release()) {
            self.left_out(spot, Rule::PageMissing, present);
        } else if present == Side::From {
            self.change(spot, Class::Breaking, Rule::OperationRemoved, before, after);
        } else {
            self.change(spot, Class::Compatible, Rule::OperationAdded, before, after);
        }
    }

    /// Compares the release, the commands and the sentence of an operation.
    pub(super) fn operation(&mut self, pair: &Pair<'_>) {
        let (from, to) = (pair.from, pair.to);
        let mut change = |member: &str, rule, before, after| {
            let (from, to) = (from.member(member), to.member(member));
            let spot = Spot { operation: pair.key, subject: WHOLE, from: &from, to: &to };
            self.change(spot, Class::Wording, rule, before, after);
        };
        if from.said.introduced != to.said.introduced {
            let (before, after) = (from.said.introduced.clone(), to.said.introduced.clone());
            change("x-ntap-introduced", Rule::OperationIntroduced, before, after);
        }
        if from.commands != to.commands {
            change(
                "x-ontap-commands",
                Rule::OperationCommand,
                shown::commands(&from.commands),
                shown::commands(&to.commands),
            );
        }
        let pointers = (from.member("x-ontap-fingerprint"), to.member("x-ontap-fingerprint"));
        let spot = Spot { operation: pair.key, subject: WHOLE, from: &pointers.0, to: &pointers.1 };
        self.wording(spot, Rule::OperationWording, &from.said, &to.said);
    }

    pub(super) fn parameters(&mut self, pair: &Pair<'_>) {
        let lists = (pair.from.member("parameters"), pair.to.member("parameters"));
        for sides in pair.parameters() {
            let Some(any) = sides.any() else { continue };
            let spot = Spot {
                operation: pair.key,
                subject: &any.name,
                from: sides.from.map_or(&lists.0, |parameter| &parameter.used),
                to: sides.to.map_or(&lists.1, |parameter| &parameter.used),
            };
            match (sides.from, sides.to) {
                (Some(from), Some(to)) => self.parameter(pair, spot, from, to),
                (Some(from), None) => {
                    let was = Some(alone(from, &type_of(self.from, &from.kind)));
                    self.change(spot, Class::Breaking, Rule::ParameterRemoved, was, None);
                }
                (None, Some(to)) => {
                    // A call without the new parameter is still right if the parameter can be left out.
                    let class = if to.required { Class::Breaking } else { Class::Compatible };
                    let is = Some(alone(to, &type_of(self.to, &to.kind)));
                    self.change(spot, class, Rule::ParameterAdded, None, is);
                }
                (None, None) => {}
            }
        }
    }

    fn parameter(&mut self, pair: &Pair<'_>, spot: Spot<'_>, from: &Parameter, to: &Parameter) {
        self.counts.parameters += 1;
        if from.r#in != to.r#in {
            let values = (Some(from.r#in.clone()), Some(to.r#in.clone()));
            self.change(spot, Class::Breaking, Rule::ParameterLocation, values.0, values.1);
        }
        if from.kind != to.kind {
            let values = (type_of(self.from, &from.kind), type_of(self.to, &to.kind));
            self.change(spot, Class::Breaking, Rule::ParameterType, Some(values.0), Some(values.1));
        }
        if from.required != to.required {
            // Calls without the parameter are wrong from now on, or right from now on too.
            let class = if to.required { Class::Breaking } else { Class::Compatible };
            let word = |required| Some(shown::requirement(required).to_owned());
            self.change(spot, class, Rule::ParameterRequired, word(from.required), word(to.required));
        }
        let rules = Rules {
            constraint: Rule::ParameterConstraint,
            introduced: Rule::ParameterIntroduced,
            wording: Rule::ParameterWording,
        };
        self.limits(spot, rules.constraint, Direction::Request, (&from.limits, &to.limits));
        self.values(spot, rules.constraint, Direction::Request, (&from.schema(), &to.schema()));
        self.said(spot, rules, (&from.said, &to.said), (&pair.from.said, &pair.to.said));
    }

    /// The status, headers and error codes.
    pub(super) fn responses(&mut self, pair: &Pair<'_>) {
        let (from, to) = (pair.from.success(), pair.to.success());
        let (before, after) = (from.map(|(status, _)| status), to.map(|(status, _)| status));
        if before != after {
            let lists = (pair.from.member("responses"), pair.to.member("responses"));
            let spot = Spot {
                operation: pair.key,
                subject: "response",
                from: from.map_or(&lists.0, |(_, response)| &response.used),
                to: to.map_or(&lists.1, |(_, response)| &response.used),
            };
            let values = (before.map(str::to_owned), after.map(str::to_owned));
            self.change(spot, Class::Breaking, Rule::ResponseStatus, values.0, values.1);
        }
        let lists = (Body::Response.pointer(pair.from), Body::Response.pointer(pair.to));
        let lists = (join(&lists.0, "headers"), join(&lists.1, "headers"));
        for (name, sides) in headers(from.map(|(_, response)| response), to.map(|(_, response)| response)) {
            let spot = Spot {
                operation: pair.key,
                subject: name,
                from: sides.from.map_or(&lists.0, |header| &header.used),
                to: sides.to.map_or(&lists.1, |header| &header.used),
            };
            let values =
                (sides.from.map(|header| header.kind.to_string()), sides.to.map(|header| header.kind.to_string()));
            match (sides.from, sides.to) {
                (Some(before), Some(after)) => {
                    self.counts.headers += 1;
                    if before.kind != after.kind {
                        self.change(spot, Class::Breaking, Rule::HeaderType, values.0, values.1);
                    }
                    self.wording(spot, Rule::HeaderWording, &before.said, &after.said);
                }
                (Some(_), None) => self.change(spot, Class::Breaking, Rule::HeaderRemoved, values.0, values.1),
                _ => self.change(spot, Class::Compatible, Rule::HeaderAdded, values.0, values.1),
            }
        }
        let lists = (pair.from.member("x-ontap-error-codes"), pair.to.member("x-ontap-error-codes"));
        for (code, sides) in pair.error_codes() {
            let spot = Spot {
                operation: pair.key,
                subject: &code.to_string(),
                from: sides.from.map_or(&lists.0, |code| &code.pointer),
                to: sides.to.map_or(&lists.1, |code| &code.pointer),
            };
            match (sides.from, sides.to) {
                (Some(before), Some(after)) => {
                    self.counts.error_codes += 1;
                    self.wording(spot, Rule::ErrorCodeWording, &before.said, &after.said);
                }
                // Codes are open by design: a caller meets unknown ones at any time.
                (Some(_), None) => self.change(spot, Class::Compatible, Rule::ErrorCodeRemoved, None, None),
                _ => self.change(spot, Class::Compatible, Rule::ErrorCodeAdded, None, None),
            }
        }
    }
}

fn alone(parameter: &Parameter, of: &str) -> String {
    let since = parameter.said.introduced.as_ref().map(|release| format!(", since {release}")).unwrap_or_default();
    format!("{} {of}, {}{since}", parameter.r#in, shown::requirement(parameter.required))
}
