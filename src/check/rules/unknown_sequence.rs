//! # unknown-sequence
//!
//! `advance_to` names a sequence that does not exist.

use crate::check::library::Library;
use crate::check::summary::{Advance, Summary};
use crate::diagnostic::{Code, Diagnostic, Safety};
use crate::text::suggest;

pub(super) fn unknown_sequence(library: &Library<'_>) -> Vec<Diagnostic> {
    let advances = library.advances().filter(|(_, advance)| library.sequence(&advance.target.value).is_none());
    advances.map(|(summary, advance)| problem(library, summary, advance)).collect()
}

fn problem(library: &Library<'_>, summary: &Summary, advance: &Advance) -> Diagnostic {
    let target = &advance.target;
    let problem =
        Diagnostic::new(Code::UnknownSequence, summary.file.at(target.span), format!("no sequence is called `{}`", target.value));
    if let Some(renamed) = library.renamed_from(&target.value) {
        return problem.help(format!("`{}` is called `{}` now", target.value, renamed.id)).fix(
            format!("write `{}`", renamed.id),
            Safety::Safe,
            target.span,
            renamed.id.as_str(),
        );
    }
    match suggest(&target.value, library.ids()) {
        Some(near) => problem.did_you_mean(Some(near)).fix(format!("write `{near}`"), Safety::Guess, target.span, near),
        None => problem.help("name the other sequence's file without `.yaml`"),
    }
}
