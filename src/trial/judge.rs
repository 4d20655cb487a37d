//! Tests beside the sequence that they are of: names that it does not have, and times that go back.

use crate::check::unknown_field::no_such_field;
use crate::check::unknown_option::misfitting;
use crate::diagnostic::{Code, Diagnostic, Findings};
use crate::expression::OF_EVERY_RECORD;
use crate::sequence::{CALL_RESULTS, Sequence, Step, StepKind};
use crate::settings::Settings;
use crate::text::{Located, Source, suggest};
use crate::yaml::{did_you_mean, did_you_mean_or};

use super::model::{Expectation, Given, Happening, Trial};
use super::rules::timeline_order::timeline_order;

/// What tests are judged beside.
#[derive(Clone, Copy, Debug)]
pub struct Tested<'a> {
    /// The sequence, as far as it can be read.
    pub sequence: &'a Sequence,
    /// Whether all of it could be read, so that what is not there is missing.
    pub is_whole: bool,
    /// What is declared.
    pub settings: &'a Settings,
}

/// What is wrong with tests, beside the sequence that they are of.
pub fn judge(source: &Source, trials: &[Trial], tested: Tested<'_>) -> Vec<Diagnostic> {
    let desk = Desk { source, tested };
    let mut findings = Findings::default();
    for trial in trials {
        findings.extend(timeline_order(source, trial));
        findings.extend(desk.fields(trial));
        // What stood in a version that was published is not in the file any more.
        if trial.version.is_none() && tested.is_whole {
            findings.extend(desk.names(trial));
        }
    }
    findings.into_vec()
}

struct Desk<'a> {
    source: &'a Source,
    tested: Tested<'a>,
}

impl Desk<'_> {
    /// Fields that the type of record does not have, and values that they do not take.
    fn fields(&self, trial: &Trial) -> Vec<Diagnostic> {
        let Tested { sequence, settings, .. } = self.tested;
        let Some(record_type) = sequence.record_type.as_ref().filter(|_| settings.is_whole) else { return Vec::new() };
        let Some(fields) = settings.record_type(&record_type.value).and_then(|declared| declared.fields.as_ref()) else {
            return Vec::new();
        };
        let given = trial.record.iter().chain(trial.timeline.iter().flat_map(|moment| {
            let changed = match &moment.happens {
                Some(Happening::Change(given)) => given.as_slice(),
                Some(Happening::Event { .. } | Happening::Complete { .. } | Happening::Skip(_)) | None => &[],
            };
            changed.iter().chain(moment.expect.iter().flat_map(|expected| &expected.record))
        }));
        let problem = |Given { field, value }: &Given| match fields.get(&field.value) {
            None if OF_EVERY_RECORD.contains(&field.value.as_str()) => None,
            None => Some(no_such_field(self.source, field, &record_type.value, fields.keys().map(String::as_str))),
            Some(kind) => Some(misfitting(self.source, field, value, &kind.takes(&value.value).err()?)),
        };
        given.filter_map(problem).collect()
    }

    /// Steps, results and templates that the sequence does not have.
    fn names(&self, trial: &Trial) -> Vec<Diagnostic> {
        let mut findings = Vec::new();
        for moment in &trial.timeline {
            match &moment.happens {
                Some(Happening::Event { event, of: Some(of) }) => {
                    findings.extend(self.step(of, |step| event.is_of_email() && step.kind.is_email(), "gets no such event"));
                }
                Some(Happening::Complete { step, result }) => {
                    findings.extend(self.step(step, |step| step.kind.is_manual(), "is nothing that a seller completes"));
                    findings.extend(result.as_ref().and_then(|result| self.result(step, result)));
                }
                Some(Happening::Skip(step)) => {
                    let can_be = |step: &Step| step.kind.is_manual() || matches!(step.kind, StepKind::Wait(_));
                    findings.extend(self.step(step, can_be, "is nothing that a seller skips"));
                }
                Some(Happening::Event { of: None, .. } | Happening::Change(_)) | None => {}
            }
            findings.extend(moment.expect.iter().flat_map(|expected| self.expected(expected)));
        }
        findings
    }

    fn expected(&self, expected: &Expectation) -> Vec<Diagnostic> {
        let step = expected.step.iter().filter_map(|step| self.step(step, |_| true, ""));
        let sent = expected.sent.iter().flatten().filter_map(|template| self.template(template));
        step.chain(sent).collect()
    }

    fn find(&self, id: &str) -> Option<&Step> {
        let mut steps = self.tested.sequence.steps.walk();
        steps.find(|step| step.id.as_ref().is_some_and(|own| own.value == id))
    }

    /// A step that is not there, or that nothing of the kind happens to.
    fn step(&self, named: &Located<String>, fits: impl Fn(&Step) -> bool, else_it: &str) -> Option<Diagnostic> {
        let sequence = &self.tested.sequence.id;
        let problem = |message: String| Diagnostic::new(Code::UnknownStep, self.source.at(named.span), message);
        match self.find(&named.value) {
            Some(step) if fits(step) || matches!(step.kind, StepKind::Unreadable) => None,
            Some(step) => {
                let message = format!("`{}` is {}, and {else_it}", named.value, step.kind.describe());
                Some(problem(message).help(format!("name another step of `{sequence}`")))
            }
            None => {
                let ids = self.tested.sequence.steps.walk().filter_map(|step| step.id.as_ref());
                let near = suggest(&named.value, ids.map(|id| id.value.as_str()));
                let problem = problem(format!("`{sequence}` has no step `{}`", named.value));
                Some(did_you_mean_or(problem, near, named.span, format!("`segue show {sequence}` names its steps")))
            }
        }
    }

    /// A result that no call can have, or of something that is no call.
    fn result(&self, step: &Located<String>, result: &Located<String>) -> Option<Diagnostic> {
        let kind = &self.find(&step.value)?.kind;
        let problem = |message: String| Diagnostic::new(Code::UnknownResult, self.source.at(result.span), message);
        if kind.is_manual() && !kind.is_call() {
            let message = format!("`{}` is {}, and only a phone call is completed with a result", step.value, kind.describe());
            return Some(problem(message).help("delete `result`"));
        }
        let settings = self.tested.settings;
        let known = || CALL_RESULTS.into_iter().chain(settings.call_results.iter().map(String::as_str));
        if !kind.is_call() || !settings.is_whole || known().any(|name| name == result.value) {
            return None;
        }
        let problem = problem(format!("a call has no result `{}`", result.value));
        Some(match suggest(&result.value, known()) {
            Some(near) => did_you_mean(problem, near, result.span),
            None => problem.help("add results of calls to `call_results` in segue.yaml"),
        })
    }

    /// A template that no step sends by itself.
    fn template(&self, template: &Located<String>) -> Option<Diagnostic> {
        let sequence = self.tested.sequence;
        let by_the_system = || sequence.steps.walk().filter(|step| !step.kind.is_manual());
        let sent = || by_the_system().flat_map(|step| step.kind.templates()).map(|sent| sent.value.as_str());
        if sent().any(|sent| sent == template.value) {
            return None;
        }
        let message = format!("no automated step of `{}` sends `{}`", sequence.id, template.value);
        let problem = Diagnostic::new(Code::UnknownTemplate, self.source.at(template.span), message);
        Some(did_you_mean_or(
            problem,
            suggest(&template.value, sent()),
            template.span,
            "name what an automated email or text sends; what sellers write is theirs",
        ))
    }
}
