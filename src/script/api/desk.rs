//! What the functions of one run share: the staging, the store, open edits, and what was refused.
//! In come requests, out come answers or failures. Never holds a borrow while a script's closure runs.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use rhai::{Dynamic, EvalAltResult, NativeCallContext, Position};

use crate::diagnostic::{Code, Related};
use crate::lifecycle::Verb;
use crate::operation::{self, Decision, Facts, Failure, Ground, House, Staging};
use crate::sandbox::{Found, Refusal, refuse, refuse_at};
use crate::script::rules::limit_changes::limit_changes;
use crate::script::{Run, Spoiled};
use crate::sequence::SequenceId;
use crate::text::{FilePath, Source};
use crate::yaml::edit::{Value, model};

use super::sheet::Sheet;
use super::tables::Tables;

/// An answer to a script.
pub(super) type Answer<T> = Result<T, Box<EvalAltResult>>;

/// What the core answers.
pub(super) type Told<T> = Result<T, Failure>;

/// How many refusals with places are remembered: a script that fails ends with one of its last.
const REMEMBERED: usize = 1_000;

/// How many read files are kept as values.
const KEPT_MODELS: usize = 512;

/// What the functions of one run share.
pub(super) struct Desk {
    pub run: OnceCell<Run>,
    pub staging: RefCell<Staging>,
    /// Taken away when the run ends, so that whoever lent it gets it back.
    pub facts: RefCell<Option<Rc<dyn Facts>>>,
    pub house: Box<dyn House>,
    pub actor: String,
    pub tables: Tables,
    pub max_changes: usize,
    pub sheets: RefCell<Vec<Sheet>>,
    pub sheets_opened: Cell<u64>,
    pub said: RefCell<Said>,
    trouble: RefCell<Option<Trouble>>,
    refused: RefCell<Refused>,
    models: RefCell<BTreeMap<SequenceId, (Source, Rc<Value>)>>,
}

/// What decisions said of themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// What will have been done, a sentence each.
    pub done: Vec<String>,
    /// What is lost by it, a sentence each.
    pub losses: Vec<String>,
    /// What is to know about it.
    pub notes: Vec<String>,
}

/// Why nothing of a run may be kept, though the script may have ended well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The store could not be asked; the reason in words.
    Unavailable(String),
    /// A mistake of ours; what went wrong.
    Broken(String),
    /// It asked for more changes than it may.
    TooManyChanges {
        /// How many it may ask for.
        limit: usize,
    },
}

#[derive(Default)]
struct Refused {
    count: i64,
    last: VecDeque<RefusedOnce>,
    /// The texts of the refusal that ended the run.
    told: BTreeMap<FilePath, Source>,
}

struct RefusedOnce {
    number: i64,
    places: Vec<Related>,
    sources: BTreeMap<FilePath, Source>,
}

/// Everything that is undone together.
pub(super) struct Savepoint {
    staging: Staging,
    sheets: Vec<Sheet>,
    done: usize,
    losses: usize,
    notes: usize,
}

/// Does something for a script, unless the run is over already.
pub(super) fn asked<T>(context: &NativeCallContext<'_>, desk: &Desk, work: impl FnOnce(&Desk) -> Told<T>) -> Answer<T> {
    desk.is_open()?;
    work(desk).map_err(|failure| desk.refuse(Some(context), failure))
}

impl Desk {
    pub(super) fn new(
        staging: Staging,
        facts: Rc<dyn Facts>,
        house: Box<dyn House>,
        actor: String,
        tables: Tables,
        max_changes: usize,
    ) -> Self {
        Self {
            run: OnceCell::new(),
            staging: RefCell::new(staging),
            facts: RefCell::new(Some(facts)),
            house,
            actor,
            tables,
            max_changes,
            sheets: RefCell::default(),
            sheets_opened: Cell::new(0),
            said: RefCell::default(),
            trouble: RefCell::default(),
            refused: RefCell::default(),
            models: RefCell::default(),
        }
    }

    /// Whether the run still goes on: a limit that was hit, or trouble, ends it at the next call.
    pub(super) fn is_open(&self) -> Answer<()> {
        let tripped = self.run.get().is_some_and(|run| run.guard().tripped().is_some());
        if tripped || self.trouble.borrow().is_some() { Err(ended()) } else { Ok(()) }
    }

