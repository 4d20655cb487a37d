//! From the span tree to the typed sequence.

use crate::diagnostic::Diagnostic;
use crate::shape::{Fields, Reader, WordOrInstant, rules};
use crate::text::{FilePath, Located, Source, Span, suggest};
use crate::yaml::{self, Content, Node, Style, Tree};

use super::model::{
    AbTest, Activity, ActivityKind, AssignTo, Assignee, ClonedFrom, Condition, Criterion, EndOfTest, ExitCriterion, Metric, Mode,
    Question, Sequence, SequenceId, Stage, State, Step, StepKind, StepType, Steps, TestEnd, TestVersion, Variant, When,
};
use super::table::{ASSIGN_TO_FIELD, MAX_NAME, QUESTIONS, SEQUENCE, STEP, step_shape};

/// How many tags a sequence may have, and how many former ids.
const MAX_ITEMS: usize = 1_000;

/// How an A/B test divides its audience where it does not say.
const HALF_AND_HALF: i64 = 50;

/// The sequence that a file says, as far as it can be read, for whoever was told of its problems or has no use for them.
pub fn read_alone(source: &Source, id: SequenceId) -> Option<Sequence> {
    read(source, id, &yaml::read(source)).0
}

/// The sequence that a published version says, as far as it can be read. Its file stands nowhere any more.
pub fn read_published(text: &str, id: &SequenceId) -> Option<Sequence> {
    read_alone(&Source::new(FilePath::new(format!("{id}.yaml")), text.to_owned()), id.clone())
}

/// Reads a sequence file's tree. `None` where there is nothing that could be a sequence; the reason is among the findings.
pub fn read(source: &Source, id: SequenceId, tree: &Tree<'_>) -> (Option<Sequence>, Vec<Diagnostic>) {
    let mut reader = Reader::new(source);
    let sequence = match &tree.root {
        Some(root) if !root.is_empty() => read_sequence(&mut reader, id, root),
        Some(_) | None if tree.damaged || !tree.problems.is_empty() => None,
        Some(_) | None => {
            reader.report(rules::missing_key::empty_file(source, &SEQUENCE));
            None
        }
    };
    (sequence, reader.finish())
}

fn read_sequence(reader: &mut Reader<'_>, id: SequenceId, root: &Node<'_>) -> Option<Sequence> {
    let fields = reader.fields(root, &SEQUENCE)?;
    let state =
        fields.word(reader, "state").and_then(|word| State::from_word(word.value).map(|state| Located::new(state, word.span)));
    Some(Sequence {
        file: reader.source().path().clone(),
        id,
        name: fields.text(reader, "name"),
        description: fields.text(reader, "description"),
        record_type: fields.text(reader, "record_type"),
        owner: fields.text(reader, "owner"),
        state: state.unwrap_or(Located::new(State::Inactive, fields.head)),
        version: fields.whole(reader, "version"),
        message: fields.text(reader, "message"),
        tags: read_few(reader, &fields, "tags"),
        skip_non_working_days: fields.flag(reader, "skip_non_working_days"),
        exit_on: read_exit_criteria(reader, &fields),
        assign_to: read_assign_to(reader, &fields),
        cloned_from: read_cloned_from(reader, &fields),
        formerly: read_few(reader, &fields, "formerly"),
        steps: read_steps(reader, &fields, "steps"),
    })
}

/// The texts of a list that others see, of which no more are kept than anybody writes.
fn read_few(reader: &mut Reader<'_>, fields: &Fields<'_, '_>, key: &str) -> Vec<Located<String>> {
    let mut texts = fields.texts(reader, key).unwrap_or_default();
    if let Some(first_above) = texts.get(MAX_ITEMS) {
        let problem = rules::too_long::too_many(reader.source(), first_above.span, texts.len(), MAX_ITEMS);
        reader.report(problem);
        texts.truncate(MAX_ITEMS);
    }
    texts
}

fn read_exit_criteria(reader: &mut Reader<'_>, fields: &Fields<'_, '_>) -> Vec<Located<ExitCriterion>> {
    let words = fields.texts(reader, "exit_on").unwrap_or_default();
    words
        .into_iter()
        .filter_map(|word| ExitCriterion::from_word(&word.value).map(|known| Located::new(known, word.span)))
        .collect()
}

