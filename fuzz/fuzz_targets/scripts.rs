//! Any text as a script.
#![cfg_attr(fuzzing, no_main)]

#[path = "../../tests/suite/properties/invariants/mod.rs"]
mod invariants;
#[cfg(not(fuzzing))]
#[path = "../replay.rs"]
mod replay;
#[path = "../../src/allocator.rs"]
mod allocator;

use segue::sandbox::Meter;

#[global_allocator]
static ALLOCATOR: allocator::Counting = allocator::Counting;

const METER: Meter = Meter { heap: allocator::heap, now: since_the_start };

fn since_the_start() -> std::time::Duration {
    static START: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    START.get_or_init(std::time::Instant::now).elapsed()
}

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    (|bytes| invariants::scripts(bytes, METER))(bytes).unwrap_or_else(|broken| panic!("{broken}"));
});

#[cfg(not(fuzzing))]
fn main() {
    replay::main(|bytes| invariants::scripts(bytes, METER));
}
