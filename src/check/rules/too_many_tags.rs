//! # too-many-tags
//!
//! The sequences of a workspace have more than a hundred different tags on one level below the first.
//!
//! ## Why
//!
//! Tags are for finding sequences again, and nobody reads through more than a hundred names side by side. In
//! Dynamics 365 Sales, our reference, a level below the first holds no more than a hundred; the first may
//! hold any number. It is a warning, for each sequence runs all the same. Another number is set by
//! `limits: {tags_per_level: ...}` in segue.yaml.
//!
//! ## Bad
//!
//! ```yaml
//! # segue.yaml
//! limits: {tags_per_level: 2}
//!
//! # sequences/inbound-lead.yaml
//! tags: [region/emea, region/amer, event/saas-day]
//! ```
//!
//! ## Good
//!
//! ```yaml
//! # segue.yaml
//! limits: {tags_per_level: 2}
//!
//! # sequences/inbound-lead.yaml
//! tags: [region/emea, region/amer, event]
//! ```
//!
//! ## See also
//!
//! `tag-too-deep`, `bad-tag`

use crate::check::library::{Library, TagsOfLevel};
use crate::diagnostic::{Code, Diagnostic};
use crate::text::{FilePath, Span};

/// How many tags a sentence names before it counts the rest.
const NAMED: usize = 3;

/// One finding a level, at the tag that the fewest sequences have: whichever was added last, that one is missed least.
pub(in crate::check) fn too_many_tags(library: &Library) -> Vec<Diagnostic> {
    library.tag_levels().filter_map(|level| problem(library, &level)).collect()
}

fn problem(library: &Library, level: &TagsOfLevel<'_>) -> Option<Diagnostic> {
    let limit = library.settings().limits.tags_per_level as usize;
    let count = level.tags().len();
    if count <= limit {
        return None;
    }
    // Of several that are as rare, the last by name.
    let (rarest, files) = level.tags().iter().rev().min_by_key(|(_, files)| files.len())?;
    let file = files.first()?;
    let number = level.number();
    let message = format!("the sequences here have {count} different tags on level {number}; {limit} is the most");
    let problem = Diagnostic::new(Code::TooManyTags, file.at(place(library, file, rarest)), message);
    let once: Vec<String> =
        level.tags().iter().filter(|(_, files)| files.len() == 1).map(|(tag, _)| format!("`{tag}`")).collect();
    let problem = match once.len() {
        0 => problem,
        1..=NAMED => problem.help(format!("only one sequence each has {}", once.join(", "))),
        more => problem.help(format!("only one sequence each has {} and {} more", once[..NAMED].join(", "), more - NAMED)),
    };
    Some(problem.help("give sequences tags that others have already, or raise `limits: {tags_per_level: ...}` in segue.yaml"))
}

/// Where a file has a tag, or one that is nested below it.
fn place(library: &Library, file: &FilePath, tag: &str) -> Span {
    let is_below = |written: &str| written.strip_prefix(tag).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let tags = library.summary(file).into_iter().flat_map(|summary| &summary.tags);
    tags.into_iter().find(|written| is_below(&written.value)).map_or(Span::default(), |written| written.span)
}
