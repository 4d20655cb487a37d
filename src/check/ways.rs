//! Every way through a sequence at once: what can have happened before each step, and how each way ends.
//! Walks the steps once and joins what branches bring back, so that forty conditions in a row cost forty joins, not 2^40 ways.

use std::collections::HashMap;

use crate::sequence::{Condition, Criterion, Question, Step, StepKind, Steps};
use crate::text::Located;

/// What the walk found out.
#[derive(Debug, Default)]
pub struct Ways<'s> {
    /// Waits behind which some way ends, in the order of the file.
    pub trailing_waits: Vec<&'s Step>,
    /// Conditions on results, each with what can stand before it.
    pub questions: Vec<Asked<'s>>,
    /// The first step of each stretch that no way reaches.
    pub unreachable: Vec<&'s Step>,
    /// `end`s with a step behind them in the same list, each with that step.
    pub ends_too_soon: Vec<(&'s Step, &'s Step)>,
    /// `advance_to`s with a step behind them in the same list, each with that step.
    pub advances_too_soon: Vec<(&'s Step, &'s Step)>,
    /// `advance_to`s, and whether some way leads there without any pause.
    pub advances: Vec<Advance<'s>>,
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

/// Walks all ways through a sequence's steps.
pub fn ways(steps: &Steps) -> Ways<'_> {
    let mut walk = Walk { ways: Ways::default(), steps: Vec::new(), numbers: HashMap::new(), trailing: Set::default() };
    let start = Point { no_email: true, no_call: true, ..Point::default() };
    if let Some(end) = walk.list(steps, start) {
        walk.trailing.join(&end.waits);
    }
    walk.ways.trailing_waits = walk.trailing.pick(&walk.steps);
    walk.ways
}

struct Walk<'s> {
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
}

impl Point {
    fn join(mut self, other: Point) -> Point {
        self.emails.join(&other.emails);
        self.calls.join(&other.calls);
        self.waits.join(&other.waits);
        self.by_some.join(&other.by_some);
        self.by_all.meet(&other.by_all);
        self.no_email |= other.no_email;
        self.no_call |= other.no_call;
        self.paused &= other.paused;
        self.is_unclear |= other.is_unclear;
        self
    }
}

impl<'s> Walk<'s> {
    /// The point behind a list; `None` where no way comes out of it.
    fn list(&mut self, steps: &'s Steps, start: Point) -> Option<Point> {
        let mut point = start;
        let mut is_reached = true;
        for (index, step) in steps.list.iter().enumerate() {
            let next = steps.list.get(index + 1);
            let number = self.steps.len();
            self.steps.push(step);
            if let Some(id) = &step.id {
                self.numbers.entry(&id.value).or_insert(number);
            }
            match &step.kind {
                StepKind::End(_) => match next {
                    Some(next) => self.ways.ends_too_soon.push((step, next)),
                    None => {
                        self.trailing.join(&point.waits);
                        return None;
                    }
                },
                StepKind::AdvanceTo(target) => {
                    if let Some(target) = target {
                        self.ways.advances.push(Advance { target, without_pause: !point.paused });
                    }
                    match next {
                        Some(next) => self.ways.advances_too_soon.push((step, next)),
                        None => return None,
                    }
                }
                StepKind::Condition(condition) => match self.condition(step, condition, point) {
                    Some(behind) => point = behind,
                    None => {
                        // Nothing comes here, but what stands here is looked at all the same.
                        if is_reached {
                            self.ways.unreachable.extend(next);
                        }
                        is_reached = false;
                        point = Point { is_unclear: true, paused: true, ..Point::default() };
                    }
                },
                StepKind::Activity(_)
                | StepKind::Wait(_)
                | StepKind::AbTest(_)
                | StepKind::UpdateField { .. }
                | StepKind::Unreadable => point.pass(step, number),
            }
        }
        if steps.damaged {
            point.waits = Set::default();
            point.is_unclear = true;
        }
        is_reached.then_some(point)
    }

    fn condition(&mut self, step: &'s Step, condition: &'s Condition, mut point: Point) -> Option<Point> {
        point.waits = Set::default();
        if let Question::Results(criterion) = &condition.question {
            let asked = self.asked(step, criterion, &point);
            self.ways.questions.push(asked);
            point.paused |= criterion.within_key.is_some();
        }
        let mut then = self.list(&condition.then, point.clone());
        let mut otherwise = self.list(&condition.otherwise, point);
        if condition.damaged {
            for branch in [&mut then, &mut otherwise].into_iter().flatten() {
                branch.is_unclear = true;
                branch.waits = Set::default();
            }
        }
        match (then, otherwise) {
            (Some(then), Some(otherwise)) => Some(then.join(otherwise)),
            (Some(one), None) | (None, Some(one)) => Some(one),
            (None, None) => None,
        }
    }

    fn asked(&self, step: &'s Step, criterion: &'s Criterion, point: &Point) -> Asked<'s> {
        Asked {
            step,
            criterion,
            emails: Before { steps: point.emails.pick(&self.steps), or_none: point.no_email },
            calls: Before { steps: point.calls.pick(&self.steps), or_none: point.no_call },
            passed: criterion.of.as_ref().and_then(|of| self.passed(&of.value, point)),
            is_unclear: point.is_unclear,
        }
    }
}

impl<'s> Walk<'s> {
    /// The email or call of that id, if some way to the point passes it.
    fn passed(&self, id: &str, point: &Point) -> Option<Passed<'s>> {
        let number = *self.numbers.get(id)?;
        point.by_some.contains(number).then(|| Passed { step: self.steps[number], by_all: point.by_all.contains(number) })
    }
}

impl Point {
    fn pass(&mut self, step: &Step, number: usize) {
        self.waits = Set::default();
        self.paused |= step.kind.is_manual();
        if step.kind.is_email() {
            self.emails = Set::of(number);
            self.no_email = false;
        }
        if step.kind.is_call() {
            self.calls = Set::of(number);
            self.no_call = false;
        }
        if step.kind.is_email() || step.kind.is_call() {
            self.by_some.insert(number);
            self.by_all.insert(number);
        }
        match step.kind {
            StepKind::Wait(_) => {
                self.waits = Set::of(number);
                self.paused = true;
            }
            StepKind::Unreadable => self.is_unclear = true,
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
