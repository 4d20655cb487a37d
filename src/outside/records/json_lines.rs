//! One JSON object a line.

use std::io::{BufRead, Read};

use crate::record::{Header, RecordType};

use super::{BadRow, ImportError, MAX_ROW_BYTES, Row};

/// The mark that some programs write in front of UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads objects one by one; lines with nothing on them are passed over.
pub(super) fn read<E: From<ImportError>>(
    mut file: impl BufRead,
    record_type: &str,
    declared: Option<&RecordType>,
    mut take: impl FnMut(Row) -> Result<(), E>,
) -> Result<(), E> {
    let header = Header::of(record_type, declared);
    let mut bytes = Vec::new();
    for line in 1.. {
        bytes.clear();
        if file.by_ref().take(MAX_ROW_BYTES as u64).read_until(b'\n', &mut bytes).map_err(ImportError::from)? == 0 {
            break;
        }
        if bytes.len() == MAX_ROW_BYTES && !bytes.ends_with(b"\n") {
            return Err(ImportError::TooLong { line }.into());
        }
        let text = if line == 1 { bytes.strip_prefix(MARK).unwrap_or(&bytes) } else { &bytes };
        let text = text.trim_ascii_end();
        if text.is_empty() {
            continue;
        }
        if line == 1 && text.starts_with(b"[") {
            return Err(ImportError::NoTable("a JSON array; write one object a line, as `jq -c '.[]'` does").into());
        }
        let update = match serde_json::from_slice(text) {
            Ok(serde_json::Value::Object(object)) => header.object(&object).map_err(BadRow::Cells),
            Ok(_) => Err(BadRow::Unreadable("the line is no JSON object".to_owned())),
            Err(error) => Err(BadRow::Unreadable(unreadable(text, &error))),
        };
        take(Row { line, update })?;
    }
    Ok(())
}

fn unreadable(text: &[u8], error: &serde_json::Error) -> String {
    if std::str::from_utf8(text).is_err() {
        return "the line is not UTF-8".to_owned();
    }
    // The parser counts lines of what it was given, which is one.
    format!("the line is no JSON: {error}").replace(" at line 1 column ", " at column ")
}
