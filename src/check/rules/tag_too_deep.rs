//! # tag-too-deep
//!
//! A tag is nested deeper than four levels.
//!
//! ## Why
//!
//! Tags are for finding sequences again, and nobody finds what lies five folders down. Dynamics 365 Sales,
//! our reference, nests tags four levels deep, and a fifth has no place there.
//!
//! ## Bad
//!
//! ```yaml
//! tags: [region/emea/dach/germany/munich]
//! ```
//!
//! ## Good
//!
//! ```yaml
//! tags: [region/emea/dach/germany, city/munich]
//! ```
//!
//! ## See also
//!
//! `bad-tag`

use crate::check::scene::Scene;
use crate::diagnostic::{Code, Diagnostic};

/// How many levels a tag may have. Source: the reference.
pub(in crate::check) const LEVELS: usize = 4;

pub(super) fn tag_too_deep(scene: &Scene<'_>) -> Vec<Diagnostic> {
    let deep = scene.sequence.tags.iter().filter(|tag| levels(&tag.value) > LEVELS);
    deep.map(|tag| {
        let message = format!("the tag `{}` has {} levels; {LEVELS} is the most", tag.value, levels(&tag.value));
        Diagnostic::new(Code::TagTooDeep, scene.at(tag.span), message).help("leave a level out")
    })
    .collect()
}

/// How many levels a tag has; empty ones are a finding of their own.
fn levels(tag: &str) -> usize {
    tag.split('/').filter(|level| !level.trim().is_empty()).count()
}
