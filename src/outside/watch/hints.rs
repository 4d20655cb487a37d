//! What the system's events amount to: paths to look at. Filled by the thread that hears, emptied by the one that looks.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, ModifyKind, RenameMode};
use notify::{Event, EventKind};

use crate::outside::disk::is_temporary;

use super::settle::Unrest;

/// Above this many paths one look at everything is cheaper than a look at each.
const MANY_PATHS: usize = 100_000;

/// The meeting place of the two threads.
pub(super) struct Shared {
    state: Mutex<State>,
    bell: Condvar,
}

struct State {
    hints: Hints,
    filter: Filter,
    stopped: bool,
}

/// What may have changed since the last look.
#[derive(Debug, Default)]
pub(super) struct Hints {
    /// These paths, and whether somebody still writes there.
    pub touched: HashMap<PathBuf, Touch>,
    /// Anything: events were lost.
    pub rescan: bool,
    /// Links may lead elsewhere: something we do not list came or went, as with tools that swap whole folders by a link.
    pub links: bool,
    writing: usize,
    times: Option<(Instant, Instant)>,
}

/// What an event says of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Touch {
    /// Somebody is writing and has not closed the file.
    Writing,
    /// Whatever happened is done.
    Done,
    /// Something about the file changed that says nothing of its bytes.
    Aside,
}

/// Which paths are worth a look.
struct Filter {
    root: PathBuf,
    /// Where the links of the workspace lead: of interest whatever their names.
    targets: HashSet<PathBuf>,
}

/// Why a wait ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Wake {
    Hints,
    Alarm,
    Stopped,
}

impl Shared {
    pub fn new(root: &Path) -> Self {
        let filter = Filter { root: root.to_owned(), targets: HashSet::new() };
        Self { state: Mutex::new(State { hints: Hints::default(), filter, stopped: false }), bell: Condvar::new() }
    }

    /// Takes in an event. Runs on the thread that empties the system's queue, so it does next to nothing.
    pub fn hear(&self, event: notify::Result<Event>) {
        // Our own reading comes back as events, thousands at a time: they are let go before anything is locked.
        let touch = match &event {
            Ok(event) if !event.need_rescan() => match touch_of(event.kind) {
                Some(touch) => Some(touch),
                None => return,
            },
            Ok(_) | Err(_) => None,
        };
        let now = Instant::now();
        let mut state = self.lock();
        let State { hints, filter, .. } = &mut *state;
        let was_writing = hints.writing > 0;
        match (event, touch) {
            (Ok(event), Some(touch)) => {
                let moves_a_link = changes_names(event.kind) && !filter.targets.is_empty();
                for path in event.paths {
                    if filter.lets_in(&path) {
                        hints.touch(path, touch, now);
                    } else if moves_a_link {
                        hints.links = true;
                        hints.heard(now);
                    }
                }
            }
            (Ok(_) | Err(_), _) => hints.lose_count(now),
        }
        if hints.writing == 0 && was_writing || hints.times.is_some_and(|(first, _)| first == now) {
            self.bell.notify_all();
        }
    }

    /// Ends every wait, now and later.
    pub fn stop(&self) {
        self.lock().stopped = true;
        self.bell.notify_all();
    }

    /// Says where links lead.
    pub fn set_targets(&self, targets: HashSet<PathBuf>) {
        self.lock().filter.targets = targets;
    }

    /// Whether something was heard and not taken yet.
    pub fn pending(&self) -> bool {
        self.lock().hints.times.is_some()
    }

    /// When the first of the hints that wait was heard.
    pub fn first_heard(&self) -> Option<Instant> {
        self.lock().hints.times.map(|(first, _)| first)
    }

    /// Waits until something is heard, until the alarm, or until it is stopped.
    pub fn wait(&self, alarm: Option<Instant>) -> Wake {
        let mut state = self.lock();
        loop {
            if state.stopped {
                return Wake::Stopped;
            }
            if state.hints.times.is_some() {
                return Wake::Hints;
            }
            let left = alarm.map(|alarm| alarm.saturating_duration_since(Instant::now()));
            if left.is_some_and(|left| left.is_zero()) {
                return Wake::Alarm;
            }
            state = self.doze(state, left);
        }
    }

    /// Waits until the instant that `due` names for the unrest there is; `false` where it was stopped.
    pub fn rest(&self, due: impl Fn(&Unrest) -> Instant) -> bool {
        let mut state = self.lock();
        loop {
            if state.stopped {
                return false;
            }
            let Some(unrest) = state.hints.unrest() else { return true };
            let left = due(&unrest).saturating_duration_since(Instant::now());
            if left.is_zero() {
                return true;
            }
            state = self.doze(state, Some(left));
        }
    }

    /// Takes all hints away.
    pub fn take(&self) -> Hints {
        std::mem::take(&mut self.lock().hints)
    }

