//! Progress on a terminal, for what takes longer than a second.

use std::{
    cell::Cell,
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// What takes less than this shows no progress.
const PATIENCE: Duration = Duration::from_secs(1);

/// A bar that appears when work takes long, and only on a terminal.
pub(super) struct Progress {
    bar: ProgressBar,
    begun: Instant,
    shown: Cell<bool>,
}

impl Progress {
    pub(super) fn new(steps: usize, what: &'static str) -> Self {
        let bar = ProgressBar::with_draw_target(Some(steps as u64), ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}") {
            bar.set_style(style);
        }
        bar.set_message(what);
        Self { bar, begun: Instant::now(), shown: Cell::new(false) }
    }

    pub(super) fn step(&self) {
        self.bar.inc(1);
        if !self.shown.get() && self.begun.elapsed() > PATIENCE {
            self.shown.set(true);
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }

    pub(super) fn end(&self) {
        self.bar.finish_and_clear();
    }
}
