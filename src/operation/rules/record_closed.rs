//! # record-closed
//!
//! A record is to be connected that nobody works on any more.
//!
//! ## Why
//!
//! A lead that was qualified, an opportunity that was won or lost, is not followed up. In Dynamics 365
//! Sales, our reference, only open records can be connected.
//!
//! ## Bad
//!
//! ```text
//! # L-1 was imported with `open` set to false
//! $ segue connect inbound-lead L-1
//! ```
//!
//! ## Good
//!
//! ```text
//! # L-1 was imported as open
//! $ segue connect inbound-lead L-1
//! ```
//!
//! ## See also
//!
//! `unknown-record`

use crate::diagnostic::Code;
use crate::operation::refusal::Refusal;
use crate::record::RecordKey;
use crate::sequence::SequenceId;

pub(in crate::operation) fn record_closed(sequence: &SequenceId, record: &RecordKey) -> Refusal {
    let RecordKey { record_type, id } = record;
    let refusal = Refusal::new(Code::RecordClosed, format!("the {record_type} `{id}` is closed")).about(sequence);
    refusal.help("import it as open again, if it is worked on")
}
