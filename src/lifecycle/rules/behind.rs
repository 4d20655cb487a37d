//! # behind
//!
//! Files say what an older version of their sequence said.
//!
//! ## Why
//!
//! After a switch to another branch, or a revert, the files are older than what is live. Records go on in
//! the newest version whatever the files say, so nothing is broken, and nothing that is edited here is based
//! on what serves. Whoever wants the old text back writes it as the next version, with a number and a
//! message.
//!
//! ## Bad
//!
//! ```text
//! # published as version 2, with `for: 2d`, and as version 3, with `for: 1d`
//! state: active
//! version: 2
//! steps:
//!   - {id: breathe, type: wait, for: 2d}
//! ```
//!
//! ## Good
//!
//! ```text
//! state: active
//! version: 3
//! steps:
//!   - {id: breathe, type: wait, for: 1d}
//! ```
//!
//! ## See also
//!
//! `ahead`, `edited-while-active`

use crate::diagnostic::{Code, Diagnostic};
use crate::sequence::SequenceId;
use crate::text::Location;

/// How many files a sentence names before it counts the rest.
const NAMED: usize = 3;

/// One finding for all files that are behind: after a switch of branches there may be hundreds. They come sorted by place.
pub fn behind(files: &[(SequenceId, u32, Location)]) -> Option<Diagnostic> {
    let [(sequence, version, at), others @ ..] = files else { return None };
    let message = match others {
        [] => format!("`{sequence}` is published in a newer version; this file says what version {version} said"),
        _ => {
            let named: Vec<String> = files.iter().take(NAMED).map(|(sequence, ..)| format!("`{sequence}`")).collect();
            let rest = files.len().saturating_sub(NAMED);
            let rest = if rest == 0 { String::new() } else { format!(" and {rest} more") };
            format!("{} files say what older versions said: {}{rest}", files.len(), named.join(", "))
        }
    };
    let finding = Diagnostic::new(Code::Behind, at.clone(), message);
    Some(finding.help("records go on in the newest version; merge it, or take it over with `segue restore`, before you edit"))
}
