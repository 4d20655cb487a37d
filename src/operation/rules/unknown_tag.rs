//! # unknown-tag
//!
//! A tag is to be renamed or deleted that no sequence has.
//!
//! ## Why
//!
//! Tags are there by being used: one that nobody has is a slip of the pen, or was renamed before.
//!
//! ## Bad
//!
//! ```text
//! # the sequences are tagged region/emea
//! $ segue tags rename regoin area
//! ```
//!
//! ## Good
//!
//! ```text
//! $ segue tags rename region area
//! ```
//!
//! ## See also
//!
//! `bad-tag`, `tag-too-deep`

use std::collections::BTreeSet;

use crate::diagnostic::Code;
use crate::operation::refusal::Refusal;
use crate::text::suggest;

pub(in crate::operation) fn unknown_tag(tag: &str, known: &BTreeSet<&str>) -> Refusal {
    let refusal = Refusal::new(Code::UnknownTag, format!("no sequence has the tag `{tag}`"));
    match suggest(tag, known.iter().copied()) {
        Some(near) => refusal.help(format!("did you mean `{near}`?")),
        None => refusal.help("`segue tags` shows all there are"),
    }
}
