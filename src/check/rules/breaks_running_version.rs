//! # breaks-running-version
//!
//! A version that serves, or on which records are, needs something that segue.yaml does not declare any more.
//!
//! ## Why
//!
//! A published version is never judged again, and never changes: whatever became of its file, its connections
//! go on as it says. Where it asks for a field that is gone, they come to a step that cannot be done, and
//! stay there in error, one by one, weeks after the line was deleted. It counts as what the file itself would
//! be told of: where `rules` in segue.yaml makes `unknown-field` a warning, this is one too.
//!
//! ## Bad
//!
//! ```text
//! # version 3 of `inbound-lead` is active, and asks for `record.employees > 500`
//! record_types:
//!   lead:
//!     fields: {country: text}
//! ```
//!
//! ## Good
//!
//! ```text
//! # it stays until no record is on version 3 any more
//! record_types:
//!   lead:
//!     fields: {country: text, employees: number}
//! ```
//!
//! ## See also
//!
//! `unknown-field`, `unknown-option`, `unknown-template`

use crate::check::ignores::told;
use crate::check::library::Library;
use crate::check::rules::unknown_template::unknown_template;
use crate::check::scene::{read_sequence, rests_on_settings};
use crate::check::summary::Summary;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::expression;
use crate::sequence::{Question, Sequence, SequenceId, Step, StepKind};
use crate::settings::Settings;
use crate::text::{Location, Source, Span};
use crate::yaml::Node;

/// How many steps a sentence names before it counts the rest.
const NAMED: usize = 3;

/// Something that a version needs and that is not declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// What is wrong, as a file would be told.
    pub message: String,
    /// As what a file would be told.
    pub severity: Severity,
    /// The steps that need it; none where all of the sequence does.
    pub steps: Vec<String>,
    /// The keys in segue.yaml under which it would be declared.
    pub declared_at: Vec<String>,
}

/// A version that serves, or that connections run on.
#[derive(Clone, Copy, Debug)]
pub struct RunningVersion<'a> {
    /// The sequence.
    pub sequence: &'a SequenceId,
    /// The version's number.
    pub version: u32,
    /// How many connections run on it.
    pub connections: u64,
    /// Whether records are connected to it.
    pub serves: bool,
}

impl RunningVersion<'_> {
    /// What there is to say about it, at the place where it would be mended.
    pub fn finding(&self, at: Location, breach: &Breach) -> Diagnostic {
        let Self { sequence, version, connections, serves } = self;
        let connections = match connections {
            0 => "no connection yet".to_owned(),
            1 => "1 connection".to_owned(),
            many => format!("{many} connections"),
        };
        let message =
            format!("version {version} of `{sequence}`, with {connections}, breaks{}: {}", steps(&breach.steps), breach.message);
        let finding = Diagnostic::new(Code::BreaksRunningVersion, at, message).with_severity(breach.severity);
        let finding = finding.help(format!("declare it here until nothing runs on version {version} any more"));
        if !serves {
            return finding;
        }
        finding.help("publish a version that does without it, too: new connections run on this one")
    }
}

fn steps(steps: &[String]) -> String {
    let named: Vec<String> = steps.iter().take(NAMED).map(|step| format!("`{step}`")).collect();
    match steps.len() {
        0 => String::new(),
        1 => format!(" at its step {}", named.join(", ")),
        few if few <= NAMED => format!(" at its steps {}", named.join(", ")),
        many => format!(" at its steps {} and {} more", named.join(", "), many - NAMED),
    }
}

/// What a version's text needs and is not declared now. What the settings, or a comment in it, do not want to hear of a file
/// they do not hear of a version.
pub fn breaches(source: &Source, id: SequenceId, library: &Library) -> Vec<Breach> {
    let settings = library.settings();
    let (Some(sequence), summary) = read_sequence(source, id, settings) else { return Vec::new() };
    let found = needs(&summary, library).collect();
    let mut breaches: Vec<Breach> = Vec::new();
    for finding in told(&summary.ignores, settings, found).findings {
        if !is_needed_to_run(finding.code) {
            continue;
        }
        let step = sequence.steps.walk().filter(|step| step.span.contains(finding.primary.span)).last();
        let declared_at = declared_at(&finding, &sequence, step, (source, settings));
        let label = step.map(|step| step.label().to_owned());
        match breaches.iter_mut().find(|breach| breach.message == finding.message && breach.declared_at == declared_at) {
            Some(breach) => breach.steps.extend(label.filter(|label| !breach.steps.contains(label))),
            None => breaches.push(Breach {
                message: finding.message,
                severity: finding.severity,
                steps: label.into_iter().collect(),
                declared_at,
            }),
        }
    }
    breaches
}

