//! Any bytes as a sequence and as the settings.
#![cfg_attr(fuzzing, no_main)]

#[path = "../../tests/suite/properties/invariants/mod.rs"]
mod invariants;
#[cfg(not(fuzzing))]
#[path = "../replay.rs"]
mod replay;

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    invariants::reading(bytes).unwrap_or_else(|broken| panic!("{broken}"));
});

#[cfg(not(fuzzing))]
fn main() {
    replay::main(invariants::reading);
}
