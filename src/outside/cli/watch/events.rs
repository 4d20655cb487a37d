//! The watch for programs: one JSON object a line, each written out at once.

use std::path::Path;
use std::time::Instant;

use serde::Serialize;

use crate::diagnostic::Diagnostic;
use crate::outside::cli::screen::Screen;
use crate::outside::report::{Summary, diagnostic_json, json_line};
use crate::outside::watch::Notice;
use crate::text::FilePath;
use crate::workspace::Workspace;

use super::journal::Difference;

/// Writes events about one workspace.
pub(super) struct Events<'w> {
    workspace: &'w Workspace,
}

#[derive(Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum Event<'e> {
    Start { format_version: &'static str, root: String },
    Batch { files: Vec<&'e str>, milliseconds: f64 },
    Fixed { code: &'static str, file: &'e str, message: &'e str },
    Finding { diagnostic: serde_json::Value },
    Summary { files: usize, sequences: usize, errors: usize, warnings: usize, silenced: usize },
    Notice { message: String },
}

impl<'w> Events<'w> {
    pub(super) fn new(workspace: &'w Workspace) -> Self {
        Self { workspace }
    }

    pub(super) fn start(&self, screen: &Screen, root: &Path) -> anyhow::Result<()> {
        self.write(screen, &[Event::Start { format_version: "1.0", root: root.display().to_string() }])
    }

    pub(super) fn notice(&self, screen: &Screen, notice: &Notice) -> anyhow::Result<()> {
        self.write(screen, &[Event::Notice { message: notice.to_string() }])
    }

    /// One batch: which files, which findings went and came, how many there are now.
    pub(super) fn batch(
        &self,
        screen: &Screen,
        changed: &[FilePath],
        difference: &Difference<'_>,
        summary: &Summary,
        heard: Instant,
    ) -> anyhow::Result<()> {
        let milliseconds = heard.elapsed().as_secs_f64() * 1_000.0;
        let sources = |path: &FilePath| self.workspace.source(path);
        let mut events = vec![Event::Batch { files: changed.iter().map(FilePath::as_str).collect(), milliseconds }];
        events.extend(difference.fixed.iter().map(|finding| fixed(finding)));
        events.extend(difference.new.iter().map(|finding| Event::Finding { diagnostic: diagnostic_json(finding, &sources) }));
        let Summary { files, sequences, errors, warnings, silenced, .. } = *summary;
        events.push(Event::Summary { files, sequences, errors, warnings, silenced });
        self.write(screen, &events)
    }

    fn write(&self, screen: &Screen, events: &[Event<'_>]) -> anyhow::Result<()> {
        screen.print(|out| {
            for event in events {
                json_line(out, event)?;
            }
            Ok(())
        })?;
        Ok(())
    }
}

fn fixed(finding: &Diagnostic) -> Event<'_> {
    Event::Fixed { code: finding.code.name(), file: finding.primary.file.as_str(), message: &finding.message }
}
