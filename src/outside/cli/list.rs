//! `segue list`

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use crate::check::Summary;
use crate::diagnostic::Diagnostic;
use crate::outside::report::{Align, Layout, Table, json_document};
use crate::outside::store::{SequenceLine, Store};
use crate::sequence::State;
use crate::text::FilePath;
use crate::time::Instant;
use crate::workspace::Workspace;

use super::Exit;
use super::arguments::{Arguments, Format, List};
use super::open::{Beside, open_beside};
use super::screen::Screen;

/// A sequence in the list.
#[derive(Serialize)]
struct Row<'a> {
    id: &'a str,
    name: Option<&'a str>,
    state: &'static str,
    record_type: Option<&'a str>,
    owner: Option<&'a str>,
    tags: Vec<&'a str>,
    activities: usize,
    problems: usize,
    file: &'a str,
    /// What the store knows; nothing is said where there is none.
    #[serde(flatten)]
    known: Option<Known>,
}

/// What the store knows of a sequence.
#[derive(Serialize)]
struct Known {
    published_state: Option<&'static str>,
    version: Option<u32>,
    connected: u64,
}

impl Known {
    fn cells(&self) -> [String; 2] {
        [self.version.map_or_else(|| "-".to_owned(), |version| version.to_string()), self.connected.to_string()]
    }
}

impl Row<'_> {
    /// The state that counts: as published, else as the file says, which for what nobody published is a wish.
    fn state(&self) -> &'static str {
        match &self.known {
            None => self.state,
            Some(Known { published_state: Some(state), .. }) => state,
            Some(Known { published_state: None, .. }) if self.state == State::Inactive.word() => self.state,
            Some(Known { published_state: None, .. }) => UNPUBLISHED,
        }
    }
}

/// Said of a file that says it is live, and nothing of it is published.
pub(super) const UNPUBLISHED: &str = "unpublished";

#[derive(Serialize)]
struct Document<'a> {
    format_version: &'static str,
    sequences: Vec<Row<'a>>,
}

pub(super) fn run(arguments: &Arguments, command: &List, screen: &Screen) -> anyhow::Result<Exit> {
    let mut opened = open_beside(arguments, Beside { no_store: command.no_store, ..Beside::default() })?;
    let store = if command.no_store { None } else { opened.store_to_show()? };
    let selected = opened.select(&command.only)?;
    let findings = opened.workspace.findings();
    let problems = count_by_file(&findings);
    let summaries = opened.workspace.summaries();
    let wanted = summaries.filter(|summary| selected.as_ref().is_none_or(|files| files.contains(&summary.file)));
    let mut rows: Vec<Row<'_>> = wanted.map(|summary| row(summary, &problems)).collect();
    let lines = store.as_ref().map(published).transpose()?;
    if let Some(lines) = &lines {
        rows.iter_mut().for_each(|row| row.known = Some(known(lines, row.id)));
    }
    rows.sort_by_key(|row| (row.id, row.file));
    if let (Some(lines), None, Format::Human) = (&lines, &selected, command.format) {
        complain_of_missing(lines, &opened.workspace);
    }
    if rows.is_empty() && command.format == Format::Human {
        super::complain("no sequences yet: write the first one into `sequences/NAME.yaml`");
    }
    print(rows, command.format, screen)?;
    Ok(Exit::Fine)
}

/// What is published, by id.
fn published(store: &Store) -> anyhow::Result<HashMap<String, SequenceLine>> {
    // What is due is not shown here, so that any instant will do.
    let lines = store.sequences(Instant::UNIX_EPOCH)?;
    Ok(lines.into_iter().map(|line| (line.id.to_string(), line)).collect())
}

/// Says which sequences serve records and have no line, since they have no file.
fn complain_of_missing(lines: &HashMap<String, SequenceLine>, workspace: &Workspace) {
    let declared: HashSet<&str> = workspace.summaries().map(|summary| summary.id.as_str()).collect();
    let is_missing = |line: &&SequenceLine| line.state != State::Inactive && !declared.contains(line.id.as_str());
    let mut missing: Vec<&str> = lines.values().filter(is_missing).map(|line| line.id.as_str()).collect();
    missing.sort_unstable();
    for id in missing {
        super::complain(&format!("`{id}` serves records and has no file; `segue validate` says more"));
    }
}

