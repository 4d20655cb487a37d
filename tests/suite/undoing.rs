//! Undo of the last operation, whatever it was: files, states and running connections are as they were before, or what is not
//! was said. Undone once more, everything is as the operation had left it.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use proptest::prelude::*;
use segue::diagnostic::Code;
use segue::operation::{self, Changes, Copy, Decision, Facts, Failure, Ground, JournalEntry, NoRules, Staging, perform};
use segue::outside::store::{Bulk, Modes, Store};
use segue::record::{Record, RecordKey, RecordUpdate};
use segue::sequence::{SequenceId, State};
use segue::text::{FilePath, Source};
use segue::time::Instant;
use segue::workspace::{Content, Workspace};

use crate::properties::cases;
use crate::store::series::agree;

const IDS: [&str; 3] = ["cold", "inbound", "spring"];
const RECORDS: [&str; 3] = ["1", "2", "3"];

const TEXT: &str = "\
# what we do first
name: NAME
record_type: lead
owner: ana.ruiz

steps:
  - id: intro
    type: email
    name: Write to them   # at once
";

/// Something that is asked for.
#[derive(Clone, Debug)]
enum Request {
    New(usize),
    Clone(usize, usize),
    Rename(usize, u8),
    Tag(usize, u8),
    Untag(usize, u8),
    Activate(usize),
    Deactivate(usize),
    Revise(usize),
    Move(usize, usize),
    Assign(usize, u8),
    Discard(usize),
    Delete(usize),
    Connect(usize, usize),
    Disconnect(usize, usize),
}

fn request() -> impl Strategy<Value = Request> {
    let id = || 0..IDS.len();
    let record = || 0..RECORDS.len();
    prop_oneof![
        2 => id().prop_map(Request::New),
        1 => (id(), id()).prop_map(|(from, to)| Request::Clone(from, to)),
        3 => (id(), 0..4u8).prop_map(|(id, name)| Request::Rename(id, name)),
        1 => (id(), 0..3u8).prop_map(|(id, tag)| Request::Tag(id, tag)),
        1 => (id(), 0..3u8).prop_map(|(id, tag)| Request::Untag(id, tag)),
        4 => id().prop_map(Request::Activate),
        2 => id().prop_map(Request::Deactivate),
        1 => id().prop_map(Request::Delete),
        3 => id().prop_map(Request::Revise),
        2 => (id(), id()).prop_map(|(from, to)| Request::Move(from, to)),
        1 => (id(), 0..3u8).prop_map(|(id, owner)| Request::Assign(id, owner)),
        1 => id().prop_map(Request::Discard),
        6 => (record(), id()).prop_map(|(record, id)| Request::Connect(record, id)),
        2 => (record(), id()).prop_map(|(record, id)| Request::Disconnect(record, id)),
    ]
}

/// What an undo has to bring back.
#[derive(Clone, Debug, PartialEq)]
struct Sight {
    files: BTreeMap<FilePath, String>,
    states: BTreeMap<&'static str, Option<State>>,
    /// Record, sequence, version, run and step of all that run.
    running: Vec<(String, String, u32, u32, String)>,
}

struct World {
    _folder: tempfile::TempDir,
    store: Store,
    files: BTreeMap<FilePath, String>,
    second: i64,
}

fn id(number: usize) -> SequenceId {
    SequenceId::parse(IDS[number]).unwrap()
}

