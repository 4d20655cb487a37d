//! `segue validate`

use anyhow::bail;

use crate::diagnostic::{Diagnostic, Severity};
use crate::outside::report::{Summary, human, json};
use crate::text::FilePath;
use crate::workspace::SEQUENCES;

use super::arguments::{Arguments, Format, Validate};
use super::open::open_beside;
use super::screen::Screen;
use super::{Exit, unless_closed};

pub(super) fn run(arguments: &Arguments, command: &Validate, screen: &Screen) -> anyhow::Result<Exit> {
    let opened = open_beside(arguments, command.no_store)?;
    let selected = opened.select(&command.only)?;
    if opened.workspace.counts().files == 0 {
        bail!("nothing to check: no sequence lies in {}", opened.root.path().join(SEQUENCES).display());
    }
    let mut findings = opened.workspace.findings();
    if let Some(files) = &selected {
        // What points at a file concerns it, wherever the finding itself stands: a double has two ends.
        let concerns = |finding: &Diagnostic| {
            let mut places = std::iter::once(&finding.primary).chain(finding.related.iter().map(|related| &related.location));
            places.any(|place| files.contains(&place.file))
        };
        findings.retain(concerns);
    }
    let counts = opened.workspace.counts_where(|file| selected.as_ref().is_none_or(|files| files.contains(file)));
    let summary = Summary::count(&findings, counts.files, counts.sequences);
    let sources = |path: &FilePath| opened.workspace.source(path);
    let printed = screen.print(|out| match command.format {
        Format::Json => json(out, &findings, &sources, &summary),
        Format::Human => {
            human(out, &findings, &sources, screen.terminal())?;
            summary.write(out)
        }
    });
    unless_closed(printed)?;
    let has_errors = findings.iter().any(|finding| finding.severity == Severity::Error);
    Ok(if has_errors { Exit::Errors } else { Exit::Fine })
}
