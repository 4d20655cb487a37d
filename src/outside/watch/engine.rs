//! The loop: wait, let things settle, look, tell.

use std::collections::{BTreeMap, BTreeSet};
use std::mem;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use crate::outside::disk::{self, Entry, Identity, Root, Trouble};
use crate::text::FilePath;
use crate::workspace::Content;

use super::ears::{self, Ears};
use super::folders::{Folders, below, lies_in};
use super::git;
use super::hints::{Hints, Shared, Wake};
use super::mirror::{self, Found, Known, Look};
use super::notice::Notice;
use super::settle::{self, Burst};

/// From so many files on, all cores look.
const MANY_FILES: usize = 32;

/// How often everything is looked at where events do not come.
const BRISK: Duration = Duration::from_secs(1);

/// How often a root that is gone is looked for.
const ROOT_GONE: Duration = Duration::from_millis(200);

/// So many brisk sweeps in a row without an unannounced change end the briskness.
const CALM: u32 = 30;

/// How to watch.
#[derive(Clone, Debug)]
pub struct WatchOptions {
    /// How often everything is looked at although no event came: what events missed is found then.
    pub sweep: Duration,
    /// Asks for no events and sweeps that often instead.
    pub poll: Option<Duration>,
    /// How many folders to watch by events at most; the rest is swept each second.
    pub most_folders: usize,
}

impl Default for WatchOptions {
    /// A sweep every ten seconds, events, no limit but the system's.
    fn default() -> Self {
        Self { sweep: Duration::from_secs(10), poll: None, most_folders: usize::MAX }
    }
}

/// What differs from what was told before.
#[derive(Debug)]
pub struct Batch {
    /// Files whose content differs, sorted, each with its content; files that are gone with [`Content::Gone`].
    pub changed: Vec<(FilePath, Content)>,
    /// Whether this is everything there is, as the first batch is.
    pub full: bool,
    /// All that cannot be looked at, where that differs from what was told before.
    pub troubles: Option<Vec<Trouble>>,
    /// What a person should know about the watching.
    pub notices: Vec<Notice>,
    /// When the first hint of all this came.
    pub heard: Instant,
}

/// How a wait for changes ended.
#[derive(Debug)]
pub enum Next {
    /// Something differs.
    Batch(Batch),
    /// The time is over.
    Quiet,
    /// Somebody called [`Stopper::stop`].
    Stopped,
}

/// Ends a watch from another thread. Cheap to clone.
#[derive(Clone)]
pub struct Stopper(Arc<Shared>);

impl Stopper {
    /// Makes the present wait and all later ones return [`Next::Stopped`].
    pub fn stop(&self) {
        self.0.stop();
    }
}

/// A watch over one workspace.
pub struct Watch {
    root: Root,
    options: WatchOptions,
    shared: Arc<Shared>,
    folders: Folders,
    /// What was told.
    mirror: BTreeMap<FilePath, Known>,
    /// What was seen and not told yet.
    held: BTreeMap<FilePath, Held>,
    troubles: BTreeSet<Trouble>,
    told_troubles: BTreeSet<Trouble>,
    notices: Vec<Notice>,
    burst: Burst,
    begun: bool,
    identity: Option<Identity>,
    swept: Instant,
    /// What a sweep found, until an event tells of it or the time for that is over.
    suspects: BTreeSet<FilePath>,
    /// Brisk sweeps still to come since the last unannounced change.
    brisk: u32,
    /// Whether the person knows that the system has no more watches for us.
    was_full: bool,
}

/// Something seen that was not told yet.
#[derive(Debug)]
struct Held {
    sight: Sight,
    since: Instant,
    /// Whether it was looked at once more after the time it was given.
    sure: bool,
}

#[derive(Debug)]
enum Sight {
    Missing,
    Found(Found),
}

impl Watch {
    /// Starts to watch. The system's events may be had or not: the watch works either way, and says so in its notices.
    pub fn start(root: &Root, options: WatchOptions) -> Self {
        let shared = Arc::new(Shared::new(root.path()));
        let (ears, trouble) = match options.poll {
            Some(_) => (Ears::deaf(), None),
            None => Ears::open(root.path(), &shared, options.most_folders),
        };
        Self {
            root: root.clone(),
            folders: Folders::new(root.clone(), ears, Arc::clone(&shared)),
            shared,
            options,
            mirror: BTreeMap::new(),
            held: BTreeMap::new(),
            troubles: BTreeSet::new(),
            told_troubles: BTreeSet::new(),
            notices: trouble.map(Notice::NoEvents).into_iter().collect(),
            burst: Burst::default(),
            begun: false,
            identity: disk::identity(root.path()),
            swept: Instant::now(),
            suspects: BTreeSet::new(),
            brisk: 0,
            was_full: false,
        }
    }

