//! # ignored-file
//!
//! A file under `sequences/` that looks like a sequence and is not read: its ending is not `.yaml`, or its name is no id.

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
            let name =
                if file.folder().is_empty() { stem.to_owned() } else { nearest_id(stem).unwrap_or_else(|| stem.to_owned()) };
            problem(format!("`{}` is not read: only files that end in `.yaml` are", file.file_name()))
                .help(format!("rename it to `{name}.yaml`"))
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
