//! A core dump would hold passwords.

use rustix::process::{Resource, Rlimit, setrlimit};

/// Turns core dumps off, for files and, on Linux, for a program that takes them (core_pattern with a pipe asks nobody's limit).
/// Only once the environment is read: /proc/self isn't ours to look at any more.
pub(super) fn refuse() {
    // where it can't be done, all goes on as it would in any program
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
}
