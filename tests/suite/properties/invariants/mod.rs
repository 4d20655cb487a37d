//! What holds for every input, as functions of bytes: what breaks is an error that says how.
//!
//! Property tests call them with made-up texts, and the targets under `fuzz` with whatever a fuzzer thinks of. They know
//! nothing of either.
#![allow(dead_code, reason = "each target under `fuzz` uses one of them")]

pub mod editing;
pub mod expressions;
pub mod formatting;
pub mod mending;
pub mod reading;
pub mod rows;
pub mod scripts;

/// What came of trying.
pub type Held = Result<(), String>;

/// Whether something holds, and else what is wrong.
fn hold(holds: bool, otherwise: impl FnOnce() -> String) -> Held {
    if holds { Ok(()) } else { Err(otherwise()) }
}

/// The bytes as a text; what is no text is left out of it.
fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Numbers that follow from the bytes at the start of an input, for choosing; behind them only zeros.
struct Choices<'b>(&'b [u8]);

impl<'b> Choices<'b> {
    /// Takes so many bytes from the start for choosing, and leaves the rest.
    fn taken_from(bytes: &'b [u8], count: usize) -> (Self, &'b [u8]) {
        let (start, rest) = bytes.split_at(count.min(bytes.len()));
        (Self(start), rest)
    }

    fn below(&mut self, limit: usize) -> usize {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        usize::from(*first) % limit.max(1)
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get(self.below(of.len()))
    }
}
