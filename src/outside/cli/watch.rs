//! `segue watch`: check everything once, then again whatever a save can have changed, until interrupted.

mod events;
mod journal;

use std::collections::BTreeSet;
use std::io;
use std::time::Instant;

use anyhow::Context;

use crate::outside::disk::{self, Root};
use crate::outside::report::{Summary, human};
use crate::outside::store::Followed;
use crate::outside::watch::{self, Batch, Next, Notice, WatchOptions};
use crate::text::FilePath;
use crate::workspace::{Content, Counts, FileKind, Totals, Workspace, kind_of};

use super::Exit;
use super::arguments::{Arguments, Format, Seconds, Watch};
use super::desk::{settings, store_path};
use super::filter::Filter;
use super::open::{Beside, start};
use super::reading::{Memory, content_of_trouble};
use super::screen::Screen;

use events::Events;
use journal::{Difference, difference};

pub(super) fn run(arguments: &Arguments, command: &Watch, screen: &Screen) -> anyhow::Result<Exit> {
    let filter = Filter::new(&command.select, &command.ignore)?;
    let root = disk::find_root(&start(arguments)?)?;
    let options = WatchOptions { poll: command.poll.map(|Seconds(pause)| pause), ..WatchOptions::default() };
    let mut watch = watch::Watch::start(&root, options);
    let stopper = watch.stopper();
    ctrlc::set_handler(move || stopper.stop()).context("cannot listen for an interrupt")?;
    let mut desk = Desk {
        root: root.clone(),
        beside: Beside { no_store: command.no_store, no_cache: command.no_cache },
        workspace: Workspace::new(),
        troubled: BTreeSet::new(),
        filter,
        screen,
        format: command.format,
        clear: command.clear,
        store_trouble: None,
    };
    if !command.no_store {
        match store_path(&root) {
            Ok(path) => desk.workspace.follow(Box::new(Followed::new(path))),
            Err(error) => super::complain(&format!("files are not compared with what is published: {error:#}")),
        }
    }
    if command.format == Format::Json {
        Events::new(&desk.workspace).start(screen, root.path())?;
    }
    loop {
        match watch.next(None) {
            Next::Batch(batch) => desk.take(batch)?,
            Next::Quiet => {}
            Next::Stopped => return Ok(Exit::Interrupted),
        }
    }
}

/// What was told so far, and how.
struct Desk<'s> {
    root: Root,
    beside: Beside,
    workspace: Workspace,
    /// Paths that could not be looked at when last told.
    troubled: BTreeSet<FilePath>,
    filter: Filter,
    screen: &'s Screen,
    format: Format,
    clear: bool,
    /// Why it is not known what is published, when last told.
    store_trouble: Option<String>,
}

