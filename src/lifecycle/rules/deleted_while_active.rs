//! # deleted-while-active
//!
//! A sequence is live, and its file is gone. A file that moved is still there if it says the same, or says
//! `formerly: [old-id]`.
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
use crate::lifecycle::comparison::Missing;
use crate::lifecycle::revision::Written;
use crate::sequence::Sequence;
use crate::text::{FilePath, Span};

pub(in crate::lifecycle) fn deleted_while_active(Missing { sequence, renamed }: &Missing<'_>) -> Diagnostic {
    let folder = renamed.map_or("sequences", |(_, file)| file.folder());
    let file = FilePath::new(format!("{folder}/{sequence}.yaml"));
    let message = format!("`{sequence}` is live and has no file; it keeps running as published");
    let finding = Diagnostic::new(Code::DeletedWhileActive, file.at(Span::default()), message);
    match renamed {
        Some((now, file)) => finding
            .related(file.at(Span::default()), "this file seems to be it, under another id")
            .help(format!("if it is, let what is published follow it: `segue rename {sequence} {now}`"))
            .help(format!("or bring back what is published: `segue restore {sequence}`")),
        None => finding
            .help(format!("bring back what is published, if it was removed by accident: `segue restore {sequence}`"))
            .help(format!("end it with `segue deactivate {sequence}` or `segue delete {sequence}`")),
    }
}

/// A sequence that is live at a revision, and whose file went since. `new` are the sequences that came since.
pub(in crate::lifecycle) fn deleted_since(revision: &str, sequence: &Sequence, new: &[Written]) -> Diagnostic {
    let Sequence { id, file, .. } = sequence;
    let message = format!("`{id}` is live at `{revision}` and has no file any more; it keeps running as published");
    let finding = Diagnostic::new(Code::DeletedWhileActive, file.at(Span::default()), message);
    // Where there is only one that it can be, it is most likely that.
    let finding = match new {
        [is] => finding.help(format!("if it is `{}` now, say so in {}: `formerly: [{id}]`", is.sequence.id, is.sequence.file)),
        _ => finding.help(format!("if it was moved, say so in the new file: `formerly: [{id}]`")),
    };
    finding
        .help(format!("bring it back, if it was removed by accident: `git checkout {revision} -- {}`", as_argument(file)))
        .help("end it first: write `state: inactive`, and remove the file when that is live")
}

/// A path as a shell takes it for one argument.
fn as_argument(file: &FilePath) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '_' | '-');
    match file.as_str() {
        path if path.chars().all(is_plain) => path.to_owned(),
        path => format!("'{}'", path.replace('\'', r"'\''")),
    }
}
