//! # unknown-template
//!
//! A step names a message template that has no file under `sequences/templates` and is not listed in
//! segue.yaml, where there are templates at all.
//!
//! ## Why
//!
//! At an automated email the system has nothing to send, and the record stops there with an error. At an
//! email that the seller writes, the seller finds an empty page and writes something of their own. It is a
//! warning, for the template may exist in the system that sends.
//!
//! ## Bad
//!
//! ```yaml
//! # sequences/templates/intro-lead.md
//! Thank you for your interest.
//!
//! # sequences/inbound-lead.yaml
//! - {id: intro, type: automated_email, name: Introduce ourselves, template: introduction}
//! ```
//!
//! ## Good
//!
//! ```yaml
//! # sequences/templates/intro-lead.md
//! Thank you for your interest.
//!
//! # sequences/inbound-lead.yaml
//! - {id: intro, type: automated_email, name: Introduce ourselves, template: intro-lead}
//! ```
//!
//! ## Settings
//!
//! `templates` in segue.yaml lists the names of templates that are kept elsewhere.
//!
//! ## See also
//!
//! `missing-key`

use crate::check::library::Library;
use crate::diagnostic::{Code, Diagnostic, Safety};
use crate::text::suggest;

pub(super) fn unknown_template(library: &Library<'_>) -> Vec<Diagnostic> {
    let known = || library.templates.iter().chain(&library.settings.templates).map(String::as_str);
    if known().next().is_none() {
        return Vec::new();
    }
    let is_known = |name: &str| library.templates.contains(name) || library.settings.templates.iter().any(|known| known == name);
    let used = library.summaries.iter().flat_map(|summary| summary.templates.iter().map(move |template| (summary, template)));
    used.filter(|(_, template)| !is_known(&template.value))
        .map(|(summary, template)| {
            let message = format!("there is no message template `{}`", template.value);
            let problem = Diagnostic::new(Code::UnknownTemplate, summary.file.at(template.span), message);
            match suggest(&template.value, known()) {
                Some(near) => problem.did_you_mean(Some(near)).fix(format!("write `{near}`"), Safety::Guess, template.span, near),
                None => problem.help(format!(
                    "write `sequences/templates/{}.md`, or name it under `templates` in segue.yaml",
                    template.value
                )),
            }
        })
        .collect()
}
