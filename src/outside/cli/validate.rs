//! `segue validate`

use std::collections::BTreeSet;

use anyhow::bail;

use crate::diagnostic::{Diagnostic, Severity};
use crate::outside::report::{Summary, human, json};
use crate::text::FilePath;
use crate::workspace::SEQUENCES;

use super::Exit;
use super::arguments::{Arguments, Format, Validate};
use super::open::{Opened, open};
use super::screen::Screen;

pub(super) fn run(arguments: &Arguments, command: &Validate, screen: &Screen) -> anyhow::Result<Exit> {
    let opened = open(arguments)?;
    let selected = opened.select(&command.only)?;
    if opened.workspace.counts().files == 0 {
        bail!("nothing to check: no sequence lies in {}", opened.root.path().join(SEQUENCES).display());
    }
    let mut findings = opened.workspace.findings();
    if let Some(files) = &selected {
        findings.retain(|finding| files.contains(&finding.primary.file));
    }
    let summary = summary(&opened, &findings, selected.as_ref());
    let sources = |path: &FilePath| opened.workspace.source(path);
    screen.print(|out| match command.format {
        Format::Json => json(out, &findings, &sources, &summary),
        Format::Human => {
            human(out, &findings, &sources, screen.terminal())?;
            summary.write(out)
        }
    })?;
    let has_errors = findings.iter().any(|finding| finding.severity == Severity::Error);
    Ok(if has_errors { Exit::Errors } else { Exit::Fine })
}

fn summary(opened: &Opened, findings: &[Diagnostic], selected: Option<&BTreeSet<FilePath>>) -> Summary {
    let Some(files) = selected else {
        let counts = opened.workspace.counts();
        return Summary::count(findings, counts.files, counts.sequences);
    };
    let sequences = opened.workspace.summaries().filter(|summary| files.contains(&summary.file)).count();
    Summary::count(findings, files.len(), sequences)
}
