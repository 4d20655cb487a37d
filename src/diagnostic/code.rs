//! The list of codes: every kind of finding, by its stable name.

use std::fmt;

use super::Severity;

macro_rules! codes {
    ($($variant:ident $name:literal $severity:ident),+ $(,)?) => {
        /// What kind of finding this is. A name never changes its meaning and is never used again for another.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = concat!("`", $name, "`")] $variant),+
        }

        impl Code {
            /// Every code, in the order of the layers that find them.
            pub const ALL: &'static [Code] = &[$(Code::$variant),+];

            /// The kebab-case name.
            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name),+ }
            }

            /// The severity that a finding of this code has unless its rule says otherwise.
            pub fn severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity),+ }
            }
        }
    };
}

codes! {
    // the file
    UnreadableFile "unreadable-file" Error,
    IgnoredFile "ignored-file" Warning,
    TooLarge "too-large" Error,
    NotUtf8 "not-utf8" Error,
    ControlCharacter "control-character" Error,
    MergeConflict "merge-conflict" Error,
    // YAML
    BadYaml "bad-yaml" Error,
    UnclosedQuote "unclosed-quote" Error,
    UnclosedBracket "unclosed-bracket" Error,
    TabIndentation "tab-indentation" Error,
    WrongIndentation "wrong-indentation" Error,
    QuoteText "quote-text" Error,
    QuoteExpression "quote-expression" Error,
    TooDeep "too-deep" Error,
    SeveralDocuments "several-documents" Error,
    DuplicateKey "duplicate-key" Error,
    AnchorsNotSupported "anchors-not-supported" Error,
    TagsNotSupported "tags-not-supported" Error,
    ComplexKey "complex-key" Error,
    // shape
    UnknownKey "unknown-key" Error,
    MissingKey "missing-key" Error,
    ConflictingKeys "conflicting-keys" Error,
    WrongType "wrong-type" Error,
    UnknownValue "unknown-value" Error,
    AmbiguousScalar "ambiguous-scalar" Error,
    TooLong "too-long" Error,
    OutOfRange "out-of-range" Error,
    UnknownStepType "unknown-step-type" Error,
    BadId "bad-id" Error,
    BadDuration "bad-duration" Error,
    BadDate "bad-date" Error,
    UnsupportedFormat "unsupported-format" Error,
    // expressions
    BadExpression "bad-expression" Error,
    MismatchedKinds "mismatched-kinds" Error,
    ConstantExpression "constant-expression" Warning,
    // one sequence
    EmptySequence "empty-sequence" Error,
    TooManySteps "too-many-steps" Error,
    DuplicateStepId "duplicate-step-id" Error,
    WaitTooLong "wait-too-long" Error,
    WithinTooLong "within-too-long" Error,
    EmptyCondition "empty-condition" Error,
    ConditionWithoutEmail "condition-without-email" Error,
    ConditionWithoutCall "condition-without-call" Error,
    AmbiguousResult "ambiguous-result" Error,
    MixedResults "mixed-results" Error,
    UnknownResult "unknown-result" Error,
    UnknownStep "unknown-step" Error,
    TrailingWait "trailing-wait" Error,
    StepAfterEnd "step-after-end" Error,
    AdvanceNotLast "advance-not-last" Error,
    AdvanceFirst "advance-first" Warning,
    UnreachableStep "unreachable-step" Warning,
    ExitWithoutEmail "exit-without-email" Warning,
    ExitBeforeResult "exit-before-result" Warning,
    WithinOver "within-over" Warning,
    EqualBranches "equal-branches" Warning,
    EqualVariants "equal-variants" Warning,
    CrowdedEmails "crowded-emails" Warning,
    EmailAfterReply "email-after-reply" Warning,
    TextAtAnyHour "text-at-any-hour" Warning,
    MissingDescription "missing-description" Warning,
    DuplicateStepName "duplicate-step-name" Warning,
    StaleRenamedFrom "stale-renamed-from" Warning,
    TagTooDeep "tag-too-deep" Error,
    BadTag "bad-tag" Error,
    // what is declared elsewhere
    UnknownRecordType "unknown-record-type" Error,
    UnknownField "unknown-field" Error,
    UnknownOption "unknown-option" Error,
    UnknownProcess "unknown-process" Error,
    UnknownStage "unknown-stage" Error,
    UnknownOwner "unknown-owner" Error,
    UnknownCalendar "unknown-calendar" Error,
    UnknownTemplate "unknown-template" Warning,
    // tests of sequences
    TimelineOrder "timeline-order" Error,
    // between sequences
    DuplicateSequenceId "duplicate-sequence-id" Error,
    DuplicateName "duplicate-name" Warning,
    UnknownSequence "unknown-sequence" Error,
    InactiveTarget "inactive-target" Warning,
    AdvanceOtherType "advance-other-type" Error,
    AdvanceCycle "advance-cycle" Error,
    TooManyTags "too-many-tags" Warning,
    // comments and settings that silence
    BadIgnore "bad-ignore" Warning,
    IgnoreWithoutReason "ignore-without-reason" Error,
    UnknownCode "unknown-code" Error,
    CannotBeSilenced "cannot-be-silenced" Error,
    UnusedIgnore "unused-ignore" Warning,
    // files and what is published
    EditedWhileActive "edited-while-active" Error,
    DeletedWhileActive "deleted-while-active" Error,
    VersionTaken "version-taken" Error,
    ImmutableProperty "immutable-property" Error,
    Behind "behind" Warning,
    Ahead "ahead" Warning,
    Pending "pending" Warning,
    BreaksRunningVersion "breaks-running-version" Error,
    CommitDiverged "commit-diverged" Warning,
    // what may not be done
    SequenceExists "sequence-exists" Error,
    AlreadyActive "already-active" Error,
    AlreadyInactive "already-inactive" Error,
    NotActive "not-active" Error,
    NotSound "not-sound" Error,
    TooManyActive "too-many-active" Error,
    MessageMissing "message-missing" Error,
    NothingChanged "nothing-changed" Error,
    NotEditable "not-editable" Error,
    UnknownActor "unknown-actor" Error,
    NotAllowed "not-allowed" Error,
    UnknownRecord "unknown-record" Error,
    WrongRecordType "wrong-record-type" Error,
    RecordClosed "record-closed" Error,
    AlreadyConnected "already-connected" Error,
    NotConnected "not-connected" Error,
    UnknownOperation "unknown-operation" Error,
    UnknownVersion "unknown-version" Error,
    UnknownTag "unknown-tag" Error,
    ChangedSince "changed-since" Error,
    NotUndoable "not-undoable" Error,
    NothingToUndo "nothing-to-undo" Error,
    // scripts
    ScriptSyntax "script-syntax" Error,
    UnknownFunction "unknown-function" Error,
    WrongArguments "wrong-arguments" Error,
    UnknownVariable "unknown-variable" Error,
    UnknownProperty "unknown-property" Error,
    UnknownModule "unknown-module" Error,
    ImportCycle "import-cycle" Error,
    ScriptFailed "script-failed" Error,
    ScriptThrew "script-threw" Error,
    OutsideEdit "outside-edit" Error,
    InsideEdit "inside-edit" Error,
    UnknownTable "unknown-table" Error,
    LimitChanges "limit-changes" Error,
    LimitOperations "limit-operations" Error,
    LimitTime "limit-time" Error,
    LimitMemory "limit-memory" Error,
    LimitSize "limit-size" Error,
    LimitDepth "limit-depth" Error,
    LimitSource "limit-source" Error,
    Internal "internal" Error,
}

