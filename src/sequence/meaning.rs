//! What a sequence says, apart from how it is written.
//!
//! The meaning is the name, description, record type, exit criteria, options and steps. Not part of it are the state, version,
//! message, owner, tags, provenance, keys of one's own, comments and layout: they may change while records are inside.

use std::fmt::Write;
use std::sync::Arc;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::text::{Digest, Located, Span};

use super::model::{
    AbTest, AssignTo, Condition, Criterion, EndOfTest, Mode, Question, Sequence, Stage, Step, StepKind, Steps, Variant,
};

/// The top-level keys under which a file says it.
pub const MEANT: [&str; 7] = ["name", "description", "record_type", "skip_non_working_days", "exit_on", "assign_to", "steps"];

/// What one sequence says, as a list of statements in a fixed order.
#[derive(Clone, Debug)]
pub struct Meaning {
    statements: Vec<Statement>,
    /// Where a finding points at when nothing nearer is known.
    head: Span,
}

/// One thing that a sequence says.
#[derive(Clone, Debug)]
struct Statement {
    said: Said,
    /// The step that says it.
    step: Option<Arc<str>>,
    span: Span,
}

impl Statement {
    fn step(&self) -> Option<String> {
        self.step.as_deref().map(str::to_owned)
    }
}

/// What is compared of a statement.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Said {
    key: &'static str,
    value: String,
}

/// A place where two sequences say different things.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The step, by its id; `None` where it is about the whole sequence.
    pub step: Option<String>,
    /// The key whose value is another, `step` where a step came, went or moved.
    pub key: &'static str,
    /// Where the later of the two says it, or would have said it.
    pub span: Span,
    /// How they differ there.
    pub way: Way,
}

impl Difference {
    /// What differs: `` `for` of step `breathe` ``.
    pub fn subject(&self) -> String {
        match (&self.step, self.key) {
            (None, key) => format!("`{key}`"),
            (Some(step), "step") => format!("step `{step}`"),
            (Some(step), key) => format!("`{key}` of step `{step}`"),
        }
    }
}

/// How two sequences differ at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Only the later one says it.
    New,
    /// Only the earlier one said it.
    Gone,
    /// Both say it, and not the same.
    Other,
}

impl Meaning {
    /// The meaning of a sequence. A reference to another sequence means the sequence that it reaches: `resolve` gives its id as
    /// it is called now.
    pub fn of(sequence: &Sequence, resolve: &dyn Fn(&str) -> String) -> Self {
        let head = sequence.name.as_ref().map_or(sequence.state.span, |name| name.span);
        let mut writer = Writer { statements: Vec::new(), step: None, here: head, resolve };
        writer.sequence(sequence);
        Self { statements: writer.statements, head }
    }

    /// What is said, one statement after the other: a key and its value.
    pub(super) fn said(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.statements.iter().map(|Statement { said: Said { key, value }, .. }| (*key, value.as_str()))
    }

    /// The digest. Two sequences with the same digest say the same.
    pub fn digest(&self) -> Digest {
        // Beside them there are two blanks, a number and a line end.
        let length = |Said { key, value }: &Said| key.len() + value.len() + 8;
        let mut text = String::with_capacity(self.statements.iter().map(|statement| length(&statement.said)).sum());
        for Statement { said: Said { key, value }, .. } in &self.statements {
            text.push_str(key);
            // Writing to a text does not fail.
            let _ = write!(text, " {} ", value.len());
            text.push_str(value);
            text.push('\n');
        }
        Digest::of(text)
    }

    /// Where `self` says something else than `before`, in the order of the file.
    pub fn differences(&self, before: &Meaning) -> Vec<Difference> {
        let said =
            |meaning: &Meaning| -> Vec<Said> { meaning.statements.iter().map(|statement| statement.said.clone()).collect() };
        let (old, new) = (said(before), said(self));
        let changed =
            capture_diff_slices(Algorithm::Myers, &old, &new).into_iter().filter(|op| !matches!(op, DiffOp::Equal { .. }));
        let mut differences: Vec<Difference> = changed.map(|op| self.difference(before, &op)).collect();
        differences.dedup_by(|later, earlier| later.span == earlier.span);
        differences
    }

