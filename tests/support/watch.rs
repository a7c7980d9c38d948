//! Looks for secrets in all that is traced and logged, by this crate and those below it, at every level.

// The last words of a program that is about to end.
#![allow(clippy::print_stderr)]

use std::io::{self, Write};
use std::sync::{Mutex, Once};

use tracing_subscriber::filter::LevelFilter;

use super::{KEY, PASSWORD, TOKEN};

/// The password as the header of HTTP basic authentication has it.
pub(crate) const ENCODED: &str = "YWRtaW46cGE1NXdvcmQtb2Ytbm8tdXNl";

/// All that must not show anywhere.
pub(crate) const SECRETS: [&str; 4] = [KEY, PASSWORD, ENCODED, TOKEN];

static TRACED: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// Ends the test program if a secret is traced from now on, in whatever task or thread.
pub(crate) fn over_traces() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        tracing_subscriber::fmt()
            .with_max_level(LevelFilter::TRACE)
            .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
            .with_ansi(false)
            .with_writer(|| Watch)
            .init();
    });
}

/// Returns the traces so far.
pub(crate) fn traced() -> String {
    String::from_utf8_lossy(&TRACED.lock().unwrap()).into_owned()
}

/// Gets an event, or the beginning or end of a span, as a line.
struct Watch;

impl Write for Watch {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        if SECRETS.iter().any(|secret| text.contains(secret)) {
            eprintln!("a secret was traced: {text}");
            // A panic would end one task, and the test could pass all the same.
            std::process::abort();
        }
        TRACED.lock().unwrap().extend_from_slice(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
