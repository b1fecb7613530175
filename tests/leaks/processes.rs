//! The arguments of every process of the machine, as long as we look.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// Looks, from the start to the end of its life.
pub(crate) struct Watch {
    seen: Arc<Mutex<BTreeSet<Vec<u8>>>>,
    ends: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Watch {
    pub(crate) fn start() -> Watch {
        let seen = Arc::<Mutex<BTreeSet<Vec<u8>>>>::default();
        let ends = Arc::<AtomicBool>::default();
        let (theirs, end) = (Arc::clone(&seen), Arc::clone(&ends));
        let thread = std::thread::spawn(move || {
            while !end.load(Ordering::Relaxed) {
                theirs.lock().expect("a whole set").extend(arguments());
                std::thread::sleep(Duration::from_millis(3));
            }
        });
        Watch { seen, ends, thread: Some(thread) }
    }

    /// So far.
    pub(crate) fn seen(&self) -> Vec<Vec<u8>> {
        self.seen.lock().expect("a whole set").iter().cloned().collect()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::Relaxed);
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

#[cfg(target_os = "linux")]
fn arguments() -> Vec<Vec<u8>> {
    let processes = std::fs::read_dir("/proc").expect("/proc").flatten();
    let of_pid = processes.filter(|entry| entry.file_name().as_encoded_bytes()[0].is_ascii_digit());
    // one that has just ended has none
    of_pid
        .filter_map(|entry| std::fs::read(entry.path().join("cmdline")).ok())
        .filter(|line| !line.is_empty())
        .collect()
}

#[cfg(not(target_os = "linux"))]
fn arguments() -> Vec<Vec<u8>> {
    let listed = std::process::Command::new("ps").args(["-axww", "-o", "command="]).output().expect("ps");
    listed.stdout.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect()
}
