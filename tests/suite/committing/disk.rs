//! A disk in memory that counts its steps, can fail or die at any of them, lets a person save in between, and forgets at a
//! power failure what nobody waited for.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io;
use std::rc::Rc;

use segue::outside::disk::{Access, Disk, Found};
use segue::text::{Digest, FilePath};

/// What a step comes to: counted over disk and ledger together.
pub struct Clock {
    next: Cell<usize>,
    plans: RefCell<Vec<Plan>>,
    /// What each step was, for whoever reads a failure.
    pub steps: RefCell<Vec<String>>,
    dead: Cell<bool>,
}

/// What is to happen, and when.
#[derive(Default)]
pub enum Plan {
    #[default]
    Nothing,
    /// The process is gone before this step, and does nothing more.
    Die(usize),
    /// This one step fails.
    Fail(usize, io::ErrorKind),
    /// Something else happens before this step.
    Before(usize, Box<dyn FnOnce()>),
}

impl Clock {
    pub fn new() -> Rc<Self> {
        Rc::new(Self { next: Cell::new(0), plans: RefCell::default(), steps: RefCell::default(), dead: Cell::new(false) })
    }

    pub fn plan(&self, plan: Plan) {
        self.next.set(0);
        self.dead.set(false);
        self.steps.borrow_mut().clear();
        *self.plans.borrow_mut() = vec![plan];
    }

    /// Something more is to happen.
    pub fn also(&self, plan: Plan) {
        self.plans.borrow_mut().push(plan);
    }

    /// One step is about to be taken.
    pub fn step(&self, what: String) -> io::Result<()> {
        self.alive()?;
        let number = self.next.replace(self.next.get() + 1);
        self.steps.borrow_mut().push(what);
        for plan in self.plans.take() {
            match plan {
                Plan::Die(at) if at == number => self.dead.set(true),
                Plan::Fail(at, kind) if at == number => return Err(kind.into()),
                Plan::Before(at, act) if at == number => act(),
                other => self.plans.borrow_mut().push(other),
            }
        }
        self.alive()
    }

    pub fn alive(&self) -> io::Result<()> {
        if self.dead.get() { Err(io::Error::other("this process is dead")) } else { Ok(()) }
    }

    pub fn count(&self) -> usize {
        self.next.get()
    }
}

type Inode = usize;

#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    Folder(BTreeMap<String, Inode>),
    File { bytes: Vec<u8>, mode: u32 },
    Link,
}

/// What a power failure may take back.
#[derive(Clone, Debug)]
enum Change {
    /// Names in a folder that change together; `None` frees one.
    Names { folder: Inode, names: Vec<(String, Option<Inode>)> },
    /// The bytes of a file.
    Bytes { file: Inode },
}

/// What was there at some moment.
#[derive(Clone)]
pub struct State {
    nodes: Vec<Node>,
    /// The same, as far as somebody waited for it, and what came since.
    safe: Vec<Node>,
    since: Vec<Change>,
}

/// In which order a power failure forgets names that changed in a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// The latest first, as file systems with a journal do.
    Latest,
    /// Any of them, as nothing forbids.
    Any,
}

pub struct MemoryDisk {
    pub clock: Rc<Clock>,
    pub state: Rc<RefCell<State>>,
    /// Whether files can be exchanged in one step.
    pub exchanges: bool,
}

const ROOT: Inode = 0;

impl State {
    pub fn empty() -> Self {
        let nodes = vec![Node::Folder(BTreeMap::new())];
        Self { safe: nodes.clone(), nodes, since: Vec::new() }
    }

    pub fn settled(files: &[(&str, &str)]) -> Self {
        let mut state = Self::empty();
        for (path, text) in files {
            state.save(path, text);
        }
        state.safe = state.nodes.clone();
        state.since.clear();
        state
    }

    fn find(&self, path: &str) -> Result<Inode, Found> {
        let (mut at, mut way) = (ROOT, String::new());
        for part in path.split('/').filter(|part| !part.is_empty()) {
            let names = match &self.nodes[at] {
                Node::Folder(names) => names,
                Node::File { .. } => return Err(Found::Behind { blocked: FilePath::new(way), by: "a file" }),
                Node::Link => return Err(Found::Behind { blocked: FilePath::new(way), by: "a link" }),
            };
            at = *names.get(part).ok_or(Found::Nothing)?;
            way = if way.is_empty() { part.to_owned() } else { format!("{way}/{part}") };
        }
        Ok(at)
    }

