//! # wrong-record-type
//!
//! A record is to be connected to a sequence for records of another type.
//!
//! ## Why
//!
//! A sequence reads and writes fields that only its own record type has. In Dynamics 365 Sales, our
//! reference, the type of a record must match the sequence's.
//!
//! ## Bad
//!
//! ```text
//! # `renewal` is for opportunities
//! $ segue connect renewal L-1 --type lead
//! ```
//!
//! ## Good
//!
//! ```text
//! $ segue connect renewal O-7
//! ```
//!
//! ## See also
//!
//! `unknown-record`, `advance-other-type`

use crate::diagnostic::Code;
use crate::operation::refusal::Refusal;
use crate::record::RecordKey;
use crate::sequence::SequenceId;

pub(in crate::operation) fn wrong_record_type(sequence: &SequenceId, takes: &str, record: &RecordKey) -> Refusal {
    let RecordKey { record_type, id } = record;
    let message = format!("`{sequence}` is for records of type {takes}, and `{id}` is of type {record_type}");
    let refusal = Refusal::new(Code::WrongRecordType, message).about(sequence);
    refusal.help(format!("`segue list` shows which sequences are for records of type {record_type}"))
}
