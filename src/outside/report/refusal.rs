//! Why something may not be done, for people.

use std::io;

use crate::diagnostic::{Diagnostic, Severity};
use crate::operation::Refusal;
use crate::text::{FilePath, Location, Span};

use super::human::{human, without_place};
use super::{Sources, Terminal};

/// Writes a refusal: what is wrong in files first, then what was refused and what to do instead.
///
/// # Errors
/// What the writer says.
pub fn refusal(out: &mut dyn io::Write, refusal: &Refusal, sources: Sources<'_>, terminal: Terminal) -> io::Result<()> {
    human(out, &refusal.findings, sources, terminal)?;
    let is_told = refusal.findings.iter().any(|finding| finding.code == refusal.code);
    if is_told {
        return Ok(());
    }
    let at = refusal.at.as_ref().filter(|at| refusal.findings.is_empty() && sources(&at.file).is_some());
    let nowhere = Location { file: FilePath::new(""), span: Span::default() };
    let finding = Diagnostic::new(refusal.code, at.cloned().unwrap_or(nowhere), refusal.message.clone());
    let finding = refusal.help.iter().fold(finding.with_severity(Severity::Error), Diagnostic::help);
    match at {
        Some(_) => human(out, &[finding], sources, terminal),
        None => out.write_all(without_place(&finding, terminal).as_bytes()),
    }
}
