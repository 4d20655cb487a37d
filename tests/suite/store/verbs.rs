//! Any series of verbs on files and the real store: what happens is what the table says, and after each the table, the files
//! and the store tell of the same state.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proptest::prelude::*;
use segue::check::read_sequence;
use segue::diagnostic::Code;
use segue::lifecycle::{Effect, Verb, Verdict, judge};
use segue::operation::{self, Base, Blank, Copy, Decision, Facts, Failure, FileChange, Ground, Held, NoRules, Staging, perform};
use segue::outside::store::{Followed, Modes, Store};
use segue::sequence::{SequenceId, State};
use segue::settings::Settings;
use segue::text::{FilePath, Source};
use segue::workspace::{Content, FileKind, Workspace, kind_of};

use super::world::{Place, at, entry, id, import, lead};
use crate::properties::cases;

const RECORDS: [&str; 2] = ["1", "2"];

/// Something that is asked for.
#[derive(Clone, Copy, Debug)]
enum Asking {
    Verb {
        verb: Verb,
        slot: usize,
        record: usize,
    },
    /// What was published is written back into the file.
    Restore {
        slot: usize,
    },
}

/// What should be true of a sequence, as plainly as it can be said.
#[derive(Clone, Debug)]
struct Slot {
    id: String,
    is_there: bool,
    is_published: bool,
    state: State,
    /// The number of the newest version that was ever published under the id.
    number: u32,
    /// Whether the file says something else than that version.
    is_changed: bool,
    /// Whether it sends records to the other.
    advances: bool,
    running: BTreeSet<usize>,
}

/// Files, a store, and what should be true of both.
struct World {
    place: Place,
    store: Store,
    files: BTreeMap<FilePath, String>,
    slots: [Slot; 2],
    /// How much was asked for: what makes every edit another one.
    count: u32,
}

impl World {
    fn new() -> Self {
        let place = Place::new();
        let mut store = place.store();
        import(&mut store, &RECORDS);
        let text = |name: &str, last: &str| {
            format!(
                "# {name}\nname: {name}\nrecord_type: lead\nowner: ana\nsteps:\n  - {{id: call, type: task, name: Call}}\n{last}"
            )
        };
        let first = text("First", "  - {id: on, type: advance_to, sequence: second} # they go on\n");
        let files = BTreeMap::from([
            (FilePath::new("sequences/first.yaml"), first),
            (FilePath::new("sequences/lead/second.yaml"), text("Second", "")),
        ]);
        let slot = |id: &str, advances: bool| Slot {
            id: id.to_owned(),
            is_there: true,
            is_published: false,
            state: State::Inactive,
            number: 0,
            is_changed: true,
            advances,
            running: BTreeSet::new(),
        };
        Self { place, store, files, slots: [slot("first", true), slot("second", false)], count: 0 }
    }

    fn base(&self) -> Base {
        let settings = Arc::new(Settings::default());
        let mut base = Base { settings: Arc::clone(&settings), ..Base::default() };
        for (path, text) in &self.files {
            let FileKind::Sequence(id) = kind_of(path) else { panic!("{path} is no sequence") };
            let source = Source::new(path.clone(), text.clone());
            let (_, summary) = read_sequence(&source, id, &settings);
            base.sequences.insert(path.clone(), Held { source, summary: Arc::new(summary) });
        }
        base
    }

    /// The file of a sequence.
    fn file(&self, id: &str) -> Option<(&FilePath, &String)> {
        self.files.iter().find(|(path, _)| path.file_name() == format!("{id}.yaml"))
    }

