//! The tables of verbs and states and of roles, for people: what may be done at a glance, and numbered notes below.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use crate::lifecycle::{RoleRow, TableCell, TableRow};
use crate::sequence::State;
use crate::settings::Role;

use super::properties::wrap;
use super::{Colour, Terminal};

/// So many blanks stand between two columns.
const GAP: usize = 3;

/// The widest that notes are written, for eyes that have to find the next line.
const WIDEST: usize = 100;

/// Writes the table, its notes, and what is said below them.
///
/// # Errors
/// What the writer says.
pub fn lifecycle(out: &mut dyn Write, rows: &[TableRow], below: &str, terminal: Terminal) -> io::Result<()> {
    let mut notes = Notes::default();
    let mut lines = vec![std::iter::once(String::new()).chain(State::ALL.iter().map(ToString::to_string)).collect()];
    for TableRow { verb, cells } in rows {
        lines.push(std::iter::once(verb.to_string()).chain(cells.iter().map(|cell| notes.marked(cell))).collect());
    }
    grid(out, &lines, terminal)?;
    writeln!(out)?;
    let width = terminal.width.min(WIDEST);
    for (index, note) in notes.list.iter().enumerate() {
        let number = format!("{:>2}  ", index + 1);
        for (line, text) in wrap(note, width.saturating_sub(number.len()).max(20)).into_iter().enumerate() {
            let margin = if line == 0 { number.clone() } else { " ".repeat(number.len()) };
            writeln!(out, "{margin}{text}")?;
        }
    }
    writeln!(out)?;
    wrap(below, width.max(20)).into_iter().try_for_each(|line| writeln!(out, "{line}"))
}

/// Writes the table of roles, and what is said below it.
///
/// # Errors
/// What the writer says.
pub fn roles(out: &mut dyn Write, rows: &[RoleRow], below: &str, terminal: Terminal) -> io::Result<()> {
    let mut lines = vec![std::iter::once(String::new()).chain(Role::ALL.iter().map(ToString::to_string)).collect()];
    for RoleRow { deed, reaches } in rows {
        lines.push(std::iter::once(deed.to_string()).chain(reaches.iter().map(|reach| reach.word().to_owned())).collect());
    }
    grid(out, &lines, terminal)?;
    writeln!(out)?;
    let width = terminal.width.clamp(20, WIDEST);
    wrap(below, width).into_iter().try_for_each(|line| writeln!(out, "{line}"))
}

/// Lines in columns, the first one in bold.
fn grid(out: &mut dyn Write, lines: &[Vec<String>], terminal: Terminal) -> io::Result<()> {
    let columns: Vec<usize> = (0..lines.first().map_or(0, Vec::len)).map(|column| widest(lines, column)).collect();
    for (number, line) in lines.iter().enumerate() {
        let cells: Vec<String> = line.iter().zip(&columns).map(|(cell, width)| format!("{cell:width$}")).collect();
        let text = cells.join(&" ".repeat(GAP));
        match (number, terminal.colour) {
            (0, Colour::Always) => writeln!(out, "{0}{1}{0:#}", anstyle::Style::new().bold(), text.trim_end())?,
            (_, Colour::Always | Colour::Never) => writeln!(out, "{}", text.trim_end())?,
        }
    }
    Ok(())
}

fn widest(lines: &[Vec<String>], column: usize) -> usize {
    lines.iter().map(|line| line[column].width()).max().unwrap_or_default()
}

/// What is said below the table, each sentence once.
#[derive(Default)]
struct Notes {
    list: Vec<String>,
}

impl Notes {
    /// A cell with the number of its note.
    fn marked(&mut self, cell: &TableCell) -> String {
        if cell.note.is_empty() {
            return cell.word.clone();
        }
        let known = self.list.iter().position(|note| *note == cell.note);
        let place = known.unwrap_or_else(|| {
            self.list.push(cell.note.clone());
            self.list.len() - 1
        });
        format!("{} [{}]", cell.word, place + 1)
    }
}
