//! How far long work has come: a line on standard error that is gone when the work is done.
//!
//! It is there on a terminal only, and only once the work has taken longer than one waits without asking oneself anything. In a
//! pipe nothing is written at all.

use std::io::{self, IsTerminal, Read};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressBarIter, ProgressDrawTarget, ProgressStyle};

use super::complain;

/// Work that is done sooner shows nothing.
const PATIENCE: Duration = Duration::from_millis(500);

/// How often the line moves by itself.
const TICK: Duration = Duration::from_millis(100);

/// What is known of how much there is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// So many bytes are to be read.
    Bytes(u64),
    /// Nobody knows.
    Unknown,
}

/// A line that says how far work has come.
pub(super) struct Progress {
    bar: ProgressBar,
    /// When it may be shown; `None` where nobody looks, or it is shown already.
    from: Option<Instant>,
}

impl Progress {
    /// Work that tells of itself as it goes on.
    pub(super) fn new(extent: Extent) -> Self {
        let (bar, style) = match extent {
            Extent::Bytes(bytes) => (ProgressBar::new(bytes), "{bar:30} {percent:>3}%  {msg}  {eta} left"),
            Extent::Unknown => (ProgressBar::no_length(), "{spinner} {msg}  {elapsed}"),
        };
        bar.set_draw_target(ProgressDrawTarget::hidden());
        bar.set_style(ProgressStyle::with_template(style).expect("the template can be read").progress_chars("█▉▊▋▌▍▎▏ "));
        let from = io::stderr().is_terminal().then(|| Instant::now() + PATIENCE);
        Self { bar, from }
    }

    /// The bytes of a file, counted as they are read.
    pub(super) fn reading<R: Read>(&self, file: R) -> ProgressBarIter<R> {
        self.bar.wrap_read(file)
    }

    /// Says how far the work has come, in words.
    pub(super) fn say(&mut self, words: String) {
        self.bar.set_message(words);
        if self.from.is_some_and(|from| from <= Instant::now()) {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
            self.from = None;
        }
    }

    /// Complains on a line of its own.
    pub(super) fn complain(&self, message: &str) {
        self.bar.suspend(|| complain(message));
    }

    /// Takes the line away.
    pub(super) fn end(&self) {
        self.bar.finish_and_clear();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.end();
    }
}

/// A line beside work that tells nothing of itself. It is gone with this value.
pub(super) struct Waiting {
    bar: ProgressBar,
    /// Dropped, it ends the thread that shows the line.
    end: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Waiting {
    /// Says what is waited for, once it takes long. Nothing is begun where nobody looks.
    pub(super) fn new(words: String) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        if !io::stderr().is_terminal() {
            return Self { bar, end: None, thread: None };
        }
        bar.set_style(ProgressStyle::with_template("{spinner} {msg}  {elapsed}").expect("the template can be read"));
        let (end, ended) = mpsc::channel();
        let shown = bar.clone();
        let show = move || {
            if ended.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                shown.set_message(words);
                shown.set_draw_target(ProgressDrawTarget::stderr());
                shown.enable_steady_tick(TICK);
            }
        };
        // Where no thread can be had there is no line, and the work goes on.
        let thread = thread::Builder::new().spawn(show).ok();
        Self { bar, end: Some(end), thread }
    }

    /// The line, for whoever prints beside it.
    pub(super) fn bar(&self) -> ProgressBar {
        self.bar.clone()
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        drop(self.end.take());
        if let Some(thread) = self.thread.take() {
            // It shows a line and does nothing else; how it ended is of no interest.
            drop(thread.join());
        }
        self.bar.finish_and_clear();
    }
}
