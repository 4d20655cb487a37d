//! What a commit would write, before it does: the difference of files, and the changes of records.

use std::borrow::Cow;
use std::io;

use similar::{ChangeTag, TextDiff};

use crate::operation::{Changes, FileChange, RowChange};
use crate::progress::Connection;
use crate::record::RecordKey;

use super::clean::{BYTE_ORDER_MARK, clean_line};
use super::{Colour, Terminal};

/// How many unchanged lines are shown around a change.
const CONTEXT: usize = 3;

const ADDED: anstyle::Style = anstyle::AnsiColor::Green.on_default();
const REMOVED: anstyle::Style = anstyle::AnsiColor::Red.on_default();
const PLACE: anstyle::Style = anstyle::AnsiColor::Cyan.on_default();
const BOLD: anstyle::Style = anstyle::Style::new().bold();

/// Writes a unified difference of every file, as `git apply` takes it, and a line for each change of the store.
///
/// # Errors
/// What the writer says.
pub fn changes(out: &mut dyn io::Write, changes: &Changes, terminal: Terminal) -> io::Result<()> {
    for file in &changes.files {
        difference(out, file, terminal)?;
    }
    let rows: Vec<String> = changes.rows.iter().filter_map(row).collect();
    if !rows.is_empty() && !changes.files.is_empty() {
        writeln!(out)?;
    }
    rows.iter().try_for_each(|row| writeln!(out, "{}", clean_line(row)))
}

/// How many lines a file has more, and how many it has lost. A changed line is both.
pub fn line_counts(file: &FileChange) -> (usize, usize) {
    let (before, after) = (file.before.as_deref().unwrap_or_default(), file.after.as_deref().unwrap_or_default());
    let difference = TextDiff::from_lines(before, after);
    let count = |tag| difference.iter_all_changes().filter(|change| change.tag() == tag).count();
    (count(ChangeTag::Insert), count(ChangeTag::Delete))
}

fn difference(out: &mut dyn io::Write, file: &FileChange, terminal: Terminal) -> io::Result<()> {
    let (before, after) = (file.before.as_deref().unwrap_or_default(), file.after.as_deref().unwrap_or_default());
    let side = |prefix: &str, text: &Option<_>| match text {
        Some(_) => format!("{prefix}/{}", clean_line(file.path.as_str())),
        None => "/dev/null".to_owned(),
    };
    paint(out, &format!("--- {}", side("a", &file.before)), BOLD, terminal)?;
    paint(out, &format!("+++ {}", side("b", &file.after)), BOLD, terminal)?;
    let difference = TextDiff::from_lines(before, after);
    for hunk in difference.unified_diff().context_radius(CONTEXT).iter_hunks() {
        paint(out, &hunk.header().to_string(), PLACE, terminal)?;
        for change in hunk.iter_changes() {
            let (sign, style) = match change.tag() {
                ChangeTag::Equal => (' ', anstyle::Style::new()),
                ChangeTag::Delete => ('-', REMOVED),
                ChangeTag::Insert => ('+', ADDED),
            };
            paint(out, &format!("{sign}{}", patch_line(change.value())), style, terminal)?;
            if change.missing_newline() {
                writeln!(out, "\\ No newline at end of file")?;
            }
        }
    }
    Ok(())
}

/// A line as a patch needs it: harmless, but with tabs, a byte order mark and the rest of a line ending as they are.
fn patch_line(line: &str) -> String {
    let line = line.strip_suffix('\n').unwrap_or(line);
    let (line, ending) = line.strip_suffix('\r').map_or((line, ""), |line| (line, "\r"));
    let (mark, line) = line.strip_prefix(BYTE_ORDER_MARK).map_or(("", line), |rest| ("\u{feff}", rest));
    let cells: Vec<Cow<'_, str>> = line.split('\t').map(clean_line).collect();
    format!("{mark}{}{ending}", cells.join("\t"))
}

fn paint(out: &mut dyn io::Write, line: &str, style: anstyle::Style, terminal: Terminal) -> io::Result<()> {
    match terminal.colour {
        Colour::Always => writeln!(out, "{style}{line}{style:#}"),
        Colour::Never => writeln!(out, "{line}"),
    }
}

/// A change of the store in words; none for what the difference of a file shows already.
fn row(row: &RowChange) -> Option<String> {
    Some(match row {
        RowChange::Publish { sequence, version, .. } => match &version.message {
            Some(message) => format!("publish {sequence} version {}: {message}", version.number),
            None => format!("publish {sequence} version {}", version.number),
        },
        RowChange::Serve { sequence, state } => format!("{sequence} becomes {state}"),
        RowChange::Delete { sequence } => format!("delete {sequence}; its versions and history stay"),
        RowChange::Rename { from, to } => format!("{from} becomes {to}; its versions, history and connections go along"),
        RowChange::Purge { sequence } => format!("delete {sequence} permanently, with its versions and its history"),
        RowChange::EndAll { sequence, reason } => format!("end all connections of {sequence}: {reason}"),
        RowChange::Connect(Connection { record, sequence, version, step, .. }) => {
            format!("connect {} to {sequence} version {version} at {step}", name(record))
        }
        RowChange::End { record, sequence, reason } => format!("disconnect {} from {sequence}: {reason}", name(record)),
        RowChange::ResumeEnded { sequence, count: 1, .. } => format!("1 connection of {sequence} goes on where it stood"),
        RowChange::ResumeEnded { sequence, count, .. } => format!("{count} connections of {sequence} go on where they stood"),
        RowChange::EndRunning { sequence, reason, count: 1, .. } => format!("1 connection of {sequence} ends: {reason}"),
        RowChange::EndRunning { sequence, reason, count, .. } => format!("{count} connections of {sequence} end: {reason}"),
        RowChange::Undelete { sequence } => format!("{sequence} is there again, inactive"),
        RowChange::Undo { .. } | RowChange::Note { .. } => return None,
    })
}

fn name(record: &RecordKey) -> String {
    format!("{} {}", record.record_type, record.id)
}
