//! Tables of text: aligned on a screen, tab-separated in a pipe.
//! In come headers and rows; out go lines, of which none is wider than the screen.
//! Never wraps: what does not fit is shortened with `…`, the widest columns first, numbers last.

use std::io;

use anstyle::Style;
use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Row};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::clean::clean_cell;
use super::{Layout, Terminal};

/// The side of its column on which a text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Words that people copy, like ids; such a column is not shortened as long as another one can be.
    Whole,
    /// Numbers; such a column is not shortened as long as another one can be.
    Right,
}

/// Rows of text under headers.
#[derive(Clone, Debug)]
pub struct Table {
    columns: Vec<(String, Align)>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table without rows.
    pub fn new(columns: &[(&str, Align)]) -> Self {
        Self { columns: columns.iter().map(|(header, align)| ((*header).to_owned(), *align)).collect(), rows: Vec::new() }
    }

    /// Adds a row, one cell for each column: missing cells are empty.
    ///
    /// # Panics
    /// Where there are more cells than columns.
    pub fn row(&mut self, cells: impl IntoIterator<Item = impl Into<String>>) -> &mut Self {
        let mut row: Vec<String> = cells.into_iter().map(|cell| clean_cell(&cell.into()).into_owned()).collect();
        assert!(row.len() <= self.columns.len(), "a row has at most one cell for each column");
        row.resize(self.columns.len(), String::new());
        self.rows.push(row);
        self
    }

    /// Writes the table: to a terminal with its headers, even where there are no rows; to a pipe the rows alone.
    ///
    /// # Errors
    /// What the writer says.
    pub fn write(&self, out: &mut dyn io::Write, layout: Layout) -> io::Result<()> {
        let text = match layout {
            Layout::Terminal(terminal) => self.aligned(terminal),
            Layout::Piped => self.rows.iter().map(|row| row.join("\t") + "\n").collect(),
        };
        out.write_all(text.as_bytes())
    }

    fn aligned(&self, terminal: Terminal) -> String {
        let bold = Style::new().bold();
        let table = self.arranged(terminal.width);
        let lines = table.lines().enumerate().map(|(number, line)| {
            let line = clipped(line.trim_end(), terminal.width);
            if number == 0 { terminal.colour.paint(bold, line) } else { line.to_owned() }
        });
        lines.map(|line| line + "\n").collect()
    }

    fn arranged(&self, width: usize) -> comfy_table::Table {
        let mut table = comfy_table::Table::new();
        table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_truncation_indicator("…");
        // The two blanks after the last column are cut off again, so they may lie outside the screen.
        table.set_width(u16::try_from(width.saturating_add(2)).unwrap_or(u16::MAX));
        table.set_header(one_line(self.columns.iter().map(|(header, _)| header)));
        table.add_rows(self.rows.iter().map(one_line));
        for (column, (_, align)) in table.column_iter_mut().zip(&self.columns) {
            column.set_padding((0, 2));
            match align {
                Align::Left => column.set_cell_alignment(CellAlignment::Left),
                Align::Whole => {
                    column.set_cell_alignment(CellAlignment::Left);
                    column.set_constraint(ColumnConstraint::ContentWidth);
                }
                Align::Right => {
                    column.set_cell_alignment(CellAlignment::Right);
                    column.set_constraint(ColumnConstraint::ContentWidth);
                }
            }
        }
        table
    }
}

fn one_line<'a>(cells: impl IntoIterator<Item = &'a String>) -> Row {
    let mut row = Row::from(cells);
    row.max_height(1);
    row
}

/// The start of a line that fits: on the narrowest screens columns cannot be shortened enough.
fn clipped(line: &str, width: usize) -> &str {
    if line.width() <= width {
        return line;
    }
    let mut used = 0;
    let end = line.char_indices().find(|(_, c)| {
        used += c.width().unwrap_or(0);
        used > width
    });
    line[..end.map_or(line.len(), |(offset, _)| offset)].trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outside::report::Colour;

    fn written(table: &Table, layout: Layout) -> String {
        let mut out = Vec::new();
        table.write(&mut out, layout).expect("a vector takes everything");
        String::from_utf8(out).expect("tables are UTF-8")
    }

    fn on(width: usize, colour: Colour) -> Layout {
        Layout::Terminal(Terminal { width, colour })
    }

    fn sequences() -> Table {
        let mut table =
            Table::new(&[("ID", Align::Left), ("NAME", Align::Left), ("STEPS", Align::Right), ("OWNER", Align::Left)]);
        table.row(["inbound-lead", "Inbound leads from the website, all regions", "12", "ada"]);
        table.row(["wide", "日本語日本語日本語日本語日本語", "3", "grace@example.com"]);
        table.row(["tab\there", "line\nbreak \x1b[0m", "100000"]);
        table
    }

    #[test]
    fn columns_are_as_wide_as_they_need() {
        let expected = "\
ID            NAME                                          STEPS  OWNER
inbound-lead  Inbound leads from the website, all regions      12  ada
wide          日本語日本語日本語日本語日本語                    3  grace@example.com
tab here      line break ␛[0m                              100000
";
        assert_eq!(written(&sequences(), on(100, Colour::Never)), expected);
    }

    #[test]
    fn the_widest_columns_are_shortened_to_the_screen() {
        let expected = "\
ID            NAME                  STEPS  OWNER
inbound-lead  Inbound leads from…      12  ada
wide          日本語日本語日本語…       3  grace@example.com
tab here      line break ␛[0m      100000
";
        assert_eq!(written(&sequences(), on(60, Colour::Never)), expected);
    }

    #[test]
    fn no_screen_is_too_narrow() {
        for width in 0..80 {
            let lines = written(&sequences(), on(width, Colour::Never));
            assert!(lines.lines().all(|line| line.width() <= width), "{width}:\n{lines}");
        }
    }

    #[test]
    fn headers_are_bold_where_there_is_colour_and_stand_above_nothing_too() {
        let table = Table::new(&[("ID", Align::Left), ("STEPS", Align::Right)]);
        assert_eq!(written(&table, on(80, Colour::Always)), "\x1b[1mID  STEPS\x1b[0m\n");
    }

    #[test]
    fn a_pipe_gets_whole_cells_between_tabs() {
        let expected = "\
inbound-lead\tInbound leads from the website, all regions\t12\tada
wide\t日本語日本語日本語日本語日本語\t3\tgrace@example.com
tab here\tline break ␛[0m\t100000\t
";
        assert_eq!(written(&sequences(), Layout::Piped), expected);
    }
}