/// Whether a file needs nothing that is not declared, and so neither does a version that says the same.
pub fn rests_on_nothing(summary: &Summary, library: &Library) -> bool {
    needs(summary, library).next().is_none()
}

/// What a file is told of that it needs and that is not declared.
fn needs(summary: &Summary, library: &Library) -> impl Iterator<Item = Diagnostic> {
    let templates = if library.settings().is_whole { unknown_template(summary, library) } else { Vec::new() };
    summary.findings.clone().into_iter().chain(templates).filter(|finding| is_needed_to_run(finding.code))
}

/// Whether what runs needs what is not there. Whose a sequence is, and by whose calendar, its file says and no version.
fn is_needed_to_run(code: Code) -> bool {
    rests_on_settings(code) && !matches!(code, Code::UnknownOwner | Code::UnknownCalendar)
}

/// The keys in segue.yaml under which what is missing would be declared.
fn declared_at(
    finding: &Diagnostic,
    sequence: &Sequence,
    step: Option<&Step>,
    (source, settings): (&Source, &Settings),
) -> Vec<String> {
    let at = finding.primary.span;
    let record_type = sequence.record_type.as_ref().map_or("", |record_type| record_type.value.as_str());
    let of_type = |keys: &[&str]| ["record_types", record_type].iter().chain(keys).map(|key| (*key).to_owned()).collect();
    match finding.code {
        Code::UnknownRecordType => vec!["record_types".to_owned()],
        Code::UnknownResult => vec!["call_results".to_owned()],
        Code::UnknownTemplate => vec!["templates".to_owned()],
        Code::UnknownProcess => of_type(&["stages"]),
        Code::UnknownStage => match step.and_then(|step| process_at(step, at)) {
            Some(process) => of_type(&["stages", process]),
            None => of_type(&["stages"]),
        },
        _ => match step.and_then(|step| field_at(step, at, (source, settings, record_type))) {
            Some(field) => of_type(&["fields", &field]),
            None => of_type(&["fields"]),
        },
    }
}

/// The process one of whose stages stands at a place.
fn process_at(step: &Step, at: Span) -> Option<&str> {
    match &step.kind.as_condition()?.question {
        Question::Stage(stages) => {
            let asked = stages.iter().find(|asked| asked.stages.iter().any(|stage| stage.span == at))?;
            Some(&asked.process.value)
        }
        Question::Results(_) | Question::When(_) | Question::Unreadable => None,
    }
}

/// The field that is given, or compared with, what stands at a place.
fn field_at(step: &Step, at: Span, (source, settings, record_type): (&Source, &Settings, &str)) -> Option<String> {
    match &step.kind {
        StepKind::UpdateField { field: Some(field), .. } => Some(field.value.clone()),
        StepKind::Condition(condition) => match &condition.question {
            Question::When(when) => {
                let read = expression::read(source, when, settings.record_type(record_type));
                let option = read.unknown_options.into_iter().find(|option| option.value.span == at)?;
                Some(option.field)
            }
            Question::Results(_) | Question::Stage(_) | Question::Unreadable => None,
        },
        StepKind::Activity(_)
        | StepKind::Wait(_)
        | StepKind::AbTest(_)
        | StepKind::AdvanceTo(_)
        | StepKind::UpdateField { field: None, .. }
        | StepKind::End(_)
        | StepKind::Unreadable => None,
    }
}

/// The last of some keys, one below the other, that is there; the first key of all where none is.
pub fn declared_in(root: &Node<'_>, keys: &[String]) -> Span {
    let mut at = root.as_mapping().and_then(|mapping| mapping.entries.first()).map_or(Span::default(), |entry| entry.key_span);
    let mut node = root;
    for key in keys {
        let Some(entry) = node.as_mapping().and_then(|mapping| mapping.entry(key)) else { break };
        (at, node) = (entry.key_span, &entry.value);
    }
    at
}
