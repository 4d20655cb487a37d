//! # unknown-process
//!
//! A condition asks for the stage of a business process that the record type does not have, where segue.yaml
//! declares its processes.
//!
//! ## Why
//!
//! A record is in no stage of a process that does not exist. The answer would be no for every record, and the
//! steps for those who are about to buy would be done for nobody.
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
//! - id: early
//!   type: condition
//!   stage: {lead-qualification: [qualify]}
//!   then:
//!     - {id: call, type: phone_call, name: Ask what they need}
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
//! - id: early
//!   type: condition
//!   stage: {qualification: [qualify]}
//!   then:
//!     - {id: call, type: phone_call, name: Ask what they need}
//! ```
//!
//! ## Settings
//!
//! `stages` of a type under `record_types` in segue.yaml declares its processes. Where it is left out, any
//! name is taken.
//!
//! ## See also
//!
//! `unknown-stage`, `unknown-record-type`

use crate::check::scene::Scene;
use crate::check::stages::asked_stages;
use crate::diagnostic::{Code, Diagnostic};
use crate::text::suggest;
use crate::yaml::did_you_mean_or;

pub(super) fn unknown_process(scene: &Scene<'_>) -> Vec<Diagnostic> {
    let unknown = asked_stages(scene).into_iter().filter(|(asked, declared)| !declared.contains_key(&asked.process.value));
    unknown
        .map(|(asked, declared)| {
            let process = &asked.process;
            let message = format!("the record type has no process `{}`", process.value);
            let problem = Diagnostic::new(Code::UnknownProcess, scene.at(process.span), message);
            did_you_mean_or(
                problem,
                suggest(&process.value, declared.keys().map(String::as_str)),
                process.span,
                "declare it under the record type's `stages` in segue.yaml",
            )
        })
        .collect()
}
