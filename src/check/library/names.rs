//! Names of one kind: who declares each, who had it before, who refers to it.
//! In come files and what they name; out comes which names mean something else than when this was last asked.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use foldhash::HashSet;
use foldhash::fast::RandomState;
use hashbrown::HashMap;
use hashbrown::hash_map::EntryRef;

use crate::text::{FilePath, Vocabulary};

use super::summaries::FileNumber;

/// All names of one kind. A name that nobody declares and nobody refers to any more is forgotten.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// The entry of each name.
    numbers: HashMap<Arc<str>, EntryNumber, RandomState>,
    /// Each at its number.
    entries: Vec<Entry>,
    /// Numbers whose names were forgotten, for others.
    free: Vec<EntryNumber>,
    /// Entries that changed since they were last settled, each once.
    touched: Vec<EntryNumber>,
    /// How many names are declared.
    declared: usize,
    /// The declared names, for *did you mean*: gathered when somebody first asks, and kept from then on.
    known: OnceLock<Vocabulary>,
    /// Names that are referred to and that nobody declares.
    asked: Vocabulary,
}

/// Which entry among all.
type EntryNumber = u32;

#[derive(Debug)]
struct Entry {
    name: Arc<str>,
    declared_by: Files,
    formerly_of: Files,
    referred_by: HashSet<FileNumber>,
    is_touched: bool,
    /// The first that declared it when it was last settled.
    settled: Option<FilePath>,
    /// The last that had it before when it was last settled.
    settled_former: Option<FilePath>,
    /// The declared name that was probably meant, once somebody asked: many files may name what is gone.
    near: OnceLock<Option<Arc<str>>>,
}

