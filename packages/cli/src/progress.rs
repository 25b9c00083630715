//! What is going on, on standard error: a spinner on a terminal, plain lines anywhere else.

use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use crate::output::note;

const SPIN: Duration = Duration::from_millis(100);
/// Width of the column with the names of steps.
const NAME_WIDTH: usize = 10;

/// Shows steps, one at a time.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    terminal: bool,
}

/// A step under way. Dropped without [`Step::done`] it leaves nothing: the error that follows says what failed.
#[derive(Debug)]
pub struct Step {
    name: &'static str,
    started: Instant,
    bar: Option<ProgressBar>,
    finished: bool,
}

impl Default for Progress {
    fn default() -> Self {
        Self {
            terminal: std::io::stderr().is_terminal(),
        }
    }
}

impl Progress {
    /// Begins a step. `name` is one word; `doing` says what is being done.
    pub fn step(&self, name: &'static str, doing: impl Into<String>) -> Step {
        let step = Step::begin(name, self.terminal.then(ProgressBar::new_spinner));
        step.say(doing);
        step
    }

    /// A step of which only the end is told.
    pub fn silent_step(&self, name: &'static str) -> Step {
        Step::begin(name, None)
    }

    /// For steps that go on at the same time, one line each.
    pub fn lines(&self, name: &'static str) -> Lines {
        Lines {
            name,
            lines: self.terminal.then(MultiProgress::new),
        }
    }
}

/// Shows steps of one name that go on at the same time.
#[derive(Debug)]
pub struct Lines {
    name: &'static str,
    lines: Option<MultiProgress>,
}

impl Lines {
    /// Begins a step; see [`Progress::step`].
    pub fn step(&self, doing: impl Into<String>) -> Step {
        let bar = self.lines.as_ref().map(|lines| lines.add(ProgressBar::new_spinner()));
        let step = Step::begin(self.name, bar);
        step.say(doing);
        step
    }
}

impl Step {
    fn begin(name: &'static str, bar: Option<ProgressBar>) -> Self {
        let step = Self {
            name,
            started: Instant::now(),
            bar,
            finished: false,
        };
        if let Some(bar) = &step.bar {
            if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {wide_msg}") {
                bar.set_style(style);
            }
            bar.enable_steady_tick(SPIN);
        }
        step
    }

    /// What is being done now, if it is not what the step began with.
    pub fn say(&self, doing: impl Into<String>) {
        let text = format!("{:<NAME_WIDTH$} {}", self.name, doing.into());
        match &self.bar {
            Some(bar) => bar.set_message(text),
            None => note(&format!("  {text} ...")),
        }
    }

    /// Whether [`Step::say`] replaces what was said before, so that it may be called often.
    pub fn is_live(&self) -> bool {
        self.bar.is_some()
    }

    /// `done` of `all` are done; on a terminal only, since lines would flood a log.
    pub fn count(&self, done: u64, all: u64) {
        let Some(bar) = &self.bar else { return };
        if bar.length() != Some(all) {
            bar.set_length(all);
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {bar:30} {pos}/{len}") {
                bar.set_style(style);
            }
        }
        bar.set_position(done);
    }

    /// A line that stays, in the middle of a step.
    pub fn remark(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| note(text)),
            None => note(text),
        }
    }

    /// Ends the step, saying how it stands.
    pub fn done(mut self, result: impl Into<String>) {
        let seconds = self.started.elapsed().as_secs_f32();
        self.remark(&format!(
            "✓ {:<NAME_WIDTH$} {} ({seconds:.1} s)",
            self.name,
            result.into()
        ));
        self.clear();
    }

    fn clear(&mut self) {
        self.finished = true;
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        if !self.finished {
            self.clear();
        }
    }
}