    /// A handle that ends this watch from another thread.
    pub fn stopper(&self) -> Stopper {
        Stopper(Arc::clone(&self.shared))
    }

    /// Notes that somebody here wrote these bytes to a file, so that they are not told as a change.
    pub fn expect(&mut self, file: &FilePath, bytes: &[u8]) {
        self.held.remove(file);
        self.mirror.insert(file.clone(), Known::of_bytes(bytes));
    }

    /// Waits until something differs from what was told, at most for `timeout`. The first call tells everything at once.
    pub fn next(&mut self, timeout: Option<Duration>) -> Next {
        if !self.begun {
            return Next::Batch(self.begin());
        }
        let until = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        loop {
            match self.shared.wait(self.alarm(until)) {
                Wake::Alarm => (),
                Wake::Stopped => return Next::Stopped,
                Wake::Hints => match self.settled(until) {
                    Ok(hints) => self.take_in(hints),
                    Err(next) => return next,
                },
            }
            self.look_once_more();
            if self.sweep_due().is_some_and(|due| Instant::now() >= due) && !self.shared.pending() {
                self.sweep();
            }
            if let Some(batch) = self.ready() {
                return Next::Batch(batch);
            }
            if until.is_some_and(|until| Instant::now() >= until) {
                return Next::Quiet;
            }
        }
    }

    /// Reads everything, then watches, then looks whether anything changed in between.
    ///
    /// Nothing is missed that way, and the system does not send us tens of thousands of events about our own reading.
    fn begin(&mut self) -> Batch {
        let heard = Instant::now();
        let files = disk::list(&self.root).files;
        let readings: Vec<_> = files.par_iter().map(|file| disk::read_signed(&self.root, file)).collect();
        let mut contents = BTreeMap::new();
        for (file, reading) in files.into_iter().zip(readings) {
            let Some(known) = Known::of(&reading) else { continue };
            self.mirror.insert(file.clone(), known);
            contents.insert(file, reading.content);
        }
        self.look_at([whole()].into());
        contents.extend(self.tell(|_| true));
        contents.retain(|_, content| *content != Content::Gone);
        self.begun = true;
        self.swept = Instant::now();
        let troubles = Some(self.tell_troubles());
        Batch { changed: contents.into_iter().collect(), full: true, troubles, notices: mem::take(&mut self.notices), heard }
    }

    /// When to look although nothing is heard.
    fn alarm(&self, until: Option<Instant>) -> Option<Instant> {
        let ripe = self.held.values().filter_map(Held::ripe).min();
        [ripe, self.suspects_due(), self.sweep_due(), until].into_iter().flatten().min()
    }

    /// Waits until what was heard has come to rest, then takes it; the other way to end where that is not to be.
    fn settled(&mut self, until: Option<Instant>) -> Result<Hints, Next> {
        self.burst.begin(self.shared.first_heard().unwrap_or_else(Instant::now));
        loop {
            if !self.shared.rest(|unrest| self.burst.due(unrest)) {
                return Err(Next::Stopped);
            }
            let now = Instant::now();
            if self.burst.is_over(settle::LOCK_CAP, now) || !git::is_at_work(self.root.path()) {
                return Ok(self.shared.take());
            }
            if until.is_some_and(|until| now >= until) {
                return Err(Next::Quiet);
            }
            std::thread::sleep(settle::LOCK_STEP);
        }
    }

    fn take_in(&mut self, hints: Hints) {
        let mut names = BTreeSet::new();
        if self.is_root_another() || hints.rescan {
            names.extend(self.folders.doubt(self.root.path()));
            names.insert(whole());
        }
        if hints.links {
            names.extend(self.folders.links(&whole()));
        }
        // Whatever happened may have mended a link.
        let unfollowed = self.troubles.iter().filter(|trouble| trouble.reason.is_of_a_link());
        names.extend(unfollowed.map(|trouble| trouble.path.clone()));
        // All doubts before the first look: a watch that is taken away under an old name must not be the new one's.
        for path in hints.touched.keys() {
            names.extend(self.folders.doubt(path));
            names.extend(self.folders.names_at(path));
        }
        self.suspects.retain(|suspect| !names.iter().any(|name| lies_in(suspect, name)));
        self.look_at(names);
    }

    /// Whether another folder is at the root's path than before, or none. Says so to the person where it is gone or back.
    fn is_root_another(&mut self) -> bool {
        let before = mem::replace(&mut self.identity, disk::identity(self.root.path()));
        match (before, self.identity) {
            (Some(_), None) => self.notices.push(Notice::RootGone),
            (None, Some(_)) => self.notices.push(Notice::RootBack),
            (Some(_), Some(_)) | (None, None) => (),
        }
        before != self.identity
    }