/// What a file does with a name.
#[derive(Clone, Copy, Debug)]
pub(super) enum Tie<'f> {
    /// It declares it.
    Declares(&'f FilePath),
    /// What it declares was called so before.
    WasCalled(&'f FilePath),
    /// It refers to it.
    RefersTo(FileNumber),
}

/// What became of names since they were last settled.
#[derive(Debug, Default)]
pub(super) struct Turns {
    /// Names that other files than before declare first, or that name somebody else's past.
    pub turned: Vec<Turn>,
    /// Names that nobody declares, and for which another word may be near now.
    pub other_suggestion: HashSet<Arc<str>>,
    /// Whether there is a declared name where there was none, or the other way round.
    pub first_or_last: bool,
}

/// A name that means something else than before.
#[derive(Debug)]
pub(super) struct Turn {
    pub name: Arc<str>,
    /// Whether another file declares it first.
    pub other_first: bool,
}

impl Names {
    /// Notes that a file has something to do with a name.
    pub(super) fn tie(&mut self, name: &str, tie: Tie<'_>) {
        let entry = self.touch(name);
        match tie {
            Tie::Declares(file) => entry.declared_by.insert(file.clone()),
            Tie::WasCalled(file) => entry.formerly_of.insert(file.clone()),
            Tie::RefersTo(file) => drop(entry.referred_by.insert(file)),
        }
    }

    /// Notes that a file has nothing of that kind to do with a name any more.
    pub(super) fn untie(&mut self, name: &str, tie: Tie<'_>) {
        let entry = self.touch(name);
        match tie {
            Tie::Declares(file) => entry.declared_by.remove(file),
            Tie::WasCalled(file) => entry.formerly_of.remove(file),
            Tie::RefersTo(file) => drop(entry.referred_by.remove(&file)),
        }
    }

    fn touch(&mut self, name: &str) -> &mut Entry {
        let number = match self.numbers.entry_ref(name) {
            EntryRef::Occupied(found) => *found.get(),
            EntryRef::Vacant(missing) => {
                let name: Arc<str> = Arc::from(name);
                let number = put(&mut self.entries, &mut self.free, Entry::of(Arc::clone(&name)));
                missing.insert_entry_with_key(name, number);
                number
            }
        };
        let entry = &mut self.entries[number as usize];
        if !entry.is_touched {
            entry.is_touched = true;
            self.touched.push(number);
        }
        entry
    }

    /// Compares what was touched with what it was, and counts it as settled from now on.
    pub(super) fn settle(&mut self) -> Turns {
        let mut turns = Turns::default();
        let (mut came, mut went) = (Vec::new(), Vec::new());
        let had_some = self.declared > 0;
        for number in std::mem::take(&mut self.touched) {
            let entry = &mut self.entries[number as usize];
            let name = Arc::clone(&entry.name);
            entry.is_touched = false;
            entry.near = OnceLock::new();
            let was_asked = entry.settled.is_none();
            let (first, former) = (entry.declared_by.first().cloned(), entry.formerly_of.last().cloned());
            match (&entry.settled, &first) {
                (None, Some(_)) => came.push(Arc::clone(&name)),
                (Some(_), None) => went.push(Arc::clone(&name)),
                (None, None) | (Some(_), Some(_)) => {}
            }
            if first.is_none() && !entry.referred_by.is_empty() {
                self.asked.insert(&name);
            } else if was_asked && !self.asked.is_empty() {
                self.asked.remove(&name);
            }
            let other_first = entry.settled != first;
            if other_first || entry.settled_former != former {
                turns.turned.push(Turn { name: Arc::clone(&name), other_first });
            }
            (entry.settled, entry.settled_former) = (first, former);
            if entry.is_empty() {
                self.numbers.remove(&name);
                self.free.push(number);
            }
        }
        self.declared = self.declared + came.len() - went.len();
        turns.first_or_last = had_some != (self.declared > 0);
        turns.other_suggestion = self.learn(&came, &went);
        for name in &turns.other_suggestion {
            if let Some(number) = self.numbers.get(name) {
                self.entries[*number as usize].near = OnceLock::new();
            }
        }
        turns
    }

    /// Follows the names that came and went, where anybody was ever told what is near. Returns for whom that may be another.
    fn learn(&mut self, came: &[Arc<str>], went: &[Arc<str>]) -> HashSet<Arc<str>> {
        let mut other = HashSet::default();
        let Some(known) = self.known.get_mut() else { return other };
        for name in went {
            other.extend(known.comparing(name, &self.asked).into_iter().cloned());
            known.remove(name);
        }
        for name in came {
            other.extend(known.comparing(name, &self.asked).into_iter().cloned());
            known.insert(name);
        }
        other
    }

    /// Whether any name is declared at all.
    pub(super) fn any(&self) -> bool {
        self.declared > 0
    }

    /// The first file by path that declares a name.
    pub(super) fn first(&self, name: &str) -> Option<&FilePath> {
        self.entry(name)?.declared_by.first()
    }

    /// The last file by path that had a name before.
    pub(super) fn former(&self, name: &str) -> Option<&FilePath> {
        self.entry(name)?.formerly_of.last()
    }

    /// Every file that declares a name, sorted.
    pub(super) fn declaring(&self, name: &str) -> impl Iterator<Item = &FilePath> {
        self.entry(name).into_iter().flat_map(|entry| entry.declared_by.iter())
    }

    /// Every file that had a name before, sorted.
    pub(super) fn formerly(&self, name: &str) -> impl Iterator<Item = &FilePath> {
        self.entry(name).into_iter().flat_map(|entry| entry.formerly_of.iter())
    }

    /// Every file that refers to a name.
    pub(super) fn referring(&self, name: &str) -> impl Iterator<Item = FileNumber> {
        self.entry(name).into_iter().flat_map(|entry| entry.referred_by.iter().copied())
    }

    /// Names that are referred to and that nobody declares.
    pub(super) fn asked(&self) -> impl Iterator<Item = &Arc<str>> {
        self.asked.words()
    }

    /// The declared name that was probably meant.
    pub(super) fn near(&self, name: &str) -> Option<&str> {
        match self.entry(name) {
            Some(entry) => entry.near.get_or_init(|| self.known().near(name).map(Arc::from)).as_deref(),
            None => self.known().near(name),
        }
    }

    fn known(&self) -> &Vocabulary {
        let declared = || self.entries.iter().filter(|entry| !entry.declared_by.is_empty()).map(|entry| Arc::clone(&entry.name));
        self.known.get_or_init(|| declared().collect())
    }

    fn entry(&self, name: &str) -> Option<&Entry> {
        self.numbers.get(name).map(|number| &self.entries[*number as usize])
    }
}

/// Puts an entry where there is room, and tells its number.
fn put(entries: &mut Vec<Entry>, free: &mut Vec<EntryNumber>, entry: Entry) -> EntryNumber {
    match free.pop() {
        Some(number) => {
            entries[number as usize] = entry;
            number
        }
        None => {
            entries.push(entry);
            EntryNumber::try_from(entries.len() - 1).expect("there is no memory for so many names")
        }
    }
}

/// Some files, sorted. Nearly always there is one.
#[derive(Debug)]
enum Files {
    One(FilePath),
    Some(BTreeSet<FilePath>),
}

impl Default for Files {
    fn default() -> Self {
        Files::Some(BTreeSet::new())
    }
}

impl Files {
    fn insert(&mut self, file: FilePath) {
        match self {
            Files::Some(files) if files.is_empty() => *self = Files::One(file),
            Files::Some(files) => drop(files.insert(file)),
            Files::One(one) if *one == file => {}
            Files::One(one) => *self = Files::Some(BTreeSet::from([one.clone(), file])),
        }
    }

    fn remove(&mut self, file: &FilePath) {
        match self {
            Files::One(one) if one == file => *self = Files::default(),
            Files::One(_) => {}
            Files::Some(files) => drop(files.remove(file)),
        }
    }

    fn iter(&self) -> impl DoubleEndedIterator<Item = &FilePath> {
        let (one, some) = match self {
            Files::One(one) => (Some(one), None),
            Files::Some(files) => (None, Some(files)),
        };
        one.into_iter().chain(some.into_iter().flatten())
    }

    fn first(&self) -> Option<&FilePath> {
        self.iter().next()
    }

    fn last(&self) -> Option<&FilePath> {
        self.iter().next_back()
    }

    fn is_empty(&self) -> bool {
        self.first().is_none()
    }
}

impl Entry {
    fn of(name: Arc<str>) -> Self {
        Self {
            name,
            declared_by: Files::default(),
            formerly_of: Files::default(),
            referred_by: HashSet::default(),
            is_touched: false,
            settled: None,
            settled_former: None,
            near: OnceLock::new(),
        }
    }

    fn is_empty(&self) -> bool {
        self.declared_by.is_empty() && self.formerly_of.is_empty() && self.referred_by.is_empty()
    }
}