    fn doze<'a>(&self, state: MutexGuard<'a, State>, left: Option<Duration>) -> MutexGuard<'a, State> {
        match left {
            Some(left) => self.bell.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0,
            None => self.bell.wait(state).unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Hints are whole after every line that changes them, so a thread that panicked spoils nothing.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Hints {
    fn touch(&mut self, path: PathBuf, touch: Touch, now: Instant) {
        if self.touched.len() >= MANY_PATHS {
            return self.lose_count(now);
        }
        self.heard(now);
        let before = self.touched.get(&path).copied();
        let after = if touch == Touch::Aside { before.unwrap_or(Touch::Aside) } else { touch };
        self.writing += usize::from(after == Touch::Writing);
        self.writing -= usize::from(before == Some(Touch::Writing));
        self.touched.insert(path, after);
    }

    fn lose_count(&mut self, now: Instant) {
        self.heard(now);
        self.touched.clear();
        self.writing = 0;
        self.rescan = true;
    }

    fn heard(&mut self, now: Instant) {
        let first = self.times.map_or(now, |(first, _)| first);
        self.times = Some((first, now));
    }

    fn unrest(&self) -> Option<Unrest> {
        let (_, last) = self.times?;
        Some(Unrest { paths: self.touched.len(), writing: self.writing > 0, rescan: self.rescan, last })
    }
}

impl Filter {
    fn lets_in(&self, path: &Path) -> bool {
        if self.targets.contains(path) || path == self.root {
            return true;
        }
        // Only the last name counts: the folder itself is one that we chose to watch.
        let Some(name) = path.file_name() else { return false };
        if path.parent() == Some(&self.root) {
            return ["segue.yaml", "segue.yml", "sequences", "scripts"].iter().any(|known| name == *known);
        }
        !is_temporary(name)
    }
}

/// What an event says of its paths; `None` where nothing can have changed, or another event says it too.
fn touch_of(kind: EventKind) -> Option<Touch> {
    match kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => Some(Touch::Done),
        EventKind::Access(_) => None,
        EventKind::Modify(ModifyKind::Name(RenameMode::Both)) if cfg!(target_os = "linux") => None,
        EventKind::Create(notify::event::CreateKind::Folder) => Some(Touch::Done),
        EventKind::Create(_) | EventKind::Modify(ModifyKind::Data(_)) => Some(Touch::Writing),
        EventKind::Modify(ModifyKind::Metadata(_)) => Some(Touch::Aside),
        EventKind::Modify(_) | EventKind::Remove(_) | EventKind::Any | EventKind::Other => Some(Touch::Done),
    }
}

fn changes_names(kind: EventKind) -> bool {
    matches!(kind, EventKind::Create(_) | EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_)))
}

#[cfg(test)]
mod tests {
    use notify::event::{CreateKind, DataChange, Flag, MetadataKind, RemoveKind};

    use super::*;

    fn heard(events: &[(EventKind, &str)]) -> Hints {
        let shared = Shared::new(Path::new("/w"));
        for (kind, path) in events {
            shared.hear(Ok(Event::new(*kind).add_path(PathBuf::from(path))));
        }
        shared.take()
    }

    const DATA: EventKind = EventKind::Modify(ModifyKind::Data(DataChange::Any));
    const CLOSED: EventKind = EventKind::Access(AccessKind::Close(AccessMode::Write));

    #[test]
    fn reading_is_not_heard() {
        let open = EventKind::Access(AccessKind::Open(AccessMode::Any));
        let closed = EventKind::Access(AccessKind::Close(AccessMode::Read));
        let hints = heard(&[(open, "/w/sequences/a.yaml"), (closed, "/w/sequences/a.yaml")]);
        assert!(hints.times.is_none() && hints.touched.is_empty());
    }

    #[test]
    fn a_file_is_being_written_until_it_is_closed_and_a_change_of_mode_does_not_close_it() {
        let mode = EventKind::Modify(ModifyKind::Metadata(MetadataKind::Any));
        let path = "/w/sequences/a.yaml";
        let hints = heard(&[(EventKind::Create(CreateKind::File), path), (DATA, path), (mode, path)]);
        assert_eq!(hints.touched[Path::new(path)], Touch::Writing);
        assert_eq!(hints.writing, 1);
        let hints = heard(&[(DATA, path), (CLOSED, path), (mode, path)]);
        assert_eq!(hints.touched[Path::new(path)], Touch::Done);
        assert_eq!(hints.writing, 0);
    }

    #[test]
    fn hidden_names_editors_leavings_and_strangers_at_the_root_are_not_heard() {
        let removed = EventKind::Remove(RemoveKind::File);
        let strangers = [
            "/w/sequences/.a.yaml.swp",
            "/w/sequences/a.yaml~",
            "/w/sequences/#a.yaml#",
            "/w/sequences/a.yaml___jb_tmp___",
            "/w/README.md",
            "/w/.git",
        ];
        for path in strangers {
            assert!(heard(&[(removed, path), (CLOSED, path)]).times.is_none(), "{path}");
        }
        for path in ["/w", "/w/segue.yaml", "/w/sequences", "/w/scripts", "/w/sequences/a.yaml"] {
            assert_eq!(heard(&[(removed, path)]).touched.len(), 1, "{path}");
        }
    }

    #[test]
    fn lost_events_and_errors_ask_for_a_look_at_everything() {
        let shared = Shared::new(Path::new("/w"));
        shared.hear(Ok(Event::new(EventKind::Other).set_flag(Flag::Rescan)));
        assert!(shared.take().rescan);
        shared.hear(Err(notify::Error::generic("something")));
        assert!(shared.take().rescan);
        assert!(!shared.pending());
    }

    #[test]
    fn stopping_ends_a_wait() {
        let shared = Shared::new(Path::new("/w"));
        std::thread::scope(|scope| {
            scope.spawn(|| shared.stop());
            assert_eq!(shared.wait(None), Wake::Stopped);
        });
    }
}