/// The codes among those of sound texts without which the core cannot decide: where a record enters, which step or sequence is
/// meant, whose result counts, when something is due; and a record type is for ever. A limit that has a setting of its own is changed there.
const FIRM: [Code; 18] = [
    Code::EmptySequence,
    Code::TooManySteps,
    Code::DuplicateStepId,
    Code::ConditionWithoutEmail,
    Code::ConditionWithoutCall,
    Code::AmbiguousResult,
    Code::MixedResults,
    Code::UnknownResult,
    Code::UnknownStep,
    Code::UnknownRecordType,
    Code::UnknownCalendar,
    Code::DuplicateSequenceId,
    Code::UnknownSequence,
    Code::AdvanceOtherType,
    Code::AdvanceCycle,
    Code::IgnoreWithoutReason,
    Code::UnknownCode,
    Code::CannotBeSilenced,
];

impl Code {
    /// Whether it says that a text could not be read as what it should be: everything before the rules about whole sequences.
    pub fn is_of_reading(self) -> bool {
        self <= Code::BadExpression
    }

    /// Whether it says that YAML itself, or the file under it, could not be read. What such a mistake hides may come to light
    /// only when it is mended.
    pub fn is_of_yaml(self) -> bool {
        self <= Code::ComplexKey
    }

    /// Whether a look at files, or at files beside what is published of them, can find it.
    pub fn is_of_files(self) -> bool {
        self < Code::SequenceExists
    }

    /// Whether it is about files beside what is published of them.
    pub fn is_of_publication(self) -> bool {
        (Code::EditedWhileActive..=Code::CommitDiverged).contains(&self)
    }

    /// Whether it can neither be silenced nor made less than it is: something could not be read, what runs is not what the
    /// file says, or nobody could tell what to do with a record.
    pub fn is_firm(self) -> bool {
        self.is_of_reading() || !self.is_of_files() || self.is_of_publication() || FIRM.contains(&self)
    }

    /// The code of that name.
    pub fn from_name(name: &str) -> Option<Code> {
        Code::ALL.iter().copied().find(|code| code.name() == name)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
