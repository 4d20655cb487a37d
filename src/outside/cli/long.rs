//! Lists that may be long: printed while they come, never held whole.

use std::io::{self, Write};
use std::ops::ControlFlow;

use serde::Serialize;

use crate::outside::report::{Align, Layout, Table, json_line};
use crate::outside::store::StoreError;

use super::arguments::Format;
use super::screen::Screen;
use super::unless_closed;

/// So many rows are laid out together; columns may be wider or narrower from there on, under their headers again.
const TOGETHER: usize = 1_000;

/// How the rows of a list look.
pub(super) struct Look<'l, T, J> {
    /// The list's key in JSON.
    pub key: &'static str,
    pub columns: &'l [(&'l str, Align)],
    pub cells: &'l dyn Fn(&T) -> Vec<String>,
    pub json: &'l dyn Fn(&T) -> J,
}

/// Prints what `each` shows, and returns how many rows these were. A reader who has seen enough ends it.
pub(super) fn print<T, J: Serialize>(
    screen: &Screen,
    format: Format,
    look: &Look<'_, T, J>,
    each: impl FnOnce(&mut dyn FnMut(T) -> ControlFlow<()>) -> Result<(), StoreError>,
) -> anyhow::Result<usize> {
    let mut rows = 0;
    let mut asked = Ok(());
    let printed = screen.print(|out| {
        let mut printing = Printing { out, layout: screen.layout(), format, look, table: None, rows: 0, result: Ok(()) };
        printing.begin()?;
        asked = each(&mut |row| printing.row(&row));
        rows = printing.rows;
        printing.end()
    });
    unless_closed(printed)?;
    asked?;
    Ok(rows)
}

struct Printing<'o, 'l, T, J> {
    out: &'o mut dyn Write,
    layout: Layout,
    format: Format,
    look: &'l Look<'l, T, J>,
    /// The rows that are laid out together next.
    table: Option<(Table, usize)>,
    rows: usize,
    result: io::Result<()>,
}

impl<T, J: Serialize> Printing<'_, '_, T, J> {
    fn begin(&mut self) -> io::Result<()> {
        match self.format {
            Format::Json => writeln!(self.out, "{{\"format_version\": \"1.0\", \"{}\": [", self.look.key),
            Format::Human => Ok(()),
        }
    }

    fn row(&mut self, row: &T) -> ControlFlow<()> {
        self.result = match self.format {
            Format::Json => self.object(row),
            Format::Human => self.line(row),
        };
        self.rows += 1;
        if self.result.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }

    fn object(&mut self, row: &T) -> io::Result<()> {
        if self.rows > 0 {
            write!(self.out, ",")?;
        }
        json_line(self.out, &(self.look.json)(row))
    }

    fn line(&mut self, row: &T) -> io::Result<()> {
        let (table, rows) = self.table.get_or_insert_with(|| (Table::new(self.look.columns), 0));
        table.row((self.look.cells)(row));
        *rows += 1;
        if *rows < TOGETHER { Ok(()) } else { self.lay_out() }
    }

    fn lay_out(&mut self) -> io::Result<()> {
        self.table.take().map_or(Ok(()), |(table, _)| table.write(self.out, self.layout))
    }

    fn end(mut self) -> io::Result<()> {
        std::mem::replace(&mut self.result, Ok(()))?;
        match self.format {
            Format::Json => writeln!(self.out, "]}}"),
            Format::Human => self.lay_out(),
        }
    }
}
