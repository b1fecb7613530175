//! Waits for a session's answers: how long, and who keeps it waiting.

use super::blocker::Blocker;
use super::conninfo::Conninfo;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_postgres::types::Type;

const QUESTION: &str = include_str!("../../sql/blockers.sql");

/// How long a look may take: whoever keeps us waiting may keep it waiting, too.
const LOOK: Duration = Duration::from_secs(2);

/// What a session's statements wait for.
pub(super) struct Wait {
    /// With limits: where another session would look.
    conninfo: Option<Box<Conninfo>>,
    /// The process that serves the session; 0 where it isn't known.
    pid: AtomicI32,
    looking: AtomicBool,
    state: Mutex<State>,
}

struct State {
    /// How long is waited from the last answer on.
    patience: Option<Duration>,
    last_answer: Instant,
    blockers: Vec<Blocker>,
}

impl Wait {
    pub(super) fn new(conninfo: &Conninfo) -> Wait {
        let limits = conninfo.session.limits;
        let patience = limits.and_then(super::Limits::patience);
        Wait {
            conninfo: limits.map(|_| Box::new(conninfo.clone())),
            pid: AtomicI32::new(0),
            looking: AtomicBool::new(false),
            state: Mutex::new(State { patience, last_answer: Instant::now(), blockers: Vec::new() }),
        }
    }

    /// Says which process serves the session.
    pub(super) fn serve(&self, pid: i32) {
        self.pid.store(pid, Ordering::Relaxed);
    }

    /// Lets statements take longer from now on.
    pub(super) fn allow(&self, statement_timeout: Duration) {
        let limits = self.conninfo.as_ref().and_then(|conninfo| conninfo.session.limits);
        self.state().patience = limits.and_then(|limits| super::Limits { statement_timeout, ..limits }.patience());
    }

    /// Those who keep it waiting, as they were last seen.
    pub(super) fn blockers(&self) -> Vec<Blocker> {
        self.state().blockers.clone()
    }

    /// Says that nobody keeps it waiting any more.
    pub(super) fn go_on(&self) {
        self.state().blockers.clear();
    }

    /// Returns what the work gives, or how long was waited in vain.
    pub(super) async fn answer<T>(&self, work: impl Future<Output = T>) -> Result<T, Duration> {
        let began = Instant::now();
        let mut work = pin!(work);
        let answer = tokio::select! {
            biased;
            answer = &mut work => answer,
            silence = self.give_up(began) => return Err(silence),
            never = self.watch() => match never {},
        };
        let mut state = self.state();
        state.last_answer = Instant::now();
        Ok(answer)
    }

    /// Ends when nothing has been answered for too long: several questions wait for one another.
    async fn give_up(&self, began: Instant) -> Duration {
        loop {
            let (patience, last) = {
                let state = self.state();
                (state.patience, state.last_answer.max(began))
            };
            let Some(patience) = patience else { return std::future::pending().await };
            if last.elapsed() >= patience {
                return patience;
            }
            sleep_until(last + patience).await;
        }
    }

    /// Looks again and again who keeps the session waiting.
    async fn watch(&self) -> std::convert::Infallible {
        let limits = self.conninfo.as_ref().and_then(|conninfo| conninfo.session.limits);
        let (Some(conninfo), Some(limits)) = (&self.conninfo, limits) else { return std::future::pending().await };
        loop {
            sleep(limits.look()).await;
            let Some(_alone) = Alone::new(&self.looking) else { continue };
            let _ = timeout(LOOK, self.look(conninfo)).await;
        }
    }

    /// Boxed, since a session waits, and looks by another session.
    fn look<'a>(&'a self, conninfo: &'a Conninfo) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>> {
        Box::pin(async move {
            let pid = self.pid.load(Ordering::Relaxed);
            if pid == 0 {
                return;
            }
            let Ok(session) = super::connect(&conninfo.for_a_look()).await else { return };
            if let Ok(rows) = session.query_typed(QUESTION, &[(&pid, Type::INT4)]).await {
                self.state().blockers = rows.iter().filter_map(Blocker::read).collect();
            }
            session.close().await;
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // whoever panicked left a state that is whole
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One look at a time.
struct Alone<'a>(&'a AtomicBool);

impl Alone<'_> {
    fn new(flag: &AtomicBool) -> Option<Alone<'_>> {
        (!flag.swap(true, Ordering::Relaxed)).then_some(Alone(flag))
    }
}

impl Drop for Alone<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}
