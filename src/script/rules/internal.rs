//! # internal
//!
//! Segue itself failed while it ran a script. The script may be right.
//!
//! ## Why
//!
//! A fault is ours to mend, and whoever meets it should know that looking for a mistake of their own is in
//! vain. Nothing of the run was kept.
//!
//! ## Bad
//!
//! ```text
//! error[internal]: a fault of segue itself ended the script: index out of bounds
//! ```
//!
//! ## Good
//!
//! ```text
//! All scripts end otherwise.
//! ```

use crate::diagnostic::{Code, Diagnostic};
use crate::script::sources::{ENDING, FOLDER, Scripts};
use crate::text::{FilePath, Span};

/// Our own code panicked while it served a script.
pub(in crate::script) fn internal(scripts: &Scripts, name: &str, words: &str) -> Diagnostic {
    let path = FilePath::new(format!("{FOLDER}/{name}{ENDING}"));
    let at = scripts.get(name).map_or_else(|| path.at(Span::at(0)), |source| source.at(Span::at(0)));
    Diagnostic::new(Code::Internal, at, format!("a fault of segue itself ended the script: {words}"))
        .help("report it with the script and the lines above; nothing was changed")
}
