//! Rows of a table.

use std::cell::Cell;
use std::io::{self, BufRead, Cursor, Read};
use std::rc::Rc;
use std::str::{self, Utf8Error};

use csv::{ByteRecord, ErrorKind, Reader, ReaderBuilder};

use crate::record::{BadColumn, Header, RecordType, RecordUpdate};

use super::{BadRow, ImportError, MAX_ROW_BYTES, Row};

/// So many blanks in front of a header are no header.
const MAX_BLANK_BYTES: usize = 1 << 16;

const NOT_UTF8: &str = "not UTF-8; save it as `CSV UTF-8`";

/// Reads a table's rows one by one.
pub(super) fn read<E: From<ImportError>>(
    file: impl BufRead,
    record_type: &str,
    declared: Option<&RecordType>,
    mut take: impl FnMut(Row) -> Result<(), E>,
) -> Result<(), E> {
    let mut rows = rows(file)?;
    let mut record = ByteRecord::new();
    if !rows.next(&mut record)? {
        return Err(ImportError::Header(vec![BadColumn::NoId]).into());
    }
    let names = texts(&record).map_err(|_| ImportError::NoTable(NOT_UTF8))?;
    let header = Header::read(record_type, declared, names).map_err(ImportError::Header)?;
    while rows.next(&mut record)? {
        let line = record.position().map_or(0, csv::Position::line);
        let update = match texts(&record) {
            Ok(cells) => row(&header, &cells),
            Err(_) => Err(BadRow::Unreadable(format!("the row is {NOT_UTF8}"))),
        };
        take(Row { line, update })?;
    }
    Ok(())
}

/// Reads a table whole, as texts: its header is the first row.
pub(super) fn table(file: impl BufRead) -> Result<Vec<Vec<String>>, ImportError> {
    let mut rows = rows(file)?;
    let (mut all, mut record) = (Vec::new(), ByteRecord::new());
    while rows.next(&mut record)? {
        let cells = texts(&record).map_err(|_| ImportError::NoTable(NOT_UTF8))?;
        all.push(cells.into_iter().map(str::to_owned).collect());
    }
    Ok(all)
}

/// The rows of a table, whatever separates its columns.
struct Rows<R> {
    reader: Reader<Limited<R>>,
    since_row: Rc<Cell<usize>>,
}

fn rows(mut file: impl BufRead) -> Result<Rows<impl Read>, ImportError> {
    let start = first_line(&mut file)?;
    if start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]) {
        return Err(ImportError::NoTable("UTF-16, as Excel's `Unicode Text`; save it as `CSV UTF-8`"));
    }
    let since_row = Rc::new(Cell::new(0));
    let delimiter = delimiter(&start);
    let bytes = Limited { inner: Cursor::new(start).chain(file), since_row: Rc::clone(&since_row) };
    let reader = ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(bytes);
    Ok(Rows { reader, since_row })
}

impl<R: Read> Rows<R> {
    /// Reads one row; `false` at the end.
    fn next(&mut self, record: &mut ByteRecord) -> Result<bool, ImportError> {
        let line = self.reader.position().line();
        self.since_row.set(0);
        self.reader.read_byte_record(record).map_err(|error| match error.into_kind() {
            ErrorKind::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => ImportError::TooLong { line },
            ErrorKind::Io(error) => ImportError::Reading(error),
            other => ImportError::Reading(io::Error::other(format!("{other:?}"))),
        })
    }
}

fn row(header: &Header<'_>, cells: &[&str]) -> Result<RecordUpdate, BadRow> {
    // Spreadsheets write empty cells behind the last column.
    let behind = cells.get(header.width()..).unwrap_or_default();
    if cells.len() < header.width() || behind.iter().any(|cell| !cell.trim().is_empty()) {
        let cells = if cells.len() == 1 { "1 cell".to_owned() } else { format!("{} cells", cells.len()) };
        let words = format!("the row has {cells} and the header {}; is a quote missing?", header.width());
        return Err(BadRow::Unreadable(words));
    }
    header.row(cells.iter().copied()).map_err(BadRow::Cells)
}

/// The bytes up to the end of the first line that has something on it; all of them in a short file.
fn first_line(file: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    loop {
        let before = start.len();
        let read = file.by_ref().take(MAX_ROW_BYTES as u64).read_until(b'\n', &mut start)?;
        let is_blank = start[before..].iter().all(u8::is_ascii_whitespace);
        if read == 0 || !is_blank || start.len() > MAX_BLANK_BYTES {
            return Ok(start);
        }
    }
}

/// What separates the columns: a comma, or what the header has instead of one.
fn delimiter(header: &[u8]) -> u8 {
    let mut quoted = false;
    let mut plain = Vec::new();
    for byte in header {
        quoted ^= *byte == b'"';
        if !quoted {
            plain.push(*byte);
        }
    }
    let has = |byte: &u8| plain.contains(byte);
    [b',', b';', b'\t'].into_iter().find(has).unwrap_or(b',')
}

fn texts(record: &ByteRecord) -> Result<Vec<&str>, Utf8Error> {
    record.iter().map(str::from_utf8).collect()
}

/// Bytes that end in an error where a single row takes too many.
struct Limited<R> {
    inner: R,
    since_row: Rc<Cell<usize>>,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.since_row.get() > MAX_ROW_BYTES {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let read = self.inner.read(buffer)?;
        self.since_row.set(self.since_row.get() + read);
        Ok(read)
    }
}