    /// Looks at everything, for what no event told of.
    fn sweep(&mut self) {
        let before: BTreeSet<FilePath> = self.held.keys().cloned().collect();
        let mut names = BTreeSet::from([whole()]);
        let is_root_another = self.is_root_another();
        if is_root_another {
            names.extend(self.folders.doubt(self.root.path()));
        }
        self.folders.ears.try_again();
        self.look_at(names);
        self.swept = Instant::now();
        self.brisk = self.brisk.saturating_sub(1);
        let found: BTreeSet<FilePath> = self.held.keys().filter(|file| !before.contains(file)).cloned().collect();
        if !found.is_empty() {
            self.burst.begin(self.swept);
        }
        if !is_root_another && !self.folders.ears.is_deaf() && !self.folders.ears.is_full() {
            self.suspects = found;
        }
    }

    /// When the next sweep is due.
    fn sweep_due(&self) -> Option<Instant> {
        let ears = &self.folders.ears;
        let often = match self.options.poll {
            Some(poll) => poll,
            None if ears.is_deaf() || ears.is_full() || self.brisk > 0 => self.options.sweep.min(BRISK),
            None => self.options.sweep,
        };
        let often = if self.identity.is_none() { often.min(ROOT_GONE) } else { often };
        self.swept.checked_add(often)
    }

    /// When no event can be on its way any more that tells of what a sweep found.
    fn suspects_due(&self) -> Option<Instant> {
        (!self.suspects.is_empty()).then(|| self.swept + settle::UNANNOUNCED)
    }

    /// Looks at names of the workspace and at all below those that are folders, or were.
    fn look_at(&mut self, names: BTreeSet<FilePath>) {
        let mut files = BTreeSet::new();
        let mut listed: Vec<FilePath> = Vec::new();
        for name in names {
            if listed.iter().any(|folder| lies_in(&name, folder)) {
                continue;
            }
            if self.look_at_name(&name, &mut files) {
                listed.push(name);
            }
        }
        self.look_at_files(files);
        self.say_whether_all_is_watched();
    }

    fn say_whether_all_is_watched(&mut self) {
        let is_full = self.folders.ears.is_full();
        if is_full != mem::replace(&mut self.was_full, is_full) {
            self.notices.push(if is_full { Notice::TooManyFolders { limit: ears::limit() } } else { Notice::AllFoldersWatched });
        }
    }

    /// Looks at what one name stands for, notes the files to look at, and tells whether it was listed as a folder.
    fn look_at_name(&mut self, name: &FilePath, files: &mut BTreeSet<FilePath>) -> bool {
        files.extend(below(&self.mirror, name).map(|(file, _)| file.clone()));
        files.extend(below(&self.held, name).map(|(file, _)| file.clone()));
        let (entry, link) = disk::probe(&self.root, name);
        match &link {
            Some(link) => self.folders.link(link),
            None => self.folders.unlink(name),
        }
        match entry {
            Entry::Folder => {
                self.list(name, files);
                return true;
            }
            Entry::File(_) => _ = files.insert(name.clone()),
            Entry::Gone | Entry::Trouble(_) => (),
        }
        for folder in self.folders.names(name) {
            self.folders.leave(&folder);
        }
        self.keep_links(name, &BTreeSet::new());
        self.troubles.retain(|trouble| !lies_in(&trouble.path, name));
        if let Entry::Trouble(reason) = entry {
            self.troubles.insert(Trouble { path: name.clone(), reason });
        }
        false
    }

    /// Lists a folder, watching each before it is listed.
    fn list(&mut self, name: &FilePath, files: &mut BTreeSet<FilePath>) {
        self.folders.verify(name);
        let folders = &mut self.folders;
        let listing = disk::list_folder(&self.root, name, &mut |folder| folders.enter(folder));
        let present: BTreeSet<&FilePath> = listing.folders.iter().map(|folder| &folder.name).collect();
        for folder in self.folders.names(name).iter().filter(|folder| !present.contains(folder)) {
            self.folders.leave(folder);
        }
        listing.links.iter().for_each(|link| self.folders.link(link));
        let links = listing.links.iter().map(|link| &link.name).collect();
        self.keep_links(name, &links);
        self.troubles.retain(|trouble| !lies_in(&trouble.path, name));
        self.troubles.extend(listing.troubles);
        files.extend(listing.files);
    }

    /// Forgets the links below a name but those to keep.
    fn keep_links(&mut self, name: &FilePath, keep: &BTreeSet<&FilePath>) {
        let links = self.folders.links(name);
        links.iter().filter(|link| *link != name && !keep.contains(link)).for_each(|link| self.folders.unlink(link));
    }

