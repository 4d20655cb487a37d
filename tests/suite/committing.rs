//! Files and store change together: whatever fails, dies, or is typed in between, and at whichever step.

mod disk;
mod killing;
mod memory;
mod real;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;
use std::rc::Rc;
use std::sync::Arc;

use segue::operation::{Changes, FileChange, JournalEntry};
use segue::outside::commit::{Ledger, LedgerError};
use segue::outside::store::PendingFile;
use segue::text::FilePath;
use segue::time::Instant;

use disk::Clock;

/// A store that knows nothing but how often it decided, and what is pending. It is safe from power failures at once.
#[derive(Clone, Default)]
struct Book {
    decided: Rc<RefCell<Vec<Changes>>>,
    pending: Rc<RefCell<Vec<PendingFile>>>,
    clock: Option<Rc<Clock>>,
}

impl Book {
    fn step(&self, what: &str) -> Result<(), LedgerError> {
        let taken = self.clock.as_ref().map_or(Ok(()), |clock| clock.step(format!("the ledger {what}")));
        taken.map_err(|error| LedgerError(error.into()))
    }

    fn alive(&self) -> Result<(), LedgerError> {
        self.clock.as_ref().map_or(Ok(()), |clock| clock.alive()).map_err(|error| LedgerError(error.into()))
    }
}

impl Ledger for Book {
    fn decide(&mut self, _entry: &JournalEntry, changes: &Changes, modes: &BTreeMap<FilePath, u32>) -> Result<i64, LedgerError> {
        self.step("decides")?;
        let mut decided = self.decided.borrow_mut();
        decided.push(changes.clone());
        let operation = decided.len() as i64;
        self.pending.borrow_mut().extend(changes.files.iter().map(|file| PendingFile {
            operation,
            path: file.path.clone(),
            before: file.digest_before(),
            mode: modes.get(&file.path).copied(),
            after: file.after.clone(),
        }));
        Ok(operation)
    }

    fn pending(&self) -> Result<Vec<PendingFile>, LedgerError> {
        self.alive()?;
        Ok(self.pending.borrow().clone())
    }

    fn settle(&mut self, operation: i64, files: &[FilePath]) -> Result<(), LedgerError> {
        self.step("settles")?;
        self.pending.borrow_mut().retain(|file| file.operation != operation || !files.contains(&file.path));
        Ok(())
    }
}

fn entry() -> JournalEntry {
    JournalEntry { what: "test".to_owned(), actor: "ada".to_owned(), at: Instant::UNIX_EPOCH, message: None }
}

fn change(path: &str, before: Option<&str>, after: Option<&str>) -> FileChange {
    FileChange { path: FilePath::new(path), before: before.map(Arc::from), after: after.map(Arc::from) }
}

fn changes(files: impl IntoIterator<Item = FileChange>) -> Changes {
    let mut files: Vec<FileChange> = files.into_iter().collect();
    files.sort_by(|one, other| one.path.cmp(&other.path));
    Changes { files, rows: Vec::new() }
}

fn full() -> io::ErrorKind {
    io::ErrorKind::StorageFull
}
