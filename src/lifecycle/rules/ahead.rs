//! # ahead
//!
//! A file carries a version above the newest one that this store knows.
//!
//! ## Why
//!
//! Somebody published it with another store, or a merged pull request asks for it. Until this store takes it
//! over, records are connected to the version that it knows.
//!
//! ## Bad
//!
//! ```text
//! # published here as version 3
//! state: active
//! version: 4
//! message: shorter waits
//! ```
//!
//! ## Good
//!
//! ```text
//! # published here as version 4
//! state: active
//! version: 4
//! message: shorter waits
//! ```
//!
//! ## See also
//!
//! `behind`, `pending`, `version-taken`

use crate::diagnostic::{Code, Diagnostic};
use crate::sequence::Sequence;

pub(in crate::lifecycle) fn ahead(sequence: &Sequence, version: u32, newest: u32) -> Diagnostic {
    let span = sequence.version.as_ref().map_or(sequence.state.span, |version| version.span);
    let message = format!("this is version {version}; the store knows `{}` up to version {newest}", sequence.id);
    Diagnostic::new(Code::Ahead, sequence.file.at(span), message)
        .help(format!("take it over: `segue apply {}`; until then records are connected to version {newest}", sequence.id))
}
