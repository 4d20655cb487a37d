//! # deleted-while-active
//!
//! A sequence is live, and its file is gone.
//!
//! ## Why
//!
//! Records go on in the published version, and new ones can be connected, but nobody can read, review or
//! change what they go through.
//!
//! ## Bad
//!
//! ```text
//! # `inbound-lead` is active
//! git rm sequences/lead/inbound-lead.yaml
//! ```
//!
//! ## Good
//!
//! ```text
//! segue delete inbound-lead
//! ```
//!
//! ## See also
//!
//! `edited-while-active`

use crate::diagnostic::{Code, Diagnostic};
use crate::sequence::SequenceId;
use crate::text::{FilePath, Span};

pub(in crate::lifecycle) fn deleted_while_active(sequence: &SequenceId, file: &FilePath) -> Diagnostic {
    let message = format!("`{sequence}` is live and has no file; it keeps running as published");
    Diagnostic::new(Code::DeletedWhileActive, file.at(Span::default()), message)
        .help("bring the file back (`git restore`), if it was removed by accident")
        .help(format!("end it with `segue deactivate {sequence}` or `segue delete {sequence}`"))
}