    /// Asks the core, and writes what it decides.
    fn ask(
        &mut self,
        verb: Verb,
        id: &SequenceId,
        decide: impl FnOnce(&Ground<'_>) -> Result<Decision, Failure>,
    ) -> Result<(), Code> {
        let staging = RefCell::new(Staging::new(self.base(), at(i64::from(self.count))));
        match perform(&staging, &self.store, &NoRules, "ana", &[(verb, id)], decide) {
            Ok(_) => {}
            Err(Failure::Refused(refusal)) => {
                assert!(staging.borrow().changes().is_empty(), "what is refused changes nothing");
                return Err(refusal.code);
            }
            Err(failure) => panic!("{verb} {id}: {failure:?}"),
        }
        let changes = staging.borrow().changes();
        let operation = self.store.decide(&entry(verb.word()), &changes, &Modes::new()).unwrap();
        let paths: Vec<FilePath> = changes.files.iter().map(|file| file.path.clone()).collect();
        self.store.settle(operation, &paths).unwrap();
        for FileChange { path, after, .. } in changes.files {
            match after {
                Some(text) => drop(self.files.insert(path, text.to_string())),
                None => drop(self.files.remove(&path)),
            }
        }
        Ok(())
    }

    /// The text of a file with another line under a key.
    fn with_line(&self, id: &str, key: &str, value: &str) -> Option<Source> {
        let (path, text) = self.file(id)?;
        let lines = text.lines().map(|line| match line.starts_with(&format!("{key}: ")) {
            true => format!("{key}: {value}\n"),
            false => format!("{line}\n"),
        });
        Some(Source::new(path.clone(), lines.collect::<String>()))
    }

    fn verb(&mut self, verb: Verb, slot: usize, record: usize) -> Result<(), Code> {
        let name = self.slots[slot].id.clone();
        let own = id(&name);
        let other = format!("{}-{}", ["first", "second"][slot], self.count);
        let key = lead(RECORDS[record]);
        let tag = ["label".to_owned()];
        let edited = |world: &World, key: &str, value: &str| world.with_line(&name, key, value);
        match verb {
            Verb::New => {
                let values = vec![("name".to_owned(), format!("Anew {}", self.count).into()), ("owner".to_owned(), "ana".into())];
                let blank = Blank { id: name.clone(), values, ..Blank::default() };
                self.ask(verb, &own, |ground| operation::new(ground, &blank))
            }
            Verb::Clone => {
                let copy = Copy { id: other.clone(), ..Copy::default() };
                let done = self.ask(verb, &own, |ground| operation::clone(ground, &own, &copy));
                // A copy is on its own from here, and out of the way.
                self.files.retain(|path, _| path.file_name() != format!("{other}.yaml"));
                done
            }
            Verb::Edit | Verb::ChangeRecordType => {
                let after = match verb {
                    Verb::Edit => edited(self, "name", &format!("Edited {}", self.count)),
                    _ => edited(self, "record_type", "contact"),
                };
                let after = after.unwrap_or_else(|| Source::new(FilePath::new("sequences/nothing.yaml"), String::new()));
                self.ask(verb, &own, |ground| operation::edit(ground, &own, after))
            }
            Verb::Assign => {
                let owner = format!("eva-{}", self.count);
                self.ask(verb, &own, |ground| operation::assign(ground, &own, &owner))
            }
            Verb::Tag => self.ask(verb, &own, |ground| operation::tag(ground, &own, &tag)),
            Verb::Untag => self.ask(verb, &own, |ground| operation::untag(ground, &own, &tag)),
            Verb::Rename => self.ask(verb, &own, |ground| operation::rename(ground, &own, &other)),
            Verb::Activate => self.ask(verb, &own, |ground| operation::activate(ground, std::slice::from_ref(&own), Some("why"))),
            Verb::Revise => self.ask(verb, &own, |ground| operation::revise(ground, &own)),
            Verb::Discard => self.ask(verb, &own, |ground| operation::discard(ground, &own)),
            Verb::Deactivate => self.ask(verb, &own, |ground| operation::deactivate(ground, &own)),
            Verb::Connect => self.ask(verb, &own, |ground| operation::connect(ground, &own, &key)),
            Verb::Disconnect => self.ask(verb, &own, |ground| operation::disconnect(ground, &own, &key)),
            Verb::Delete => self.ask(verb, &own, |ground| operation::delete(ground, &own)),
        }
    }

    /// What should come of it.
    fn expected(&self, asking: Asking) -> Result<Slot, Code> {
        let (verb, slot, record) = match asking {
            Asking::Verb { verb, slot, record } => (verb, slot, record),
            Asking::Restore { slot } => return self.expected_restored(slot),
        };
        let mut after = self.slots[slot].clone();
        if !after.is_there {
            if verb != Verb::New {
                return Err(Code::UnknownSequence);
            }
            (after.is_there, after.is_changed, after.advances) = (true, true, false);
            return Ok(after);
        }
        let effect = match judge(verb, after.state) {
            Verdict::Refused(bar) => return Err(bar.code),
            Verdict::Allowed { effect, .. } => effect,
        };
        // What else there is to know, beside the table.
        let other = &self.slots[1 - slot];
        match verb {
            Verb::Activate => {
                let leads_nowhere = after.advances && !(other.is_there && other.state != State::Inactive);
                if leads_nowhere {
                    return Err(Code::NotSound);
                }
                if after.state == State::Revision && !after.is_changed {
                    return Err(Code::NothingChanged);
                }
                after.number += u32::from(after.is_changed);
                (after.is_changed, after.is_published) = (false, true);
            }
            Verb::Edit => after.is_changed = true,
            Verb::Discard => after.is_changed = false,
            Verb::Rename => after.id = format!("{}-{}", ["first", "second"][slot], self.count),
            Verb::Connect if !after.running.insert(record) => return Err(Code::AlreadyConnected),
            Verb::Disconnect if !after.running.remove(&record) => return Err(Code::NotConnected),
            Verb::Deactivate => after.running.clear(),
            Verb::Delete => after.running.clear(),
            Verb::New
            | Verb::Clone
            | Verb::ChangeRecordType
            | Verb::Assign
            | Verb::Tag
            | Verb::Untag
            | Verb::Revise
            | Verb::Connect
            | Verb::Disconnect => {}
        }
        match effect {
            Effect::Becomes(state) => after.state = state,
            Effect::Gone => (after.is_there, after.is_published, after.state) = (false, false, State::Inactive),
            Effect::Stays | Effect::Copied => {}
        }
        Ok(after)
    }

    fn expected_restored(&self, slot: usize) -> Result<Slot, Code> {
        let mut after = self.slots[slot].clone();
        if after.number == 0 {
            return Err(if after.is_there { Code::UnknownVersion } else { Code::UnknownSequence });
        }
        // Of one that was deleted nothing is published, so that it is anew.
        after.is_changed = !after.is_published;
        after.is_there = true;
        after.advances = self.restored_advances(slot);
        Ok(after)
    }

    fn restored_advances(&self, slot: usize) -> bool {
        let version = self.store.version(&id(&self.slots[slot].id), self.slots[slot].number).unwrap();
        version.is_some_and(|version| version.text.contains("advance_to"))
    }

    fn step(&mut self, asking: Asking) {
        self.count += 1;
        let expected = self.expected(asking);
        let done = match asking {
            Asking::Verb { verb, slot, record } => self.verb(verb, slot, record),
            Asking::Restore { slot } => {
                let own = id(&self.slots[slot].id);
                self.ask(Verb::Edit, &own, |ground| operation::restore(ground, &own, None))
            }
        };
        let slot = match asking {
            Asking::Verb { slot, .. } | Asking::Restore { slot } => slot,
        };
        match (done, expected) {
            (Ok(()), Ok(after)) => self.slots[slot] = after,
            (Err(code), Err(expected)) => assert_eq!(code, expected, "{asking:?} of {:?}", self.slots),
            (done, expected) => panic!("{asking:?}: {done:?}, and the table: {expected:?}; {:?}", self.slots),
        }
        self.agree();
    }

    /// The table's state, the file's and the store's are one, and validation finds nothing between file and store.
    fn agree(&self) {
        for slot in &self.slots {
            let published = self.store.published(&id(&slot.id)).unwrap();
            let expected = slot.is_published.then_some((slot.state, slot.number));
            assert_eq!(published.map(|published| (published.state, published.number)), expected, "{slot:?}");
            let running: u64 = self.store.standings(&id(&slot.id)).unwrap().iter().map(|standing| standing.connections).sum();
            assert_eq!(running, slot.running.len() as u64, "{slot:?}");
            let written = self.file(&slot.id).map(|(_, text)| {
                let line = text.lines().find_map(|line| line.strip_prefix("state: "));
                line.map_or(State::Inactive, |word| State::from_word(word).unwrap())
            });
            assert_eq!(written, slot.is_there.then_some(slot.state), "{slot:?}");
        }
        let mut workspace = Workspace::new();
        workspace.follow(Box::new(Followed::new(self.place.path())));
        workspace.refresh().unwrap();
        workspace
            .update(self.files.iter().map(|(path, text)| (path.clone(), Content::Bytes(text.clone().into_bytes()))).collect());
        let apart: Vec<_> = workspace.findings().into_iter().filter(|finding| finding.code.is_of_publication()).collect();
        assert!(apart.is_empty(), "{apart:?}\n{:?}", self.files);
    }
}

fn asking() -> impl Strategy<Value = Asking> {
    let verb = |verbs: &'static [Verb]| {
        (prop::sample::select(verbs), 0..2usize, 0..RECORDS.len()).prop_map(|(verb, slot, record)| Asking::Verb {
            verb,
            slot,
            record,
        })
    };
    prop_oneof![
        6 => verb(Verb::ALL),
        4 => verb(&[Verb::Activate, Verb::Revise, Verb::Edit, Verb::Connect]),
        1 => verb(&[Verb::Rename, Verb::New]),
        1 => (0..2usize).prop_map(|slot| Asking::Restore { slot }),
    ]
}

#[test]
fn any_series_of_verbs_does_what_the_table_says() {
    let tried: RefCell<BTreeSet<(Verb, State)>> = RefCell::default();
    proptest!(cases(24), |(series in prop::collection::vec(asking(), 20..60))| {
        let mut world = World::new();
        // The second is active, so that the first may be.
        let start = Asking::Verb { verb: Verb::Activate, slot: 1, record: 0 };
        for asking in std::iter::once(start).chain(series) {
            if let Asking::Verb { verb, slot, .. } = asking
                && world.slots[slot].is_there
            {
                tried.borrow_mut().insert((verb, world.slots[slot].state));
            }
            world.step(asking);
        }
        super::series::agree(&world.place.path());
    });
    let all = Verb::ALL.iter().flat_map(|verb| State::ALL.iter().map(move |state| (*verb, *state)));
    let untried: Vec<(Verb, State)> = all.filter(|cell| !tried.borrow().contains(cell)).collect();
    assert_eq!(untried, [], "every verb is tried in every state");
}