    fn look_at_files(&mut self, files: BTreeSet<FilePath>) {
        let files: Vec<FilePath> = files.into_iter().collect();
        let look = |file: &FilePath| mirror::look(&self.root, file, self.mirror.get(file));
        let looks: Vec<Look> = match files.len() {
            0..MANY_FILES => files.iter().map(look).collect(),
            _ => files.par_iter().map(look).collect(),
        };
        let now = Instant::now();
        for (file, look) in files.into_iter().zip(looks) {
            let before = self.held.remove(&file);
            match look {
                Look::Same => (),
                Look::Refreshed(known) => _ = self.mirror.insert(file, known),
                Look::Missing => _ = self.held.insert(file, Held::new(Sight::Missing, before, now)),
                Look::Found(found) => _ = self.held.insert(file, Held::new(Sight::Found(found), before, now)),
            }
        }
    }

    /// Looks again at what was given time and has had it.
    fn look_once_more(&mut self) {
        let now = Instant::now();
        let ripe = self.held.iter().filter(|(_, held)| held.ripe().is_some_and(|ripe| ripe <= now));
        let ripe: BTreeSet<FilePath> = ripe.map(|(file, _)| file.clone()).collect();
        if !ripe.is_empty() {
            self.look_at_files(ripe);
        }
    }

    /// The batch to tell now, if there is one and nothing speaks for waiting.
    fn ready(&mut self) -> Option<Batch> {
        let now = Instant::now();
        let is_news = !self.held.is_empty() || !self.notices.is_empty() || self.troubles != self.told_troubles;
        if !is_news {
            self.suspects.clear();
            if !self.shared.pending() {
                self.burst.fade();
            }
            return None;
        }
        if !self.burst.is_over(settle::CAP, now) && (self.shared.pending() || self.is_between_two_states(now)) {
            return None;
        }
        self.suspect_the_system(now);
        let changed: Vec<_> = self.tell(|held| held.ripe().is_none()).into_iter().collect();
        let troubles = (self.troubles != self.told_troubles).then(|| self.tell_troubles());
        if changed.is_empty() && troubles.is_none() && self.notices.is_empty() {
            return None;
        }
        let heard = self.burst.start().unwrap_or(now);
        self.burst.tell(now);
        Some(Batch { changed, full: false, troubles, notices: mem::take(&mut self.notices), heard })
    }

    /// Whether a file is missing that may come back, or a sweep found what an event may yet explain.
    fn is_between_two_states(&self, now: Instant) -> bool {
        let missing = self.held.values().any(|held| matches!(held.sight, Sight::Missing) && !held.sure);
        missing || self.suspects_due().is_some_and(|due| now < due)
    }

    /// Sweeps briskly from now on if a sweep found what no event told of.
    fn suspect_the_system(&mut self, now: Instant) {
        if self.suspects_due().is_some_and(|due| now >= due) {
            let file = mem::take(&mut self.suspects).pop_first();
            if self.brisk == 0 {
                self.notices.extend(file.map(Notice::Unannounced));
            }
            self.brisk = CALM;
        }
    }

    /// Takes what is held and may be told, and remembers it as told.
    fn tell(&mut self, may: impl Fn(&Held) -> bool) -> BTreeMap<FilePath, Content> {
        let mut told = BTreeMap::new();
        for (file, held) in mem::take(&mut self.held) {
            if !may(&held) {
                self.held.insert(file, held);
                continue;
            }
            let content = match held.sight {
                Sight::Missing => {
                    self.mirror.remove(&file);
                    Content::Gone
                }
                Sight::Found(found) => {
                    self.mirror.insert(file.clone(), found.known);
                    found.content
                }
            };
            told.insert(file, content);
        }
        told
    }

    fn tell_troubles(&mut self) -> Vec<Trouble> {
        self.told_troubles.clone_from(&self.troubles);
        self.troubles.iter().cloned().collect()
    }
}

impl Held {
    /// Holds a sight. One that only repeats what was seen before keeps its time.
    fn new(sight: Sight, before: Option<Held>, now: Instant) -> Self {
        let patience = sight.patience();
        let since = before.filter(|before| before.sight.patience() == patience).map_or(now, |before| before.since);
        Self { sure: patience.is_none_or(|patience| now >= since + patience), sight, since }
    }

    /// When to look once more; `None` where that is not needed, or done.
    fn ripe(&self) -> Option<Instant> {
        let patience = self.sight.patience().filter(|_| !self.sure);
        patience.map(|patience| self.since + patience)
    }
}

impl Sight {
    /// How long to wait before it is believed.
    fn patience(&self) -> Option<Duration> {
        match self {
            Self::Missing => Some(settle::MISSING),
            Self::Found(found) => found.doubtful.then_some(settle::DOUBTFUL),
        }
    }
}

/// The name of the whole workspace.
fn whole() -> FilePath {
    FilePath::new("")
}