    /// The failure as a script meets it: a refusal can be caught, trouble cannot be got rid of.
    pub(super) fn refuse(&self, context: Option<&NativeCallContext<'_>>, failure: Failure) -> Box<EvalAltResult> {
        let trouble = match failure {
            Failure::Refused(refusal) => {
                let refusal = self.in_words(&refusal);
                return match context {
                    Some(context) => refuse(context, refusal),
                    None => refuse_at(None, Position::NONE, refusal),
                };
            }
            Failure::Unavailable(unavailable) => Trouble::Unavailable(unavailable.0),
            Failure::Broken(what) => Trouble::Broken(what),
        };
        self.trouble.borrow_mut().get_or_insert(trouble);
        ended()
    }

    fn in_words(&self, refusal: &operation::Refusal) -> Refusal {
        let found = refusal.findings.iter().map(|finding| Found {
            code: finding.code.name().to_owned(),
            message: finding.message.clone(),
            file: finding.primary.file.to_string(),
            line: self.source(refusal, &finding.primary.file).map(|source| source.place(finding.primary.span.start).line),
        });
        let findings = found.collect();
        Refusal {
            code: refusal.code.name().to_owned(),
            message: refusal.message.clone(),
            help: (!refusal.help.is_empty()).then(|| refusal.help.join("; ")),
            sequence: refusal.sequence.as_ref().map(SequenceId::to_string),
            state: refusal.state.map(|state| state.word().to_owned()),
            allowed: refusal.allowed.iter().map(|verb| verb.word().to_owned()).collect(),
            findings,
            number: self.remember(refusal),
        }
    }

    /// Remembers the places of a refusal, with the texts that they are in.
    fn remember(&self, refusal: &operation::Refusal) -> Option<i64> {
        let of_findings = refusal.findings.iter().flat_map(|finding| {
            let own = Related { message: format!("`{}`: {}", finding.code, finding.message), location: finding.primary.clone() };
            std::iter::once(own).chain(finding.related.iter().cloned())
        });
        let mut places: Vec<Related> = of_findings.take(MOST_PLACES).collect();
        if let (true, Some(at)) = (places.is_empty(), &refusal.at) {
            places.push(Related { message: "this is what it is about".to_owned(), location: at.clone() });
        }
        if places.is_empty() {
            return None;
        }
        let files = places.iter().map(|place| &place.location.file);
        let sources = files.filter_map(|file| Some((file.clone(), self.source(refusal, file)?))).collect();
        let refused = &mut *self.refused.borrow_mut();
        refused.count += 1;
        refused.last.push_back(RefusedOnce { number: refused.count, places, sources });
        if refused.last.len() > REMEMBERED {
            refused.last.pop_front();
        }
        Some(refused.count)
    }

    /// The text that a refusal's places are in: what was about to be taken in, or what stands.
    fn source(&self, refusal: &operation::Refusal, file: &FilePath) -> Option<Source> {
        match &refusal.text {
            Some(text) if text.path() == file => Some(text.clone()),
            Some(_) | None => self.staging.borrow().held(file).map(|held| held.source.clone()),
        }
    }

    /// What is known of a refusal beside its words.
    pub(super) fn places(&self, number: i64) -> Vec<Related> {
        let refused = &mut *self.refused.borrow_mut();
        let Some(once) = refused.last.iter().rev().find(|once| once.number == number) else { return Vec::new() };
        refused.told = once.sources.clone();
        once.places.clone()
    }

    /// The texts that the places of the last refusal are in, as they were then.
    pub(super) fn told_sources(&self) -> BTreeMap<FilePath, Source> {
        self.refused.borrow().told.clone()
    }

    /// Why nothing of the run may be kept.
    pub(super) fn trouble(&self) -> Option<Trouble> {
        self.trouble.borrow().clone()
    }

