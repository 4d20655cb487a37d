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

use std::collections::BTreeSet;

use crate::check::library::Library;
use crate::diagnostic::{Code, Diagnostic};
use crate::text::Suggestions;

pub(super) fn unknown_template(library: &Library<'_>) -> Vec<Diagnostic> {
    let known: BTreeSet<&str> = library.templates.iter().chain(&library.settings.templates).map(String::as_str).collect();
    if known.is_empty() {
        return Vec::new();
    }
    let near = Suggestions::new(known.iter().copied());
    let used = library.summaries.iter().flat_map(|summary| summary.templates.iter().map(move |template| (summary, template)));
    used.filter(|(_, template)| !known.contains(template.value.as_str()))
        .map(|(summary, template)| {
            let message = format!("there is no message template `{}`", template.value);
            let problem = Diagnostic::new(Code::UnknownTemplate, summary.file.at(template.span), message);
            problem.did_you_mean_or(
                near.near(&template.value),
                template.span,
                format!("write `sequences/templates/{}.md`, or name it under `templates` in segue.yaml", template.value),
            )
        })
        .collect()
}
