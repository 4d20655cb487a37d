//! Tables that were handed in with a run: read before it started, since a script opens no file.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use rhai::{Dynamic, Engine, Map, NativeCallContext};

use crate::script::rules::unknown_table::unknown_table;

use super::desk::{Answer, Desk, asked};
use super::listing::{Listing, Walk};
use super::offer::offer;

/// The tables of one run by the names under which they were given.
#[derive(Clone, Debug, Default)]
pub struct Tables(Arc<BTreeMap<String, Arc<Table>>>);

/// A table as text: a header, and rows of as many cells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The names of the columns.
    pub header: Vec<String>,
    /// The rows. A row that is too short has empty cells at its end.
    pub rows: Vec<Vec<String>>,
}

impl FromIterator<(String, Table)> for Tables {
    fn from_iter<I: IntoIterator<Item = (String, Table)>>(tables: I) -> Self {
        Self(Arc::new(tables.into_iter().map(|(name, table)| (name, Arc::new(table))).collect()))
    }
}

/// The rows of a table, as maps by the names of the columns.
#[derive(Clone)]
pub(super) struct Rows(Arc<Table>);

impl Rows {
    fn row(table: &Table, index: usize) -> Option<Dynamic> {
        let row = table.rows.get(index)?;
        let cell = |(place, name): (usize, &String)| {
            (name.as_str().into(), row.get(place).map_or(Dynamic::from(""), |cell| Dynamic::from(cell.clone())))
        };
        Some(Dynamic::from_map(table.header.iter().enumerate().map(cell).collect::<Map>()))
    }
}

impl Listing for Rows {
    fn length(&self) -> Answer<usize> {
        Ok(self.0.rows.len())
    }

    fn walk(&self) -> Walk {
        let table = Arc::clone(&self.0);
        Box::new((0..table.rows.len()).filter_map(move |index| Rows::row(&table, index).map(Ok)))
    }

    fn item(&self, index: usize) -> Answer<Option<Dynamic>> {
        Ok(Rows::row(&self.0, index))
    }
}

pub(super) fn register(engine: &mut Engine, desk: &Rc<Desk>) {
    let own = Rc::clone(desk);
    offer! { engine;
        /// The rows of a CSV file that was named among the arguments of the run, each a map by the names of the columns. All
        /// cells are texts.
        ///
        /// Refused with `unknown-table` where no such file was named: a script opens none by itself.
        ///
        /// `for row in csv("fair.csv") { sequence("inbound-lead").connect(record("lead", row.id)); }`
        "csv"("name: string") -> "Rows" = move |context: NativeCallContext<'_>, name: &str| -> Answer<Rows> {
            asked(&context, &own, |desk| {
                let tables = &*desk.tables.0;
                let known: Vec<&str> = tables.keys().map(String::as_str).collect();
                Ok(Rows(Arc::clone(tables.get(name).ok_or_else(|| unknown_table(name, &known))?)))
            })
        };
    }
}
