//! # unknown-process
//!
//! A business process that the record type does not have, where its processes are declared.

use crate::check::scene::Scene;
use crate::check::stages::asked_stages;
use crate::diagnostic::{Code, Diagnostic, Safety};
use crate::text::suggest;

pub(super) fn unknown_process(scene: &Scene<'_>) -> Vec<Diagnostic> {
    let unknown = asked_stages(scene).into_iter().filter(|(asked, declared)| !declared.contains_key(&asked.process.value));
    unknown
        .map(|(asked, declared)| {
            let process = &asked.process;
            let message = format!("the record type has no process `{}`", process.value);
            let problem = Diagnostic::new(Code::UnknownProcess, scene.at(process.span), message);
            match suggest(&process.value, declared.keys().map(String::as_str)) {
                Some(near) => problem.did_you_mean(Some(near)).fix(format!("write `{near}`"), Safety::Guess, process.span, near),
                None => problem.help("declare it under the record type's `stages` in segue.yaml"),
            }
        })
        .collect()
}