fn known(lines: &HashMap<String, SequenceLine>, id: &str) -> Known {
    match lines.get(id) {
        Some(line) => {
            Known { published_state: Some(line.state.word()), version: Some(line.newest_version), connected: line.running }
        }
        None => Known { published_state: None, version: None, connected: 0 },
    }
}

fn count_by_file(findings: &[Diagnostic]) -> HashMap<&FilePath, usize> {
    findings.iter().fold(HashMap::new(), |mut counts, finding| {
        *counts.entry(&finding.primary.file).or_default() += 1;
        counts
    })
}

fn row<'a>(summary: &'a Summary, problems: &HashMap<&FilePath, usize>) -> Row<'a> {
    Row {
        id: summary.id.as_str(),
        name: summary.name.as_ref().map(|name| name.value.as_str()),
        state: summary.state.word(),
        record_type: summary.record_type.as_ref().map(|record_type| record_type.value.as_str()),
        owner: summary.owner.as_deref(),
        tags: summary.tag_names().collect(),
        activities: summary.activities,
        problems: problems.get(&summary.file).copied().unwrap_or_default(),
        file: summary.file.as_str(),
        known: None,
    }
}

fn print(rows: Vec<Row<'_>>, format: Format, screen: &Screen) -> anyhow::Result<()> {
    match format {
        Format::Json => screen.print(|out| json_document(out, &Document { format_version: "1.0", sequences: rows }))?,
        Format::Human if rows.is_empty() => {}
        Format::Human => screen.print(|out| table(&rows, screen.layout()).write(out, screen.layout()))?,
    }
    Ok(())
}

/// From so many cells on, a terminal has room for tags too.
const WIDE: usize = 120;

/// The columns; a terminal gets those that tell something and fit, a pipe always all.
fn table(rows: &[Row<'_>], layout: Layout) -> Table {
    let (has_problems, has_tags) = match layout {
        Layout::Terminal(terminal) => (rows.iter().any(|row| row.problems > 0), terminal.width >= WIDE),
        Layout::Piped => (true, true),
    };
    let has_store = rows.iter().any(|row| row.known.is_some());
    let mut columns = vec![("ID", Align::Whole), ("STATE", Align::Whole)];
    // Programs count columns: what the store adds stands behind what is there without one.
    let is_beside = matches!(layout, Layout::Terminal(_));
    let of_store = [("VERSION", Align::Right), ("CONNECTED", Align::Right)];
    columns.extend((has_store && is_beside).then_some(of_store).into_iter().flatten());
    columns.extend([("RECORD", Align::Whole), ("OWNER", Align::Whole), ("STEPS", Align::Right)]);
    columns.extend(has_problems.then_some(("PROBLEMS", Align::Right)));
    columns.push(("NAME", Align::Left));
    columns.extend(has_tags.then_some(("TAGS", Align::Left)));
    columns.extend((has_store && !is_beside).then_some(of_store).into_iter().flatten());
    let mut table = Table::new(&columns);
    for row in rows {
        let or_dash = |text: Option<&str>| text.unwrap_or("-").to_owned();
        let mut cells = vec![row.id.to_owned(), row.state().to_owned()];
        let known = row.known.as_ref().map(Known::cells);
        cells.extend(known.clone().filter(|_| is_beside).into_iter().flatten());
        cells.extend([or_dash(row.record_type), or_dash(row.owner), row.activities.to_string()]);
        cells.extend(has_problems.then(|| row.problems.to_string()));
        cells.push(or_dash(row.name));
        cells.extend(has_tags.then(|| row.tags.join(", ")));
        cells.extend(known.filter(|_| !is_beside).into_iter().flatten());
        table.row(cells);
    }
    table
}
