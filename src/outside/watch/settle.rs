//! How long to wait until what happens has happened. Decides only; others wait.

use std::time::{Duration, Instant};

/// After a file was closed or renamed.
const QUIET: Duration = Duration::from_millis(2);
/// While somebody still writes. Where the system does not tell of closing, every write looks so.
const QUIET_WHILE_WRITING: Duration = Duration::from_millis(if cfg!(target_os = "linux") { 40 } else { 10 });
/// While much happens.
const QUIET_WHEN_MANY: Duration = Duration::from_millis(25);
/// So many paths are much.
const FEW_PATHS: usize = 8;
/// A batch that starts so soon after the last one was told belongs to the same bustle.
const BUSTLE: Duration = Duration::from_millis(50);

/// Results appear at least this often while somebody never stops writing.
pub(super) const CAP: Duration = Duration::from_millis(400);
/// While git holds its lock everything waits, but not longer.
pub(super) const LOCK_CAP: Duration = Duration::from_secs(3);
/// How often the lock of git is looked at.
pub(super) const LOCK_STEP: Duration = Duration::from_millis(10);
/// A file that was there and is not may be between the two halves of a save.
pub(super) const MISSING: Duration = Duration::from_millis(15);
/// A file that is suddenly empty, or changed while it was read, is most likely being written.
pub(super) const DOUBTFUL: Duration = Duration::from_millis(60);
/// What a sweep found may have an event on its way.
pub(super) const UNANNOUNCED: Duration = Duration::from_millis(25);

/// What is known of the events that wait.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unrest {
    /// How many paths they name.
    pub paths: usize,
    /// Whether one of them is still being written.
    pub writing: bool,
    /// Whether events were lost.
    pub rescan: bool,
    /// When the last was heard.
    pub last: Instant,
}

/// The burst of changes that the next batch will tell of, and how it follows on those before.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Burst {
    start: Option<Instant>,
    told: Option<Instant>,
    in_a_row: u32,
}

impl Burst {
    /// Notes that something happened, at the earliest at `first`.
    pub fn begin(&mut self, first: Instant) {
        if self.start.is_none() {
            let goes_on = self.told.is_some_and(|told| first.saturating_duration_since(told) < BUSTLE);
            self.in_a_row = if goes_on { self.in_a_row.saturating_add(1) } else { 0 };
            self.start = Some(first);
        }
    }

    /// Notes that it came to nothing.
    pub fn fade(&mut self) {
        self.start = None;
    }

    /// Notes that a batch was told.
    pub fn tell(&mut self, now: Instant) {
        self.start = None;
        self.told = Some(now);
    }

    /// When it began.
    pub fn start(&self) -> Option<Instant> {
        self.start
    }

    /// Whether it lasts longer than `cap`.
    pub fn is_over(&self, cap: Duration, now: Instant) -> bool {
        self.start.is_some_and(|start| now >= start + cap)
    }

    /// When things have been quiet long enough to look.
    pub fn due(&self, unrest: &Unrest) -> Instant {
        let due = unrest.last + self.quiet(unrest);
        self.start.map_or(due, |start| due.min(start + CAP))
    }

    fn quiet(&self, unrest: &Unrest) -> Duration {
        let bustle = QUIET.saturating_mul(1 << self.in_a_row.min(8)).min(QUIET_WHEN_MANY);
        let many = unrest.paths > FEW_PATHS || unrest.rescan;
        let quiet = if many { QUIET_WHEN_MANY } else { bustle };
        if unrest.writing { quiet.max(QUIET_WHILE_WRITING) } else { quiet }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(burst: &Burst, paths: usize, writing: bool, rescan: bool) -> u128 {
        let last = Instant::now();
        (burst.due(&Unrest { paths, writing, rescan, last }) - last).as_millis()
    }

    #[test]
    fn one_closed_file_waits_little_and_much_or_unfinished_work_longer() {
        let burst = Burst::default();
        assert_eq!(wait(&burst, 1, false, false), 2);
        assert_eq!(wait(&burst, 8, false, false), 2);
        assert_eq!(wait(&burst, 9, false, false), 25);
        assert_eq!(wait(&burst, 0, false, true), 25);
        #[cfg(target_os = "linux")]
        assert_eq!(wait(&burst, 1, true, false), 40);
    }

    #[test]
    fn batches_in_a_row_wait_longer_up_to_a_limit_and_a_pause_forgets() {
        let mut burst = Burst::default();
        let mut now = Instant::now();
        let mut waits = Vec::new();
        for _ in 0..6 {
            burst.begin(now);
            waits.push(burst.quiet(&Unrest { paths: 1, writing: false, rescan: false, last: now }).as_millis());
            burst.tell(now);
            now += Duration::from_millis(10);
        }
        assert_eq!(waits, [2, 4, 8, 16, 25, 25]);
        burst.begin(now + BUSTLE);
        assert_eq!(burst.in_a_row, 0);
    }

    #[test]
    fn endless_writing_is_looked_at_all_the_same() {
        let mut burst = Burst::default();
        let start = Instant::now();
        burst.begin(start);
        let last = start + Duration::from_millis(390);
        assert_eq!(burst.due(&Unrest { paths: 1, writing: true, rescan: false, last }), start + CAP);
        assert!(burst.is_over(CAP, start + CAP));
    }
}
