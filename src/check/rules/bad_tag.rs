//! # bad-tag
//!
//! A tag has an empty level or one of more than 100 characters, holds a line end, or stands twice.
//!
//! ## Why
//!
//! `region//emea` and `region/emea` look alike and are two labels: a search for the one does not find the
//! sequences under the other. A tag of two lines breaks every list that shows one a line, and one that stands
//! twice was meant to be another. In Dynamics 365 Sales, our reference, a tag's own name has at most 100
//! characters and its path 500.
//!
//! ## Bad
//!
//! ```yaml
//! tags: [inbound, region//emea, inbound]
//! ```
//!
//! ## Good
//!
//! ```yaml
//! tags: [inbound, region/emea]
//! ```
//!
//! ## See also
//!
//! `tag-too-deep`

use foldhash::{HashMap, HashMapExt};

use crate::check::scene::Scene;
use crate::diagnostic::{Code, Diagnostic, Findings, Safety};
use crate::yaml::rules::removal;

/// The most characters of one level. Source: the reference's column for a tag's name.
const LONGEST_LEVEL: usize = 100;

pub(super) fn bad_tag(scene: &Scene<'_>) -> Vec<Diagnostic> {
    let mut first_by_name = HashMap::new();
    let mut findings = Findings::default();
    for tag in &scene.sequence.tags {
        if tag.value.split('/').any(|level| level.trim().is_empty()) {
            let message = format!("the tag `{}` has an empty level", tag.value);
            findings.report(Diagnostic::new(Code::BadTag, scene.at(tag.span), message).help("write a name on each side of `/`"));
        }
        if tag.value.chars().any(char::is_control) {
            let message = format!("the tag `{}` holds a line end or another control character", tag.value.escape_debug());
            findings.report(Diagnostic::new(Code::BadTag, scene.at(tag.span), message).help("write it on one line"));
        }
        if let Some(level) = tag.value.split('/').find(|level| level.chars().count() > LONGEST_LEVEL) {
            let message = format!("a level of this tag has {} characters; {LONGEST_LEVEL} is the most", level.chars().count());
            findings.report(Diagnostic::new(Code::BadTag, scene.at(tag.span), message).help("shorten it"));
        }
        match first_by_name.get(&tag.value) {
            None => drop(first_by_name.insert(&tag.value, tag.span)),
            Some(first) => {
                let message = format!("the tag `{}` stands here a second time", tag.value);
                let problem = Diagnostic::new(Code::BadTag, scene.at(tag.span), message)
                    .related(scene.at(*first), "it stands here first")
                    .help("delete one of the two");
                findings.report(match removal(scene.source.text(), tag.span) {
                    Some(gone) => problem.fix("delete one of the two", Safety::Safe, gone, ""),
                    None => problem,
                });
            }
        }
    }
    findings.into_vec()
}
