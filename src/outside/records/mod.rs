//! Records from files: CSV and JSON Lines, of any length.
//! In come bytes; out go records into the store, a batch at a time, and what was wrong with which line.
//! Never holds more than a batch of a file, and never lets a bad row stop the others.

mod csv_rows;
mod json_lines;

use std::collections::HashSet;
use std::io::{self, BufRead, BufReader, Read};

use crate::operation::JournalEntry;
use crate::outside::store::{BATCH, Bulk, Imported, StoreError};
use crate::record::{BUILT_IN_TYPES, BadCell, BadColumn, RecordType, RecordUpdate};
use crate::settings::Settings;
use crate::shape::words;
use crate::text::{Digest, suggest};

/// Reads a table whole, as texts: its first row is the header. Columns are separated as in an import.
///
/// # Errors
/// Where the file cannot be read, or is no table.
pub fn table_of_texts(file: impl BufRead) -> Result<Vec<Vec<String>>, ImportError> {
    csv_rows::table(file)
}

/// The most bytes of one row, 16 MiB: what is longer has lost a quote or a line break, and would be read to its end.
const MAX_ROW_BYTES: usize = 16 << 20;

words! {
    /// How records stand in a file.
    Format {
        /// A table with a header; columns separated by commas, semicolons or tabs, whichever the header has.
        Csv "csv",
        /// One JSON object a line.
        JsonLines "jsonl",
    }
}

impl Format {
    /// How records stand in a file, by the first of it that is no blank; `None` where there is nothing in it.
    ///
    /// # Errors
    /// What the file says.
    pub fn of(file: &mut impl BufRead) -> io::Result<Option<Self>> {
        let start = file.fill_buf()?;
        let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
        Ok(match text.first() {
            None if start.is_empty() => None,
            // No column is called so, and who has an array is told what a line should be.
            Some(b'{' | b'[') => Some(Format::JsonLines),
            Some(_) | None => Some(Format::Csv),
        })
    }
}

/// What is to be imported.
#[derive(Clone, Debug)]
pub struct Import<'s> {
    /// What is declared of record types.
    pub settings: &'s Settings,
    /// The type of all records in the file.
    pub record_type: &'s str,
    /// How they stand there.
    pub format: Format,
    /// Who asks, when, and with which words.
    pub entry: JournalEntry,
}

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// How many rows were read, good and bad.
    pub rows: u64,
    /// What became of the good ones.
    pub imported: Imported,
    /// How many rows could not be taken.
    pub bad: u64,
    /// How many rows spoke of a record that stood above already; the later one counts.
    pub again: u64,
    /// The number of the operation in the history, if anything changed.
    pub operation: Option<i64>,
}

/// What an import tells while it goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// A row was left out.
    Bad {
        /// The line on which it starts, from 1.
        line: u64,
        /// What is wrong with it.
        problem: BadRow,
    },
    /// A row speaks of a record that stood above already. It counts.
    Again {
        /// The line on which it starts, from 1.
        line: u64,
        /// The record's id.
        id: String,
    },
    /// So far everything is written.
    Written(ImportReport),
}

/// Why a row was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadRow {
    /// Some of its cells do not fit.
    Cells(Vec<BadCell>),
    /// It cannot be read at all.
    Unreadable(String),
}

impl std::fmt::Display for BadRow {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            BadRow::Cells(cells) => {
                let cells: Vec<String> = cells.iter().map(ToString::to_string).collect();
                formatter.write_str(&cells.join("; "))
            }
            BadRow::Unreadable(words) => formatter.write_str(words),
        }
    }
}