fn read_assign_to(reader: &mut Reader<'_>, fields: &Fields<'_, '_>) -> Option<Located<AssignTo>> {
    let node = fields.node("assign_to")?;
    let assign_to = if matches!(node.content, Content::Mapping(_)) {
        AssignTo::Field(reader.fields(node, &ASSIGN_TO_FIELD)?.text(reader, "field")?)
    } else {
        match Assignee::from_word(reader.word(node, Assignee::WORDS)?.value)? {
            Assignee::RecordOwner => AssignTo::RecordOwner,
            Assignee::Connector => AssignTo::Connector,
            Assignee::OwnerTeam => AssignTo::OwnerTeam,
        }
    };
    Some(Located::new(assign_to, node.span))
}

fn read_cloned_from(reader: &mut Reader<'_>, fields: &Fields<'_, '_>) -> Option<ClonedFrom> {
    let fields = fields.fields(reader, "cloned_from")?;
    let sequence = fields.text(reader, "sequence");
    Some(ClonedFrom { sequence, version: fields.whole(reader, "version").map(|version| version.value) })
}

/// The steps under a key. No key, and a key with nothing behind it, hold none.
fn read_steps(reader: &mut Reader<'_>, fields: &Fields<'_, '_>, name: &str) -> Steps {
    let key = fields.key_span(name);
    let none = |damaged| Steps { list: Vec::new(), key, damaged };
    let Some(node) = fields.node(name) else { return none(fields.damaged) };
    if node.is_empty() || is_null(node) {
        return none(false);
    }
    let Some(items) = reader.items(node, "a list of steps") else { return none(true) };
    let list: Vec<Step> = items.nodes.iter().map(|item| read_step(reader, item)).collect();
    let unreadable = list.iter().any(|step| matches!(step.kind, StepKind::Unreadable));
    Steps { list, key, damaged: items.damaged || unreadable }
}

/// `then: null`, as programs write an empty branch.
fn is_null(node: &Node<'_>) -> bool {
    node.as_scalar().is_some_and(|scalar| scalar.style == Style::Plain && matches!(&*scalar.text, "null" | "~"))
}

fn read_step(reader: &mut Reader<'_>, node: &Node<'_>) -> Step {
    let unreadable = |id| Step {
        span: node.span,
        head: node.span,
        id,
        name: None,
        description: None,
        renamed_from: None,
        step_type: None,
        kind: StepKind::Unreadable,
    };
    let step_type = match read_step_type(reader, node) {
        TypeOfStep::Known(step_type) => step_type,
        TypeOfStep::Unknown(id) => return unreadable(id),
    };
    let Some(fields) = reader.fields(node, step_shape(step_type)) else { return unreadable(None) };
    let id = fields.text(reader, "id");
    Step {
        span: node.span,
        head: id.as_ref().map_or(fields.head, |id| id.span),
        name: fields.text(reader, "name"),
        description: fields.text(reader, "description"),
        renamed_from: fields.text(reader, "renamed_from"),
        step_type: Some(step_type),
        kind: read_kind(reader, &fields, step_type),
        id,
    }
}

enum TypeOfStep {
    Known(StepType),
    /// The type is missing or nothing like a type; the step's id may still be there.
    Unknown(Option<Located<String>>),
}

/// A step's type decides its table, so it is looked for before anything else. A misspelt one counts as the type it
/// resembles.
fn read_step_type(reader: &mut Reader<'_>, node: &Node<'_>) -> TypeOfStep {
    let Some(mapping) = node.as_mapping() else {
        // Reports that a step is a mapping of keys, unless that was reported already.
        reader.fields(node, &STEP);
        return TypeOfStep::Unknown(None);
    };
    let id = || {
        let entry = mapping.entry("id")?;
        Some(Located::new(entry.value.as_scalar()?.text.to_string(), entry.value.span))
    };
    let entry = mapping.entry("type").or_else(|| mapping.entries.iter().find(|entry| is_like_type(&entry.key)));
    let Some(entry) = entry else {
        if !mapping.damaged {
            let head = mapping.entries.first().map_or(node.span, |entry| entry.key_span);
            let problem = rules::missing_key::missing(reader.source(), head, "a step needs the key `type`".to_owned());
            reader.report(problem.help("add `type: email`, or another type"));
        }
        return TypeOfStep::Unknown(id());
    };
    let Some(text) = reader.text(&entry.value, usize::MAX) else { return TypeOfStep::Unknown(id()) };
    if let Some(known) = StepType::from_word(&text.value) {
        return TypeOfStep::Known(known);
    }
    let types: Vec<&str> = StepType::ALL.iter().map(|known| known.word()).collect();
    let near = suggest(&text.value, types.iter().copied()).or_else(|| synonym(&text.value));
    reader.report(rules::unknown_step_type::unknown_step_type(reader.source(), text.span, &text.value, &types, near));
    near.and_then(StepType::from_word).map_or_else(|| TypeOfStep::Unknown(id()), TypeOfStep::Known)
}

