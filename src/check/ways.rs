//! Every way through a sequence at once: what can have happened before each step, and how each way ends.
//! Walks the steps once and joins what branches bring back, so that forty conditions in a row cost forty joins, not 2^40 ways.

use foldhash::{HashMap, HashMapExt};

use crate::expression::Answer;
use crate::sequence::{Activity, ActivityKind, Condition, Criterion, EmailResult, Question, Step, StepKind, Steps};
use crate::text::Located;

/// What the walk found out.
#[derive(Debug, Default)]
pub struct Ways<'s> {
    /// Waits behind which some way ends, in the order of the file.
    pub trailing_waits: Vec<&'s Step>,
    /// Conditions on results, each with what can stand before it.
    pub questions: Vec<Asked<'s>>,
    /// The first step of each stretch that no way reaches.
    pub unreachable: Vec<Unreached<'s>>,
    /// `end`s with a step behind them in the same list, each with that step.
    pub ends_too_soon: Vec<(&'s Step, &'s Step)>,
    /// `advance_to`s with a step behind them in the same list, each with that step.
    pub advances_too_soon: Vec<(&'s Step, &'s Step)>,
    /// `advance_to`s, and whether some way leads there without any pause.
    pub advances: Vec<Advance<'s>>,
    /// Emails that go out with no pause behind another one: the one, then the other.
    pub crowded_emails: Vec<(&'s Step, &'s Step)>,
    /// Emails that the system sends although nobody asked whether the one before was answered: that one, then the other.
    pub unasked_emails: Vec<(&'s Step, &'s Step)>,
    /// Text messages that the system sends at whatever hour some way leads there.
    pub texts_at_any_hour: Vec<&'s Step>,
    /// The first step in the order of the file before which some way has as many steps as a way may have.
    pub beyond: Option<&'s Step>,
}

/// The most steps on one way. Source: the reference's column for the highest count of steps.
pub const MAX_STEPS_OF_WAY: usize = 400;

/// A step that no way reaches.
#[derive(Debug)]
pub struct Unreached<'s> {
    /// The step.
    pub step: &'s Step,
    /// The condition that keeps records from it.
    pub condition: &'s Step,
    /// How it does.
    pub why: Why,
}

/// Why no way leads on from a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Neither branch comes back.
    BothLeave,
    /// The answer is always the same, and this is the other branch.
    OtherAnswer(Answer),
}

/// An `advance_to` that can be reached.
#[derive(Debug)]
pub struct Advance<'s> {
    /// The target's id as written.
    pub target: &'s Located<String>,
    /// Whether some way from the start leads here with neither a wait, nor a condition with `within`, nor a seller's step.
    pub without_pause: bool,
}

/// A condition on results, and what can stand before it.
#[derive(Debug)]
pub struct Asked<'s> {
    /// The condition.
    pub step: &'s Step,
    /// What it asks.
    pub criterion: &'s Criterion,
    /// The emails of which each is the last one on some way here.
    pub emails: Before<'s>,
    /// The calls of which each is the last one on some way here.
    pub calls: Before<'s>,
    /// The email or call that `of` names, and which ways here pass it; `None` where none does.
    pub passed: Option<Passed<'s>>,
    /// The minutes that have been waited since the email, on whatever way; 0 where it is not clear which email.
    pub waited: u64,
    /// Whether something before it could not be read, so that nothing can be said.
    pub is_unclear: bool,
}

/// An email or a call that a condition names.
#[derive(Debug)]
pub struct Passed<'s> {
    /// The step.
    pub step: &'s Step,
    /// Whether every way to the condition passes it, and not only some.
    pub by_all: bool,
}

/// The last steps of a kind before a place.
#[derive(Debug)]
pub struct Before<'s> {
    /// The steps, in the order of the file.
    pub steps: Vec<&'s Step>,
    /// Whether some way has none.
    pub or_none: bool,
}