impl Desk<'_> {
    /// Takes in what changed on the disk, judges it, and tells what that changed.
    fn take(&mut self, batch: Batch) -> anyhow::Result<()> {
        self.tell_notices(&batch.notices)?;
        let (is_first, heard) = (batch.full, batch.heard);
        let changed = changed_files(&batch);
        let changes = self.changes(batch);
        if changes.is_empty() && !is_first {
            return Ok(());
        }
        if is_first {
            Memory::of(&self.root, &settings(&self.root), self.beside).first_update(&mut self.workspace, changes);
        } else {
            self.workspace.update(changes);
        }
        self.compare_with_store();
        let mut turned = self.workspace.take_changed();
        for file in &mut turned {
            file.before.retain(|finding| self.filter.wants(finding));
            file.after.retain(|finding| self.filter.wants(finding));
        }
        let difference = difference(&turned);
        if is_first { self.tell_all(&difference, heard) } else { self.tell_difference(&changed, &difference, heard) }
    }

    /// Looks whether something else is published now. A store that cannot be read is told of once, until it can.
    fn compare_with_store(&mut self) {
        let trouble = self.workspace.refresh().err();
        if let Some(words) = trouble.as_ref().filter(|words| self.store_trouble.as_ref() != Some(words)) {
            super::complain(&format!("what is published is not known: {words}"));
        }
        self.store_trouble = trouble;
    }

    /// The batch as the workspace takes it: files that matter, and what cannot be looked at.
    fn changes(&mut self, batch: Batch) -> Vec<(FilePath, Content)> {
        let mut changes: Vec<(FilePath, Content)> =
            batch.changed.into_iter().filter(|(path, _)| kind_of(path) != FileKind::Other).collect();
        if let Some(troubles) = batch.troubles {
            let present: BTreeSet<FilePath> = troubles.iter().map(|trouble| trouble.path.clone()).collect();
            let told: BTreeSet<&FilePath> = changes.iter().map(|(path, _)| path).collect();
            let over: Vec<FilePath> = self.troubled.difference(&present).filter(|path| !told.contains(path)).cloned().collect();
            changes.extend(over.into_iter().map(|path| (path, Content::Gone)));
            changes.extend(troubles.into_iter().map(|trouble| (trouble.path, content_of_trouble(&trouble.reason))));
            self.troubled = present;
        }
        changes
    }

    fn tell_notices(&self, notices: &[Notice]) -> anyhow::Result<()> {
        for notice in notices {
            match self.format {
                Format::Human => super::complain(&notice.to_string()),
                Format::Json => Events::new(&self.workspace).notice(self.screen, notice)?,
            }
        }
        Ok(())
    }

    fn summary(&self) -> Summary {
        let Counts { files, sequences } = self.workspace.counts();
        let told = self.workspace.all_told().filter(|finding| self.filter.wants(finding));
        let silenced = self.workspace.all_silenced().filter(|finding| self.filter.wants(finding)).count();
        let summary = Summary::count(told, files, sequences);
        let Totals { errors, warnings, .. } = self.workspace.totals();
        summary.without(silenced, errors + warnings - summary.errors - summary.warnings)
    }

    fn tell_all(&self, difference: &Difference<'_>, heard: Instant) -> anyhow::Result<()> {
        if self.format == Format::Json {
            return Events::new(&self.workspace).batch(self.screen, &[], difference, &self.summary(), heard);
        }
        self.clear_screen()?;
        let wanted = self.workspace.all_told().filter(|finding| self.filter.wants(finding)).cloned().collect::<Vec<_>>();
        self.screen.print(|out| {
            human(out, &wanted, &|path| self.workspace.source(path), self.screen.terminal())?;
            self.summary().write(out)?;
            writeln!(out, "watching; Ctrl-C ends it")
        })?;
        Ok(())
    }

    fn tell_difference(&self, changed: &[FilePath], difference: &Difference<'_>, heard: Instant) -> anyhow::Result<()> {
        if self.format == Format::Json {
            return Events::new(&self.workspace).batch(self.screen, changed, difference, &self.summary(), heard);
        }
        self.clear_screen()?;
        let new: Vec<_> = difference.new.iter().map(|finding| (*finding).clone()).collect();
        self.screen.print(|out| {
            for fixed in &difference.fixed {
                writeln!(out, "fixed[{}]: {} ({})", fixed.code, fixed.message, fixed.primary.file)?;
            }
            human(out, &new, &|path| self.workspace.source(path), self.screen.terminal())?;
            writeln!(out, "{}", journal::line(&clock(), changed, difference, &self.summary(), heard.elapsed()))
        })?;
        Ok(())
    }

    fn clear_screen(&self) -> io::Result<()> {
        if self.clear && self.screen.is_terminal() {
            self.screen.print(|out| write!(out, "\x1b[2J\x1b[3J\x1b[H"))?;
        }
        Ok(())
    }
}

/// The files that a batch tells of and that matter.
fn changed_files(batch: &Batch) -> Vec<FilePath> {
    batch.changed.iter().map(|(path, _)| path).filter(|path| kind_of(path) != FileKind::Other).cloned().collect()
}

/// The time of day, for the line of a batch.
fn clock() -> String {
    jiff::Zoned::now().strftime("%H:%M:%S").to_string()
}
