//! The typed sequence. Whatever could not be read is absent; it was reported when it was met.

use std::fmt;

use crate::shape::{Value, is_id, words};
use crate::text::{FilePath, Located, Span};
use crate::time::{Duration, Instant};
use crate::yaml::Style;

/// What names a sequence: its file's stem, unique in the workspace.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SequenceId(String);

impl SequenceId {
    /// The id, if the text is one.
    pub fn parse(text: &str) -> Option<Self> {
        is_id(text).then(|| Self(text.to_owned()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SequenceId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

words! {
    /// Whether a sequence serves records. Source: the reference's states of a sequence.
    State {
        /// Nobody can be connected; everything can be changed.
        Inactive "inactive",
        /// Records can be connected; its meaning cannot be changed.
        Active "active",
        /// Active, with the draft of its next version in this file.
        Revision "revision",
    }
}

words! {
    /// What ends a connection from anywhere in the sequence.
    ExitCriterion {
        /// A reply to any email of the sequence.
        Replied "replied",
    }
}

words! {
    /// Who gets the steps of a connected record.
    Assignee {
        /// The record's owner.
        RecordOwner "record_owner",
        /// Whoever connected the record.
        Connector "connector",
        /// The team that owns the record.
        OwnerTeam "owner_team",
    }
}

words! {
    /// A step's type.
    StepType {
        /// The seller writes an email.
        Email "email",
        /// The system sends an email.
        AutomatedEmail "automated_email",
        /// The seller writes a text message.
        Text "text",
        /// The system sends a text message.
        AutomatedText "automated_text",
        /// The seller calls.
        PhoneCall "phone_call",
        /// The seller does something else.
        Task "task",
        /// The seller looks the person up on LinkedIn.
        LinkedinResearch "linkedin_research",
        /// The seller asks a common contact for an introduction.
        LinkedinIntroduction "linkedin_introduction",
        /// The seller asks to connect.
        LinkedinConnect "linkedin_connect",
        /// The seller sends an InMail.
        LinkedinInmail "linkedin_inmail",
        /// Time passes.
        Wait "wait",
        /// The system sends one of two emails and finds out which does better.
        AbTest "ab_test",
        /// The way divides.
        Condition "condition",
        /// The record goes on in another sequence.
        AdvanceTo "advance_to",
        /// A field of the record gets a value.
        UpdateField "update_field",
        /// The connection is over.
        End "end",
    }
}

words! {
    /// What an A/B test compares.
    Metric {
        /// Goals reached.
        Goals "goals",
        /// Links clicked.
        Clicks "clicks",
        /// Emails opened.
        Opens "opens",
    }
}

words! {
    /// When an A/B test ends by itself.
    TestEnd {
        /// As soon as one version is better with statistical significance.
        WhenSignificant "when_significant",
    }
}

words! {
    /// One of the two versions of an A/B test.
    TestVersion {
        /// The control.
        A "a",
        /// The variant.
        B "b",
    }
}

words! {
    /// A way on from a condition.
    Branch {
        /// The way if what it asks is so.
        Then "then",
        /// The way if not.
        Else "else",
    }
}

words! {
    /// What can become of an email.
    EmailResult {
        /// It was opened.
        Opened "email_opened",
        /// It was answered.
        Replied "replied",
        /// A link in it was opened.
        LinkOpened "link_opened",
        /// A file attached to it was downloaded.
        AttachmentDownloaded "attachment_downloaded",
    }
}

/// The results that a call can have without settings.
pub const CALL_RESULTS: [&str; 2] = ["call_made", "call_received"];

/// A sequence as one file writes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Sequence {
    /// The file.
    pub file: FilePath,
    /// The file's stem.
    pub id: SequenceId,
    /// What people call it.
    pub name: Option<Located<String>>,
    /// What it is for.
    pub description: Option<Located<String>>,
    /// The type of record it is worked on.
    pub record_type: Option<Located<String>>,
    /// Whose it is.
    pub owner: Option<Located<String>>,
    /// Whether it serves; `Inactive` where nothing is written.
    pub state: Located<State>,
    /// Labels; `/` nests.
    pub tags: Vec<Located<String>>,
    /// Whether waits count working time only; `None` where nothing is written and the settings count.
    pub skip_non_working_days: Option<Located<bool>>,
    /// What ends a connection from anywhere.
    pub exit_on: Vec<Located<ExitCriterion>>,
    /// The number of the published version.
    pub version: Option<Located<i64>>,
    /// Why that version was made.
    pub message: Option<Located<String>>,
    /// Who gets the steps; `None` where nothing is written and the record's owner gets them.
    pub assign_to: Option<Located<AssignTo>>,
    /// Where it was cloned from.
    pub cloned_from: Option<ClonedFrom>,
    /// Ids it had before.
    pub formerly: Vec<Located<String>>,
    /// The steps.
    pub steps: Steps,
}

/// Who gets the steps of a connected record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AssignTo {
    /// The record's owner.
    RecordOwner,
    /// Whoever connected the record.
    Connector,
    /// The team that owns the record.
    OwnerTeam,
    /// The user in this field of the record.
    Field(Located<String>),
}

/// Where a sequence was cloned from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClonedFrom {
    /// The source's id.
    pub sequence: Option<Located<String>>,
    /// The source's version.
    pub version: Option<i64>,
}

/// A list of steps.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Steps {
    /// The steps in their order.
    pub list: Vec<Step>,
    /// The key that they stand under, where it is there.
    pub key: Option<Span>,
    /// Whether one was cut out or could not be read: what seems to be missing may have been there.
    pub damaged: bool,
}

