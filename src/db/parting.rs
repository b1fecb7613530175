//! How a session ends whose statement is still under way: it is cancelled, since the server notices that a client is gone only
//! when it next listens to it, which is after the statement, or the wait for a lock.

use super::session::Canceller;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

/// How long the server may take to hear it.
const GOODBYE: Duration = Duration::from_secs(2);

/// Cancellations on their way.
static PARTINGS: Mutex<Vec<JoinHandle<()>>> = Mutex::new(Vec::new());

/// Cancels, when it is dropped, what the session has asked and not been answered.
pub(super) struct Parting {
    canceller: Canceller,
    under_way: AtomicUsize,
    task: Option<JoinHandle<()>>,
}

impl Parting {
    pub(super) fn new(canceller: Canceller, task: JoinHandle<()>) -> Parting {
        Parting { canceller, under_way: AtomicUsize::new(0), task: Some(task) }
    }

    pub(super) fn canceller(&self) -> Canceller {
        self.canceller.clone()
    }

    /// Says that something was asked.
    pub(super) fn asked(&self) {
        self.under_way.fetch_add(1, Ordering::Relaxed);
    }

    /// Says that it was answered.
    pub(super) fn answered(&self) {
        self.under_way.fetch_sub(1, Ordering::Relaxed);
    }

    pub(super) fn has_ended(&self) -> bool {
        self.task.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// Waits until the session has ended, whose client is dropped by now.
    pub(super) async fn end(mut self) {
        if let Some(task) = self.task.take() {
            part(self.under_way.load(Ordering::Relaxed) > 0, &self.canceller, task).await;
        }
    }
}

impl Drop for Parting {
    fn drop(&mut self) {
        let Some(task) = self.task.take().filter(|task| !task.is_finished()) else { return };
        let (Ok(runtime), 1..) = (Handle::try_current(), self.under_way.load(Ordering::Relaxed)) else { return };
        let canceller = self.canceller.clone();
        let parting = runtime.spawn(async move { part(true, &canceller, task).await });
        let mut partings = PARTINGS.lock().unwrap_or_else(PoisonError::into_inner);
        partings.retain(|parting| !parting.is_finished());
        partings.push(parting);
    }
}

async fn part(busy: bool, canceller: &Canceller, task: JoinHandle<()>) {
    let goodbye = async {
        if busy {
            canceller.cancel().await;
        }
        // It ends by itself now; if it had panicked there would be nothing left to close.
        let _ = task.await;
    };
    // where nobody answers, the server finds out by itself
    let _ = tokio::time::timeout(GOODBYE, goodbye).await;
}

/// Waits, for a short time, until the server has heard of every session that was dropped with a statement under way.
pub async fn farewell() {
    let partings = std::mem::take(&mut *PARTINGS.lock().unwrap_or_else(PoisonError::into_inner));
    for parting in partings {
        // each has its own bound
        let _ = parting.await;
    }
}
