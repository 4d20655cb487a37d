//! # not-connected
//!
//! A record is to be disconnected from a sequence that it is not on its way through.
//!
//! ## Why
//!
//! Nobody would be stopped. The record was probably disconnected before, reached its end, or is connected to
//! another sequence.
//!
//! ## Bad
//!
//! ```text
//! $ segue disconnect inbound-lead L-1
//! ```
//!
//! ## Good
//!
//! ```text
//! $ segue connect inbound-lead L-1
//! $ segue disconnect inbound-lead L-1
//! ```
//!
//! ## See also
//!
//! `already-connected`

use crate::diagnostic::Code;
use crate::operation::refusal::Refusal;
use crate::record::RecordKey;
use crate::sequence::SequenceId;

pub(in crate::operation) fn not_connected(sequence: &SequenceId, record: &RecordKey) -> Refusal {
    let RecordKey { record_type, id } = record;
    let refusal = Refusal::new(Code::NotConnected, format!("the {record_type} `{id}` is not connected to `{sequence}`"));
    refusal.about(sequence).help(format!("`segue connections --record {id}` shows where it is connected"))
}
