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
use crate::check::summary::Summary;
use crate::diagnostic::{Code, Diagnostic};
use crate::yaml::did_you_mean_or;

pub(in crate::check) fn unknown_template(summary: &Summary, library: &Library) -> Vec<Diagnostic> {
    if !library.has_templates() {
        return Vec::new();
    }
    let unknown = summary.templates.iter().filter(|template| !library.has_template(&template.value));
    unknown
        .map(|template| {
            let message = format!("there is no message template `{}`", template.value);
            let problem = Diagnostic::new(Code::UnknownTemplate, summary.file.at(template.span), message);
            did_you_mean_or(
                problem,
                library.near_template(&template.value),
                template.span,
                format!("write `sequences/templates/{}.md`, or name it under `templates` in segue.yaml", template.value),
            )
        })
        .collect()
}
