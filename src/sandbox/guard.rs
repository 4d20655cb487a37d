//! The budget of one run, asked once for every operation of every evaluator.
//! In come limits and a meter; out comes whether a limit was hit, which sticks.
//! Never forgets: what has caught the error that ends it is ended again by its next operation, and its work is not kept.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::limits::{Limits, Meter};

/// How many operations lie between two looks at the clock.
const CLOCK_EVERY: u64 = 256;

/// Why a run was ended from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trip {
    /// More operations than it may have.
    Operations {
        /// How many it might have.
        limit: u64,
    },
    /// More time than it may take.
    Time {
        /// How much it might take.
        limit: Duration,
    },
    /// More memory than it may hold.
    Memory {
        /// How many bytes it might hold.
        limit: usize,
    },
    /// Somebody asked it to stop.
    Cancelled,
}

/// The flag by which another thread ends a run.
pub type Cancel = Arc<AtomicBool>;

/// The budget of one run. Clones share it; it stays on its thread.
///
/// Rhai's own count of operations starts anew in every closure that a native function calls, and the errors of its limits
/// become catchable on their way through such functions. So this counts by itself, and remembers.
#[derive(Clone, Debug)]
pub struct Guard(Rc<State>);

#[derive(Debug)]
struct State {
    meter: Meter,
    cancel: Cancel,
    operations: Cell<u64>,
    lines: Cell<usize>,
    bounds: Cell<Bounds>,
    trip: Cell<Option<Trip>>,
}

/// Where the run, or the nested call in it, ends.
#[derive(Clone, Copy, Debug)]
struct Bounds {
    limits: Limits,
    operations: u64,
    heap: usize,
    until: Duration,
}

impl Guard {
    /// A budget that starts now, on this thread.
    pub fn new(limits: Limits, meter: Meter, cancel: Cancel) -> Self {
        let bounds = Bounds {
            limits,
            operations: limits.operations,
            heap: (meter.heap)().saturating_add(limits.heap),
            until: (meter.now)().saturating_add(limits.time),
        };
        Self(Rc::new(State {
            meter,
            cancel,
            operations: Cell::new(0),
            lines: Cell::new(0),
            bounds: Cell::new(bounds),
            trip: Cell::new(None),
        }))
    }

    /// The limits in force.
    pub fn limits(&self) -> Limits {
        self.0.bounds.get().limits
    }

    /// How many operations there were so far, nested ones among them.
    pub fn operations(&self) -> u64 {
        self.0.operations.get()
    }

    /// The limit that was hit, if one was. Whoever keeps a run's work asks this first, and so does every function that
    /// changes something.
    pub fn tripped(&self) -> Option<Trip> {
        self.0.trip.get()
    }

    /// Counts one operation, and says whether the run must end.
    pub fn count(&self) -> Option<Trip> {
        let operations = self.0.operations.get() + 1;
        self.0.operations.set(operations);
        let is_time_to_look = operations.is_multiple_of(CLOCK_EVERY);
        self.look(is_time_to_look)
    }

    /// Looks at everything, the clock too: for functions that work long in one call.
    pub fn check(&self) -> Option<Trip> {
        self.look(true)
    }

    fn look(&self, at_clock: bool) -> Option<Trip> {
        let state = &*self.0;
        if state.trip.get().is_none() {
            let bounds = state.bounds.get();
            if state.operations.get() > bounds.operations {
                state.trip.set(Some(Trip::Operations { limit: bounds.limits.operations }));
            } else if (state.meter.heap)() > bounds.heap {
                state.trip.set(Some(Trip::Memory { limit: bounds.limits.heap }));
            } else if at_clock && state.cancel.load(Ordering::Relaxed) {
                state.trip.set(Some(Trip::Cancelled));
            } else if at_clock && (state.meter.now)() > bounds.until {
                state.trip.set(Some(Trip::Time { limit: bounds.limits.time }));
            }
        }
        state.trip.get()
    }

