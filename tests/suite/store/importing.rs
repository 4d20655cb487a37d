//! Records from files.

use std::io::{self, Read};

use segue::operation::Facts;
use segue::outside::records::{Format, Import, ImportError, ImportReport, Note};
use segue::outside::store::{Imported, Store};
use segue::record::Record;
use segue::settings::Settings;
use segue::shape::Value;
use segue::text::{FilePath, Source};

use super::world::{Place, entry, lead};

const SETTINGS: &str = "record_types: {lead: {fields: {country: text, employees: number, rating: {options: [cold, warm]}}}}\n";

fn settings() -> Settings {
    let source = Source::new(FilePath::new("segue.yaml"), SETTINGS.to_owned());
    segue::settings::read(&source, &segue::yaml::read(&source)).0
}

/// What an import does and tells.
fn import(store: &mut Store, format: Format, bytes: impl Read) -> (Result<ImportReport, ImportError>, Vec<String>) {
    let mut told = Vec::new();
    let settings = settings();
    let import = Import { settings: &settings, record_type: "lead", format, entry: entry("records import leads.csv") };
    let report = import.run(
        |bulk, batch| store.import(bulk, batch),
        bytes,
        |note| match note {
            Note::Bad { line, problem } => told.push(format!("{line}: {problem}")),
            Note::Again { line, id } => told.push(format!("{line}: {id} again")),
            Note::Written(_) => {}
        },
    );
    (report, told)
}

fn record(store: &Store, id: &str) -> Record {
    store.record(&lead(id)).unwrap().expect("it was imported")
}

#[test]
fn a_table_is_taken_as_spreadsheets_write_it() {
    let place = Place::new();
    let mut store = place.store();
    let tables: [&[u8]; 4] = [
        b"id,name,country,employees\n1,\"Ana, \"\"A.\"\"\nRuiz\",ES,40\n",
        b"\xef\xbb\xbfid;name;country;employees\r\n1;\"Ana, \"\"A.\"\"\nRuiz\";ES;40;\r\n\r\n",
        b"\n\nid\tname\tcountry\temployees\r1\t\"Ana, \"\"A.\"\"\nRuiz\"\tES\t40",
        b"\"id\",\"name\",\"country\",\"employees\"\n1,\"Ana, \"\"A.\"\"\nRuiz\",ES,40",
    ];
    for (index, table) in tables.into_iter().enumerate() {
        let (report, told) = import(&mut store, Format::Csv, table);
        let expected = if index == 0 {
            Imported { new: 1, ..Imported::default() }
        } else {
            Imported { unchanged: 1, ..Imported::default() }
        };
        assert_eq!((report.unwrap().imported, told), (expected, Vec::<String>::new()), "table {index}");
    }
    let record = record(&store, "1");
    assert_eq!(record.name.as_deref(), Some("Ana, \"A.\"\nRuiz"));
    assert_eq!(record.fields["employees"], Value::Whole(40));
    assert!(record.is_open);
}

#[test]
fn bad_rows_are_told_by_line_and_stop_nobody() {
    let place = Place::new();
    let mut store = place.store();
    let table = b"id,name,employees,rating\n\
        1,\"two\nlines\",40,warm\n\
        2,Bo,many,wram\n\
        ,Chris,1,cold\n\
        4,Dina\n\
        5,Ren\xe9,1,cold\n\
        1,Again,41,warm\n\
        7,Fay,7,cold,,\n\
        8,Gil,8,cold,x\n";
    let (report, told) = import(&mut store, Format::Csv, &table[..]);
    let expected = [
        "4: `employees`: `many` is no number; write it like `1200` or `0.5`; `rating`: `wram` is no option; did you mean `warm`?",
        "5: `id`: the record has no id",
        "6: the row has 2 cells and the header 4; is a quote missing?",
        "7: the row is not UTF-8; save it as `CSV UTF-8`",
        "8: 1 again",
        "10: the row has 5 cells and the header 4; is a quote missing?",
    ];
    assert_eq!(told, expected);
    let report = report.unwrap();
    assert_eq!((report.rows, report.bad, report.again), (8, 5, 1));
    assert_eq!(report.imported, Imported { new: 2, changed: 1, ..Imported::default() });
    assert_eq!((record(&store, "1").name.as_deref(), record(&store, "7").name.as_deref()), (Some("Again"), Some("Fay")));
    // What is in order already costs no line in the journal.
    let (again, _) = import(&mut store, Format::Csv, &b"id,name\n7,Fay\n"[..]);
    assert_eq!(again.unwrap().operation, None);
}

