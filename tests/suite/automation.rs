//! What automation scripts see, as cases: a script, and all that came of it.
//!
//! A case lies in `tests/cases/api` and is a script that runs over `tests/cases/api/workspace`; a line
//! `//--- sequences/lead/other.yaml` starts a file that is there beside, or instead. Behind the script stands, in lines that start
//! with `//>`, what it printed, what it was found to be, and what one commit would write: the difference of each file, and each
//! row of the store.
//!
//! Lines at the start say more: `//! args: a b`, `//! max-changes: 3`, `//! csv: fair.csv` for a file of the case that is handed
//! in as a table, `//! answers: 1` for a store that answers once about records and then no more.
//!
//! The store knows what `state: active` says, four leads (L-1 to L-4, the last of them closed), and an account; L-3 is connected to
//! `outbound`.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use segue::check::read_sequence;
use segue::diagnostic::Code;
use segue::lifecycle::{Published, Version};
use segue::operation::{Asked, Base, Changes, FileChange, Held, House, Refusal, RowChange, Staging};
use segue::outside::report::{Terminal, human};
use segue::progress::Connection;
use segue::record::{Record, RecordKey};
use segue::sandbox::{Cancel, Limits, Meter};
use segue::script::api::{Api, MAX_CHANGES, Table, Tables, Work, Yielded};
use segue::script::{self, Ending, Outcome, Output, Request, Scripts};
use segue::sequence::State;
use segue::settings::{self, Settings};
use segue::shape::Value;
use segue::text::{FilePath, Source};
use segue::time::Instant;
use segue::workspace::{FileKind, kind_of};
use segue::yaml;

use crate::data;
use crate::store::memory::Memory;

#[test]
fn every_script_does_as_written() {
    let failures: Vec<String> = data::cases("api", "rhai").iter().filter_map(|path| check(path).err()).collect();
    data::report(&failures);
}

/// The codes that some case ends with.
pub fn codes_with_a_case() -> Vec<Code> {
    let texts: Vec<String> = data::cases("api", "rhai").iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    let ends = |code: &Code| texts.iter().any(|text| text.contains(&format!("//> error[{}]: ", code.name())));
    Code::ALL.iter().copied().filter(ends).collect()
}

fn check(path: &Path) -> Result<(), String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let given: String = text.split_inclusive('\n').filter(|line| !line.starts_with("//>")).collect();
    let name = path.file_stem().unwrap().to_string_lossy().into_owned();
    let world = World::of_case(&name, &given);
    let told = world.told();
    let told: String = told.lines().map(|line| format!("{}\n", format!("//> {line}").trim_end())).collect();
    data::settle(path, &text, &format!("{given}{told}"))
}

/// A house that lets nobody touch what is called `locked`.
struct Locked;

impl House for Locked {
    fn allow(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        if asked.sequence.as_str() != "locked" {
            return Ok(());
        }
        let message = format!("`{}` may not be touched ({})", asked.sequence, asked.verb);
        Err(Refusal::new(Code::NotEditable, message).about(asked.sequence))
    }
}

/// All that a run rests on.
struct World {
    name: String,
    files: BTreeMap<String, String>,
    args: Vec<String>,
    max_changes: usize,
    csv: Option<String>,
    answers: Option<usize>,
    more_leads: usize,
}

impl World {
    fn of_case(name: &str, given: &str) -> World {
        let mut world = World::new(name, given);
        world.files.extend(sample());
        let mut path = format!("scripts/{name}.rhai");
        world.files.insert(path.clone(), String::new());
        for line in given.split_inclusive('\n') {
            match line.strip_prefix("//--- ") {
                Some(next) => {
                    path = next.trim().to_owned();
                    world.files.insert(path.clone(), String::new());
                }
                None => world.files.get_mut(&path).unwrap().push_str(line),
            }
        }
        world
    }

    fn new(name: &str, given: &str) -> World {
        let said = |key: &str| {
            let mut lines = given.lines().take_while(|line| line.starts_with("//!"));
            lines.find_map(|line| line.strip_prefix(&format!("//! {key}: "))).map(str::to_owned)
        };
        World {
            name: name.to_owned(),
            files: BTreeMap::new(),
            args: said("args").map_or_else(Vec::new, |args| args.split(' ').map(str::to_owned).collect()),
            max_changes: said("max-changes").map_or(MAX_CHANGES, |number| number.parse().unwrap()),
            csv: said("csv"),
            answers: said("answers").map(|number| number.parse().unwrap()),
            more_leads: 0,
        }
    }

    fn source(&self, path: &str) -> Option<Source> {
        self.files.get(path).map(|text| Source::new(FilePath::new(path), text.clone()))
    }

    fn settings(&self) -> Settings {
        self.source("segue.yaml").map_or_else(Settings::default, |source| settings::read(&source, &yaml::read(&source)).0)
    }

