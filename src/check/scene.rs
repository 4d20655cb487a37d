//! One sequence file, read and judged by itself.

use std::collections::BTreeMap;

use foldhash::HashMap;

use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::expression::{self, Answer, Expression};
use crate::sequence::{self, Condition, EmailResult, ExitCriterion, Mode, Question, Sequence, SequenceId, Step};
use crate::settings::Settings;
use crate::text::{Located, Source, Span};
use crate::yaml::{self, Tree};

use super::ignores::Ignores;
use super::rules::too_many_steps::more_steps_than_judged;
use super::rules::{SEQUENCE_RULES, SETTINGS_RULES};
use super::summary::Summary;
use super::ways::{Ways, ways};

/// Everything that a rule about one sequence may look at.
pub(super) struct Scene<'a> {
    pub source: &'a Source,
    pub sequence: &'a Sequence,
    pub settings: &'a Settings,
    pub ways: &'a Ways<'a>,
    /// The first step of each id.
    pub by_id: HashMap<&'a str, &'a Step>,
    /// What the sequence's expressions were found to be, by where they stand.
    pub expressions: &'a BTreeMap<Span, Expression>,
}

impl<'a> Scene<'a> {
    /// Every step, branches included, in the order of the file.
    pub fn steps(&self) -> impl Iterator<Item = &'a Step> {
        self.sequence.steps.walk()
    }

    /// The file at a span.
    pub fn at(&self, span: Span) -> crate::text::Location {
        self.source.at(span)
    }
}

/// Reads a sequence file and judges what it says by itself. Returns the sequence, where there is one, and the summary.
pub fn read_sequence(source: &Source, id: SequenceId, settings: &Settings) -> (Option<Sequence>, Summary) {
    judge_sequence(source, &yaml::read(source), id, settings)
}

/// As [`read_sequence`], of a source whose tree was read already.
pub fn judge_sequence(source: &Source, tree: &Tree<'_>, id: SequenceId, settings: &Settings) -> (Option<Sequence>, Summary) {
    let ignores = Ignores::read(source, tree);
    let (sequence, mut findings) = sequence::read(source, id.clone(), tree);
    findings.extend(tree.problems.iter().cloned());
    let Some(sequence) = sequence else {
        return (None, Summary { ignores, ..Summary::of_unreadable(source.path().clone(), id, findings) });
    };
    if let Some(problem) = more_steps_than_judged(source, &sequence) {
        findings.push(problem);
        let summary = Summary { ignores, ..Summary::unjudged(&sequence, findings) };
        return (Some(sequence), summary);
    }
    let mut expressions = read_expressions(source, &sequence, settings);
    expressions.values_mut().for_each(|expression| findings.append(&mut expression.problems));
    let ways = ways(&sequence.steps, &|condition| answer(&sequence, &expressions, condition));
    let by_id = first_by_id(&sequence);
    let scene = Scene { source, sequence: &sequence, settings, ways: &ways, by_id, expressions: &expressions };
    let found = SEQUENCE_RULES.iter().flat_map(|rule| rule(&scene));
    let mut all = Findings::default();
    all.extend(findings.into_iter().chain(found).filter(|finding| settings.is_whole || !rests_on_settings(finding.code)));
    let summary = Summary { ignores, ..Summary::new(&sequence, &ways, all.into_vec()) };
    (Some(sequence), summary)
}

fn first_by_id(sequence: &Sequence) -> HashMap<&str, &Step> {
    let mut first = HashMap::default();
    for step in sequence.steps.walk() {
        if let Some(id) = &step.id {
            first.entry(id.value.as_str()).or_insert(step);
        }
    }
    first
}

fn read_expressions(source: &Source, sequence: &Sequence, settings: &Settings) -> BTreeMap<Span, Expression> {
    let record_type = sequence.record_type.as_ref().and_then(|name| settings.record_type(&name.value));
    let questions = sequence.steps.walk().filter_map(|step| step.kind.as_condition()).map(|condition| &condition.question);
    let whens = questions.filter_map(|question| match question {
        Question::When(when) => Some(when),
        Question::Results(_) | Question::Stage(_) | Question::Unreadable => None,
    });
    whens.map(|when| (when.text.span, expression::read(source, when, record_type))).collect()
}

/// What a condition says of every record, where that is known.
fn answer(sequence: &Sequence, expressions: &BTreeMap<Span, Expression>, condition: &Condition) -> Option<Answer> {
    match &condition.question {
        Question::When(when) => expressions.get(&when.text.span)?.answer,
        Question::Results(criterion) => {
            // Whoever replies is gone before the question is put.
            let exits = sequence.exit_on.iter().any(|exit| exit.value == ExitCriterion::Replied);
            let is_reply = |result: &Located<String>| result.value == EmailResult::Replied.word();
            let needs_reply = match criterion.mode {
                Mode::Any => criterion.results.iter().all(is_reply),
                Mode::All => criterion.results.iter().any(is_reply),
            };
            (exits && needs_reply).then_some(Answer::Never)
        }
        Question::Stage(_) | Question::Unreadable => None,
    }
}

/// Whether a finding says that something is not declared. Where part of `segue.yaml` could not be read it may well be.
pub(super) fn rests_on_settings(code: Code) -> bool {
    matches!(
        code,
        Code::MismatchedKinds
            | Code::UnknownResult
            | Code::UnknownRecordType
            | Code::UnknownField
            | Code::UnknownOption
            | Code::UnknownProcess
            | Code::UnknownStage
            | Code::UnknownOwner
            | Code::UnknownCalendar
            | Code::UnknownTemplate
    )
}

/// Judges the settings by themselves.
pub fn judge_settings(settings: &Settings) -> Vec<Diagnostic> {
    let findings = SETTINGS_RULES.iter().flat_map(|rule| rule(settings));
    findings.filter(|finding| settings.is_whole || !rests_on_settings(finding.code)).collect()
}
