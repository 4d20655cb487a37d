//! # unknown-stage
//!
//! A condition asks for a stage that the business process does not have.
//!
//! ## Why
//!
//! Stages get new names when a process is reworked, and conditions keep the old ones. No record is ever in
//! such a stage, so from that day on all of them take the `else` branch and nobody is told.
//!
//! ## Bad
//!
//! ```yaml
//! # segue.yaml
//! record_types:
//!   lead:
//!     stages: {qualification: [qualify, develop, propose]}
//!
//! # sequences/inbound-lead.yaml
//! - id: late
//!   type: condition
//!   stage: {qualification: [develop, proposal]}
//!   then:
//!     - {id: call, type: phone_call, name: Ask what is missing}
//! ```
//!
//! ## Good
//!
//! ```yaml
//! # segue.yaml
//! record_types:
//!   lead:
//!     stages: {qualification: [qualify, develop, propose]}
//!
//! # sequences/inbound-lead.yaml
//! - id: late
//!   type: condition
//!   stage: {qualification: [develop, propose]}
//!   then:
//!     - {id: call, type: phone_call, name: Ask what is missing}
//! ```
//!
//! ## Settings
//!
//! `stages` of a type under `record_types` in segue.yaml lists the stages of each of its processes.
//!
//! ## See also
//!
//! `unknown-process`, `unknown-option`

use crate::check::scene::Scene;
use crate::check::stages::asked_stages;
use crate::diagnostic::{Code, Diagnostic};
use crate::text::suggest;
use crate::yaml::did_you_mean;

pub(super) fn unknown_stage(scene: &Scene<'_>) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for (asked, declared) in asked_stages(scene) {
        let Some(stages) = declared.get(&asked.process.value) else { continue };
        for stage in asked.stages.iter().filter(|stage| !stages.contains(&stage.value)) {
            let message = format!("the process `{}` has no stage `{}`", asked.process.value, stage.value);
            let problem = Diagnostic::new(Code::UnknownStage, scene.at(stage.span), message);
            findings.push(match suggest(&stage.value, stages.iter().map(String::as_str)) {
                Some(near) => did_you_mean(problem, near, stage.span),
                None if stages.is_empty() => {
                    problem.help(format!("declare the stages of `{}` in segue.yaml", asked.process.value))
                }
                None => {
                    let names: Vec<String> = stages.iter().map(|stage| format!("`{stage}`")).collect();
                    problem.help(format!("its stages are {}", names.join(", ")))
                }
            });
        }
    }
    findings
}
