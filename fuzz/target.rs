//! What every target has in common: a fuzzer calls it, or it is a program that tries inputs for a while.

#[path = "../tests/suite/properties/invariants/mod.rs"]
mod invariants;
#[cfg(not(fuzzing))]
#[path = "replay.rs"]
pub mod replay;

pub use invariants::*;

/// Makes a target of an invariant: a function from bytes to what is broken.
macro_rules! target {
    ($invariant:expr) => {
        #[cfg(fuzzing)]
        libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
            let invariant: fn(&[u8]) -> Result<(), String> = $invariant;
            invariant(bytes).unwrap_or_else(|broken| panic!("{broken}"));
        });

        #[cfg(not(fuzzing))]
        fn main() {
            target::replay::main($invariant);
        }
    };
}
