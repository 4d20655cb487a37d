//! How much a script may use.

use std::time::Duration;

/// What a script may use before it is ended. Everything counts for the run as a whole, nested calls among it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Operations: about one for each statement, operator and call.
    pub operations: u64,
    /// Time on the wall.
    pub time: Duration,
    /// Bytes on the heap above what was there at the start.
    pub heap: usize,
    /// Bytes of one source file.
    pub source: usize,
    /// Lines printed; those behind are counted and left out.
    pub lines: usize,
}

impl Limits {
    /// For automation, which somebody starts and waits for.
    pub const AUTOMATION: Self =
        Self { operations: 20_000_000, time: Duration::from_secs(30), heap: 128 << 20, source: 256 << 10, lines: 1_000 };

    /// For policies, conditions and hooks, which run behind every save.
    pub const POLICY: Self =
        Self { operations: 200_000, time: Duration::from_millis(250), heap: 16 << 20, source: 256 << 10, lines: 1_000 };
}

/// What a run is measured by. The library owns neither an allocator nor a clock, so both are handed in.
#[derive(Clone, Copy, Debug)]
pub struct Meter {
    /// The bytes that this thread has on the heap now.
    pub heap: fn() -> usize,
    /// The time since some fixed moment; never goes back.
    pub now: fn() -> Duration,
}

impl Meter {
    /// Measures nothing: for tests that need neither limit.
    pub const NONE: Self = Self { heap: || 0, now: || Duration::ZERO };
}