/// Why an import stopped. What was written before stays; importing the same file again goes on from there.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// There is no such record type.
    #[error("there is no record type `{name}`{}", near.as_ref().map_or_else(
        || "; declare it under `record_types` in segue.yaml".to_owned(),
        |near| format!("; did you mean `{near}`?")
    ))]
    NoRecordType {
        /// What was asked for.
        name: String,
        /// The type that was probably meant.
        near: Option<String>,
    },
    /// The header cannot be taken. Nothing was written.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Header(Vec<BadColumn>),
    /// It is no text that we read. Nothing was written.
    #[error("the file is {0}")]
    NoTable(&'static str),
    /// A row never ends.
    #[error("the row that starts at line {line} is longer than 16 MiB; is a quote not closed there?")]
    TooLong {
        /// The line on which it starts, from 1.
        line: u64,
    },
    /// The file cannot be read on.
    #[error("the file cannot be read")]
    Reading(#[from] io::Error),
    /// The store refuses.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A row that was read.
#[derive(Debug)]
pub struct Row {
    /// The line on which it starts, from 1.
    pub line: u64,
    /// What it says about its record, or why it cannot be taken.
    pub update: Result<RecordUpdate, BadRow>,
}

/// Reads the rows of a file one by one, as an import does. Without a declared type every column is taken as it is.
///
/// # Errors
/// [`ImportError`] where the file as a whole cannot be taken, and whatever `take` says.
pub fn each_row<E: From<ImportError>>(
    file: impl BufRead,
    format: Format,
    record_type: &str,
    declared: Option<&RecordType>,
    take: impl FnMut(Row) -> Result<(), E>,
) -> Result<(), E> {
    match format {
        Format::Csv => csv_rows::read(file, record_type, declared, take),
        Format::JsonLines => json_lines::read(file, record_type, declared, take),
    }
}

impl Import<'_> {
    /// Reads all rows and hands what they say to `write`, a batch at a time. `tell` hears of each row that is left out or
    /// counts again, and of each batch that is written.
    ///
    /// Nothing is asked of `write` before a good row came, so that nobody needs a store for a file that cannot be taken.
    ///
    /// # Errors
    /// [`ImportError`] where the file as a whole cannot be taken, and where it or the store fail on the way.
    pub fn run(
        &self,
        write: impl FnMut(&mut Bulk, Vec<RecordUpdate>) -> Result<Imported, StoreError>,
        file: impl Read,
        tell: impl FnMut(Note),
    ) -> Result<ImportReport, ImportError> {
        self.know_type()?;
        let declared = self.settings.record_type(self.record_type);
        let file = BufReader::with_capacity(1 << 16, file);
        let mut taking = Taking {
            write,
            bulk: Bulk::new(self.entry.clone()),
            batch: Vec::with_capacity(BATCH),
            seen: HashSet::new(),
            report: ImportReport::default(),
            tell,
        };
        each_row(file, self.format, self.record_type, declared, |row| taking.take(row).map_err(ImportError::from))?;
        taking.hand_over()?;
        Ok(taking.report)
    }

    /// A misspelt type would make a second kind of records that no sequence ever asks for.
    fn know_type(&self) -> Result<(), ImportError> {
        let Some(declared) = &self.settings.record_types else { return Ok(()) };
        let known = || BUILT_IN_TYPES.into_iter().chain(declared.keys().map(String::as_str));
        if !self.settings.is_whole || known().any(|name| name == self.record_type) {
            return Ok(());
        }
        let near = suggest(self.record_type, known()).map(str::to_owned);
        Err(ImportError::NoRecordType { name: self.record_type.to_owned(), near })
    }
}

/// An import while rows come in.
struct Taking<W, T> {
    write: W,
    bulk: Bulk,
    batch: Vec<RecordUpdate>,
    /// The ids that came by, as the first half of their digests: so many never meet by chance, and take little room.
    seen: HashSet<[u8; 16]>,
    report: ImportReport,
    tell: T,
}

impl<W, T> Taking<W, T>
where
    W: FnMut(&mut Bulk, Vec<RecordUpdate>) -> Result<Imported, StoreError>,
    T: FnMut(Note),
{
    fn take(&mut self, row: Row) -> Result<(), StoreError> {
        self.report.rows += 1;
        match row.update {
            Err(problem) => {
                self.report.bad += 1;
                (self.tell)(Note::Bad { line: row.line, problem });
                Ok(())
            }
            Ok(update) => {
                let id = &update.key.id;
                if !self.seen.insert(half_digest(id)) {
                    self.report.again += 1;
                    (self.tell)(Note::Again { line: row.line, id: id.clone() });
                }
                self.batch.push(update);
                if self.batch.len() == BATCH { self.hand_over() } else { Ok(()) }
            }
        }
    }

    fn hand_over(&mut self) -> Result<(), StoreError> {
        if self.batch.is_empty() {
            return Ok(());
        }
        let batch = std::mem::replace(&mut self.batch, Vec::with_capacity(BATCH));
        self.report.imported += (self.write)(&mut self.bulk, batch)?;
        self.report.operation = self.bulk.operation();
        (self.tell)(Note::Written(self.report));
        Ok(())
    }
}

/// Enough of a text's digest to know it again, in little room.
pub fn half_digest(id: &str) -> [u8; 16] {
    let digest = Digest::of(id);
    let (half, _) = digest.as_bytes().split_first_chunk().expect("a digest has 32 bytes");
    *half
}