    fn difference(&self, before: &Meaning, op: &DiffOp) -> Difference {
        let (old, new) = (op.old_range(), op.new_range());
        if !new.is_empty() {
            let statement = &self.statements[new.start];
            let way = if old.is_empty() { Way::New } else { Way::Other };
            return Difference { step: statement.step(), key: statement.said.key, span: statement.span, way };
        }
        // Something went: what stands before the gap is the nearest place there is.
        let gone = &before.statements[old.start];
        let span = new.start.checked_sub(1).map_or(self.head, |at| self.statements[at].span);
        Difference { step: gone.step(), key: gone.said.key, span, way: Way::Gone }
    }
}

impl PartialEq for Meaning {
    fn eq(&self, other: &Self) -> bool {
        let said = |meaning: &'_ Meaning| meaning.statements.iter().map(|statement| statement.said.clone()).collect::<Vec<_>>();
        said(self) == said(other)
    }
}

struct Writer<'r> {
    statements: Vec<Statement>,
    step: Option<Arc<str>>,
    /// The nearest place for what has none of its own.
    here: Span,
    resolve: &'r dyn Fn(&str) -> String,
}

impl Writer<'_> {
    fn say(&mut self, key: &'static str, value: impl Into<String>, span: Span) {
        self.statements.push(Statement { said: Said { key, value: value.into() }, step: self.step.clone(), span });
    }

    fn say_here(&mut self, key: &'static str, value: impl Into<String>) {
        self.say(key, value, self.here);
    }

    fn text(&mut self, key: &'static str, text: &Option<Located<String>>) {
        if let Some(text) = text {
            self.say(key, text.value.as_str(), text.span);
        }
    }

    fn sequence(&mut self, sequence: &Sequence) {
        self.text("name", &sequence.name);
        self.text("description", &sequence.description);
        self.text("record_type", &sequence.record_type);
        // A set, like all lists of results.
        let mut criteria: Vec<(&str, Span)> =
            sequence.exit_on.iter().map(|criterion| (criterion.value.word(), criterion.span)).collect();
        criteria.sort_by_key(|(word, _)| *word);
        criteria.dedup_by_key(|(word, _)| *word);
        for (word, span) in criteria {
            self.say("exit_on", word, span);
        }
        if let Some(flag) = &sequence.skip_non_working_days {
            self.say("skip_non_working_days", flag.value.to_string(), flag.span);
        }
        if let Some(assign_to) = &sequence.assign_to {
            match &assign_to.value {
                AssignTo::RecordOwner => self.say("assign_to", "record_owner", assign_to.span),
                AssignTo::Connector => self.say("assign_to", "connector", assign_to.span),
                AssignTo::OwnerTeam => self.say("assign_to", "owner_team", assign_to.span),
                AssignTo::Field(field) => self.say("assign_to", format!("field {}", field.value), field.span),
            }
        }
        self.steps("steps", &sequence.steps);
    }

    /// A list of steps, closed by a statement of its own, so that a step that moves out of a branch says something else.
    fn steps(&mut self, key: &'static str, steps: &Steps) {
        if steps.list.is_empty() {
            return;
        }
        let around = (self.step.clone(), self.here);
        self.say_here(key, "{");
        for step in &steps.list {
            self.one_step(step);
        }
        (self.step, self.here) = around;
        self.say_here(key, "}");
    }

    fn one_step(&mut self, step: &Step) {
        self.step = Some(Arc::from(step.label()));
        self.here = step.head;
        self.say_here("step", step.label());
        self.say_here("type", step.step_type.map_or("", |step_type| step_type.word()));
        self.text("name", &step.name);
        self.text("description", &step.description);
        match &step.kind {
            StepKind::Activity(activity) => self.text("template", &activity.template),
            StepKind::Wait(duration) => {
                if let Some(duration) = duration {
                    self.say("for", duration.value.to_string(), duration.span);
                }
            }
            StepKind::AbTest(test) => self.ab_test(test),
            StepKind::Condition(condition) => self.condition(condition),
            StepKind::AdvanceTo(target) => {
                if let Some(target) = target {
                    self.say("sequence", (self.resolve)(&target.value), target.span);
                }
            }
            StepKind::UpdateField { field, value } => {
                self.text("field", field);
                if let Some(value) = value {
                    // The kind counts: the text `5` is another value than the number.
                    self.say("value", format!("{:?}", value.value), value.span);
                }
            }
            StepKind::End(outcome) => self.text("outcome", outcome),
            StepKind::Unreadable => {}
        }
    }

    fn ab_test(&mut self, test: &AbTest) {
        self.variant("a", &test.a);
        self.variant("b", &test.b);
        self.say_here("split", test.split.to_string());
        if let Some(metric) = test.metric {
            self.say_here("metric", metric.word());
        }
        match test.ends {
            Some(EndOfTest::WhenSignificant) => self.say_here("ends", "when_significant"),
            Some(EndOfTest::At(instant)) => self.say_here("ends", instant.to_string()),
            None => {}
        }
        if let Some(default) = test.default {
            self.say_here("default", default.word());
        }
    }

    fn variant(&mut self, key: &'static str, variant: &Option<Variant>) {
        if let Some(variant) = variant {
            self.say_here(key, "");
            self.text("name", &variant.name);
            self.text("template", &variant.template);
        }
    }

    fn condition(&mut self, condition: &Condition) {
        match &condition.question {
            Question::Results(criterion) => self.criterion(criterion),
            Question::When(when) => self.say("when", when.text.value.trim(), when.text.span),
            Question::Stage(stages) => self.stages(stages),
            Question::Unreadable => {}
        }
        self.steps("then", &condition.then);
        self.steps("else", &condition.otherwise);
    }

    fn criterion(&mut self, criterion: &Criterion) {
        let key = match criterion.mode {
            Mode::Any => "any_of",
            Mode::All => "all_of",
        };
        // A set: in which order somebody lists results changes nothing.
        let mut results: Vec<&Located<String>> = criterion.results.iter().collect();
        results.sort_by(|one, other| one.value.cmp(&other.value));
        results.dedup_by(|one, other| one.value == other.value);
        for result in results {
            self.say(key, result.value.as_str(), result.span);
        }
        self.text("of", &criterion.of);
        if let Some(within) = &criterion.within {
            self.say("within", within.value.to_string(), within.span);
        }
        if let Some(at_once) = criterion.at_once.as_ref().filter(|at_once| at_once.value) {
            self.say("at_once", "true", at_once.span);
        }
    }

    fn stages(&mut self, stages: &[Stage]) {
        let mut all: Vec<(&str, &Located<String>)> =
            stages.iter().flat_map(|stage| stage.stages.iter().map(|name| (stage.process.value.as_str(), name))).collect();
        all.sort_by(|one, other| (one.0, &one.1.value).cmp(&(other.0, &other.1.value)));
        all.dedup_by(|one, other| (one.0, &one.1.value) == (other.0, &other.1.value));
        for (process, stage) in all {
            self.say("stage", format!("{process}: {}", stage.value), stage.span);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::sequence::{MEANT, Meaning, SEQUENCE, SequenceId, read};
    use crate::text::{Digest, FilePath, Source};
    use crate::yaml;

    /// The digest of a sequence with an email and a condition that says so.
    fn digest(exit_on: &str, question: &str) -> Digest {
        let text = format!(
            "name: A\nrecord_type: lead\nowner: ana\nexit_on: {exit_on}\nsteps:\n  - {{id: m, type: email, name: M}}\n  \
             - {{id: c, type: condition, {question}, then: [{{id: e, type: end}}]}}\n"
        );
        let source = Source::new(FilePath::new("sequences/a.yaml"), text);
        let id = SequenceId::parse("a").expect("it is an id");
        let sequence = read(&source, id, &yaml::read(&source)).0.expect("it can be read");
        Meaning::of(&sequence, &str::to_owned).digest()
    }

    #[test]
    fn lists_that_are_sets_mean_the_same_in_any_order_and_twice() {
        let opened = "any_of: [email_opened, link_opened], within: 1d";
        assert_eq!(digest("[replied]", opened), digest("[replied, replied]", opened));
        let turned = "any_of: [link_opened, email_opened, link_opened], within: 1d";
        assert_eq!(digest("[replied]", opened), digest("[replied]", turned));
        let (stages, others) = ("stage: {p: [a, b], q: [c]}", "stage: {q: [c], p: [b, a, b]}");
        assert_eq!(digest("[replied]", stages), digest("[replied]", others));
        assert_ne!(digest("[replied]", stages), digest("[replied]", "stage: {p: [a], q: [c]}"));
    }

    #[test]
    fn every_key_is_meant_or_known_not_to_be() {
        let others = ["owner", "state", "version", "message", "tags", "cloned_from", "formerly"];
        let unknown: Vec<&str> =
            SEQUENCE.keys().map(|key| key.name).filter(|name| !MEANT.contains(name) && !others.contains(name)).collect();
        assert_eq!(unknown, [""; 0]);
    }
}
