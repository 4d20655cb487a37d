//! # unknown-result
//!
//! A condition asks for a result that neither emails nor calls have.
//!
//! ## Why
//!
//! What cannot happen is never reported, so the `then` branch would be dead and all records would go the
//! other way. Emails have `email_opened`, `replied`, `link_opened` and `attachment_downloaded`. Calls have
//! `call_made` and `call_received`, and those that you add.
//!
//! ## Bad
//!
//! ```yaml
//! - {id: call, type: phone_call, name: Call}
//! - id: spoke
//!   type: condition
//!   any_of: [call_answered]
//!   then:
//!     - {id: meet, type: task, name: Agree on a meeting}
//! ```
//!
//! ## Good
//!
//! ```yaml
//! # segue.yaml
//! call_results: [call_answered, call_voicemail]
//!
//! # sequences/inbound-lead.yaml
//! - {id: call, type: phone_call, name: Call}
//! - id: spoke
//!   type: condition
//!   any_of: [call_answered]
//!   then:
//!     - {id: meet, type: task, name: Agree on a meeting}
//! ```
//!
//! ## Settings
//!
//! `call_results` in segue.yaml adds results of calls.
//!
//! ## See also
//!
//! `mixed-results`, `unknown-value`

use crate::check::results::{result_names, result_of};
use crate::check::scene::Scene;
use crate::diagnostic::{Code, Diagnostic};
use crate::text::suggest;
use crate::yaml::did_you_mean;

pub(super) fn unknown_result(scene: &Scene<'_>) -> Vec<Diagnostic> {
    let results = scene.ways.questions.iter().flat_map(|asked| &asked.criterion.results);
    let unknown = results.filter(|result| result_of(&result.value, scene.settings).is_none());
    unknown
        .map(|result| {
            let near = suggest(&result.value, result_names(scene.settings));
            let message = format!("neither an email nor a call has the result `{}`", result.value);
            let problem = Diagnostic::new(Code::UnknownResult, scene.at(result.span), message);
            match near {
                Some(near) => did_you_mean(problem, near, result.span),
                None => {
                    let names: Vec<String> = result_names(scene.settings).map(|name| format!("`{name}`")).collect();
                    problem
                        .help(format!("the results are {}", names.join(", ")))
                        .help("add results of calls to `call_results` in segue.yaml")
                }
            }
        })
        .collect()
}