    fn base(&self) -> Base {
        let settings = Arc::new(self.settings());
        let mut base = Base { settings: Arc::clone(&settings), templates: BTreeSet::new(), ..Base::default() };
        for path in self.files.keys() {
            let source = self.source(path).unwrap();
            match kind_of(source.path()) {
                FileKind::Sequence(id) => {
                    let (_, summary) = read_sequence(&source, id, &settings);
                    base.sequences.insert(source.path().clone(), Held { source, summary: Arc::new(summary) });
                }
                FileKind::Test => drop(base.tests.insert(source.path().clone(), source)),
                FileKind::Settings | FileKind::Template(_) | FileKind::Script | FileKind::Ignored(_) | FileKind::Other => {}
            }
        }
        base
    }

    fn memory(&self) -> Memory {
        let mut memory = Memory { answers_left: Cell::new(self.answers), ..Memory::default() };
        let staging = Staging::new(self.base(), now());
        for id in staging.ids() {
            let held = staging.find(&id).unwrap();
            let Some(sequence) = staging.read(held).filter(|sequence| sequence.state.value == State::Active) else { continue };
            let meaning = staging.meaning(&sequence).digest();
            let version = Version { number: 1, meaning, text: held.source.text().into(), message: None };
            let published = Published { state: State::Active, number: 1, meaning, message: None, versions: vec![(1, meaning)] };
            memory.published.insert(id, (published, version));
        }
        for record in records(self.more_leads) {
            memory.records.insert(record.key.clone(), record);
        }
        if memory.published.contains_key(&segue::sequence::SequenceId::parse("outbound").unwrap()) {
            memory.connections.push(Connection {
                record: key("lead", "L-3"),
                sequence: segue::sequence::SequenceId::parse("outbound").unwrap(),
                version: 1,
                run: 1,
                step: "test".to_owned(),
                connected_at: now(),
                connected_by: "eli.stern".to_owned(),
                entered_at: now(),
                ended: None,
            });
        }
        memory
    }

    fn tables(&self) -> Tables {
        let table = |name: &String| {
            let mut lines = self.files[name].lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
            let header = lines.next().unwrap_or_default();
            (name.clone(), Table { header, rows: lines.collect() })
        };
        self.csv.iter().map(table).collect()
    }

    fn scripts(&self) -> Scripts {
        Scripts::new(self.files.keys().map(|path| (FilePath::new(path.as_str()), Ok(self.source(path).unwrap()))))
    }

    fn run(&self) -> (String, Outcome<Yielded<Memory>>) {
        let printed = Arc::new(Mutex::new(String::new()));
        let lines = Arc::clone(&printed);
        let request = Request {
            name: self.name.clone(),
            args: self.args.clone(),
            now: now(),
            limits: Limits::AUTOMATION,
            meter: Meter::NONE,
            cancel: Cancel::default(),
            print: Box::new(move |_: Output, line: &str| {
                let mut lines = lines.lock().unwrap();
                lines.push_str(line);
                lines.push('\n');
            }),
        };
        let (base, facts, tables) = (self.base(), self.memory(), self.tables());
        let outcome = script::run(&self.scripts(), request, || {
            Api::new(Work {
                staging: Staging::new(base, now()),
                facts,
                house: Box::new(Locked),
                actor: "ana.ruiz".to_owned(),
                tables,
                max_changes: self.max_changes,
            })
        });
        let printed = printed.lock().unwrap().clone();
        (printed, outcome)
    }

    /// All that a run says and asks for.
    fn told(&self) -> String {
        let (mut told, outcome) = self.run();
        let yielded = outcome.yielded.expect("nothing panicked");
        assert!(yielded.facts.is_some(), "whoever lent the store gets it back");
        match &outcome.ending {
            Ending::Done => {}
            Ending::Failed(finding) => {
                assert_eq!(yielded.changes, Changes::default(), "what failed changes nothing");
                let sources = |path: &FilePath| yielded.sources.get(path).cloned().or_else(|| self.source(path.as_str()));
                let mut page = Vec::new();
                human(&mut page, std::slice::from_ref(finding), &sources, Terminal::PLAIN).unwrap();
                told.push_str(&String::from_utf8(page).unwrap());
            }
            Ending::Interrupted => told.push_str("interrupted\n"),
        }
        if let Some(trouble) = &yielded.trouble {
            told.push_str(&format!("trouble: {trouble:?}\n"));
        }
        told.push_str(&changes_told(&yielded.changes));
        for line in yielded.said.done {
            told.push_str(&format!("done: {line}\n"));
        }
        for line in yielded.said.losses {
            told.push_str(&format!("lost: {line}\n"));
        }
        told
    }
}

/// The files of the workspace that all cases share.
fn sample() -> BTreeMap<String, String> {
    fn collect(folder: &Path, prefix: &str, files: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                collect(&entry.path(), &format!("{name}/"), files);
            } else {
                files.insert(name, fs::read_to_string(entry.path()).unwrap());
            }
        }
    }
    let mut files = BTreeMap::new();
    collect(&data::folder("tests/cases/api/workspace"), "", &mut files);
    files
}

