//! The table: every verb in every state.

use crate::diagnostic::Code;
use crate::sequence::State;
use crate::shape::words;

words! {
    /// Something that can be done with a sequence, in the order of the printed table.
    Verb {
        /// Create one.
        New "new",
        /// Copy one.
        Clone "clone",
        /// Change what it says: anything in its meaning but the record type.
        Edit "edit",
        /// Change the record type.
        ChangeRecordType "change-record-type",
        /// Give it to another owner.
        Assign "assign",
        /// Add a label.
        Tag "tag",
        /// Take a label away.
        Untag "untag",
        /// Give it another id.
        Rename "rename",
        /// Let it serve records.
        Activate "activate",
        /// Begin the draft of its next version.
        Revise "revise",
        /// Throw the draft of its next version away.
        Discard "discard",
        /// Let it serve no longer.
        Deactivate "deactivate",
        /// Start a record's way through it.
        Connect "connect",
        /// End a record's way through it.
        Disconnect "disconnect",
        /// Remove it.
        Delete "delete",
    }
}

impl Verb {
    /// Whether the command line and scripts have it. A record type is changed by nobody, but for whoever edits a file by hand.
    pub const fn is_offered(self) -> bool {
        match self {
            Verb::New
            | Verb::Clone
            | Verb::Edit
            | Verb::Assign
            | Verb::Tag
            | Verb::Untag
            | Verb::Rename
            | Verb::Activate
            | Verb::Revise
            | Verb::Discard
            | Verb::Deactivate
            | Verb::Connect
            | Verb::Disconnect
            | Verb::Delete => true,
            Verb::ChangeRecordType => false,
        }
    }
}

/// The table's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may be done.
    Allowed {
        /// What becomes of the sequence.
        effect: Effect,
        /// The rest of what is to know about it, for the printed table; may be empty.
        note: &'static str,
    },
    /// It may not be done.
    Refused(Bar),
}

/// What becomes of a sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It stays in its state.
    Stays,
    /// It comes into this state.
    Becomes(State),
    /// Another sequence comes into being, inactive.
    Copied,
    /// It is gone.
    Gone,
}

/// Why a verb is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bar {
    /// The code of the refusal.
    pub code: Code,
    /// The reason, to stand behind the sequence's name: `is active already`.
    pub reason: &'static str,
    /// The verbs that lead on from here.
    pub instead: &'static [Verb],
}

const fn allowed(effect: Effect) -> Verdict {
    Verdict::Allowed { effect, note: "" }
}

const fn noted(effect: Effect, note: &'static str) -> Verdict {
    Verdict::Allowed { effect, note }
}

const fn refused(code: Code, reason: &'static str, instead: &'static [Verb]) -> Verdict {
    Verdict::Refused(Bar { code, reason, instead })
}

const THE_CONNECTIONS_END: &str = "its connections end";

/// Whether a verb may be done with a sequence in a state. There is no other place that decides it: the command line, scripts,
/// validation and plans all ask here. Source: the reference's state machine of a sequence.
pub const fn judge(verb: Verb, state: State) -> Verdict {
    use State::{Active, Inactive, Revision};
    match (verb, state) {
        (Verb::New, Inactive | Active | Revision) => refused(Code::SequenceExists, "exists already", &[Verb::Edit, Verb::Clone]),

        (Verb::Clone, Inactive | Active) => noted(Effect::Copied, "the text as it stands, under a new id"),
        (Verb::Clone, Revision) => noted(Effect::Copied, "the draft, under a new id"),

        (Verb::Edit, Inactive | Revision) => allowed(Effect::Stays),
        (Verb::Edit, Active) => refused(
            Code::EditedWhileActive,
            "is active, and what it says may not change under the records inside",
            &[Verb::Deactivate, Verb::Clone, Verb::Revise],
        ),

        (Verb::ChangeRecordType, Inactive | Active | Revision) => {
            refused(Code::ImmutableProperty, "keeps its record type for ever", &[Verb::New])
        }

        (Verb::Assign | Verb::Tag | Verb::Untag | Verb::Rename, Inactive | Active | Revision) => allowed(Effect::Stays),

        (Verb::Activate, Inactive) => {
            noted(Effect::Becomes(Active), "publishes the next version if its meaning changed, else the same serves again")
        }
        (Verb::Activate, Active) => refused(Code::AlreadyActive, "is active already", &[Verb::Revise, Verb::Deactivate]),
        (Verb::Activate, Revision) => {
            noted(Effect::Becomes(Active), "publishes the next version; refused if nothing changed: discard")
        }

        (Verb::Revise, Inactive) => refused(Code::NotActive, "is not active, so that it can be edited as it is", &[Verb::Edit]),
        (Verb::Revise, Active) => allowed(Effect::Becomes(Revision)),
        (Verb::Revise, Revision) => {
            refused(Code::AlreadyActive, "has a revision in the making already", &[Verb::Edit, Verb::Activate, Verb::Discard])
        }

        (Verb::Discard, Inactive) => refused(Code::NotActive, "is not active and has no revision", &[Verb::Edit]),
        (Verb::Discard, Active) => refused(Code::AlreadyActive, "is active and has no revision", &[Verb::Revise]),
        (Verb::Discard, Revision) => {
            noted(Effect::Becomes(Active), "the published meaning comes back; owner, tags and comments outside the steps stay")
        }

        (Verb::Deactivate, Inactive) => refused(Code::AlreadyInactive, "is inactive already", &[Verb::Activate]),
        (Verb::Deactivate, Active) => noted(Effect::Becomes(Inactive), THE_CONNECTIONS_END),
        (Verb::Deactivate, Revision) => noted(Effect::Becomes(Inactive), "its connections end; the draft stays"),

        (Verb::Connect, Inactive) => refused(Code::NotActive, "is not active", &[Verb::Activate]),
        (Verb::Connect, Active) => noted(Effect::Stays, "to the newest version"),
        (Verb::Connect, Revision) => noted(Effect::Stays, "to the newest published version"),

        (Verb::Disconnect, Inactive | Active | Revision) => allowed(Effect::Stays),

        (Verb::Delete, Inactive) => noted(Effect::Gone, "its versions and history stay"),
        (Verb::Delete, Active | Revision) => noted(Effect::Gone, "deactivated and deleted; its connections end"),
    }
}

/// The verbs that a state allows.
pub fn allowed_in(state: State) -> impl Iterator<Item = Verb> {
    Verb::ALL.iter().copied().filter(move |verb| matches!(judge(*verb, state), Verdict::Allowed { .. }))
}
