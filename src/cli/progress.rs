//! A progress bar on a terminal, and how long each phase took.

use std::cell::RefCell;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::apply::Event;

/// Watches an apply.
pub(super) struct Watch {
    bar: ProgressBar,
    phases: Mutex<RefCell<Vec<(&'static str, Instant)>>>,
}

impl Watch {
    /// indicatif draws nothing where stderr is no terminal.
    pub(super) fn new(visible: bool) -> Self {
        let target = if visible { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        if let Ok(style) = ProgressStyle::with_template("{msg:10} {bar:40} {pos}/{len} statements") {
            bar.set_style(style);
        }
        Self { bar, phases: Mutex::default() }
    }

    pub(super) fn on(&self, event: Event) {
        match event {
            Event::Phase(phase) => {
                self.bar.set_message(phase);
                if let Ok(phases) = self.phases.lock() {
                    phases.borrow_mut().push((phase, Instant::now()));
                }
            }
            Event::Statements(count) => self.bar.set_length(count as u64),
            Event::Done => self.bar.inc(1),
            Event::Again(attempt) => self.bar.set_message(format!("again ({attempt})")),
        }
    }

    /// Takes the bar away; each phase with its seconds.
    pub(super) fn finish(self) -> Vec<(&'static str, f64)> {
        self.bar.finish_and_clear();
        let end = Instant::now();
        let starts = self.phases.into_inner().map(RefCell::into_inner).unwrap_or_default();
        let ends = starts.iter().skip(1).map(|(_, at)| *at).chain([end]);
        starts.iter().zip(ends).map(|((phase, at), end)| (*phase, seconds(end.duration_since(*at)))).collect()
    }
}

fn seconds(duration: Duration) -> f64 {
    duration.as_secs_f64()
}
