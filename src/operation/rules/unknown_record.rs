//! # unknown-record
//!
//! A record is named that the store does not know.
//!
//! ## Why
//!
//! What is connected must have fields to decide by and an owner to work it. Most often the id is mistyped,
//! or the records were not imported yet.
//!
//! ## Bad
//!
//! ```text
//! $ segue connect inbound-lead L-1
//! ```
//!
//! ## Good
//!
//! ```text
//! $ segue records import leads.csv --type lead
//! $ segue connect inbound-lead L-1
//! ```
//!
//! ## See also
//!
//! `wrong-record-type`

use crate::diagnostic::Code;
use crate::operation::refusal::Refusal;
use crate::record::RecordKey;

/// The refusal for a record that the store does not know.
pub fn unknown_record(record: &RecordKey) -> Refusal {
    let RecordKey { record_type, id } = record;
    let refusal = Refusal::new(Code::UnknownRecord, format!("there is no {record_type} `{id}`"));
    refusal.help(format!("`segue records list --type {record_type}` shows what is there, `segue records import` brings more"))
}
