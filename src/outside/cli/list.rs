//! `segue list`

use std::collections::HashMap;

use serde::Serialize;

use crate::check::Summary;
use crate::diagnostic::Diagnostic;
use crate::outside::report::{Align, Layout, Table, json_document};
use crate::text::FilePath;

use super::Exit;
use super::arguments::{Arguments, Format, List};
use super::open::open;
use super::screen::Screen;

/// A sequence in the list.
#[derive(Serialize)]
struct Row<'a> {
    id: &'a str,
    name: Option<&'a str>,
    state: &'static str,
    record_type: Option<&'a str>,
    owner: Option<&'a str>,
    tags: &'a [String],
    activities: usize,
    problems: usize,
    file: &'a str,
}

#[derive(Serialize)]
struct Document<'a> {
    format_version: &'static str,
    sequences: Vec<Row<'a>>,
}

pub(super) fn run(arguments: &Arguments, command: &List, screen: &Screen) -> anyhow::Result<Exit> {
    let opened = open(arguments)?;
    let selected = opened.select(&command.only)?;
    let findings = opened.workspace.findings();
    let problems = count_by_file(&findings);
    let summaries = opened.workspace.summaries();
    let wanted = summaries.filter(|summary| selected.as_ref().is_none_or(|files| files.contains(&summary.file)));
    let mut rows: Vec<Row<'_>> = wanted.map(|summary| row(summary, &problems)).collect();
    rows.sort_by_key(|row| (row.id, row.file));
    if rows.is_empty() && command.format == Format::Human {
        super::complain("no sequences yet: write the first one into `sequences/NAME.yaml`");
    }
    print(rows, command.format, screen)?;
    Ok(Exit::Fine)
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
        tags: &summary.tags,
        activities: summary.activities,
        problems: problems.get(&summary.file).copied().unwrap_or_default(),
        file: summary.file.as_str(),
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
    let mut columns = vec![
        ("ID", Align::Whole),
        ("STATE", Align::Whole),
        ("RECORD", Align::Whole),
        ("OWNER", Align::Whole),
        ("STEPS", Align::Right),
    ];
    columns.extend(has_problems.then_some(("PROBLEMS", Align::Right)));
    columns.push(("NAME", Align::Left));
    columns.extend(has_tags.then_some(("TAGS", Align::Left)));
    let mut table = Table::new(&columns);
    for row in rows {
        let or_dash = |text: Option<&str>| text.unwrap_or("-").to_owned();
        let mut cells = vec![row.id.to_owned(), row.state.to_owned(), or_dash(row.record_type), or_dash(row.owner)];
        cells.push(row.activities.to_string());
        cells.extend(has_problems.then(|| row.problems.to_string()));
        cells.push(or_dash(row.name));
        cells.extend(has_tags.then(|| row.tags.join(", ")));
        table.row(cells);
    }
    table
}
