//! A process that works with passwords leaves no core dump.

use std::os::unix::process::ExitStatusExt as _;
use std::process::Command;

use crate::cluster::wait_until;
use crate::house::{House, Kind};

/// Of the process, as the system sees it: how large a core dump may be, at most and by its own will.
fn limits(pid: u32) -> String {
    let limits = std::fs::read_to_string(format!("/proc/{pid}/limits")).expect("limits");
    let line = limits.lines().find(|line| line.starts_with("Max core file size")).expect("a line");
    line.split_whitespace().skip(4).take(2).collect::<Vec<_>>().join(" ")
}

#[test]
#[cfg(target_os = "linux")]
fn an_abort_leaves_none() {
    let house = House::new(Kind::SecretsManager);
    house.ends("apply --yes --allow all", 0);
    // it waits for AWS's answer, with passwords in its memory
    let calls = std::sync::Arc::<std::sync::atomic::AtomicUsize>::default();
    let counted = std::sync::Arc::clone(&calls);
    house.aws.world().hook = Box::new(move |_, call, _| {
        if call.target.ends_with("PutSecretValue") {
            let _ = counted.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            std::thread::sleep(std::time::Duration::from_millis(500));
        }
        crate::aws::Turn::Go
    });
    let mut running = house.pgmoat("rotate orders.app --yes").start();
    wait_until("it writes an entry", || calls.load(std::sync::atomic::Ordering::SeqCst) > 0);
    let pid = running.child.id();
    assert_eq!(limits(pid), "0 0");
    assert!(Command::new("kill").args(["-ABRT", &pid.to_string()]).status().expect("kill").success());
    let ended = running.child.wait().expect("it ends");
    assert_eq!((ended.signal(), ended.core_dumped()), (Some(6), false));
    let _ = house.keep("rotate, aborted", running.end());
    house.aws.world().hook = Box::new(|_, _, _| crate::aws::Turn::Go);
    wait_until("the lock is given back", || house.keep("secrets repair", house.pgmoat("secrets repair").end()) == 0);
    house.ends("secrets status", 0);
    house.is_silent();
}
