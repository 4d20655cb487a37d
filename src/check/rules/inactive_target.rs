//! # inactive-target
//!
//! An active sequence advances to one that is not active: records would stop there with an error.

use crate::check::library::Library;
use crate::diagnostic::{Code, Diagnostic};
use crate::sequence::State;

pub(super) fn inactive_target(library: &Library<'_>) -> Vec<Diagnostic> {
    let live = library.advances().filter(|(summary, _)| summary.state != State::Inactive);
    let resolved = live.filter_map(|(summary, advance)| Some((summary, advance, library.sequence(&advance.target.value)?)));
    let dead = resolved.filter(|(_, _, target)| target.state == State::Inactive && target.is_readable);
    dead.map(|(summary, advance, target)| {
        let message = format!("`{}` is not active, and `{}` sends records there", target.id, summary.id);
        Diagnostic::new(Code::InactiveTarget, summary.file.at(advance.target.span), message)
            .help(format!("activate `{}` as well", target.id))
    })
    .collect()
}