/// A step.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// All of it.
    pub span: Span,
    /// Where it is pointed at: its id, or its first key.
    pub head: Span,
    /// Its id, stable for life.
    pub id: Option<Located<String>>,
    /// What people call it.
    pub name: Option<Located<String>>,
    /// What the seller should know.
    pub description: Option<Located<String>>,
    /// Its id in the version before.
    pub renamed_from: Option<Located<String>>,
    /// Its type as written; a misspelt one is the type that it resembles.
    pub step_type: Option<StepType>,
    /// What it does.
    pub kind: StepKind,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq)]
pub enum StepKind {
    /// Somebody does something, or the system in their name.
    Activity(Activity),
    /// Time passes.
    Wait(Option<Located<Duration>>),
    /// Two emails compete.
    AbTest(Box<AbTest>),
    /// The way divides.
    Condition(Box<Condition>),
    /// The record goes on in another sequence, whose id this is.
    AdvanceTo(Option<Located<String>>),
    /// A field of the record gets a value; `null` empties it.
    UpdateField {
        /// The field.
        field: Option<Located<String>>,
        /// The value.
        value: Option<Located<Value>>,
    },
    /// The connection is over, with this outcome for the statistics.
    End(Option<Located<String>>),
    /// Nobody knows: its type could not be read.
    Unreadable,
}

/// What a person does, or the system in their name.
#[derive(Clone, Debug, PartialEq)]
pub struct Activity {
    /// Which.
    pub kind: ActivityKind,
    /// The message template.
    pub template: Option<Located<String>>,
}

/// The kinds of activity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActivityKind {
    /// The seller writes an email.
    Email,
    /// The system sends an email.
    AutomatedEmail,
    /// The seller writes a text message.
    Text,
    /// The system sends a text message.
    AutomatedText,
    /// The seller calls.
    PhoneCall,
    /// The seller does something else.
    Task,
    /// The seller looks the person up on LinkedIn.
    LinkedinResearch,
    /// The seller asks a common contact for an introduction.
    LinkedinIntroduction,
    /// The seller asks to connect.
    LinkedinConnect,
    /// The seller sends an InMail.
    LinkedinInmail,
}

