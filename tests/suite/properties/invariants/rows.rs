//! Any bytes as a table of records, and any line as a record in JSON.

use segue::outside::records::table_of_texts;
use segue::record::{Header, RecordType};

use super::{Held, hold};

/// Read as a table and row by row: with a reason, or the same twice.
pub fn rows(bytes: &[u8]) -> Held {
    if let Ok(table) = table_of_texts(bytes) {
        let again = table_of_texts(bytes).map_err(|error| format!("the second time it is no table: {error}"))?;
        hold(table == again, || "the second time it is another table".to_owned())?;
        as_records(&table)?;
    }
    let objects = bytes.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok());
    let declared = RecordType::default();
    for object in objects {
        let told = |row: Result<_, Vec<_>>| row.map_err(|cells: Vec<segue::record::BadCell>| cells.len());
        let header = Header::of("lead", Some(&declared));
        hold(told(header.object(&object)) != Err(0), || format!("{object:?} is refused for no reason"))?;
    }
    Ok(())
}

fn as_records(table: &[Vec<String>]) -> Held {
    let Some((first, rows)) = table.split_first() else { return Ok(()) };
    let Ok(header) = Header::read("lead", None, first.iter().map(String::as_str)) else { return Ok(()) };
    for row in rows {
        let read = || header.row(row.iter().map(String::as_str));
        hold(read() == read(), || format!("{row:?} is read otherwise the second time"))?;
        hold(read().err().is_none_or(|cells| !cells.is_empty()), || format!("{row:?} is refused for no reason"))?;
    }
    Ok(())
}
