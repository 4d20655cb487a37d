//! Where changes are made: what was read, what was asked for, and the way to disk.
//! A command opens a desk, performs verbs on it and lets it finish: shown only, or confirmed and committed whole.

use std::cell::RefCell;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::PathBuf;
use std::process::Command as Process;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};

use crate::lifecycle::Verb;
use crate::operation::{self, Base, Changes, Decision, Facts, Failure, Ground, JournalEntry, NoRules, Refusal, Staging, perform};
use crate::outside::commit::{Committed, Diverged, commit, is_left_over, recover, take_back_undecided};
use crate::outside::disk::{self, Lock, RealDisk, Root};
use crate::outside::report::{self, Layout, Table};
use crate::outside::store::{Modes, Store, usual_place};
use crate::script::api::Said;
use crate::sequence::SequenceId;
use crate::settings::Settings;
use crate::text::{FilePath, Source};
use crate::time::Instant;
use crate::workspace::Workspace;

use super::arguments::{Arguments, Changing};
use super::open::{open_at, open_one_at, sequence_named, start};
use super::screen::Screen;
use super::{Exit, Fault, WrongUse, complain, unless_closed};

/// What a command may write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Writes {
    /// Files, and the store with them: one at a time in a workspace.
    Files,
    /// The store alone, which lets one in after the other by itself.
    Store,
}

/// Whether what is lost has to be agreed to first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Consent {
    /// Somebody is asked.
    Asked,
    /// It was given already.
    Given,
}

/// What was read, and what was asked for so far.
pub(super) struct Desk<'a> {
    pub root: Root,
    pub staging: RefCell<Staging>,
    pub store: Option<Store>,
    pub actor: String,
    /// Where the command was started.
    pub start: PathBuf,
    /// When everything happens that is asked for.
    pub now: Instant,
    store_path: PathBuf,
    lock: Option<Lock>,
    options: &'a Changing,
    screen: &'a Screen,
    /// What was asked for, as somebody would type it.
    what: String,
}

impl<'a> Desk<'a> {
    /// Takes the lock where files may be written, completes what a crash left, and reads the workspace.
    pub(super) fn open(
        arguments: &Arguments,
        options: &'a Changing,
        screen: &'a Screen,
        writes: Writes,
        what: String,
    ) -> anyhow::Result<Self> {
        let (desk, base) = Self::gather(arguments, options, screen, writes, what)?;
        Ok(Self { staging: RefCell::new(Staging::new(base, desk.now)), ..desk })
    }

    /// As [`Desk::open`], for what is done to records in the sequence that an argument means. What is published of it says all
    /// that is asked then, so that of files no other is read; where nothing is, all of them may say what was meant.
    pub(super) fn open_for_records(
        arguments: &Arguments,
        options: &'a Changing,
        screen: &'a Screen,
        argument: &str,
        what: String,
    ) -> anyhow::Result<(Self, Option<SequenceId>)> {
        let desk = Self::begin(arguments, options, screen, Writes::Store, what)?;
        let sequence = sequence_named(&desk.root, &desk.start, argument);
        let published = sequence.as_ref().map(|id| desk.facts().published(id)).transpose()?.flatten();
        let workspace = match (&sequence, published) {
            (Some(sequence), Some(_)) => open_one_at(&desk.root, desk.store.as_ref(), sequence)?,
            (Some(_) | None, _) => open_at(&desk.root, desk.store.as_ref())?,
        };
        let staging = RefCell::new(Staging::new(base_of(workspace)?, desk.now));
        Ok((Self { staging, ..desk }, sequence))
    }

    /// As [`Desk::open`], with what was read for whoever makes a staging of their own.
    pub(super) fn gather(
        arguments: &Arguments,
        options: &'a Changing,
        screen: &'a Screen,
        writes: Writes,
        what: String,
    ) -> anyhow::Result<(Self, Base)> {
        let desk = Self::begin(arguments, options, screen, writes, what)?;
        let workspace = open_at(&desk.root, desk.store.as_ref())?;
        Ok((desk, base_of(workspace)?))
    }