/// Walks all ways through a sequence's steps; `answer` tells what a condition says of every record, where that is known.
pub fn ways<'s>(steps: &'s Steps, answer: &dyn Fn(&Condition) -> Option<Answer>) -> Ways<'s> {
    let mut walk = Walk { answer, ways: Ways::default(), steps: Vec::new(), numbers: HashMap::new(), trailing: Set::default() };
    let start = Point { no_email: true, no_call: true, any_hour: true, ..Point::default() };
    let end = walk.list(steps, start);
    walk.end_of_way(&end);
    walk.ways.trailing_waits = walk.trailing.pick(&walk.steps);
    walk.ways
}

struct Walk<'s, 'a> {
    answer: &'a dyn Fn(&Condition) -> Option<Answer>,
    ways: Ways<'s>,
    /// Every step met, by the number that sets know it by.
    steps: Vec<&'s Step>,
    /// The numbers of steps by id; of several with one id the first counts.
    numbers: HashMap<&'s str, usize>,
    trailing: Set,
}

/// What is known at one place between steps.
#[derive(Clone, Debug, Default)]
struct Point {
    /// Whether no way comes here. What stands here is looked at all the same, and little is said of it.
    is_dead: bool,
    emails: Set,
    no_email: bool,
    calls: Set,
    no_call: bool,
    /// Waits that can be the step just before.
    waits: Set,
    by_some: Set,
    by_all: Set,
    paused: bool,
    is_unclear: bool,
    /// Emails since which nothing has taken time.
    fresh: Set,
    /// Emails since which nobody has looked whether they were answered.
    unasked: Set,
    /// For each email passed, the minutes that have been waited since, at least.
    waited: Vec<(usize, u64)>,
    /// Whether some way comes here at an hour that nobody chose: that of connecting, or of a limit that ran out.
    any_hour: bool,
    /// The number of steps on the longest way here.
    steps: usize,
}

impl Point {
    fn dead() -> Self {
        Point { is_dead: true, is_unclear: true, paused: true, ..Point::default() }
    }

    fn join(mut self, other: Point) -> Point {
        if self.is_dead {
            return other;
        }
        if other.is_dead {
            return self;
        }
        self.emails.join(&other.emails);
        self.calls.join(&other.calls);
        self.waits.join(&other.waits);
        self.by_some.join(&other.by_some);
        self.by_all.meet(&other.by_all);
        self.no_email |= other.no_email;
        self.no_call |= other.no_call;
        self.paused &= other.paused;
        self.is_unclear |= other.is_unclear;
        self.fresh.join(&other.fresh);
        self.unasked.join(&other.unasked);
        self.waited = least_of_both(&self.waited, &other.waited);
        self.any_hour |= other.any_hour;
        self.steps = self.steps.max(other.steps);
        self
    }
}

/// Two lists that are sorted by number, as one.
fn least_of_both(one: &[(usize, u64)], other: &[(usize, u64)]) -> Vec<(usize, u64)> {
    let mut both = Vec::with_capacity(one.len().max(other.len()));
    let (mut one, mut other) = (one.iter().copied().peekable(), other.iter().copied().peekable());
    loop {
        match (one.peek().copied(), other.peek().copied()) {
            (Some(left), Some(right)) if left.0 == right.0 => {
                both.push((left.0, left.1.min(right.1)));
                one.next();
                other.next();
            }
            (Some(left), Some(right)) if left.0 < right.0 => {
                both.push(left);
                one.next();
            }
            (_, Some(right)) => {
                both.push(right);
                other.next();
            }
            (Some(left), None) => {
                both.push(left);
                one.next();
            }
            (None, None) => return both,
        }
    }
}