/// Whether a key is `type`, misspelt; the person's own keys are not.
fn is_like_type(key: &str) -> bool {
    !key.starts_with("x-") && suggest(key, ["type"]).is_some()
}

/// What other tools call our step types.
fn synonym(word: &str) -> Option<&'static str> {
    let step_type = match word {
        "call" | "phone" | "dial" => StepType::PhoneCall,
        "mail" | "send_email" | "manual_email" => StepType::Email,
        "automatic_email" | "auto_email" | "send_automated_email" => StepType::AutomatedEmail,
        "sms" | "text_message" => StepType::Text,
        "delay" | "pause" | "sleep" => StepType::Wait,
        "if" | "branch" => StepType::Condition,
        "goto" | "advance" => StepType::AdvanceTo,
        "set_field" | "update" => StepType::UpdateField,
        "todo" | "meeting" | "manual" | "activity" => StepType::Task,
        "stop" | "exit" => StepType::End,
        _ => return None,
    };
    Some(step_type.word())
}

fn read_kind(reader: &mut Reader<'_>, fields: &Fields<'_, '_>, step_type: StepType) -> StepKind {
    let with_template =
        |reader: &mut Reader<'_>, kind| StepKind::Activity(Activity { kind, template: fields.text(reader, "template") });
    let without = |kind| StepKind::Activity(Activity { kind, template: None });
    match step_type {
        StepType::Email => with_template(reader, ActivityKind::Email),
        StepType::AutomatedEmail => with_template(reader, ActivityKind::AutomatedEmail),
        StepType::Text => with_template(reader, ActivityKind::Text),
        StepType::AutomatedText => with_template(reader, ActivityKind::AutomatedText),
        StepType::PhoneCall => without(ActivityKind::PhoneCall),
        StepType::Task => without(ActivityKind::Task),
        StepType::LinkedinResearch => without(ActivityKind::LinkedinResearch),
        StepType::LinkedinIntroduction => without(ActivityKind::LinkedinIntroduction),
        StepType::LinkedinConnect => without(ActivityKind::LinkedinConnect),
        StepType::LinkedinInmail => without(ActivityKind::LinkedinInmail),
        StepType::Wait => StepKind::Wait(fields.pause(reader, "for")),
        StepType::AbTest => StepKind::AbTest(Box::new(read_ab_test(reader, fields))),
        StepType::Condition => StepKind::Condition(Box::new(read_condition(reader, fields))),
        StepType::AdvanceTo => StepKind::AdvanceTo(fields.text(reader, "sequence")),
        StepType::UpdateField => {
            StepKind::UpdateField { field: fields.text(reader, "field"), value: fields.value(reader, "value") }
        }
        StepType::End => StepKind::End(fields.text(reader, "outcome")),
    }
}

fn read_ab_test(reader: &mut Reader<'_>, fields: &Fields<'_, '_>) -> AbTest {
    AbTest {
        a: read_variant(reader, fields, "a"),
        b: read_variant(reader, fields, "b"),
        split: fields.whole(reader, "split").map_or(HALF_AND_HALF, |split| split.value),
        metric: fields.word(reader, "metric").and_then(|word| Metric::from_word(word.value)),
        ends: read_end_of_test(reader, fields),
        default: fields.word(reader, "default").and_then(|word| TestVersion::from_word(word.value)),
    }
}

fn read_variant(reader: &mut Reader<'_>, fields: &Fields<'_, '_>, key: &str) -> Option<Variant> {
    let fields = fields.fields(reader, key)?;
    Some(Variant { name: fields.text(reader, "name"), template: fields.text(reader, "template") })
}

fn read_end_of_test(reader: &mut Reader<'_>, fields: &Fields<'_, '_>) -> Option<EndOfTest> {
    let end = reader.word_or_instant(fields.node("ends")?, TestEnd::WORDS)?;
    Some(match end.value {
        WordOrInstant::Word(_) => EndOfTest::WhenSignificant,
        WordOrInstant::Instant(instant) => EndOfTest::At(instant),
    })
}

fn read_condition(reader: &mut Reader<'_>, fields: &Fields<'_, '_>) -> Condition {
    let question = read_question(reader, fields);
    let then = read_steps(reader, fields, "then");
    let otherwise = read_steps(reader, fields, "else");
    let damaged = fields.damaged || then.damaged || otherwise.damaged;
    Condition { question, then, otherwise, damaged }
}

