//! Rows of a table.

use std::io::{self, BufRead, Cursor, Read};
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
    if rows.next(&mut record)?.is_none() {
        return Err(ImportError::Header(vec![BadColumn::NoId { near: None }]).into());
    }
    let names = texts(&record).map_err(|_| ImportError::NoTable(NOT_UTF8))?;
    let header = Header::read(record_type, declared, names).map_err(ImportError::Header)?;
    while let Some(line) = rows.next(&mut record)? {
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
    while rows.next(&mut record)?.is_some() {
        let cells = texts(&record).map_err(|_| ImportError::NoTable(NOT_UTF8))?;
        all.push(cells.into_iter().map(str::to_owned).collect());
    }
    Ok(all)
}

/// The rows of a table, whatever separates its columns.
struct Rows<R> {
    reader: Reader<Counted<R>>,
}

fn rows(mut file: impl BufRead) -> Result<Rows<impl Read>, ImportError> {
    let start = first_line(&mut file)?;
    if start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]) {
        return Err(ImportError::NoTable("UTF-16, as Excel's `Unicode Text`; save it as `CSV UTF-8`"));
    }
    let delimiter = delimiter(&start);
    let bytes = Counted::new(Cursor::new(start).chain(file));
    let reader = ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(bytes);
    Ok(Rows { reader })
}

impl<R: Read> Rows<R> {
    /// Reads one row, and returns the line on which it starts; `None` at the end.
    fn next(&mut self, record: &mut ByteRecord) -> Result<Option<u64>, ImportError> {
        let before = self.reader.position().byte();
        let is_there = self.reader.read_byte_record(record);
        let behind = self.reader.position().byte();
        let bytes = self.reader.get_mut();
        match is_there {
            Ok(true) => Ok(Some(bytes.pass(usize::try_from(behind - before).unwrap_or(usize::MAX)))),
            Ok(false) => Ok(None),
            Err(error) => Err(match error.into_kind() {
                ErrorKind::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => {
                    ImportError::TooLong { line: bytes.pass(usize::MAX) }
                }
                ErrorKind::Io(error) => ImportError::Reading(error),
                other => ImportError::Reading(io::Error::other(format!("{other:?}"))),
            }),
        }
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
fn delimiter(start: &[u8]) -> u8 {
    // Where lines end in a carriage return alone, all of the file is one line to us.
    let mut lines = start.split(|byte| matches!(byte, b'\r' | b'\n'));
    let header = lines.find(|line| !line.trim_ascii().is_empty()).unwrap_or_default();
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

/// Bytes whose lines are counted row by row, and that end in an error where a single row takes too many. The parser's own
/// count takes a row for one that starts with the blank lines above it, and knows one kind of line end.
struct Counted<R> {
    inner: R,
    /// What was read and not all passed yet.
    bytes: Vec<u8>,
    /// How many of these bytes belong to rows that were read.
    passed: usize,
    /// The line of the next byte to pass, from 1.
    line: u64,
    /// Whether that byte, if it is a line feed, belongs to a line end that counted already.
    is_behind_return: bool,
}

impl<R> Counted<R> {
    fn new(inner: R) -> Self {
        Self { inner, bytes: Vec::new(), passed: 0, line: 1, is_behind_return: false }
    }

    /// Passes so many bytes, which are a row and the line ends before it. Returns the line on which the row starts.
    fn pass(&mut self, length: usize) -> u64 {
        let end = self.passed.saturating_add(length).min(self.bytes.len());
        let mut row = None;
        for byte in &self.bytes[self.passed..end] {
            match byte {
                b'\n' if self.is_behind_return => {}
                b'\n' | b'\r' => self.line += 1,
                _ => _ = row.get_or_insert(self.line),
            }
            self.is_behind_return = *byte == b'\r';
        }
        self.passed = end;
        row.unwrap_or(self.line)
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.bytes.len() - self.passed > MAX_ROW_BYTES {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let read = self.inner.read(buffer)?;
        self.bytes.drain(..self.passed);
        self.passed = 0;
        self.bytes.extend_from_slice(&buffer[..read]);
        Ok(read)
    }
}
