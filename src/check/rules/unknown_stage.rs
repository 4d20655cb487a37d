//! # unknown-stage
//!
//! A stage that the process does not have.

use crate::check::scene::Scene;
use crate::check::stages::asked_stages;
use crate::diagnostic::{Code, Diagnostic, Safety};
use crate::text::suggest;

pub(super) fn unknown_stage(scene: &Scene<'_>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for (asked, declared) in asked_stages(scene) {
        let Some(stages) = declared.get(&asked.process.value) else { continue };
        for stage in asked.stages.iter().filter(|stage| !stages.contains(&stage.value)) {
            let message = format!("the process `{}` has no stage `{}`", asked.process.value, stage.value);
            let problem = Diagnostic::new(Code::UnknownStage, scene.at(stage.span), message);
            findings.push(match suggest(&stage.value, stages.iter().map(String::as_str)) {
                Some(near) => problem.did_you_mean(Some(near)).fix(format!("write `{near}`"), Safety::Guess, stage.span, near),
                None => {
                    let names: Vec<String> = stages.iter().map(|stage| format!("`{stage}`")).collect();
                    problem.help(format!("its stages are {}", names.join(", ")))
                }
            });
        }
    }
    findings
}