/// Two emails that compete.
#[derive(Clone, Debug, PartialEq)]
pub struct AbTest {
    /// The control.
    pub a: Option<Variant>,
    /// The variant.
    pub b: Option<Variant>,
    /// How many of a hundred get the control.
    pub split: i64,
    /// What is compared.
    pub metric: Option<Metric>,
    /// When it ends.
    pub ends: Option<EndOfTest>,
    /// What is sent if neither wins.
    pub default: Option<TestVersion>,
}

/// When an A/B test ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndOfTest {
    /// As soon as one version is better with statistical significance.
    WhenSignificant,
    /// At an instant.
    At(Instant),
}

/// One of the emails that compete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// What people call it.
    pub name: Option<Located<String>>,
    /// The message template.
    pub template: Option<Located<String>>,
}

/// Where the way divides.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// What is asked.
    pub question: Question,
    /// The way if so.
    pub then: Steps,
    /// The way if not.
    pub otherwise: Steps,
    /// Whether a branch is there but could not be read.
    pub damaged: bool,
}

/// What a condition asks.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    /// Whether results of an email or a call came in.
    Results(Criterion),
    /// Whether an expression over the record is true.
    When(When),
    /// Whether the record is in one of these stages.
    Stage(Vec<Stage>),
    /// Nobody knows: it is missing or could not be read.
    Unreadable,
}

/// Results that must have come in.
#[derive(Clone, Debug, PartialEq)]
pub struct Criterion {
    /// Whether one is enough.
    pub mode: Mode,
    /// The key, `any_of` or `all_of`.
    pub key: Span,
    /// The results, by their names as written.
    pub results: Vec<Located<String>>,
    /// The step whose results they are; without it the last email or call on the way here.
    pub of: Option<Located<String>>,
    /// How long to wait for them.
    pub within: Option<Located<Duration>>,
    /// Whether something was cut out of the condition, so that keys that seem to be missing may have been there.
    pub may_lack_keys: bool,
    /// The key `within`, where it stands.
    pub within_key: Option<Span>,
    /// Whether `then` is taken as soon as they are in; with the key's span where it stands.
    pub at_once: Option<Located<bool>>,
}

/// How many of the results must have come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// One of them.
    Any,
    /// Every one.
    All,
}

/// A stage of a process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// The process.
    pub process: Located<String>,
    /// Its stages.
    pub stages: Vec<Located<String>>,
}

/// An expression as written; what it means is read elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct When {
    /// The text after YAML's unescaping, with the scalar's span.
    pub text: Located<String>,
    /// How the scalar is written.
    pub style: Style,
}

impl Sequence {
    /// Who gets the steps.
    pub fn assigned_to(&self) -> &AssignTo {
        self.assign_to.as_ref().map_or(&AssignTo::RecordOwner, |assign_to| &assign_to.value)
    }
}

impl Step {
    /// The id as text, for messages; a step without one is called by what it is.
    pub fn label(&self) -> &str {
        self.id.as_ref().map_or("?", |id| id.value.as_str())
    }
}

impl StepKind {
    /// The condition, if it is one.
    pub fn as_condition(&self) -> Option<&Condition> {
        match self {
            StepKind::Condition(condition) => Some(condition),
            StepKind::Activity(_)
            | StepKind::Wait(_)
            | StepKind::AbTest(_)
            | StepKind::AdvanceTo(_)
            | StepKind::UpdateField { .. }
            | StepKind::End(_)
            | StepKind::Unreadable => None,
        }
    }

    /// Whether a seller or the system does something here that counts as an activity.
    pub fn is_activity(&self) -> bool {
        match self {
            StepKind::Activity(_) | StepKind::AbTest(_) => true,
            StepKind::Wait(_)
            | StepKind::Condition(_)
            | StepKind::AdvanceTo(_)
            | StepKind::UpdateField { .. }
            | StepKind::End(_)
            | StepKind::Unreadable => false,
        }
    }

