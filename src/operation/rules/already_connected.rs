//! # already-connected
//!
//! A record is to be connected to a sequence that it is on its way through.
//!
//! ## Why
//!
//! It would get every email and call twice. When the way has ended, the record can be connected again and
//! starts from the first step.
//!
//! ## Bad
//!
//! ```text
//! $ segue connect inbound-lead L-1
//! $ segue connect inbound-lead L-1
//! ```
//!
//! ## Good
//!
//! ```text
//! $ segue connect inbound-lead L-1
//! $ segue disconnect inbound-lead L-1
//! $ segue connect inbound-lead L-1
//! ```
//!
//! ## See also
//!
//! `not-connected`, `not-active`

use crate::diagnostic::Code;
use crate::operation::refusal::Refusal;
use crate::progress::Connection;

pub(in crate::operation) fn already_connected(connection: &Connection) -> Refusal {
    let Connection { record, sequence, version, step, .. } = connection;
    let message = format!("the {} `{}` is connected to `{sequence}` already", record.record_type, record.id);
    let refusal = Refusal::new(Code::AlreadyConnected, message).about(sequence);
    refusal.help(format!("it stands at `{step}` of version {version}; to start again, disconnect it first"))
}
