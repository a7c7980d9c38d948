//! Which core a program runs on.

/// The first two cores that this program may run on: one for the server, one for the contenders.
#[cfg(target_os = "linux")]
pub(crate) fn two() -> Option<[usize; 2]> {
    let allowed = nix::sched::sched_getaffinity(nix::unistd::Pid::from_raw(0)).ok()?;
    let mut cores = (0..nix::sched::CpuSet::count()).filter(|core| allowed.is_set(*core).unwrap_or(false));
    Some([cores.next()?, cores.next()?])
}

/// Moves this program to a core, and all that it starts from now on.
#[cfg(target_os = "linux")]
pub(crate) fn pin(core: usize) -> std::io::Result<()> {
    let mut cores = nix::sched::CpuSet::new();
    cores.set(core)?;
    Ok(nix::sched::sched_setaffinity(nix::unistd::Pid::from_raw(0), &cores)?)
}

/// Unknown here.
#[cfg(not(target_os = "linux"))]
pub(crate) fn two() -> Option<[usize; 2]> {
    None
}

/// Leaves it to the system.
#[cfg(not(target_os = "linux"))]
pub(crate) fn pin(_: usize) -> std::io::Result<()> {
    Ok(())
}
