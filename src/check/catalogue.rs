//! A page for each code: what it is, why it matters, a bad and a good example. Taken from the doc comment at the head of
//! the file that holds the rule, so that rule and page cannot part.

use crate::diagnostic::Code;

/// A code's page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The code.
    pub code: Code,
    /// The page in Markdown, with its title.
    pub markdown: String,
}

impl Page {
    /// What the code means, in one sentence on one line.
    pub fn first_sentence(&self) -> String {
        let behind_title = self.markdown.lines().skip_while(|line| line.starts_with('#') || line.is_empty());
        let paragraph: Vec<&str> = behind_title.take_while(|line| !line.is_empty()).collect();
        let paragraph = paragraph.join(" ");
        paragraph.find(". ").map_or(paragraph.clone(), |end| paragraph[..=end].to_owned())
    }
}

/// The page of a code.
pub fn page(code: Code) -> Page {
    let lines = source_of(code).lines().map_while(|line| line.strip_prefix("//!"));
    let markdown: Vec<&str> = lines.map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
    Page { code, markdown: markdown.join("\n").trim_end().to_owned() + "\n" }
}

/// Who finds something: the layers of a check, from the file to what runs, and what comes after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// The file as it lies there.
    File,
    /// YAML.
    Yaml,
    /// Which keys are there, and what they hold.
    Shape,
    /// The `when` of a condition.
    Expression,
    /// One sequence by itself.
    Sequence,
    /// A sequence beside what segue.yaml declares.
    Declared,
    /// Tests beside the sequence that they are of.
    Tests,
    /// Several sequences.
    Library,
    /// Files beside what is published of them.
    Lifecycle,
    /// What somebody asks for.
    Operation,
    /// Scripts.
    Script,
}

impl Layer {
    /// Every layer, in the order in which they look.
    pub const ALL: &'static [Layer] = &[
        Layer::File,
        Layer::Yaml,
        Layer::Shape,
        Layer::Expression,
        Layer::Sequence,
        Layer::Declared,
        Layer::Tests,
        Layer::Library,
        Layer::Lifecycle,
        Layer::Operation,
        Layer::Script,
    ];

    /// What stands above its codes.
    pub fn heading(self) -> &'static str {
        match self {
            Layer::File => "Files",
            Layer::Yaml => "YAML",
            Layer::Shape => "Keys and values",
            Layer::Expression => "Expressions",
            Layer::Sequence => "One sequence",
            Layer::Declared => "What is declared elsewhere",
            Layer::Tests => "Tests of sequences",
            Layer::Library => "Between files",
            Layer::Lifecycle => "Files and what is published",
            Layer::Operation => "What may not be done",
            Layer::Script => "Scripts",
        }
    }

    /// What it looks at, in a sentence.
    pub fn words(self) -> &'static str {
        match self {
            Layer::File => "Whether a file can be read at all.",
            Layer::Yaml => "Whether its text is the plain part of YAML that we take.",
            Layer::Shape => "Whether its keys are known, and hold what they can hold.",
            Layer::Expression => "Whether the `when` of a condition can be decided, and decides something.",
            Layer::Sequence => "Whether the steps of a sequence make sense, on every way through them.",
            Layer::Declared => "Whether what a sequence names is there. Where nobody declared any, any name is taken.",
            Layer::Tests => "Whether a test can be played as it stands.",
            Layer::Library => "Whether the files of a workspace fit together, and what is silenced in them.",
            Layer::Lifecycle => {
                "Whether files that people change obey the same table as commands do, and what runs still has what it needs."
            }
            Layer::Operation => "Refusals: the answer when something that was asked for may not happen.",
            Layer::Script => "What goes wrong in scripts.",
        }
    }

    /// The first code of the layer in the list of codes, which keeps to their order.
    fn first(self) -> Code {
        match self {
            Layer::File => Code::UnreadableFile,
            Layer::Yaml => Code::BadYaml,
            Layer::Shape => Code::UnknownKey,
            Layer::Expression => Code::BadExpression,
            Layer::Sequence => Code::EmptySequence,
            Layer::Declared => Code::UnknownRecordType,
            Layer::Tests => Code::TimelineOrder,
            Layer::Library => Code::DuplicateSequenceId,
            Layer::Lifecycle => Code::EditedWhileActive,
            Layer::Operation => Code::SequenceExists,
            Layer::Script => Code::ScriptSyntax,
        }
    }
}

/// The layer that finds a code.
pub fn layer(code: Code) -> Layer {
    let layers = Layer::ALL.iter().rev().copied();
    layers.into_iter().find(|layer| layer.first() <= code).expect("the first layer starts with the first code")
}

macro_rules! sources {
    ($($room:literal { $($variant:ident $file:literal)+ })+) => {
        /// The source of the file that holds a code's rule.
        fn source_of(code: Code) -> &'static str {
            match code {
                $($(Code::$variant => include_str!(concat!("../", $room, "/rules/", $file, ".rs")),)+)+
            }
        }
    };
}