    fn add(&mut self, node: Node) -> Inode {
        // Nothing of a new file is safe but that it is empty.
        self.safe.push(match &node {
            Node::Folder(_) => Node::Folder(BTreeMap::new()),
            Node::File { mode, .. } => Node::File { bytes: Vec::new(), mode: *mode },
            Node::Link => Node::Link,
        });
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    fn name(&mut self, folder: Inode, names: Vec<(String, Option<Inode>)>) {
        apply(&mut self.nodes, folder, &names);
        self.since.push(Change::Names { folder, names });
    }

    /// Somebody saves a file as most programs do: into the file that is there, or a new one, with the folders it needs.
    pub fn save(&mut self, path: &str, text: &str) {
        let (mut at, parts) = (ROOT, path.split('/').collect::<Vec<_>>());
        let (name, folders) = parts.split_last().unwrap();
        for folder in folders {
            let Node::Folder(names) = &self.nodes[at] else { return };
            at = match names.get(*folder) {
                Some(next) => *next,
                None => {
                    let made = self.add(Node::Folder(BTreeMap::new()));
                    self.name(at, vec![((*folder).to_owned(), Some(made))]);
                    made
                }
            };
        }
        let Node::Folder(names) = &self.nodes[at] else { return };
        match names.get(*name) {
            Some(file) => self.fill(*file, text),
            None => self.put(at, name, text),
        }
    }

    /// Somebody saves a file as careful editors do: a new one takes the name.
    pub fn replace(&mut self, path: &str, text: &str) {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        match self.find(folder) {
            Ok(folder) => self.put(folder, name, text),
            Err(_) => self.save(path, text),
        }
    }

    fn put(&mut self, folder: Inode, name: &str, text: &str) {
        let file = self.add(Node::File { bytes: text.into(), mode: 0o644 });
        self.since.push(Change::Bytes { file });
        self.name(folder, vec![(name.to_owned(), Some(file))]);
    }

    /// The file itself, as a program knows it that has it open.
    pub fn handle(&self, path: &str) -> Option<Inode> {
        self.find(path).ok()
    }

    /// Writes into an open file, whatever its name is by now.
    pub fn fill(&mut self, file: Inode, text: &str) {
        if let Node::File { bytes, .. } = &mut self.nodes[file] {
            *bytes = text.into();
            self.since.push(Change::Bytes { file });
        }
    }

    pub fn remove(&mut self, path: &str) {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        if let Ok(folder) = self.find(folder) {
            self.name(folder, vec![(name.to_owned(), None)]);
        }
    }

    pub fn put_other(&mut self, path: &str, node: Node) {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let (folder, made) = (self.find(folder).unwrap(), self.add(node));
        self.name(folder, vec![(name.to_owned(), Some(made))]);
    }

    /// All files with their texts, and all folders with nothing, by path.
    pub fn all(&self) -> BTreeMap<String, Option<String>> {
        fn walk(nodes: &[Node], at: Inode, way: &str, all: &mut BTreeMap<String, Option<String>>) {
            let Node::Folder(names) = &nodes[at] else { return };
            for (name, inode) in names {
                let path = format!("{way}{name}");
                match &nodes[*inode] {
                    Node::Folder(_) => {
                        walk(nodes, *inode, &format!("{path}/"), all);
                        all.insert(path, None);
                    }
                    Node::File { bytes, .. } => drop(all.insert(path, Some(String::from_utf8_lossy(bytes).into_owned()))),
                    Node::Link => drop(all.insert(path, Some("-> elsewhere".to_owned()))),
                }
            }
        }
        let mut all = BTreeMap::new();
        walk(&self.nodes, ROOT, "", &mut all);
        all
    }

    /// Every way in which a power failure may leave the disk now, or `most` of them.
    ///
    /// Of each folder, the names that changed since somebody waited for it are lost as `loss` has it; of each file, the bytes
    /// are there, half there, zeros, or not there.
    pub fn after_power_failure(&self, loss: Loss, most: usize) -> Vec<State> {
        const OF_BYTES: usize = 4;
        let mut places: Vec<(bool, Inode, usize)> = Vec::new(); // a folder or a file, and in how many ways it may be left
        for change in &self.since {
            let (folder, inode) = match change {
                Change::Names { folder, .. } => (true, *folder),
                Change::Bytes { file } => (false, *file),
            };
            match places.iter_mut().find(|(kind, known, _)| (*kind, *known) == (folder, inode)) {
                Some((true, _, ways)) => {
                    *ways = match loss {
                        Loss::Latest => *ways + 1,
                        Loss::Any => ways.saturating_mul(2),
                    }
                }
                Some((false, _, _)) => {}
                None => places.push((folder, inode, if folder { 2 } else { OF_BYTES })),
            }
        }
        let all = places.iter().fold(1_usize, |product, (_, _, ways)| product.saturating_mul(*ways));
        let stride = if all <= most { 1 } else { (all / most) | 1 };
        (0..all.min(most)).map(|index| self.left(loss, &places, (index * stride) % all)).collect()
    }

    fn left(&self, loss: Loss, places: &[(bool, Inode, usize)], mut index: usize) -> State {
        let mut nodes = self.safe.clone();
        for (folder, inode, ways) in places {
            let way = index % ways;
            index /= ways;
            if *folder {
                let changes = self.since.iter().filter_map(|change| match change {
                    Change::Names { folder, names } if folder == inode => Some(names),
                    Change::Names { .. } | Change::Bytes { .. } => None,
                });
                let is_kept = |number: usize| match loss {
                    Loss::Latest => number < way,
                    Loss::Any => way >> number & 1 == 1,
                };
                let kept = changes.enumerate().filter(|(number, _)| is_kept(*number));
                kept.for_each(|(_, names)| apply(&mut nodes, *inode, names));
            } else if let (Node::File { bytes, .. }, Node::File { bytes: written, .. }) =
                (&mut nodes[*inode], &self.nodes[*inode])
            {
                match way {
                    0 => {}
                    1 => *bytes = written[..written.len() / 2].to_vec(),
                    2 => *bytes = vec![0; written.len()],
                    _ => bytes.clone_from(written),
                }
            }
        }
        State { safe: nodes.clone(), nodes, since: Vec::new() }
    }
}

fn apply(nodes: &mut [Node], folder: Inode, names: &[(String, Option<Inode>)]) {
    let Node::Folder(entries) = &mut nodes[folder] else { panic!("names lie in folders") };
    for (name, inode) in names {
        match inode {
            Some(inode) => entries.insert(name.clone(), *inode),
            None => entries.remove(name),
        };
    }
}

impl MemoryDisk {
    pub fn new(state: State) -> Self {
        Self { clock: Clock::new(), state: Rc::new(RefCell::new(state)), exchanges: true }
    }

