//! # tag-too-deep
//!
//! A tag nested deeper than four levels.

use crate::check::scene::Scene;
use crate::diagnostic::{Code, Diagnostic};

/// How many levels a tag may have. Source: the reference.
const LEVELS: usize = 4;

pub(super) fn tag_too_deep(scene: &Scene<'_>) -> Vec<Diagnostic> {
    let deep = scene.sequence.tags.iter().filter(|tag| tag.value.split('/').count() > LEVELS);
    deep.map(|tag| {
        let message = format!("the tag `{}` has {} levels; {LEVELS} is the most", tag.value, tag.value.split('/').count());
        Diagnostic::new(Code::TagTooDeep, scene.at(tag.span), message).help("leave a level out")
    })
    .collect()
}
