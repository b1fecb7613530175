//! Clients at work throughout fifty rotations.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use crate::cluster::wait_until;
use crate::shop::{Credential, Shop};

/// What one kind of client has done so far.
#[derive(Default)]
struct Count {
    logins: AtomicUsize,
    failed: Mutex<Vec<String>>,
}

impl Count {
    fn log_in(&self, credential: &Credential) {
        match credential.open() {
            Ok(session) => session.run("SELECT 1"),
            Err(error) => self.failed.lock().expect("a list").push(format!("{}: {error:?}", credential.user)),
        }
        self.logins.fetch_add(1, Ordering::SeqCst);
    }

    fn wait_for_more(&self) {
        let before = self.logins.load(Ordering::SeqCst);
        wait_until("clients log in", || self.logins.load(Ordering::SeqCst) > before + 1);
    }
}

#[test]
fn fifty_rotations_and_no_failed_login() {
    let shop = Arc::new(Shop::open("[service.orders.login.app]\nrole = \"dml\"\nrotation = \"alternating\"\n"));
    let (fresh, old) = (Arc::new(Count::default()), Arc::new(Count::default()));
    let held = Arc::new(Mutex::new(shop.read("orders/app")));
    let stop = Arc::new(AtomicBool::new(false));
    let mut clients = Vec::new();
    // who starts now and reads the entry
    let (a, b, c) = (Arc::clone(&shop), Arc::clone(&fresh), Arc::clone(&stop));
    clients.push(thread::spawn(move || {
        while !c.load(Ordering::SeqCst) {
            b.log_in(&a.read("orders/app"));
        }
    }));
    // who has run since before the rotation, and opens sessions with what it read then
    let (a, b, c) = (Arc::clone(&held), Arc::clone(&old), Arc::clone(&stop));
    clients.push(thread::spawn(move || {
        while !c.load(Ordering::SeqCst) {
            let credential = a.lock().expect("a credential").clone();
            b.log_in(&credential);
        }
    }));
    for nth in 1..=50 {
        // it has been deployed anew since the last one
        let current = shop.read("orders/app");
        *held.lock().expect("a credential") = current.clone();
        old.wait_for_more();
        let _ = shop.pgmoat("rotate --all --yes --min-age 0").end().code(0).err("");
        let next = shop.read("orders/app");
        assert_ne!(next.user, current.user, "rotation {nth}");
        old.wait_for_more();
        fresh.wait_for_more();
    }
    stop.store(true, Ordering::SeqCst);
    clients.into_iter().for_each(|client| client.join().expect("a client"));
    for count in [&fresh, &old] {
        assert_eq!(*count.failed.lock().expect("a list"), [""; 0]);
        assert!(count.logins.load(Ordering::SeqCst) > 100);
    }
}