    fn step(&self, what: &str, name: &FilePath) -> io::Result<()> {
        self.clock.step(format!("{what} {name}"))
    }

    fn parent(&self, name: &FilePath) -> io::Result<Inode> {
        let state = self.state.borrow();
        match state.find(name.folder()) {
            Ok(folder) if matches!(state.nodes[folder], Node::Folder(_)) => Ok(folder),
            Ok(_) | Err(Found::Behind { .. }) => Err(io::ErrorKind::NotADirectory.into()),
            Err(_) => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn inode(&self, name: &FilePath) -> io::Result<Inode> {
        self.state.borrow().find(name.as_str()).map_err(|_| io::ErrorKind::NotFound.into())
    }
}

impl Disk for MemoryDisk {
    fn look(&self, name: &FilePath) -> io::Result<Found> {
        self.clock.alive()?;
        let state = self.state.borrow();
        Ok(match state.find(name.as_str()) {
            Err(found) => found,
            Ok(inode) => match &state.nodes[inode] {
                Node::Folder(_) => Found::Folder,
                Node::File { bytes, mode } => Found::File { digest: Digest::of(bytes), mode: Some(*mode) },
                Node::Link => Found::Link,
            },
        })
    }

    fn bytes(&self, name: &FilePath) -> io::Result<Vec<u8>> {
        self.clock.alive()?;
        let inode = self.inode(name)?;
        match &self.state.borrow().nodes[inode] {
            Node::File { bytes, .. } => Ok(bytes.clone()),
            Node::Folder(_) | Node::Link => Err(io::ErrorKind::IsADirectory.into()),
        }
    }

    fn names(&self, folder: &FilePath) -> io::Result<Vec<String>> {
        self.clock.alive()?;
        let state = self.state.borrow();
        Ok(match state.find(folder.as_str()).map(|inode| &state.nodes[inode]) {
            Ok(Node::Folder(names)) => names.keys().cloned().collect(),
            Ok(Node::File { .. } | Node::Link) | Err(_) => Vec::new(),
        })
    }

    fn make_folder(&self, folder: &FilePath) -> io::Result<()> {
        self.step("make the folder", folder)?;
        let parent = self.parent(folder)?;
        match self.look(folder)? {
            Found::Folder => Ok(()),
            Found::Nothing => {
                let mut state = self.state.borrow_mut();
                let made = state.add(Node::Folder(BTreeMap::new()));
                state.name(parent, vec![(folder.file_name().to_owned(), Some(made))]);
                Ok(())
            }
            _ => Err(io::ErrorKind::NotADirectory.into()),
        }
    }

    fn create(&self, name: &FilePath, access: Access) -> io::Result<()> {
        self.step("create", name)?;
        let parent = self.parent(name)?;
        if self.look(name)? != Found::Nothing {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let mode = match access {
            Access::Usual => 0o644,
            Access::Private => 0o600,
        };
        let mut state = self.state.borrow_mut();
        let file = state.add(Node::File { bytes: Vec::new(), mode });
        state.name(parent, vec![(name.file_name().to_owned(), Some(file))]);
        Ok(())
    }

    fn write(&self, name: &FilePath, bytes: &[u8]) -> io::Result<()> {
        let file = self.inode(name)?;
        let text = std::str::from_utf8(bytes).unwrap();
        // A write that fails or is cut short leaves some of it.
        if let Err(error) = self.step("write", name) {
            self.state.borrow_mut().fill(file, &text[..text.len() / 2]);
            return Err(error);
        }
        self.state.borrow_mut().fill(file, text);
        Ok(())
    }

    fn permit(&self, name: &FilePath, mode: u32) -> io::Result<()> {
        self.step("permit", name)?;
        let file = self.inode(name)?;
        let mut state = self.state.borrow_mut();
        let State { nodes, safe, .. } = &mut *state;
        for node in [&mut nodes[file], &mut safe[file]] {
            if let Node::File { mode: old, .. } = node {
                *old = mode;
            }
        }
        Ok(())
    }

    fn sync_file(&self, name: &FilePath) -> io::Result<()> {
        self.step("sync", name)?;
        let synced = self.inode(name)?;
        let mut state = self.state.borrow_mut();
        state.safe[synced] = state.nodes[synced].clone();
        state.since.retain(|change| !matches!(change, Change::Bytes { file } if *file == synced));
        Ok(())
    }

    fn sync_folder(&self, folder: &FilePath) -> io::Result<()> {
        self.step("sync the folder", folder)?;
        let synced = self.inode(folder)?;
        let mut state = self.state.borrow_mut();
        state.safe[synced] = state.nodes[synced].clone();
        state.since.retain(|change| !matches!(change, Change::Names { folder, .. } if *folder == synced));
        Ok(())
    }

    fn exchange(&self, one: &FilePath, other: &FilePath) -> io::Result<()> {
        if !self.exchanges {
            return Err(io::ErrorKind::Unsupported.into());
        }
        self.clock.step(format!("exchange {one} and {other}"))?;
        assert_eq!(one.folder(), other.folder(), "exchanged within a folder");
        let (folder, first, second) = (self.parent(one)?, self.inode(one)?, self.inode(other)?);
        let names = vec![(one.file_name().to_owned(), Some(second)), (other.file_name().to_owned(), Some(first))];
        self.state.borrow_mut().name(folder, names);
        Ok(())
    }

    fn rename(&self, from: &FilePath, to: &FilePath) -> io::Result<()> {
        self.clock.step(format!("rename {from} to {to}"))?;
        let (inode, here, there) = (self.inode(from)?, self.parent(from)?, self.parent(to)?);
        if self.look(to)? != Found::Nothing {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let (gone, come) = ((from.file_name().to_owned(), None), (to.file_name().to_owned(), Some(inode)));
        let mut state = self.state.borrow_mut();
        if here == there {
            state.name(here, vec![gone, come]);
        } else {
            state.name(there, vec![come]);
            state.name(here, vec![gone]);
        }
        Ok(())
    }

    fn remove_file(&self, name: &FilePath) -> io::Result<()> {
        // What is not there is no step: nothing changes.
        self.inode(name)?;
        self.step("remove", name)?;
        let parent = self.parent(name)?;
        self.inode(name)?;
        self.state.borrow_mut().name(parent, vec![(name.file_name().to_owned(), None)]);
        Ok(())
    }

    fn remove_folder(&self, folder: &FilePath) -> io::Result<()> {
        self.step("remove the folder", folder)?;
        let parent = self.parent(folder)?;
        if !self.names(folder)?.is_empty() {
            return Err(io::ErrorKind::DirectoryNotEmpty.into());
        }
        self.state.borrow_mut().name(parent, vec![(folder.file_name().to_owned(), None)]);
        Ok(())
    }
}
