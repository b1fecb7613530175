//! Once more from the start, where others were in the way: XX000 "tuple concurrently updated", 23505, 40P01, 55P03.

use std::time::Duration;

use super::{ApplyError, Event, Options, Progress};

/// Runs a whole transaction, or all of them, up to `options.attempts` times, waiting twice as long each time.
pub(super) async fn again<T>(
    options: Options,
    progress: Progress<'_>,
    mut once: impl AsyncFnMut() -> Result<T, ApplyError>,
) -> Result<T, ApplyError> {
    let mut attempt = 1;
    loop {
        match once().await {
            Err(error) if error.is_retryable() && attempt < options.attempts => {
                progress(Event::Again(attempt));
                tokio::time::sleep(Duration::from_millis(50 << attempt)).await;
                attempt += 1;
            }
            done => return done,
        }
    }
}
