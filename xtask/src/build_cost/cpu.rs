//! The processor time of programs that were run and have ended.

use std::io;

/// That of all of them so far, in seconds, in user and kernel mode; with what they started in their turn.
///
/// # Errors
/// Where the system does not count it.
#[cfg(unix)]
pub(super) fn of_children() -> io::Result<f64> {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeVal;

    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let seconds = |time: TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6;
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    Ok(seconds(usage.user_time()) + seconds(usage.system_time()))
}

/// That of all of them so far.
///
/// # Errors
/// Always: it is known on Unix only.
#[cfg(not(unix))]
pub(super) fn of_children() -> io::Result<f64> {
    Err(io::Error::other("the processor time of other programs is known on Unix only"))
}
