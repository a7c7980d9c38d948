//! What comes with an answer besides its body: the status, headers and error codes.

use crate::document::join;
use crate::facts::{ErrorCode, Fingerprint, Header};

use super::change::{Kind, Subject};
use super::ledger::{Ledger, Spot};
use super::operations::Pair;
use super::pairing::{Row, by_key};
use super::remarks;

pub(super) fn compare(ledger: &mut Ledger<'_>, pair: &Pair<'_>) {
    let (from, to) = (pair.from, pair.to);
    if from.status != to.status {
        let pointer = join(&pair.pointer, "status");
        let spot = Spot { operation: pair.key, subject: "response", from: &pointer, to: &pointer };
        let shown = |status: u16| Some(status.to_string());
        ledger.change(&spot, Subject::Response, Kind::Status, shown(from.status), shown(to.status));
    }
    let headers = join(&pair.pointer, "headers");
    // HTTP does not tell capitals in the names of headers.
    for row in by_key(&from.headers, &to.headers, |header| header.name.to_ascii_lowercase()) {
        let Some((_, header)) = row.to.or(row.from) else { continue };
        ledger.counts.headers += usize::from(row.from.is_some() && row.to.is_some());
        let said = |header: &Header| (Some(header.r#type.to_string()), header.fingerprint.clone());
        compare_row(ledger, pair, (&headers, &header.name), Subject::Header, &row, said);
    }
    let codes = join(&pair.pointer, "error_codes");
    for row in by_key(&from.error_codes, &to.error_codes, |code| code.code) {
        let Some((_, code)) = row.to.or(row.from) else { continue };
        ledger.counts.error_codes += usize::from(row.from.is_some() && row.to.is_some());
        let said = |code: &ErrorCode| (None, code.fingerprint.clone());
        compare_row(ledger, pair, (&codes, &code.code.to_string()), Subject::ErrorCode, &row, said);
    }
}

/// Compares a row that has, at most, a type and a description.
fn compare_row<T>(
    ledger: &mut Ledger<'_>,
    pair: &Pair<'_>,
    (list, name): (&str, &str),
    subject: Subject,
    row: &Row<'_, T>,
    said: impl Fn(&T) -> (Option<String>, Option<Fingerprint>),
) {
    let pointer =
        |side: Option<(usize, &T)>| side.map_or_else(|| list.to_owned(), |(index, _)| join(list, &index.to_string()));
    let (from, to) = (pointer(row.from), pointer(row.to));
    let spot = Spot { operation: pair.key, subject: name, from: &from, to: &to };
    match (row.from.map(|(_, row)| said(row)), row.to.map(|(_, row)| said(row))) {
        (Some((before, from)), Some((after, to))) => {
            if before != after {
                ledger.change(&spot, subject, Kind::Type, before, after);
            }
            remarks::wording(ledger, &spot, subject, from.as_ref(), to.as_ref());
        }
        (Some((before, _)), None) => ledger.change(&spot, subject, Kind::Removed, before, None),
        (None, Some((after, _))) => ledger.change(&spot, subject, Kind::Added, None, after),
        (None, None) => {}
    }
}