    /// The message templates that it names.
    pub fn templates(&self) -> impl Iterator<Item = &Located<String>> {
        let templates = match self {
            StepKind::Activity(activity) => [activity.template.as_ref(), None],
            StepKind::AbTest(test) => [&test.a, &test.b].map(|variant| variant.as_ref()?.template.as_ref()),
            StepKind::Wait(_)
            | StepKind::Condition(_)
            | StepKind::AdvanceTo(_)
            | StepKind::UpdateField { .. }
            | StepKind::End(_)
            | StepKind::Unreadable => [None, None],
        };
        templates.into_iter().flatten()
    }

    /// Whether it sends an email, whose results can be asked for.
    pub fn is_email(&self) -> bool {
        match self {
            StepKind::Activity(activity) => matches!(activity.kind, ActivityKind::Email | ActivityKind::AutomatedEmail),
            StepKind::AbTest(_) => true,
            StepKind::Wait(_)
            | StepKind::Condition(_)
            | StepKind::AdvanceTo(_)
            | StepKind::UpdateField { .. }
            | StepKind::End(_)
            | StepKind::Unreadable => false,
        }
    }

    /// Whether it is a phone call, whose results can be asked for.
    pub fn is_call(&self) -> bool {
        matches!(self, StepKind::Activity(Activity { kind: ActivityKind::PhoneCall, .. }))
    }

    /// Whether a seller does it, so that time passes.
    pub fn is_manual(&self) -> bool {
        match self {
            StepKind::Activity(activity) => match activity.kind {
                ActivityKind::AutomatedEmail | ActivityKind::AutomatedText => false,
                ActivityKind::Email
                | ActivityKind::Text
                | ActivityKind::PhoneCall
                | ActivityKind::Task
                | ActivityKind::LinkedinResearch
                | ActivityKind::LinkedinIntroduction
                | ActivityKind::LinkedinConnect
                | ActivityKind::LinkedinInmail => true,
            },
            StepKind::Wait(_)
            | StepKind::AbTest(_)
            | StepKind::Condition(_)
            | StepKind::AdvanceTo(_)
            | StepKind::UpdateField { .. }
            | StepKind::End(_)
            | StepKind::Unreadable => false,
        }
    }

    /// What it is, with its article, for messages.
    pub fn describe(&self) -> &'static str {
        match self {
            StepKind::Activity(activity) => match activity.kind {
                ActivityKind::Email => "an email",
                ActivityKind::AutomatedEmail => "an automated email",
                ActivityKind::Text => "a text message",
                ActivityKind::AutomatedText => "an automated text message",
                ActivityKind::PhoneCall => "a phone call",
                ActivityKind::Task => "a task",
                ActivityKind::LinkedinResearch => "research on LinkedIn",
                ActivityKind::LinkedinIntroduction => "an introduction on LinkedIn",
                ActivityKind::LinkedinConnect => "a connection on LinkedIn",
                ActivityKind::LinkedinInmail => "an InMail",
            },
            StepKind::Wait(_) => "a wait",
            StepKind::AbTest(_) => "an A/B test",
            StepKind::Condition(_) => "a condition",
            StepKind::AdvanceTo(_) => "an advance to another sequence",
            StepKind::UpdateField { .. } => "a field update",
            StepKind::End(_) => "an end",
            StepKind::Unreadable => "an unreadable step",
        }
    }
}

impl Steps {
    /// Whether a step was cut out or could not be read here or in any branch.
    pub fn is_damaged_anywhere(&self) -> bool {
        let in_branches = |step: &Step| step.kind.as_condition().is_some_and(|condition| condition.damaged);
        self.damaged || self.walk().any(in_branches)
    }

    /// Every step, branches included, in the order of the file.
    pub fn walk(&self) -> impl Iterator<Item = &Step> {
        let mut stack: Vec<&Step> = self.list.iter().rev().collect();
        std::iter::from_fn(move || {
            let step = stack.pop()?;
            if let Some(condition) = step.kind.as_condition() {
                stack.extend(condition.otherwise.list.iter().rev());
                stack.extend(condition.then.list.iter().rev());
            }
            Some(step)
        })
    }
}
