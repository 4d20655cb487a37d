//! What a file says, compared with what is published of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::sequence::{Meaning, Sequence, SequenceId, State};
use crate::text::{Digest, FilePath};

use super::change::{Edition, Judgement, judge_change};
use super::rules;
use super::rules::edited_while_active::Earlier;
use super::table::Verb;

/// What is published of a sequence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The state in which it serves. A published sequence that was deactivated is inactive.
    pub state: State,
    /// The number of its newest version.
    pub number: u32,
    /// The digest of that version's meaning.
    pub meaning: Digest,
    /// Why that version was made.
    pub message: Option<String>,
    /// The numbers of all versions with the digests of their meanings, oldest first.
    pub versions: Vec<(u32, Digest)>,
}

impl Published {
    /// The same, in another state.
    #[must_use]
    pub fn in_state(self, state: State) -> Self {
        Self { state, ..self }
    }
}

/// A version: a numbered, frozen edition of a sequence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Its number, from 1.
    pub number: u32,
    /// The digest of its meaning.
    pub meaning: Digest,
    /// The file's whole text when it was published.
    pub text: Arc<str>,
    /// Why it was made.
    pub message: Option<String>,
}

/// Whoever knows what is published.
pub trait Publications: Send {
    /// Everything that is published, if it is not as it was when this was last asked.
    ///
    /// # Errors
    /// Why it cannot be told, in words.
    fn refresh(&mut self) -> Result<Option<BTreeMap<SequenceId, Published>>, String>;

    /// The versions on which connections run.
    ///
    /// # Errors
    /// Why it cannot be told, in words.
    fn running(&self) -> Result<BTreeSet<(SequenceId, u32)>, String>;

    /// How many connections run on a version. Where that cannot be had, none count.
    fn connections(&self, sequence: &SequenceId, version: u32) -> u64;

    /// The text of a version; `None` where it cannot be had.
    fn text(&self, sequence: &SequenceId, version: u32) -> Option<Arc<str>>;
}

impl Published {
    /// The version to which records are connected, where any are.
    pub fn serving(&self) -> Option<u32> {
        match self.state {
            State::Active | State::Revision => Some(self.number),
            State::Inactive => None,
        }
    }
}

/// How a file stands to what is published of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// The store knows nothing of it.
    Unpublished,
    /// Both say the same, in the same state.
    InStep,
    /// Not live as it stands: the file holds the draft of what is published next.
    Draft,
    /// The file says what an older version said.
    Behind {
        /// That version.
        version: u32,
    },
    /// The file carries a number above the newest version: it was published elsewhere, or is to be published here.
    Ahead {
        /// That number.
        version: u32,
    },
    /// The file asks for verbs that the table allows and nobody did yet.
    Pending(Judgement),
    /// The file says something else than what is live.
    Edited(Judgement),
    /// The file says something else under a number that is taken.
    VersionTaken {
        /// The number.
        version: u32,
        /// Where it differs from the newest version.
        judgement: Judgement,
    },
}

/// Compares a file with what is published. `newest` gives the newest version, read as a sequence, with its meaning; it is asked
/// only where the digests differ. Where it cannot be had the file counts as in step, since nothing can be said of it.
pub fn compare(
    sequence: &Sequence,
    meaning: &Meaning,
    published: Option<&Published>,
    newest: impl FnOnce() -> Option<(Sequence, Meaning)>,
) -> Comparison {
    let Some(published) = published else { return Comparison::Unpublished };
    let state = sequence.state.value;
    let digest = meaning.digest();
    if state == published.state && digest == published.meaning {
        return Comparison::InStep;
    }
    let Some((newest, newest_meaning)) = newest() else { return Comparison::InStep };
    // Digests may differ and both say the same all the same, where a sequence that they refer to was renamed since.
    let same = *meaning == newest_meaning;
    if state == published.state && same {
        return Comparison::InStep;
    }
    let before = Edition { sequence: &newest, meaning: &newest_meaning, state: published.state };
    let judgement = judge_change(&before, &Edition { sequence, meaning, state });
    if judgement.refused.iter().any(|(verb, ..)| *verb == Verb::ChangeRecordType) {
        return Comparison::Edited(judgement);
    }
    if state == published.state && state != State::Active {
        return Comparison::Draft;
    }
    let number = sequence.version.as_ref().and_then(|version| u32::try_from(version.value).ok());
    if let Some(version) = number.filter(|number| *number > published.number && judgement.is_lawful()) {
        return Comparison::Ahead { version };
    }
    // Whoever goes back to what was said before, and calls it the next version, was told of above.
    let older = published.versions.iter().rev().find(|(number, old)| *number < published.number && *old == digest);
    if let (false, Some((number, _))) = (same, older) {
        return Comparison::Behind { version: *number };
    }
    if judgement.is_lawful() {
        return Comparison::Pending(judgement);
    }
    // Whoever wrote a message of their own meant a new version, and the number is not new.
    let message = sequence.message.as_ref().map(|message| message.value.as_str());
    let claims = message.is_some() && message != published.message.as_deref();
    match number.filter(|number| claims && published.versions.iter().any(|(taken, _)| taken == number)) {
        Some(version) => Comparison::VersionTaken { version, judgement },
        None => Comparison::Edited(judgement),
    }
}

impl Comparison {
    /// What there is to say about it. `behind` says nothing here: such files are told of together.
    pub fn findings(&self, sequence: &Sequence, published: &Published) -> Vec<Diagnostic> {
        match self {
            Comparison::Unpublished | Comparison::InStep | Comparison::Draft | Comparison::Behind { .. } => Vec::new(),
            Comparison::Ahead { version } => vec![rules::ahead::ahead(sequence, *version, published.number)],
            Comparison::Pending(judgement) => vec![rules::pending::pending(sequence, judgement, published.state)],
            Comparison::VersionTaken { version, judgement } => {
                vec![rules::version_taken::version_taken(sequence, *version, judgement, published.number)]
            }
            Comparison::Edited(judgement) => {
                let message = published.message.as_deref();
                let earlier = Earlier { number: published.number, message, record_type: None, revision: None };
                let refused = judgement.refused.iter();
                refused
                    .map(|(verb, bar, span)| {
                        rules::edited_while_active::refused(sequence, *verb, bar, *span, judgement, &earlier)
                    })
                    .collect()
            }
        }
    }
}

/// A sequence that is live and has no file.
#[derive(Clone, Copy, Debug)]
pub struct Missing<'a> {
    /// The sequence.
    pub sequence: &'a SequenceId,
    /// The id that it has now, with its file, where somebody seems to have renamed it.
    pub renamed: Option<(&'a SequenceId, &'a FilePath)>,
}

impl Missing<'_> {
    /// What there is to say about it.
    pub fn finding(&self) -> Diagnostic {
        rules::deleted_while_active::deleted_while_active(self)
    }
}