sources! {
    "yaml" {
        ControlCharacter "control_character"
        BadYaml "bad_yaml"
        UnclosedQuote "unclosed_quote"
        UnclosedBracket "unclosed_bracket"
        TabIndentation "tab_indentation"
        WrongIndentation "wrong_indentation"
        QuoteText "quote_text"
        QuoteExpression "quote_expression"
        TooDeep "too_deep"
        SeveralDocuments "several_documents"
        DuplicateKey "duplicate_key"
        MergeConflict "merge_conflict"
        AnchorsNotSupported "anchors_not_supported"
        TagsNotSupported "tags_not_supported"
        ComplexKey "complex_key"
    }
    "shape" {
        UnknownKey "unknown_key"
        MissingKey "missing_key"
        ConflictingKeys "conflicting_keys"
        WrongType "wrong_type"
        UnknownValue "unknown_value"
        AmbiguousScalar "ambiguous_scalar"
        TooLong "too_long"
        OutOfRange "out_of_range"
        UnknownStepType "unknown_step_type"
        BadId "bad_id"
        BadDuration "bad_duration"
        BadDate "bad_date"
        UnsupportedFormat "unsupported_format"
    }
    "expression" {
        BadExpression "bad_expression"
        MismatchedKinds "mismatched_kinds"
        ConstantExpression "constant_expression"
    }
    "check" {
        UnreadableFile "unreadable_file"
        IgnoredFile "ignored_file"
        TooLarge "too_large"
        NotUtf8 "not_utf8"
        EmptySequence "empty_sequence"
        TooManySteps "too_many_steps"
        DuplicateStepId "duplicate_step_id"
        WaitTooLong "wait_too_long"
        WithinTooLong "within_too_long"
        EmptyCondition "empty_condition"
        ConditionWithoutEmail "condition_without_email"
        ConditionWithoutCall "condition_without_call"
        AmbiguousResult "ambiguous_result"
        MixedResults "mixed_results"
        UnknownResult "unknown_result"
        UnknownStep "unknown_step"
        TrailingWait "trailing_wait"
        StepAfterEnd "step_after_end"
        AdvanceNotLast "advance_not_last"
        AdvanceFirst "advance_first"
        UnreachableStep "unreachable_step"
        ExitWithoutEmail "exit_without_email"
        ExitBeforeResult "exit_before_result"
        WithinOver "within_over"
        EqualBranches "equal_branches"
        EqualVariants "equal_variants"
        CrowdedEmails "crowded_emails"
        EmailAfterReply "email_after_reply"
        TextAtAnyHour "text_at_any_hour"
        MissingDescription "missing_description"
        DuplicateStepName "duplicate_step_name"
        StaleRenamedFrom "stale_renamed_from"
        TagTooDeep "tag_too_deep"
        BadTag "bad_tag"
        UnknownRecordType "unknown_record_type"
        UnknownField "unknown_field"
        UnknownOption "unknown_option"
        UnknownProcess "unknown_process"
        UnknownStage "unknown_stage"
        UnknownOwner "unknown_owner"
        UnknownCalendar "unknown_calendar"
        UnknownTemplate "unknown_template"
        DuplicateSequenceId "duplicate_sequence_id"
        DuplicateName "duplicate_name"
        UnknownSequence "unknown_sequence"
        InactiveTarget "inactive_target"
        AdvanceOtherType "advance_other_type"
        AdvanceCycle "advance_cycle"
        TooManyTags "too_many_tags"
        BadIgnore "bad_ignore"
        IgnoreWithoutReason "ignore_without_reason"
        UnknownCode "unknown_code"
        CannotBeSilenced "cannot_be_silenced"
        UnusedIgnore "unused_ignore"
        BreaksRunningVersion "breaks_running_version"
    }
    "trial" {
        TimelineOrder "timeline_order"
    }
    "lifecycle" {
        EditedWhileActive "edited_while_active"
        DeletedWhileActive "deleted_while_active"
        VersionTaken "version_taken"
        ImmutableProperty "immutable_property"
        Behind "behind"
        Ahead "ahead"
        Pending "pending"
    }
    "operation" {
        SequenceExists "sequence_exists"
        AlreadyActive "already_active"
        AlreadyInactive "already_inactive"
        NotActive "not_active"
        NotSound "not_sound"
        TooManyActive "too_many_active"
        MessageMissing "message_missing"
        NothingChanged "nothing_changed"
        NotEditable "not_editable"
        UnknownActor "unknown_actor"
        NotAllowed "not_allowed"
        UnknownRecord "unknown_record"
        WrongRecordType "wrong_record_type"
        RecordClosed "record_closed"
        AlreadyConnected "already_connected"
        NotConnected "not_connected"
        UnknownOperation "unknown_operation"
        UnknownVersion "unknown_version"
        UnknownTag "unknown_tag"
        ChangedSince "changed_since"
        NotUndoable "not_undoable"
        NothingToUndo "nothing_to_undo"
        CommitDiverged "commit_diverged"
    }
    "script" {
        ScriptSyntax "script_syntax"
        UnknownFunction "unknown_function"
        WrongArguments "wrong_arguments"
        UnknownVariable "unknown_variable"
        UnknownProperty "unknown_property"
        UnknownModule "unknown_module"
        ImportCycle "import_cycle"
        ScriptFailed "script_failed"
        ScriptThrew "script_threw"
        OutsideEdit "outside_edit"
        InsideEdit "inside_edit"
        UnknownTable "unknown_table"
        LimitChanges "limit_changes"
        LimitOperations "limit_operations"
        LimitTime "limit_time"
        LimitMemory "limit_memory"
        LimitSize "limit_size"
        LimitDepth "limit_depth"
        LimitSource "limit_source"
        Internal "internal"
    }
}