fn read_question(reader: &mut Reader<'_>, fields: &Fields<'_, '_>) -> Question {
    let mut asked: Vec<(&str, Span)> = QUESTIONS.iter().filter_map(|key| Some((*key, fields.key_span(key)?))).collect();
    asked.sort_by_key(|(_, span)| *span);
    let Some((first, first_span)) = asked.first().copied() else {
        if !fields.damaged {
            let message = "a condition needs one of the keys `any_of`, `all_of`, `when` and `stage`".to_owned();
            let problem = rules::missing_key::missing(reader.source(), fields.head, message);
            reader.report(problem.help("add what it asks, like `any_of: [email_opened]` or `when: record.employees > 500`"));
        }
        return Question::Unreadable;
    };
    for (_, other) in &asked[1..] {
        let problem = rules::conflicting_keys::conflicting_keys(reader.source(), *other, first_span);
        reader.report(problem.help("a condition asks one thing: nest a second condition in a branch of this one"));
    }
    if asked.len() > 1 {
        return Question::Unreadable; // which of them is meant nobody knows
    }
    if matches!(first, "when" | "stage") {
        for key in ["of", "within", "at_once"] {
            if let Some(span) = fields.key_span(key) {
                let problem = rules::conflicting_keys::conflicting_keys(reader.source(), span, first_span);
                reader.report(problem.help(format!("delete it: `{key}` belongs to results of an email or a call")));
            }
        }
    }
    match first {
        "when" => read_when(reader, fields),
        "stage" => read_stages(reader, fields),
        "any_of" => read_criterion(reader, fields, Mode::Any, first, first_span),
        _ => read_criterion(reader, fields, Mode::All, first, first_span),
    }
}

fn read_criterion(reader: &mut Reader<'_>, fields: &Fields<'_, '_>, mode: Mode, name: &str, key: Span) -> Question {
    let Some(results) = fields.texts(reader, name) else { return Question::Unreadable };
    if results.is_empty() {
        return nothing_asked(reader, fields, name, "at least one result", &format!("{name}: [email_opened]"));
    }
    let at_once = fields.flag(reader, "at_once").zip(fields.key_span("at_once"));
    Question::Results(Criterion {
        mode,
        key,
        results,
        of: fields.text(reader, "of"),
        within: fields.duration(reader, "within"),
        may_lack_keys: fields.damaged,
        within_key: fields.key_span("within"),
        at_once: at_once.map(|(flag, key)| Located::new(flag.value, key)),
    })
}

/// The key is there and asks nothing; unless something unreadable stood behind it, that is a finding.
fn nothing_asked(reader: &mut Reader<'_>, fields: &Fields<'_, '_>, key: &str, what: &str, example: &str) -> Question {
    let Some(entry) = fields.entry(key) else { return Question::Unreadable };
    let is_empty = match &entry.value.content {
        Content::List(list) => list.items.is_empty() && !list.damaged,
        Content::Mapping(mapping) => mapping.entries.is_empty() && !mapping.damaged,
        Content::Scalar(_) | Content::Unreadable => false,
    };
    if is_empty {
        let problem = rules::missing_key::missing(reader.source(), entry.key_span, format!("`{key}` needs {what}"));
        reader.report(problem.help(format!("write `{example}`")));
    }
    Question::Unreadable
}

/// The expression as written. A number or a truth value is an expression too.
fn read_when(reader: &mut Reader<'_>, fields: &Fields<'_, '_>) -> Question {
    let Some(node) = fields.node("when") else { return Question::Unreadable };
    let style = node.as_scalar().map(|scalar| scalar.style);
    match (reader.text(node, usize::MAX), style) {
        (Some(text), Some(style)) => Question::When(When { text, style }),
        _ => Question::Unreadable,
    }
}

fn read_stages(reader: &mut Reader<'_>, fields: &Fields<'_, '_>) -> Question {
    let Some(entries) = fields.table(reader, "stage") else { return Question::Unreadable };
    if entries.is_empty() {
        return nothing_asked(reader, fields, "stage", "a process with its stages", "stage: {sales: [propose, close]}");
    }
    let stages = entries.into_iter().map(|entry| {
        let items = reader.items(entry.value, "a list").map_or(&[][..], |items| items.nodes);
        let stages = items.iter().filter_map(|item| reader.text(item, MAX_NAME)).collect();
        Stage { process: entry.key, stages }
    });
    Question::Stage(stages.collect())
}