fn lead(number: usize) -> RecordKey {
    RecordKey { record_type: "lead".to_owned(), id: RECORDS[number].to_owned() }
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::create(&segue::outside::store::usual_place(folder.path())).unwrap();
        let leads = (0..RECORDS.len()).map(|number| {
            let record = Record { key: lead(number), name: None, owner: None, is_open: true, fields: BTreeMap::new() };
            RecordUpdate::from(record)
        });
        store.import(&mut Bulk::new(entry("records import", 0)), leads).unwrap();
        let file = |id: &str| (FilePath::new(format!("sequences/{id}.yaml")), TEXT.replace("NAME", id));
        Self { _folder: folder, store, files: IDS[..2].iter().map(|id| file(id)).collect(), second: 1 }
    }

    fn staging(&self) -> Staging {
        let mut workspace = Workspace::new();
        workspace
            .update(self.files.iter().map(|(path, text)| (path.clone(), Content::Bytes(text.clone().into_bytes()))).collect());
        Staging::new(workspace.into_base(), at(self.second))
    }

    fn sight(&self) -> Sight {
        let state = |id: &&'static str| {
            let published = self.store.published(&SequenceId::parse(id).unwrap()).unwrap();
            (*id, published.map(|published| published.state))
        };
        let mut running = Vec::new();
        for number in 0..RECORDS.len() {
            running.extend(
                self.store
                    .running(&lead(number))
                    .unwrap()
                    .into_iter()
                    .map(|way| (way.record.id, way.sequence.to_string(), way.version, way.run, way.step)),
            );
        }
        Sight { files: self.files.clone(), states: IDS.iter().map(state).collect(), running }
    }

    /// Commits as the program does, with files that are a map.
    fn commit(&mut self, what: &str, changes: &Changes) -> i64 {
        let operation = self.store.decide(&entry(what, self.second), changes, &Modes::new()).unwrap();
        let paths: Vec<FilePath> = changes.files.iter().map(|file| file.path.clone()).collect();
        self.store.settle(operation, &paths).unwrap();
        for file in &changes.files {
            assert_eq!(self.files.get(&file.path).map(String::as_str), file.before.as_deref(), "{}", file.path);
            match &file.after {
                Some(after) => drop(self.files.insert(file.path.clone(), after.to_string())),
                None => drop(self.files.remove(&file.path)),
            }
        }
        self.second += 10;
        operation
    }

    /// Asks for all of it as one operation; what is refused is left out. `None` where nothing is left.
    fn run(&mut self, requests: &[Request]) -> Option<i64> {
        let staging = RefCell::new(self.staging());
        for request in requests {
            drop(perform(&staging, &self.store, &NoRules, "ana.ruiz", &[], |ground| decide(ground, request)));
        }
        let changes = staging.into_inner().changes();
        if changes.is_empty() { None } else { Some(self.commit(&format!("{requests:?}"), &changes)) }
    }

    /// Undoes an operation. What was said to stay as it is; `None` where there was nothing to undo.
    fn undo(&mut self, operation: i64) -> Option<(i64, Vec<String>)> {
        let happened = self.store.happened(operation).unwrap().unwrap();
        let staging = RefCell::new(self.staging());
        let decided = {
            let borrowed = staging.borrow();
            operation::undo(&Ground { staging: &borrowed, facts: &self.store, actor: "ana.ruiz" }, &happened)
        };
        let undoing = match decided {
            Ok(undoing) => undoing,
            Err(Failure::Refused(refusal)) if matches!(refusal.code, Code::NothingToUndo | Code::NotUndoable) => return None,
            Err(failure) => panic!("operation {operation} is the last, and is not undone: {failure:?}\n{happened:#?}"),
        };
        staging.borrow_mut().accept(undoing.decision.clone());
        let changes = staging.into_inner().changes();
        Some((self.commit(&format!("undo {operation}"), &changes), undoing.decision.losses))
    }
}

fn at(second: i64) -> Instant {
    Instant::from_second(1_800_000_000 + second).unwrap()
}

fn entry(what: &str, second: i64) -> JournalEntry {
    JournalEntry { what: what.to_owned(), actor: "ana.ruiz".to_owned(), at: at(second), message: None }
}

