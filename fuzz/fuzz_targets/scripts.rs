//! Any text as a script.
#![cfg_attr(fuzzing, no_main)]

#[path = "../../src/allocator.rs"]
mod allocator;
#[macro_use]
#[path = "../target.rs"]
mod target;

use segue::sandbox::Meter;

#[global_allocator]
static ALLOCATOR: allocator::Counting = allocator::Counting;

const METER: Meter = Meter { heap: allocator::heap, now: since_the_start };

fn since_the_start() -> std::time::Duration {
    static START: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    START.get_or_init(std::time::Instant::now).elapsed()
}

target!(|bytes| target::scripts::scripts(bytes, METER));
