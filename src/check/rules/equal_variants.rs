//! # equal-variants
//!
//! Both versions of an A/B test send the same template.
//!
//! ## Why
//!
//! The test compares an email with itself. It runs for weeks, names a winner by chance or none, and whoever
//! reads the figures believes that the wording makes no difference.
//!
//! ## Bad
//!
//! ```yaml
//! - id: length
//!   type: ab_test
//!   name: Long or short
//!   a: {name: Long, template: intro-long}
//!   b: {name: Short, template: intro-long}
//!   metric: opens
//! ```
//!
//! ## Good
//!
//! ```yaml
//! - id: length
//!   type: ab_test
//!   name: Long or short
//!   a: {name: Long, template: intro-long}
//!   b: {name: Short, template: intro-short}
//!   metric: opens
//! ```
//!
//! ## See also
//!
//! `equal-branches`, `unknown-template`

use crate::check::scene::Scene;
use crate::diagnostic::{Code, Diagnostic};
use crate::sequence::StepKind;

pub(super) fn equal_variants(scene: &Scene<'_>) -> Vec<Diagnostic> {
    let tests = scene.steps().filter_map(|step| match &step.kind {
        StepKind::AbTest(test) => Some((step, test)),
        StepKind::Activity(_)
        | StepKind::Wait(_)
        | StepKind::Condition(_)
        | StepKind::AdvanceTo(_)
        | StepKind::UpdateField { .. }
        | StepKind::End(_)
        | StepKind::Unreadable => None,
    });
    let templates =
        tests.filter_map(|(step, test)| Some((step, test.a.as_ref()?.template.as_ref()?, test.b.as_ref()?.template.as_ref()?)));
    let equal = templates.filter(|(_, a, b)| a.value == b.value);
    equal
        .map(|(step, a, b)| {
            let message = format!("`{}` compares the template `{}` with itself", step.label(), b.value);
            Diagnostic::new(Code::EqualVariants, scene.at(b.span), message)
                .related(scene.at(a.span), "`a` sends it too")
                .help("name another template, or send it with a step of type `automated_email`")
        })
        .collect()
}