#[test]
fn a_header_that_cannot_be_taken_stops_everything_once() {
    let place = Place::new();
    let mut store = place.store();
    let says = |store: &mut Store, table: &[u8]| import(store, Format::Csv, table).0.expect_err("a bad header").to_string();
    let words = says(&mut store, b"id,contry\n1,ES\n2,ES\n");
    assert_eq!(words, "a record of type `lead` has no field `contry`; did you mean `country`?");
    assert!(says(&mut store, b"").contains("no column is called `id`"));
    assert!(says(&mut store, b"\xff\xfei\0d\0\n\0").contains("UTF-16"));
    assert!(says(&mut store, b"id,Stra\xdfe\n1,x\n").contains("not UTF-8"));
    assert_eq!(store.record_counts().unwrap(), []);
}

#[test]
fn objects_are_taken_line_by_line() {
    let place = Place::new();
    let mut store = place.store();
    let lines = b"\xef\xbb\xbf{\"id\": \"1\", \"employees\": 40, \"rating\": \"warm\"}\r\n\
        \n\
        {\"id\": 2, \"rating\": null}\n\
        {\"id\": \"3\", \"rating\": \"hot\"}\n\
        {\"id\": \"4\"\n\
        [1]\n\
        {\"id\": \"5\", \"raating\": \"warm\"}\n\
        {\"id\": \"6\", \"name\": \"Ren\xe9\"}\n\
        {\"id\": \"1\", \"closed\": true}";
    let (report, told) = import(&mut store, Format::JsonLines, &lines[..]);
    let expected = [
        "4: `rating`: `hot` is no option; write one of `cold`, `warm`",
        "5: the line is no JSON: EOF while parsing an object at column 10",
        "6: the line is no JSON object",
        "7: `raating`: a record of type `lead` has no field `raating`; did you mean `rating`?",
        "8: the line is not UTF-8",
        "9: 1 again",
    ];
    assert_eq!(told, expected);
    assert_eq!(report.unwrap().imported, Imported { new: 2, changed: 1, ..Imported::default() });
    let first = record(&store, "1");
    assert_eq!((first.is_open, &first.fields["employees"]), (false, &Value::Whole(40)));
}

#[test]
fn a_row_without_end_is_not_read_to_its_end() {
    let place = Place::new();
    let mut store = place.store();
    let endless = || io::Read::chain(&b"id,name\n1,\"An"[..], io::repeat(b'a'));
    assert!(matches!(import(&mut store, Format::Csv, endless()).0, Err(ImportError::TooLong { line: 2 })));
    assert!(matches!(import(&mut store, Format::Csv, io::repeat(b'\n')).0, Err(ImportError::TooLong { .. })));
    assert!(matches!(import(&mut store, Format::JsonLines, &b"[\n{\"id\": 1}\n]\n"[..]).0, Err(ImportError::NoTable(_))));
    assert!(matches!(import(&mut store, Format::JsonLines, io::repeat(b'{')).0, Err(ImportError::TooLong { line: 1 })));
}

#[test]
fn a_type_that_is_not_there_is_no_new_kind_of_record() {
    let place = Place::new();
    let settings = settings();
    let import = Import { settings: &settings, record_type: "laed", format: Format::Csv, entry: entry("records import") };
    let mut store = place.store();
    let error =
        import.run(|bulk, batch| store.import(bulk, batch), &b"id\n1\n"[..], |_| {}).expect_err("no such type").to_string();
    assert_eq!(error, "there is no record type `laed`; did you mean `lead`?");
    let undeclared = Settings::default();
    let import = Import { settings: &undeclared, ..import };
    assert_eq!(import.run(|bulk, batch| store.import(bulk, batch), &b"id\n1\n"[..], |_| {}).unwrap().imported.new, 1);
}
