//! Another attempt, a moment later.

use std::time::Duration;

/// In all, the first among them.
pub(super) const ATTEMPTS: u32 = 5;

/// Waits before the next attempt: twice as long each time, and by chance up to half of it less, so that those who were
/// refused together don't come back together.
pub(super) async fn pause(attempt: u32) {
    wait(Duration::from_millis(200), attempt).await;
}

/// So often it is looked whether what we have written is to be seen: three seconds in all.
pub(super) const LOOKS: u32 = 6;

/// Waits before another look at what may have been slow to be seen.
pub(super) async fn blink(look: u32) {
    wait(Duration::from_millis(100), look).await;
}

async fn wait(first: Duration, times: u32) {
    let mut chance = [0];
    let less = if getrandom::fill(&mut chance).is_ok() { f64::from(chance[0]) / 512.0 } else { 0.0 };
    tokio::time::sleep(first.saturating_mul(1 << times.min(5)).mul_f64(1.0 - less)).await;
}
