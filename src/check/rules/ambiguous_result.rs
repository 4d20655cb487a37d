//! # ambiguous-result
//!
//! A condition asks for results without saying whose, and different ways lead there past different emails or
//! calls. Or `of` names one that only some ways pass.
//!
//! ## Why
//!
//! The same question would mean one email for some records and another for the rest. A seller who reads
//! `replied` cannot say to what, and a record that came past no email at all is treated like one that kept
//! silent. Ask inside each branch, or name with `of` a step that every way passes.
//!
//! ## Bad
//!
//! ```yaml
//! - id: large
//!   type: condition
//!   when: record.employees > 500
//!   then:
//!     - {id: long, type: email, name: Write at length}
//!   else:
//!     - {id: short, type: email, name: Write two lines}
//! - id: heard
//!   type: condition
//!   any_of: [replied]
//!   within: 3d
//!   then:
//!     - {id: meet, type: task, name: Agree on a meeting}
//! ```
//!
//! ## Good
//!
//! ```yaml
//! - {id: intro, type: email, name: Introduce ourselves}
//! - id: large
//!   type: condition
//!   when: record.employees > 500
//!   then:
//!     - {id: case-study, type: email, name: Send a case study}
//! - id: heard
//!   type: condition
//!   any_of: [replied]
//!   of: intro
//!   within: 3d
//!   then:
//!     - {id: meet, type: task, name: Agree on a meeting}
//! ```
//!
//! ## See also
//!
//! `condition-without-email`, `condition-without-call`, `unknown-step`

use crate::check::results::{Asks, asks};
use crate::check::scene::Scene;
use crate::check::ways::{Asked, Before};
use crate::diagnostic::{Code, Diagnostic};

pub(super) fn ambiguous_result(scene: &Scene<'_>) -> Vec<Diagnostic> {
    scene.ways.questions.iter().filter(|asked| !asked.is_unclear).filter_map(|asked| problem(scene, asked)).collect()
}

fn problem(scene: &Scene<'_>, asked: &Asked<'_>) -> Option<Diagnostic> {
    let (before, what) = match asks(asked.criterion, scene.settings) {
        Asks::Email => (&asked.emails, "email"),
        Asks::Call => (&asked.calls, "call"),
        Asks::Both | Asks::Unknown => return None,
    };
    match &asked.criterion.of {
        None => several(scene, asked, before, what),
        Some(of) => {
            let passed = asked.passed.as_ref().filter(|passed| !passed.by_all)?;
            let message = format!("some ways to this condition do not pass `{}`", of.value);
            let problem = Diagnostic::new(Code::AmbiguousResult, scene.at(of.span), message);
            Some(problem.related(scene.at(passed.step.head), format!("`{}` is here", of.value)).help(HELP))
        }
    }
}

fn several(scene: &Scene<'_>, asked: &Asked<'_>, before: &Before<'_>, what: &str) -> Option<Diagnostic> {
    let message = match (before.steps.as_slice(), before.or_none) {
        ([], _) | ([_], false) => return None,
        ([one], true) => format!("some ways here pass `{}`, others no {what} at all", one.label()),
        (several, _) => format!("which {what} this asks about depends on the way here: {} can be the last one", several.len()),
    };
    let problem = Diagnostic::new(Code::AmbiguousResult, scene.at(asked.criterion.key), message);
    let problem = before.steps.iter().take(MOST_SHOWN).fold(problem, |problem, step| {
        problem.related(scene.at(step.head), format!("`{}` is the last one on some way", step.label()))
    });
    Some(problem.help(HELP))
}

/// More places than these help nobody.
const MOST_SHOWN: usize = 4;

const HELP: &str = "ask inside each branch, or name with `of` a step that every way passes";
