//! How files are read beside each other: small files all at once, large ones in turn.
//! In come a source and the settings, out comes what reading it gives; never anything else than the reader alone would give.

use std::panic::resume_unwind;
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::check::{self, Summary};
use crate::sequence::{Sequence, SequenceId};
use crate::settings::Settings;
use crate::text::Source;

/// From how many bytes on a file is read while no other such file is, on a thread of its own: its tree takes many times its
/// size, and on many cores many of them would stand beside each other, and what each thread took may stay with it.
const LARGE: usize = 64 << 10;

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// Reads a sequence file and judges what it says by itself, as [`check::read_sequence`] does.
pub(super) fn read_sequence(source: &Source, id: SequenceId, settings: &Settings) -> (Option<Sequence>, Summary) {
    in_turn(source, || check::read_sequence(source, id, settings))
}

/// Reads a source at once where it is small, and while no other large one is read where it is large.
pub(super) fn in_turn<T: Send>(source: &Source, read: impl FnOnce() -> T + Send) -> T {
    if source.text().len() <= LARGE {
        return read();
    }
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    thread::scope(|scope| scope.spawn(read).join().unwrap_or_else(|panic| resume_unwind(panic)))
}
