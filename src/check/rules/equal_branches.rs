//! # equal-branches
//!
//! Both branches of a condition do the same.
//!
//! ## Why
//!
//! The condition decides nothing: whatever a record answers, it is treated alike. One branch was copied to be
//! changed, and the change was forgotten, so that half of the records get what was written for the others.
//! Ids do not count here, names and templates do.
//!
//! ## Bad
//!
//! ```yaml
//! - id: large
//!   type: condition
//!   when: record.employees > 500
//!   then:
//!     - {id: long, type: email, name: Introduce ourselves, template: intro-lead}
//!   else:
//!     - {id: short, type: email, name: Introduce ourselves, template: intro-lead}
//! ```
//!
//! ## Good
//!
//! ```yaml
//! - id: large
//!   type: condition
//!   when: record.employees > 500
//!   then:
//!     - {id: long, type: email, name: Send the study, template: intro-enterprise}
//!   else:
//!     - {id: short, type: email, name: Introduce ourselves, template: intro-lead}
//! ```
//!
//! ## See also
//!
//! `empty-condition`, `equal-variants`

use foldhash::HashMap;

use crate::check::scene::Scene;
use crate::diagnostic::{Code, Diagnostic};
use crate::sequence::{AbTest, Condition, Criterion, Question, Stage, Step, StepKind, Steps, Variant};
use crate::text::Located;

pub(super) fn equal_branches(scene: &Scene<'_>) -> Vec<Diagnostic> {
    let conditions = scene.steps().filter_map(|step| Some((step, step.kind.as_condition()?)));
    let equal = conditions.filter(|(_, condition)| !condition.damaged && !condition.then.list.is_empty());
    let equal = equal.filter(|(_, condition)| Pairing::default().steps(&condition.then, &condition.otherwise));
    equal
        .map(|(step, condition)| {
            let message = format!("both branches of `{}` do the same", step.label());
            let problem = Diagnostic::new(Code::EqualBranches, scene.at(step.head), message)
                .help("change one of them, or keep the steps of one and delete the condition");
            let heads = [&condition.then, &condition.otherwise].map(|branch| branch.list.first());
            let heads = heads.into_iter().flatten().zip(["`then` starts here", "`else` starts here"]);
            heads.fold(problem, |problem, (head, words)| problem.related(scene.at(head.head), words))
        })
        .collect()
}

/// Which step of the one branch stands for which of the other.
#[derive(Default)]
struct Pairing<'s> {
    ids: HashMap<&'s str, &'s str>,
}

impl<'s> Pairing<'s> {
    fn steps(&mut self, one: &'s Steps, other: &'s Steps) -> bool {
        let both = one.list.iter().zip(&other.list);
        !one.damaged && !other.damaged && one.list.len() == other.list.len() && both.into_iter().all(|(a, b)| self.step(a, b))
    }

    fn step(&mut self, one: &'s Step, other: &'s Step) -> bool {
        if let (Some(one), Some(other)) = (&one.id, &other.id) {
            self.ids.insert(&one.value, &other.value);
        }
        same(&one.name, &other.name) && same(&one.description, &other.description) && self.kind(&one.kind, &other.kind)
    }

    fn kind(&mut self, one: &'s StepKind, other: &'s StepKind) -> bool {
        match (one, other) {
            (StepKind::Activity(one), StepKind::Activity(other)) => {
                one.kind == other.kind && same(&one.template, &other.template)
            }
            (StepKind::Wait(one), StepKind::Wait(other)) => same(one, other),
            (StepKind::AbTest(one), StepKind::AbTest(other)) => same_test(one, other),
            (StepKind::Condition(one), StepKind::Condition(other)) => self.condition(one, other),
            (StepKind::AdvanceTo(one), StepKind::AdvanceTo(other)) => same(one, other),
            (StepKind::UpdateField { field: one, value: put }, StepKind::UpdateField { field: other, value: other_put }) => {
                same(one, other) && same(put, other_put)
            }
            (StepKind::End(one), StepKind::End(other)) => same(one, other),
            // What could not be read may be anything; the rest are of two types.
            (
                StepKind::Activity(_)
                | StepKind::Wait(_)
                | StepKind::AbTest(_)
                | StepKind::Condition(_)
                | StepKind::AdvanceTo(_)
                | StepKind::UpdateField { .. }
                | StepKind::End(_)
                | StepKind::Unreadable,
                _,
            ) => false,
        }
    }

    fn condition(&mut self, one: &'s Condition, other: &'s Condition) -> bool {
        self.question(&one.question, &other.question)
            && self.steps(&one.then, &other.then)
            && self.steps(&one.otherwise, &other.otherwise)
    }

    fn question(&self, one: &Question, other: &Question) -> bool {
        match (one, other) {
            (Question::Results(one), Question::Results(other)) => self.criterion(one, other),
            (Question::When(one), Question::When(other)) => one.text.value == other.text.value,
            (Question::Stage(one), Question::Stage(other)) => same_lists(one, other, same_stage),
            (Question::Results(_) | Question::When(_) | Question::Stage(_) | Question::Unreadable, _) => false,
        }
    }

    fn criterion(&self, one: &Criterion, other: &Criterion) -> bool {
        let of = match (&one.of, &other.of) {
            (Some(one), Some(other)) => {
                one.value == other.value || self.ids.get(one.value.as_str()) == Some(&other.value.as_str())
            }
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        of && one.mode == other.mode
            && same_lists(&one.results, &other.results, |one, other| one.value == other.value)
            && same(&one.within, &other.within)
            && same(&one.at_once, &other.at_once)
    }
}

/// Whether both say the same, wherever it stands.
fn same<T: PartialEq>(one: &Option<Located<T>>, other: &Option<Located<T>>) -> bool {
    one.as_ref().map(|one| &one.value) == other.as_ref().map(|other| &other.value)
}

fn same_lists<T>(one: &[T], other: &[T], same: impl Fn(&T, &T) -> bool) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
}

fn same_stage(one: &Stage, other: &Stage) -> bool {
    one.process.value == other.process.value && same_lists(&one.stages, &other.stages, |one, other| one.value == other.value)
}

fn same_test(one: &AbTest, other: &AbTest) -> bool {
    let variant = |one: &Option<Variant>, other: &Option<Variant>| match (one, other) {
        (Some(one), Some(other)) => same(&one.name, &other.name) && same(&one.template, &other.template),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    };
    let options = (one.split, one.metric, one.ends, one.default) == (other.split, other.metric, other.ends, other.default);
    options && variant(&one.a, &other.a) && variant(&one.b, &other.b)
}