impl<'s> Walk<'s, '_> {
    /// The point behind a list.
    fn list(&mut self, steps: &'s Steps, start: Point) -> Point {
        let mut point = start;
        for (index, step) in steps.list.iter().enumerate() {
            let before = index.checked_sub(1).map(|before| &steps.list[before]);
            let next = steps.list.get(index + 1);
            let number = self.number(step);
            self.count(step, &mut point);
            match &step.kind {
                // What stands behind is told of once, as what nobody reaches.
                StepKind::End(_) => match next {
                    Some(next) => {
                        self.ways.ends_too_soon.push((step, next));
                        point = Point::dead();
                    }
                    None => {
                        self.end_of_way(&point);
                        return Point::dead();
                    }
                },
                StepKind::AdvanceTo(target) => {
                    if let Some(target) = target {
                        self.ways.advances.push(Advance { target, without_pause: !point.paused });
                    }
                    match next {
                        Some(next) => {
                            self.ways.advances_too_soon.push((step, next));
                            point = Point::dead();
                        }
                        None => return Point::dead(),
                    }
                }
                StepKind::Condition(condition) => {
                    let was_dead = point.is_dead;
                    point = self.condition(step, condition, point);
                    if let Some(next) = next.filter(|_| point.is_dead && !was_dead) {
                        self.ways.unreachable.push(Unreached { step: next, condition: step, why: Why::BothLeave });
                    }
                }
                StepKind::Activity(_)
                | StepKind::Wait(_)
                | StepKind::AbTest(_)
                | StepKind::UpdateField { .. }
                | StepKind::Unreadable => {
                    self.look_at_messages(step, before, &point);
                    point.pass(step, number);
                }
            }
        }
        if steps.damaged {
            point.waits = Set::default();
            point.is_unclear = true;
            point.paused = true;
        }
        point
    }

    fn number(&mut self, step: &'s Step) -> usize {
        let number = self.steps.len();
        self.steps.push(step);
        if let Some(id) = &step.id {
            self.numbers.entry(&id.value).or_insert(number);
        }
        number
    }

    fn count(&mut self, step: &'s Step, point: &mut Point) {
        point.steps += 1;
        if point.steps > MAX_STEPS_OF_WAY && self.ways.beyond.is_none() {
            self.ways.beyond = Some(step);
        }
    }

    fn end_of_way(&mut self, point: &Point) {
        if !point.is_dead {
            self.trailing.join(&point.waits);
        }
    }

    fn condition(&mut self, step: &'s Step, condition: &'s Condition, mut point: Point) -> Point {
        point.waits = Set::default();
        if let Question::Results(criterion) = &condition.question {
            let asked = self.asked(step, criterion, &point);
            self.ways.questions.push(asked);
            point.ask(criterion);
        }
        let (into_then, into_else) = match (self.answer)(condition).filter(|_| !point.is_dead) {
            None => (point.clone(), point),
            Some(answer) => {
                let otherwise = match answer {
                    Answer::Always => &condition.otherwise,
                    Answer::Never => &condition.then,
                };
                if let Some(first) = otherwise.list.first() {
                    self.ways.unreachable.push(Unreached { step: first, condition: step, why: Why::OtherAnswer(answer) });
                }
                match answer {
                    Answer::Always => (point, Point::dead()),
                    Answer::Never => (Point::dead(), point),
                }
            }
        };
        let mut then = self.list(&condition.then, into_then);
        let mut otherwise = self.list(&condition.otherwise, into_else);
        if condition.damaged {
            for branch in [&mut then, &mut otherwise] {
                branch.is_unclear = true;
                branch.waits = Set::default();
            }
        }
        then.join(otherwise)
    }

    fn asked(&self, step: &'s Step, criterion: &'s Criterion, point: &Point) -> Asked<'s> {
        Asked {
            step,
            criterion,
            emails: Before { steps: point.emails.pick(&self.steps), or_none: point.no_email },
            calls: Before { steps: point.calls.pick(&self.steps), or_none: point.no_call },
            passed: criterion.of.as_ref().and_then(|of| self.passed(&of.value, point)),
            waited: self.waited(criterion, point),
            is_unclear: point.is_unclear,
        }
    }

    /// The email or call of that id, if some way to the point passes it.
    fn passed(&self, id: &str, point: &Point) -> Option<Passed<'s>> {
        let number = *self.numbers.get(id)?;
        point.by_some.contains(number).then(|| Passed { step: self.steps[number], by_all: point.by_all.contains(number) })
    }

    fn waited(&self, criterion: &Criterion, point: &Point) -> u64 {
        let named = match &criterion.of {
            Some(of) => match self.numbers.get(of.value.as_str()) {
                Some(number) => Some(*number),
                None => return 0,
            },
            None => None,
        };
        let is_asked = |number: usize| named.map_or_else(|| point.emails.contains(number), |named| named == number);
        point.waited.iter().filter(|(number, _)| is_asked(*number)).map(|(_, minutes)| *minutes).min().unwrap_or(0)
    }

    /// What is said of messages as they go out.
    fn look_at_messages(&mut self, step: &'s Step, before: Option<&'s Step>, point: &Point) {
        if point.is_dead || point.is_unclear {
            return;
        }
        if point.any_hour && is_automated_text(&step.kind) {
            self.ways.texts_at_any_hour.push(step);
        }
        if !step.kind.is_email() {
            return;
        }
        let is_automated = !step.kind.is_manual();
        let fresh = point.fresh.pick(&self.steps);
        // A seller who comes out of a branch with an email sees what the record came from; side by side nobody meant it.
        let crowded = |earlier: &&&Step| {
            before.is_some_and(|before| std::ptr::eq(before, **earlier)) || (is_automated && !earlier.kind.is_manual())
        };
        if let Some(earlier) = fresh.iter().find(crowded) {
            self.ways.crowded_emails.push((earlier, step));
        }
        if is_automated && let Some(earlier) = point.unasked.pick(&self.steps).last() {
            self.ways.unasked_emails.push((earlier, step));
        }
    }
}