    /// Takes the lock where files may be written and completes what a crash left, for whoever reads what they need themselves.
    pub(super) fn begin(
        arguments: &Arguments,
        options: &'a Changing,
        screen: &'a Screen,
        writes: Writes,
        what: String,
    ) -> anyhow::Result<Self> {
        let start = start(arguments)?;
        let root = disk::find_root(&start)?;
        // Git is asked before the lock is taken: a process that is started has the lock for a moment too, and would keep it
        // if this one died then.
        let actor = actor(options, &root);
        let lock = match writes {
            Writes::Files if !options.dry_run => {
                Some(Lock::take(&root, &format!("segue {what}"), options.lock_timeout.map_or(Duration::ZERO, |time| time.0))?)
            }
            Writes::Files | Writes::Store => None,
        };
        let store_path = store_path(&root)?;
        let mut store = if options.dry_run { Store::open(&store_path)? } else { Store::open_up_to_date(&store_path)? };
        if let Some(lock) = &lock {
            store = recovered(lock, &root, store)?;
        }
        let now = to_microseconds(options.now.unwrap_or_else(Instant::now));
        let staging = RefCell::new(Staging::new(Base::default(), now));
        Ok(Self { root, staging, store, actor, start, now, store_path, lock, options, screen, what })
    }

    /// Asks for a verb. Where it is refused nothing changes.
    pub(super) fn perform(
        &self,
        verb: Verb,
        sequences: &[SequenceId],
        decide: impl FnOnce(&Ground<'_>) -> Result<Decision, Failure>,
    ) -> anyhow::Result<Result<Decision, Box<Refusal>>> {
        let asked: Vec<(Verb, &SequenceId)> = sequences.iter().map(|sequence| (verb, sequence)).collect();
        self.perform_together(&asked, decide)
    }

    /// Asks for several verbs, each on one sequence, that are decided about as one. Where one is refused nothing changes.
    pub(super) fn perform_together(
        &self,
        verbs: &[(Verb, &SequenceId)],
        decide: impl FnOnce(&Ground<'_>) -> Result<Decision, Failure>,
    ) -> anyhow::Result<Result<Decision, Box<Refusal>>> {
        refused_or_failed(perform(&self.staging, self.facts(), &NoRules, &self.actor, verbs, decide))
    }

    /// As [`Desk::perform_together`], where only what is considered tells which verbs they are.
    pub(super) fn perform_considered<T>(
        &self,
        consider: impl FnOnce(&Ground<'_>) -> Result<T, Failure>,
        verbs: impl FnOnce(&T) -> Vec<(Verb, &SequenceId)>,
        decision: impl FnOnce(&T) -> Decision,
    ) -> anyhow::Result<Result<T, Box<Refusal>>> {
        let considered = consider(&Ground { staging: &self.staging.borrow(), facts: self.facts(), actor: &self.actor });
        let considered = match refused_or_failed(considered)? {
            Ok(considered) => considered,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let decision = decision(&considered);
        let performed = self.perform_together(&verbs(&considered), |_| Ok(decision))?;
        Ok(performed.map(|_| considered))
    }

    /// Says what is asked for, where it was not known when the desk was opened.
    pub(super) fn say_what(&mut self, what: String) {
        self.what = what;
    }

    /// The type of record that a sequence is for: as published, else as its file says, else the most usual one.
    pub(super) fn record_type_of(&self, id: &SequenceId) -> anyhow::Result<String> {
        let staging = self.staging.borrow();
        let ground = Ground { staging: &staging, facts: self.facts(), actor: &self.actor };
        Ok(ground.record_type(id)?.unwrap_or_else(|| "lead".to_owned()))
    }

    /// The text of a sequence's file.
    pub(super) fn source_of(&self, id: &SequenceId) -> Result<Source, Failure> {
        let staging = self.staging.borrow();
        let ground = Ground { staging: &staging, facts: self.facts(), actor: &self.actor };
        Ok(ground.file(id)?.source.clone())
    }

    /// What the store knows.
    pub(super) fn facts(&self) -> &dyn Facts {
        &self.store
    }

    /// Says on standard error why something was refused.
    pub(super) fn refuse(&self, refusal: &Refusal) -> Exit {
        let staging = self.staging.borrow();
        let refused = |path: &FilePath| refusal.text.as_ref().filter(|text| text.path() == path).cloned();
        let sources = |path: &FilePath| refused(path).or_else(|| staging.held(path).map(|held| held.source.clone()));
        tell_refusal(refusal, &sources, self.screen);
        Exit::Errors
    }

    /// The text of a sequence that may be edited now.
    pub(super) fn may_edit(&self, id: &SequenceId) -> anyhow::Result<Result<Source, Box<Refusal>>> {
        let mut source = None;
        let look = |ground: &Ground<'_>| {
            source = Some(operation::editable(ground, id)?);
            Ok(Decision::default())
        };
        let looked = self.perform(Verb::Edit, std::slice::from_ref(id), look)?;
        looked.map_or_else(
            |refusal| Ok(Err(refusal)),
            |_| match source {
                Some(source) => Ok(Ok(source)),
                None => Err(anyhow!(Fault("nobody looked at the text".to_owned()))),
            },
        )
    }

    /// As [`Desk::finish`], where somebody wants to see what it comes to before they agree, whether anything is lost or not.
    pub(super) fn finish_shown(self, decision: Decision, preview: &Table) -> anyhow::Result<Exit> {
        if self.options.dry_run {
            self.screen.print(|out| preview.write(out, self.screen.layout()))?;
            return self.finish(&[decision]);
        }
        let mut decision = decision;
        if !self.options.yes {
            preview.write(&mut io::stderr().lock(), Layout::Terminal(self.screen.terminal()))?;
            if !confirmed(&std::mem::take(&mut decision.losses))? {
                complain("nothing was changed");
                return Ok(Exit::Errors);
            }
        }
        self.finish(&[decision])
    }

    /// Shows what would change, or has it confirmed and commits it.
    pub(super) fn finish(self, decisions: &[Decision]) -> anyhow::Result<Exit> {
        let changes = self.staging.borrow().changes();
        let all = |part: fn(&Decision) -> &Vec<String>| decisions.iter().flat_map(part).cloned().collect();
        let said = Said {
            done: all(|decision| &decision.done),
            losses: all(|decision| &decision.losses),
            notes: all(|decision| &decision.notes),
        };
        let asks = if self.options.yes { Consent::Given } else { Consent::Asked };
        self.finish_with(&changes, &said, asks)
    }

    /// As [`Desk::finish`], with changes that somebody else put together.
    pub(super) fn finish_with(self, changes: &Changes, said: &Said, consent: Consent) -> anyhow::Result<Exit> {
        said.notes.iter().for_each(|note| complain(note));
        if self.options.dry_run {
            said.losses.iter().for_each(|loss| complain(loss));
            self.screen.print(|out| report::changes(out, changes, self.screen.terminal()))?;
            return Ok(Exit::Fine);
        }
        if !said.losses.is_empty() && consent == Consent::Asked && !confirmed(&said.losses)? {
            complain("nothing was changed");
            return Ok(Exit::Errors);
        }
        let screen = self.screen;
        self.commit(changes)?;
        // What is done is done, whoever listens.
        unless_closed(screen.print(|out| said.done.iter().try_for_each(|done| writeln!(out, "{}", report::clean(done)))))?;
        Ok(Exit::Fine)
    }

    /// Writes changes, wholly or not at all.
    pub(super) fn commit(self, changes: &Changes) -> anyhow::Result<()> {
        if changes.is_empty() {
            return Ok(());
        }
        let entry = JournalEntry { what: self.what, actor: self.actor, at: self.now, message: self.options.message.clone() };
        drop(self.store);
        let mut store = Store::create(&self.store_path)?;
        if changes.files.is_empty() {
            store.decide(&entry, changes, &Modes::default())?;
        } else {
            let Some(lock) = &self.lock else { return Err(anyhow!(Fault("files were changed without the lock".to_owned()))) };
            let disk = RealDisk::at(&self.root).context("cannot open the workspace's folder")?;
            let Committed { diverged, .. } = commit(lock, &disk, &mut store, &entry, changes)?;
            diverged.iter().for_each(tell_diverged);
        }
        if changes.purges() {
            sweep(&mut store);
        }
        Ok(())
    }
}

/// What was purged is gone; this is for its bytes, which nothing refers to any more.
fn sweep(store: &mut Store) {
    if let Err(error) = store.sweep() {
        complain(&format!("bytes of what is gone may still lie in the store's file: {error}"));
    }
}

/// A refusal is an answer; all else that keeps a decision from being made is a failure.
fn refused_or_failed<T>(decided: Result<T, Failure>) -> anyhow::Result<Result<T, Box<Refusal>>> {
    match decided {
        Ok(decided) => Ok(Ok(decided)),
        Err(Failure::Refused(refusal)) => Ok(Err(refusal)),
        Err(Failure::Unavailable(unavailable)) => Err(anyhow!(unavailable)),
        Err(Failure::Broken(what)) => Err(anyhow!(Fault(what))),
    }
}

/// The store keeps no finer time, and what it gives back must be what was put in.
fn to_microseconds(instant: Instant) -> Instant {
    Instant::from_microsecond(instant.as_microsecond()).unwrap_or(instant)
}

/// What operations are based on.
fn base_of(workspace: Workspace) -> anyhow::Result<Base> {
    must_be_whole(workspace.settings())?;
    Ok(workspace.into_base())
}

/// Where the settings cannot be read whole, nobody knows who may do what, and within which limits.
pub(super) fn must_be_whole(settings: &Settings) -> anyhow::Result<()> {
    if settings.is_whole {
        return Ok(());
    }
    bail!(
        "{} cannot be read whole, and may say who may do this and what its limits are; `segue validate` says what is wrong",
        settings.file
    );
}

/// Where the store lies: named by the environment or by the settings, else at its usual place.
pub(super) fn store_path(root: &Root) -> anyhow::Result<PathBuf> {
    store_path_by(root, &settings(root))
}

/// As [`store_path`], by settings that were read already.
pub(super) fn store_path_by(root: &Root, settings: &Settings) -> anyhow::Result<PathBuf> {
    if let Some(path) = std::env::var_os("SEGUE_STORE").filter(|path| !path.is_empty()) {
        return Ok(std::env::current_dir().context("cannot find the current folder")?.join(path));
    }
    if !settings.is_whole && settings.store.is_none() {
        bail!(
            "{} cannot be read whole, and may say where the store lies; `segue validate --no-store` says what is wrong",
            settings.file
        );
    }
    Ok(match &settings.store {
        Some(path) => root.path().join(&path.value),
        None => usual_place(root.path()),
    })
}

/// The settings alone.
pub(super) fn settings(root: &Root) -> Settings {
    let mut workspace = Workspace::new();
    let file = FilePath::new(crate::settings::FILE_NAME);
    let content = disk::read(root, &file);
    workspace.update(vec![(file, content)]);
    workspace.settings().clone()
}

/// Completes what a crash left. Only a store with something pending is opened for writing here.
pub(super) fn recovered(lock: &Lock, root: &Root, store: Option<Store>) -> anyhow::Result<Option<Store>> {
    let disk = RealDisk::at(root).context("cannot open the workspace's folder")?;
    let Some(store) = store else {
        take_back_undecided(lock, &disk)?;
        return Ok(None);
    };
    if store.pending()?.is_empty() && !is_left_over(&disk).context("cannot look into the folder of local state")? {
        return Ok(Some(store));
    }
    let path = store.path().to_owned();
    drop(store);
    let mut store = Store::create(&path)?;
    let is_purging = store.is_purging()?;
    recover(lock, &disk, &mut store)?.iter().for_each(tell_diverged);
    if is_purging {
        sweep(&mut store);
    }
    Ok(Some(store))
}

pub(super) fn tell_diverged(diverged: &Diverged) {
    complain(&format!("commit-diverged: {diverged}; `segue doctor` settles it"));
}

/// Who asks: as they say, else git's user, else the system's.
pub(super) fn actor(options: &Changing, root: &Root) -> String {
    let said = |name: &str| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
    let from_git = || {
        let output = Process::new("git").arg("-C").arg(root.path()).args(["config", "user.name"]).output().ok()?;
        let name = String::from_utf8(output.stdout).ok()?.trim().to_owned();
        (output.status.success() && !name.is_empty()).then_some(name)
    };
    let actor = options.actor.clone().or_else(|| said("SEGUE_ACTOR")).or_else(from_git).or_else(|| said("USER"));
    actor.unwrap_or_else(|| "somebody".to_owned())
}

/// Says what will be lost, and asks. Where nobody sits at a terminal it wants to have been told before.
pub(super) fn confirmed(losses: &[String]) -> anyhow::Result<bool> {
    let (input, error) = (io::stdin(), io::stderr());
    if !input.is_terminal() || !error.is_terminal() {
        let lost = losses.iter().map(|loss| format!("{loss}; ")).collect::<String>();
        return Err(anyhow!(WrongUse(format!("{lost}confirm it with `--yes`"))));
    }
    let mut out = error.lock();
    for loss in losses {
        writeln!(out, "{}", report::clean(loss))?;
    }
    write!(out, "Go on? [y/N] ")?;
    out.flush()?;
    let mut answer = String::new();
    input.lock().read_line(&mut answer)?;
    if !answer.ends_with('\n') {
        // Nobody answered, and what is said next stands on a line of its own.
        writeln!(out)?;
    }
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

/// Prints a refusal on standard error, with the lines that it is about.
pub(super) fn tell_refusal(refusal: &Refusal, sources: &dyn Fn(&FilePath) -> Option<Source>, screen: &Screen) {
    // Where standard error is closed there is nobody to tell.
    drop(report::refusal(&mut io::stderr().lock(), refusal, sources, screen.terminal()));
}
