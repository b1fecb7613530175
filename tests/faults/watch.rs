//! Looks at every moment whether the law holds.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::cluster::Sql;
use crate::reach::{self, Law};
use crate::world::World;

pub(crate) struct Watch {
    stop: Arc<AtomicBool>,
    /// Held by who looks, and by who takes back what the law is about.
    pause: Arc<Mutex<()>>,
    thread: JoinHandle<(usize, Vec<String>)>,
}

impl Watch {
    pub(crate) fn start(world: &World) -> Watch {
        let (stop, pause) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(())));
        let sessions = ["a", "b", "c", "keep"].map(|name| (name, world.cluster.sql(name)));
        let server = world.cluster.server.conninfo();
        let (law, stopped, looking) = (world.law.clone(), Arc::clone(&stop), Arc::clone(&pause));
        let thread = std::thread::spawn(move || {
            let (mut looks, mut breaches) = (0, Vec::new());
            while !stopped.load(Ordering::Relaxed) {
                {
                    let _alone = hold(&looking);
                    let look = |(name, sql): &(&str, Sql)| {
                        let seen = law.breaches(&reach::of(sql), Some(name));
                        if seen.is_empty() { seen } else { confirmed(&law, &server, name, &seen) }
                    };
                    breaches.extend(sessions.iter().flat_map(look));
                }
                looks += 1;
                std::thread::sleep(Duration::from_millis(60));
            }
            (looks, breaches)
        });
        Watch { stop, pause, thread }
    }

    /// Nobody looks until this is dropped.
    pub(crate) fn pause(&self) -> MutexGuard<'_, ()> {
        hold(&self.pause)
    }

    #[track_caller]
    pub(crate) fn end(self) {
        self.stop.store(true, Ordering::Relaxed);
        let (looks, breaches) = self.thread.join().expect("it looks to the end");
        assert!(breaches.is_empty(), "for a moment: {breaches:#?}");
        assert!(looks > 3, "only {looks} looks");
    }
}

/// What a session that has just logged in sees, too. One that was there remembers ACLs until it hears of their change, and a commit shows what it
/// did before it says so: for microseconds, or for as long as the committing process waits for a processor, it puts old and new together.
fn confirmed(law: &Law, server: &str, name: &str, seen: &[String]) -> Vec<String> {
    let now = Sql::open(&format!("{server} application_name=test dbname={name}"));
    let mut breaches = law.breaches(&reach::of(&now), Some(name));
    breaches.retain(|breach| seen.contains(breach));
    breaches
}

fn hold(pause: &Mutex<()>) -> MutexGuard<'_, ()> {
    pause.lock().unwrap_or_else(PoisonError::into_inner)
}