fn is_automated_text(kind: &StepKind) -> bool {
    matches!(kind, StepKind::Activity(Activity { kind: ActivityKind::AutomatedText, .. }))
}

impl Point {
    /// Goes on behind a question about results.
    fn ask(&mut self, criterion: &Criterion) {
        let asks_for_reply = criterion.results.iter().any(|result| result.value == EmailResult::Replied.word());
        if asks_for_reply {
            self.unasked = Set::default();
        }
        if criterion.within_key.is_some() {
            self.paused = true;
            self.fresh = Set::default();
            // The limit runs out when it does, at night too.
            self.any_hour = true;
        }
    }

    fn pass(&mut self, step: &Step, number: usize) {
        self.waits = Set::default();
        if step.kind.is_manual() {
            self.paused = true;
            self.fresh = Set::default();
            self.unasked = Set::default();
            self.any_hour = false;
        }
        if step.kind.is_email() {
            self.emails = Set::of(number);
            self.no_email = false;
            self.fresh = Set::of(number);
            self.unasked.insert(number);
            self.waited.push((number, 0));
        }
        if step.kind.is_call() {
            self.calls = Set::of(number);
            self.no_call = false;
        }
        if step.kind.is_email() || step.kind.is_call() {
            self.by_some.insert(number);
            self.by_all.insert(number);
        }
        match &step.kind {
            StepKind::Wait(duration) => {
                self.waits = Set::of(number);
                self.paused = true;
                self.fresh = Set::default();
                self.any_hour = false;
                let minutes = duration.as_ref().map_or(0, |duration| duration.value.total_minutes());
                self.waited.iter_mut().for_each(|(_, waited)| *waited = waited.saturating_add(minutes));
            }
            // It may be anything, a pause too.
            StepKind::Unreadable => {
                self.is_unclear = true;
                self.paused = true;
            }
            StepKind::Activity(_)
            | StepKind::AbTest(_)
            | StepKind::Condition(_)
            | StepKind::AdvanceTo(_)
            | StepKind::UpdateField { .. }
            | StepKind::End(_) => {}
        }
    }
}

/// A set of step numbers, a bit each.
#[derive(Clone, Debug, Default)]
struct Set(Vec<u64>);

impl Set {
    fn of(number: usize) -> Self {
        let mut set = Set::default();
        set.insert(number);
        set
    }

    fn insert(&mut self, number: usize) {
        if self.0.len() <= number / 64 {
            self.0.resize(number / 64 + 1, 0);
        }
        self.0[number / 64] |= 1 << (number % 64);
    }

    fn contains(&self, number: usize) -> bool {
        self.0.get(number / 64).is_some_and(|word| word & (1 << (number % 64)) != 0)
    }