    /// Asks the store, with what the run did so far laid over it.
    pub(super) fn ask<T>(&self, question: impl FnOnce(&Ground<'_>) -> Told<T>) -> Told<T> {
        let facts = self.facts()?;
        let staging = self.staging.borrow();
        question(&Ground { staging: &staging, facts: &*facts, actor: &self.actor })
    }

    fn facts(&self) -> Told<Rc<dyn Facts>> {
        self.facts.borrow().clone().ok_or_else(|| Failure::Broken("the run is over".to_owned()))
    }

    /// Does something: decided by the core, allowed by the house, seen by the lines after it.
    pub(super) fn perform(
        &self,
        verb: Verb,
        sequences: &[SequenceId],
        decide: impl FnOnce(&Ground<'_>) -> Result<Decision, Failure>,
    ) -> Told<()> {
        let asked: Vec<(Verb, &SequenceId)> = sequences.iter().map(|sequence| (verb, sequence)).collect();
        self.perform_together(&asked, decide)
    }

    /// As [`Desk::perform`], for several verbs that are decided about as one.
    pub(super) fn perform_together(
        &self,
        verbs: &[(Verb, &SequenceId)],
        decide: impl FnOnce(&Ground<'_>) -> Result<Decision, Failure>,
    ) -> Told<()> {
        self.has_room()?;
        let facts = self.facts()?;
        let decide = |ground: &Ground<'_>| decide(ground).and_then(|decision| self.beside_open_edits(verbs, decision));
        let decision = operation::perform(&self.staging, &*facts, &*self.house, &self.actor, verbs, decide)?;
        let said = &mut *self.said.borrow_mut();
        said.done.extend(decision.done);
        said.losses.extend(decision.losses);
        said.notes.extend(decision.notes);
        Ok(())
    }

    fn has_room(&self) -> Told<()> {
        if self.said.borrow().done.len() < self.max_changes {
            return Ok(());
        }
        let limit = self.max_changes;
        self.trouble.borrow_mut().get_or_insert(Trouble::TooManyChanges { limit });
        Err(limit_changes(limit).into())
    }

    pub(super) fn savepoint(&self) -> Savepoint {
        let said = self.said.borrow();
        Savepoint {
            staging: self.staging.borrow().clone(),
            sheets: self.sheets.borrow().clone(),
            done: said.done.len(),
            losses: said.losses.len(),
            notes: said.notes.len(),
        }
    }

    pub(super) fn restore(&self, savepoint: Savepoint) {
        *self.staging.borrow_mut() = savepoint.staging;
        *self.sheets.borrow_mut() = savepoint.sheets;
        let said = &mut *self.said.borrow_mut();
        said.done.truncate(savepoint.done);
        said.losses.truncate(savepoint.losses);
        said.notes.truncate(savepoint.notes);
    }

    /// A sequence's file as it stands in the staging.
    pub(super) fn text_of(&self, sequence: &SequenceId) -> Told<Source> {
        Ok(self.staging.borrow().get(sequence)?.source.clone())
    }

    /// What a sequence's file says, as a value.
    pub(super) fn model_of(&self, sequence: &SequenceId) -> Told<(Source, Rc<Value>)> {
        let source = self.text_of(sequence)?;
        if let Some((known, model)) = self.models.borrow().get(sequence)
            && std::ptr::eq(known.text(), source.text())
        {
            return Ok((source, Rc::clone(model)));
        }
        let read = model(&source).map_err(|error| operation::failure(sequence, &source, error))?;
        let read = Rc::new(read);
        let models = &mut *self.models.borrow_mut();
        if models.len() >= KEPT_MODELS {
            models.clear();
        }
        models.insert(sequence.clone(), (source.clone(), Rc::clone(&read)));
        Ok((source, read))
    }
}

/// How many places one refusal tells.
const MOST_PLACES: usize = 10;

/// What ends a script and cannot be caught.
fn ended() -> Box<EvalAltResult> {
    EvalAltResult::ErrorTerminated(Dynamic::UNIT, Position::NONE).into()
}

impl Trouble {
    /// The words with which the run ends.
    pub(super) fn spoils(&self) -> Spoiled {
        let spoiled = |code, message: String| Spoiled { code, message, help: None };
        match self {
            Trouble::Unavailable(words) => spoiled(Code::ScriptFailed, words.clone()),
            Trouble::Broken(words) => spoiled(Code::Internal, words.clone()),
            Trouble::TooManyChanges { limit } => {
                let refusal = limit_changes(*limit);
                Spoiled { code: refusal.code, message: refusal.message, help: refusal.help.into_iter().next() }
            }
        }
    }
}
