//! A condition that asks for results where nothing before it can have any.

use crate::diagnostic::{Code, Diagnostic};

use super::results::{Asks, ResultOf, asks};
use super::scene::Scene;
use super::ways::Asked;

/// The conditions that ask for results of that kind and have no step of it before them, each with the finding.
pub(super) fn conditions_without(scene: &Scene<'_>, kind: ResultOf, code: Code) -> Vec<Diagnostic> {
    let asked =
        scene.ways.questions.iter().filter(|asked| !asked.is_unclear && asks(asked.criterion, scene.settings) == Asks::of(kind));
    asked.filter_map(|asked| problem(scene, asked, kind, code)).collect()
}

fn problem(scene: &Scene<'_>, asked: &Asked<'_>, kind: ResultOf, code: Code) -> Option<Diagnostic> {
    let what = kind.what();
    let Some(of) = &asked.criterion.of else {
        let before = match kind {
            ResultOf::Email => &asked.emails,
            ResultOf::Call => &asked.calls,
        };
        // Where some ways have one and others none, that is ambiguous rather than missing.
        let message = format!("`{}` asks what became of {what}, and there is none before it", asked.step.label());
        return before.steps.is_empty().then(|| {
            let problem = Diagnostic::new(code, scene.at(asked.criterion.key), message);
            problem.help(format!("put {what} before it, or move it behind one"))
        });
    };
    let step = scene.steps().find(|step| step.id.as_ref().is_some_and(|id| id.value == of.value))?;
    let problem = |message: String, help: String| {
        Diagnostic::new(code, scene.at(of.span), message)
            .related(scene.at(step.head), format!("`{}` is here", of.value))
            .help(help)
    };
    let is_of_kind = match kind {
        ResultOf::Email => step.kind.is_email(),
        ResultOf::Call => step.kind.is_call(),
    };
    if !is_of_kind {
        let message = format!("`{}` is {}, not {what}", of.value, step.kind.describe());
        return Some(problem(message, format!("name {what} before the condition")));
    }
    asked.passed.is_none().then(|| {
        let message = format!("no way leads past `{}` to this condition", of.value);
        problem(message, format!("name {what} that stands before the condition"))
    })
}