    fn join(&mut self, other: &Set) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            *mine |= theirs;
        }
    }

    fn meet(&mut self, other: &Set) {
        self.0.truncate(other.0.len());
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            *mine &= theirs;
        }
    }

    fn pick<'s>(&self, steps: &[&'s Step]) -> Vec<&'s Step> {
        let mut picked = Vec::new();
        for (index, word) in self.0.iter().enumerate() {
            let mut word = *word;
            while word != 0 {
                picked.push(steps[index * 64 + word.trailing_zeros() as usize]);
                word &= word - 1;
            }
        }
        picked
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sequence::{self, Sequence, SequenceId};
    use crate::text::{FilePath, Source};
    use crate::yaml;

    fn sequence(steps: &str) -> Sequence {
        let text = format!("name: A\nrecord_type: lead\nowner: ana\nsteps:\n{steps}");
        let source = Source::new(FilePath::new("sequences/a.yaml"), text);
        let tree = yaml::read(&source);
        let id = SequenceId::parse("a").expect("an id");
        sequence::read(&source, id, &tree).0.expect("a sequence")
    }

    /// Conditions one behind the other, each of which doubles the ways.
    fn row(count: usize) -> String {
        let part = |at: usize| {
            format!(
                "  - {{id: mail-{at}, type: email, name: M}}
  - id: asks-{at}
    type: condition
    any_of: [replied]
    within: 1d
    then:
      - {{id: call-{at}, type: phone_call, name: C}}
    else:
      - {{id: wait-{at}, type: wait, for: 1d}}
"
            )
        };
        (0..count).map(part).collect()
    }

    /// Conditions one inside the other, with a step behind each.
    fn nest(depth: usize) -> String {
        let mut steps = String::new();
        for at in 0..depth {
            let blank = "    ".repeat(at);
            steps += &format!("{blank}  - id: asks-{at}\n{blank}    type: condition\n{blank}    when: record.x > {at}\n");
            steps += &format!("{blank}    else: [{{id: wait-{at}, type: wait, for: 1d}}]\n{blank}    then:\n");
        }
        steps + &format!("{}  - {{id: last, type: task, name: T}}\n", "    ".repeat(depth))
    }

    #[test]
    fn each_step_is_walked_once_however_many_ways_there_are() {
        // 2^400 ways: one by one nobody would see the end of it.
        let sequence = sequence(&row(400));
        let found = ways(&sequence.steps, &|_| None);
        assert_eq!(found.questions.len(), 400);
        assert_eq!(found.trailing_waits.len(), 1, "only the last wait ends a way");
        let last = found.questions.last().expect("400 of them");
        assert_eq!(last.emails.steps.iter().map(|step| step.label()).collect::<Vec<_>>(), ["mail-399"]);
        assert_eq!(found.beyond.map(Step::label), Some("asks-133"), "three steps a part, 400 at most");
    }

    #[test]
    fn what_is_nested_is_walked_once() {
        let sequence = sequence(&nest(30));
        let found = ways(&sequence.steps, &|_| None);
        assert_eq!(found.trailing_waits.len(), 30);
    }

    #[test]
    fn a_branch_that_is_never_taken_says_nothing() {
        let sequence = sequence(
            "  - id: asks
    type: condition
    when: record.x > 1
    then:
      - {id: mail, type: email, name: M}
      - {id: wait, type: wait, for: 1d}
      - {id: inner, type: condition, when: record.x > 2, then: [{id: gone, type: end}], else: [{id: lost, type: end}]}
      - {id: behind, type: task, name: T}
    else:
      - {id: note, type: task, name: T}
  - {id: heard, type: condition, any_of: [replied], within: 1d, then: [{id: call, type: phone_call, name: C}]}
",
        );
        let never = ways(&sequence.steps, &|condition| {
            matches!(&condition.question, Question::When(when) if when.text.value.ends_with('1')).then_some(Answer::Never)
        });
        let unreached: Vec<&str> = never.unreachable.iter().map(|unreached| unreached.step.label()).collect();
        assert_eq!(unreached, ["mail"], "what lies inside it follows from that");
        assert!(never.questions[0].emails.steps.is_empty(), "no record has had that email");
        let always = ways(&sequence.steps, &|_| Some(Answer::Always));
        let unreached: Vec<&str> = always.unreachable.iter().map(|unreached| unreached.step.label()).collect();
        assert_eq!(unreached, ["note", "lost", "behind", "heard"]);
    }
}