    /// Takes one printed line; `false` when it is one too many.
    pub fn print(&self) -> bool {
        let lines = self.0.lines.get() + 1;
        self.0.lines.set(lines);
        lines <= self.limits().lines
    }

    /// How many printed lines were one too many.
    pub fn lines_left_out(&self) -> usize {
        self.0.lines.get().saturating_sub(self.limits().lines)
    }

    /// Does something within a smaller allowance, which is charged to this budget too, and says which limit it hit.
    ///
    /// A limit of the smaller allowance ends only what is done in it; a limit of the whole run stays hit.
    pub fn nested<T>(&self, allowance: Limits, work: impl FnOnce() -> T) -> (T, Option<Trip>) {
        let state = &*self.0;
        let (outer, before) = (state.bounds.get(), state.trip.get());
        let inner = Bounds {
            limits: Limits { lines: outer.limits.lines, ..allowance },
            operations: outer.operations.min(state.operations.get().saturating_add(allowance.operations)),
            heap: outer.heap.min((state.meter.heap)().saturating_add(allowance.heap)),
            until: outer.until.min((state.meter.now)().saturating_add(allowance.time)),
        };
        state.bounds.set(inner);
        let done = work();
        let hit = state.trip.get();
        state.bounds.set(outer);
        if before.is_none() && hit != Some(Trip::Cancelled) {
            state.trip.set(None);
            self.check();
        }
        (done, hit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard(operations: u64) -> Guard {
        Guard::new(Limits { operations, ..Limits::AUTOMATION }, Meter::NONE, Cancel::default())
    }

    fn spend(guard: &Guard, operations: usize) {
        (0..operations).for_each(|_| _ = guard.count());
    }

    #[test]
    fn a_limit_once_hit_stays_hit() {
        let guard = guard(2);
        assert_eq!((guard.count(), guard.count()), (None, None));
        assert_eq!(guard.count(), Some(Trip::Operations { limit: 2 }));
        assert_eq!((guard.check(), guard.tripped()), (guard.tripped(), Some(Trip::Operations { limit: 2 })));
    }

    #[test]
    fn another_thread_can_end_it() {
        let cancel = Cancel::default();
        let guard = Guard::new(Limits::AUTOMATION, Meter::NONE, Arc::clone(&cancel));
        assert_eq!(guard.check(), None);
        cancel.store(true, Ordering::Relaxed);
        assert_eq!(guard.check(), Some(Trip::Cancelled));
    }

    #[test]
    fn memory_counts_from_the_start_of_the_run() {
        thread_local! {
            static HEAP: Cell<usize> = const { Cell::new(1_000) };
        }
        let meter = Meter { heap: || HEAP.get(), ..Meter::NONE };
        let guard = Guard::new(Limits { heap: 10, ..Limits::AUTOMATION }, meter, Cancel::default());
        HEAP.set(1_010);
        assert_eq!(guard.count(), None);
        HEAP.set(1_011);
        assert_eq!(guard.count(), Some(Trip::Memory { limit: 10 }));
        HEAP.set(0);
        assert_eq!(guard.count(), Some(Trip::Memory { limit: 10 }));
    }

    #[test]
    fn a_nested_allowance_ends_what_is_done_in_it_and_is_charged_to_the_run() {
        let guard = guard(10);
        let small = Limits { operations: 3, ..Limits::POLICY };
        let (_, hit) = guard.nested(small, || spend(&guard, 5));
        assert_eq!((hit, guard.tripped()), (Some(Trip::Operations { limit: 3 }), None));
        let (_, hit) = guard.nested(small, || spend(&guard, 2));
        assert_eq!((hit, guard.operations()), (None, 7));
        let (_, hit) = guard.nested(Limits::POLICY, || spend(&guard, 9));
        assert!(hit.is_some());
        assert_eq!(guard.tripped(), Some(Trip::Operations { limit: 10 }), "the whole run's limit stays hit");
    }
}