fn decide(ground: &Ground<'_>, request: &Request) -> Result<Decision, Failure> {
    match request {
        Request::New(number) => {
            let blank = operation::Blank { id: IDS[*number].to_owned(), ..operation::Blank::default() };
            operation::new(ground, &blank)
        }
        Request::Clone(from, to) => operation::clone(ground, &id(*from), &Copy { id: IDS[*to].to_owned(), ..Copy::default() }),
        Request::Rename(number, name) => {
            let source = ground.staging.get(&id(*number))?.source.clone();
            let renamed = |line: &str| match line.strip_prefix("name: ") {
                Some(_) => format!("name: Called {name}\n"),
                None => format!("{line}\n"),
            };
            let text: String = source.text().lines().map(renamed).collect();
            operation::edit(ground, &id(*number), Source::new(source.path().clone(), text))
        }
        Request::Tag(number, tag) => operation::tag(ground, &id(*number), &[format!("tag-{tag}")]),
        Request::Untag(number, tag) => operation::untag(ground, &id(*number), &[format!("tag-{tag}")]),
        Request::Activate(number) => operation::activate(ground, &[id(*number)], Some("because")),
        Request::Deactivate(number) => operation::deactivate(ground, &id(*number)),
        Request::Move(from, to) => operation::rename(ground, &id(*from), IDS[*to]),
        Request::Assign(number, owner) => operation::assign(ground, &id(*number), &format!("owner-{owner}")),
        Request::Revise(number) => operation::revise(ground, &id(*number)),
        Request::Discard(number) => operation::discard(ground, &id(*number)),
        Request::Delete(number) => operation::delete(ground, &id(*number)),
        Request::Connect(record, number) => operation::connect(ground, &id(*number), &lead(*record)),
        Request::Disconnect(record, number) => operation::disconnect(ground, &id(*number), &lead(*record)),
    }
}

/// Whether everything is as it was, or the rest was said: a version that stays published leaves its sequence known, and what
/// went live with another text comes back as a draft.
fn compare(before: &Sight, after: &Sight, said: &[String]) {
    let publishes = |id: &str| said.iter().any(|loss| loss.contains(&format!("of `{id}` stays published")));
    for id in IDS {
        let path = FilePath::new(format!("sequences/{id}.yaml"));
        let (text_before, text_after) = (before.files.get(&path), after.files.get(&path));
        match (before.states[id], after.states[id]) {
            (before, after) if before == after => assert_eq!(text_before, text_after, "{id}"),
            (None, Some(State::Inactive)) if publishes(id) => assert_eq!(text_before, text_after, "{id}"),
            (Some(State::Active), Some(State::Revision)) if publishes(id) => {
                let as_draft = text_before.map(|text| text.replace("state: active", "state: revision"));
                assert_eq!(as_draft.as_ref(), text_after, "{id}");
            }
            (before, after) => panic!("`{id}` was {before:?} and is {after:?}; said: {said:?}"),
        }
    }
    // Of two ways of a record the newest alone can run: who was connected anew does not go on before.
    let is_said =
        |sequence: &str| said.iter().any(|loss| loss.contains(&format!("`{sequence}`")) && loss.contains("connected anew"));
    let left: Vec<_> = before.running.iter().filter(|way| after.running.contains(way) || !is_said(&way.1)).cloned().collect();
    assert_eq!(left, after.running, "{said:?}");
}

#[test]
fn the_last_operation_can_be_undone_and_done_again() {
    let (undone, again, nothing) = (Cell::new(0), Cell::new(0), Cell::new(0));
    let operation = prop::collection::vec(request(), 1..4);
    proptest!(cases(16), |(operations in prop::collection::vec(operation, 4..14))| {
        let mut world = World::new();
        let start = [Request::Activate(0), Request::Connect(0, 0), Request::Connect(1, 0)];
        for requests in std::iter::once(start.to_vec()).chain(operations) {
            let before = world.sight();
            let Some(operation) = world.run(&requests) else { continue };
            let after = world.sight();
            let Some((undo, said)) = world.undo(operation) else {
                let renames = requests.iter().any(|request| matches!(request, Request::Move(..)));
                assert!(renames || before == after, "there was nothing to undo of {requests:?}");
                nothing.set(nothing.get() + 1);
                continue;
            };
            let back = world.sight();
            compare(&before, &back, &said);
            undone.set(undone.get() + 1);
            if let Some((_, said)) = world.undo(undo) {
                compare(&after, &world.sight(), &said);
                again.set(again.get() + 1);
            }
        }
        agree(world.store.path());
    });
    let counts = (undone.get(), again.get(), nothing.get());
    assert!(counts.0 > 50 && counts.1 > 50, "the series try little: {counts:?}");
}
