//! An open edit: the file as it was, the changes asked for so far, and what they make of it.

use std::rc::Rc;

use rhai::{Dynamic, FnPtr, NativeCallContext};

use crate::lifecycle::Verb;
use crate::operation::{self, Decision, Ground};
use crate::script::rules::inside_edit::inside_edit;
use crate::script::rules::limit_changes::of_an_edit;
use crate::script::rules::outside_edit::edit_is_over;
use crate::sequence::SequenceId;
use crate::text::Source;
use crate::yaml::edit::{Change, Opened, Value, change, open};

use super::desk::{Answer, Desk, Told, asked};
use super::node::{At, Node};
use super::sequences::Sequence;

/// How many changes one edit may ask for. Each may move all that stands behind it.
const MOST_CHANGES: usize = 1_000;

/// An open edit of one sequence.
#[derive(Clone)]
pub(super) struct Sheet {
    pub number: u64,
    pub sequence: SequenceId,
    pub source: Source,
    pub model: Rc<Value>,
    pub changes: Vec<Change>,
}

/// Opens a sequence, lets a closure change it, and takes in what it did: all of it, or nothing.
pub(super) fn edited(context: &NativeCallContext<'_>, sequence: &Sequence, closure: &FnPtr) -> Answer<Sequence> {
    let Sequence(Node { desk, sequence: id, .. }) = sequence;
    let savepoint = desk.savepoint();
    let source = asked(context, desk, |desk| desk.may_open(id))?;
    let opened = asked(context, desk, |_| open(&source).map_err(|error| operation::failure(id, &source, error)))?;
    let number = desk.open_sheet(id, &opened);
    let open = Sequence(Node { desk: Rc::clone(desk), sequence: id.clone(), edit: Some(number), at: At::Root });
    let called: Answer<Dynamic> = closure.call_within_context(context, (open,));
    let taken = called.and_then(|_| asked(context, desk, |desk| desk.take_in(number, &opened)));
    match taken {
        Ok(()) => Ok(sequence.clone()),
        Err(error) => {
            desk.restore(savepoint);
            Err(error)
        }
    }
}

/// Calls a closure; where it fails nothing of what it did stays.
pub(super) fn atomic(context: &NativeCallContext<'_>, desk: &Desk, closure: &FnPtr) -> Answer<Dynamic> {
    desk.is_open()?;
    let savepoint = desk.savepoint();
    let called: Answer<Dynamic> = closure.call_within_context(context, ());
    called.inspect_err(|_| desk.restore(savepoint))
}

impl Desk {
    fn may_open(&self, sequence: &SequenceId) -> Told<Source> {
        self.is_not_open(sequence, Verb::Edit)?;
        self.text_of(sequence)
    }

    fn open_sheet(&self, sequence: &SequenceId, opened: &Opened<'_>) -> u64 {
        let number = self.sheets_opened.get() + 1;
        self.sheets_opened.set(number);
        let (source, model) = (opened.source().clone(), Rc::new(opened.model().clone()));
        let sheet = Sheet { number, sequence: sequence.clone(), source, model, changes: Vec::new() };
        self.sheets.borrow_mut().push(sheet);
        number
    }

    fn take_in(&self, number: u64, opened: &Opened<'_>) -> Told<()> {
        let place = self.sheets.borrow().iter().position(|sheet| sheet.number == number);
        let Some(place) = place else { return Ok(()) };
        let sheet = self.sheets.borrow_mut().remove(place);
        let Sheet { sequence, changes, .. } = sheet;
        if changes.is_empty() {
            return Ok(());
        }
        let change = |ground: &Ground<'_>| operation::change(ground, &sequence, opened, &changes);
        self.perform(Verb::Edit, std::slice::from_ref(&sequence), change)
    }

    /// Lets nothing write a file that an edit has open, be it a reference that is rewritten because another was renamed.
    pub(super) fn beside_open_edits(&self, verbs: &[(Verb, &SequenceId)], decision: Decision) -> Told<Decision> {
        let sheets = self.sheets.borrow();
        let open = sheets.iter().find(|sheet| decision.sequence_files().any(|path| path == sheet.source.path()));
        match (open, verbs.first()) {
            (Some(sheet), Some((verb, _))) => Err(inside_edit(&sheet.sequence, *verb).into()),
            (Some(_), None) | (None, _) => Ok(decision),
        }
    }

    /// Whether a verb may look at the file of a sequence.
    pub(super) fn is_not_open(&self, sequence: &SequenceId, verb: Verb) -> Told<()> {
        match self.sheets.borrow().iter().any(|sheet| sheet.sequence == *sequence) {
            true => Err(inside_edit(sequence, verb).into()),
            false => Ok(()),
        }
    }

    /// What the open edit of that number has made of its file so far.
    pub(super) fn model_in(&self, sequence: &SequenceId, number: u64) -> Told<(usize, Rc<Value>)> {
        let sheets = self.sheets.borrow();
        let sheet = sheets.iter().find(|sheet| sheet.number == number).ok_or_else(|| edit_is_over(sequence))?;
        Ok((sheet.changes.len(), Rc::clone(&sheet.model)))
    }

    /// Changes what an open edit holds.
    pub(super) fn change(&self, sequence: &SequenceId, number: u64, asked: Change) -> Told<()> {
        let mut sheets = self.sheets.borrow_mut();
        let sheet = sheets.iter_mut().find(|sheet| sheet.number == number).ok_or_else(|| edit_is_over(sequence))?;
        if sheet.changes.len() == MOST_CHANGES {
            return Err(of_an_edit(sequence, MOST_CHANGES).into());
        }
        let changed = change(Rc::make_mut(&mut sheet.model), &asked);
        changed.map_err(|error| operation::failure(sequence, &sheet.source, error))?;
        sheet.changes.push(asked);
        Ok(())
    }
}
