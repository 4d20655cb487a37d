//! `segue validate`

use anyhow::bail;

use crate::diagnostic::{Diagnostic, Severity};
use crate::outside::report::{Summary, human, json};

use super::Exit;
use super::arguments::{Arguments, Format, Validate};
use super::open::{Opened, open};
use super::screen::Screen;

pub(super) fn run(arguments: &Arguments, command: &Validate, screen: &Screen) -> anyhow::Result<Exit> {
    let opened = open(arguments)?;
    let selected = opened.select(&command.only)?;
    if opened.workspace.counts().files == 0 {
        bail!(
            "nothing to check: no sequence lies in {}",
            opened.root.path_of(&crate::text::FilePath::new("sequences")).display()
        );
    }
    let mut findings = opened.workspace.findings();
    if let Some(files) = &selected {
        findings.retain(|finding| files.contains(&finding.primary.file));
    }
    print(&opened, &findings, selected.map(|files| files.len()), command.format, screen)?;
    let has_errors = findings.iter().any(|finding| finding.severity == Severity::Error);
    Ok(if has_errors { Exit::Errors } else { Exit::Fine })
}

fn print(
    opened: &Opened,
    findings: &[Diagnostic],
    selected: Option<usize>,
    format: Format,
    screen: &Screen,
) -> anyhow::Result<()> {
    let counts = opened.workspace.counts();
    let summary = Summary::count(findings, selected.unwrap_or(counts.files), counts.sequences);
    let sources = |path: &_| opened.workspace.source(path);
    screen.print(|out| match format {
        Format::Json => json(out, findings, &sources, &summary),
        Format::Human => {
            human(out, findings, &sources, screen.terminal())?;
            summary.write(out)
        }
    })?;
    Ok(())
}
