//! # ignored-file
//!
//! A file under `sequences/` looks like a sequence and is not read: its ending is not `.yaml`, its name is no
//! id, or it lies outside the workspace behind a link. The same goes for a `segue.yml` in the place of
//! segue.yaml.
//!
//! ## Why
//!
//! The sequence exists for its author and for nobody else. No record can be connected to it, and other
//! sequences cannot advance to it, while the folder looks complete. A file's name without its ending is the
//! sequence's id, so only a name that is an id can be read.
//!
//! ## Bad
//!
//! ```yaml
//! # sequences/Inbound Lead.yaml
//! - id: call
//!   type: phone_call
//!   name: Call back within the hour
//! ```
//!
//! ## Good
//!
//! ```yaml
//! # sequences/inbound-lead.yaml
//! - id: call
//!   type: phone_call
//!   name: Call back within the hour
//! ```
//!
//! ## See also
//!
//! `bad-id`, `duplicate-sequence-id`

use crate::diagnostic::{Code, Diagnostic};
use crate::shape::nearest_id;
use crate::text::{FilePath, Span};

/// Why a file is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ignored {
    /// It ends in `.yml`, or in another case of `.yaml`.
    Ending,
    /// Its stem is no id.
    Name,
    /// It cannot be reached inside the workspace; the reason in words.
    Unreachable(String),
}

/// The file is left out.
pub fn ignored_file(file: &FilePath, why: &Ignored) -> Diagnostic {
    let problem = |message: String| Diagnostic::new(Code::IgnoredFile, file.at(Span::default()), message);
    let stem = file.file_name().rsplit_once('.').map_or(file.file_name(), |(stem, _)| stem);
    match why {
        Ignored::Ending => {
            // Tests say so between the sequence's id and the ending.
            let (id, tests) = stem.strip_suffix(".test").map_or((stem, ""), |id| (id, ".test"));
            let id = if file.folder().is_empty() { None } else { nearest_id(id) }.unwrap_or_else(|| id.to_owned());
            problem(format!("`{}` is not read: only files that end in `.yaml` are", file.file_name()))
                .help(format!("rename it to `{id}{tests}.yaml`"))
        }
        Ignored::Name => {
            let problem = problem(format!("`{}` is not read: its name is no id", file.file_name()))
                .help("an id is made of `a-z` and `0-9`, with single `-` between words");
            match nearest_id(stem) {
                Some(near) => problem.help(format!("rename it to `{near}.yaml`")),
                None => problem,
            }
        }
        Ignored::Unreachable(reason) => problem(format!("`{file}` is not read: {reason}")),
    }
}