fn now() -> Instant {
    "2026-03-02T09:30:00Z".parse().unwrap()
}

fn key(record_type: &str, id: &str) -> RecordKey {
    RecordKey { record_type: record_type.to_owned(), id: id.to_owned() }
}

fn records(more_leads: usize) -> Vec<Record> {
    let record = |record_type: &str, id: &str, region: &str, owner: &str, is_open: bool| Record {
        key: key(record_type, id),
        name: Some(format!("{record_type} {id}")),
        owner: Some(owner.to_owned()),
        is_open,
        fields: BTreeMap::from([
            ("region".to_owned(), Value::Text(region.to_owned())),
            ("employees".to_owned(), Value::Whole(40)),
        ]),
    };
    let mut records = vec![
        record("lead", "L-1", "EMEA", "eli.stern", true),
        record("lead", "L-2", "AMER", "ana.ruiz", true),
        record("lead", "L-3", "EMEA", "eli.stern", true),
        record("lead", "L-4", "EMEA", "eli.stern", false),
        record("account", "A-1", "EMEA", "ana.ruiz", true),
    ];
    records.extend((0..more_leads).map(|number| record("lead", &format!("M-{number:06}"), "AMER", "eli.stern", true)));
    records
}

fn changes_told(changes: &Changes) -> String {
    let mut told = String::new();
    for FileChange { path, before, after } in &changes.files {
        let (old, new) = (before.as_deref().unwrap_or_default(), after.as_deref().unwrap_or_default());
        let name = |text: &Option<Arc<str>>, word: &str| text.as_ref().map_or("nothing".to_owned(), |_| format!("{word}/{path}"));
        let diff = similar::TextDiff::from_lines(old, new);
        let page = diff.unified_diff().context_radius(1).header(&name(before, "before"), &name(after, "after")).to_string();
        told.push_str(&page);
    }
    for row in &changes.rows {
        told.push_str(&format!("row: {}\n", row_told(row)));
    }
    told
}

fn row_told(row: &RowChange) -> String {
    match row {
        RowChange::Publish { sequence, version, .. } => {
            format!("publish {sequence} {} {:?}", version.number, version.message.as_deref().unwrap_or_default())
        }
        RowChange::Serve { sequence, state } => format!("serve {sequence} {state}"),
        RowChange::Delete { sequence } => format!("delete {sequence}"),
        RowChange::Rename { from, to } => format!("rename {from} {to}"),
        RowChange::Purge { sequence } => format!("purge {sequence}"),
        RowChange::EndAll { sequence, reason } => format!("end all of {sequence}: {reason}"),
        RowChange::Connect(connection) => {
            format!("connect {} to {} {}", connection.record, connection.sequence, connection.version)
        }
        RowChange::End { record, sequence, reason } => format!("end {record} in {sequence}: {reason}"),
        RowChange::ResumeEnded { sequence, operation, count, .. } => format!("resume {count} of {operation} in {sequence}"),
        RowChange::EndRunning { sequence, operation, count, .. } => format!("end {count} of {operation} in {sequence}"),
        RowChange::Undelete { sequence } => format!("undelete {sequence}"),
        RowChange::Undo { operation } => format!("undo {operation}"),
        RowChange::Note { sequence, verb, detail } => format!("{verb} {sequence} {detail}").trim_end().to_owned(),
    }
}

/// A workspace of many sequences, as `inbound-lead` is, and many leads.
fn large(script: &str, sequences: usize, leads: usize) -> World {
    let mut world = World::of_case("large", script);
    let text = world.files["sequences/lead/inbound-lead.yaml"].clone();
    for number in 0..sequences {
        world
            .files
            .insert(format!("sequences/many/many-{number:04}.yaml"), text.replace("Inbound lead", &format!("Many {number}")));
    }
    world.more_leads = leads;
    world
}

#[test]
fn two_thousand_sequences_are_gone_through() {
    let script = "let count = 0; for s in sequences() { for step in s.steps { if step.type == \"wait\" { count += 1; } } }\n\
        print(`${sequences().len} ${count} ${sequences().filter(|s| s.name.starts_with(\"Many\")).len}`);\n";
    assert_eq!(large(script, 2_000, 0).told(), "2003 2001 2000\n");
}

#[test]
fn records_by_the_thousand_are_read_by_the_page() {
    let script = "let count = 0; for lead in records(\"lead\") { count += 1; }\n\
        print(`${count} ${records(\"lead\").len} ${records(\"lead\").filter(|r| r.region == \"AMER\").len}`);\n\
        print(records(\"lead\", \"ana.ruiz\").map(|r| r.id));\n";
    assert_eq!(large(script, 0, 30_000).told(), "30004 30004 30001\n[\"L-2\"]\n");
}
