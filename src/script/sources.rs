//! All scripts of a workspace by name.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::text::{FilePath, Source};

/// The folder that scripts lie in.
pub const FOLDER: &str = "scripts";

/// What a script's file ends in.
pub const ENDING: &str = ".rhai";

/// The name of a script: its path below `scripts`, without the ending. `None` for what is no script.
pub fn module_name(path: &FilePath) -> Option<&str> {
    path.as_str().strip_prefix(FOLDER)?.strip_prefix('/')?.strip_suffix(ENDING)
}

/// Every script that was read, and why others were not. Cheap to clone.
///
/// Modules are found here and nowhere else, so that no name leads to another file.
#[derive(Clone, Debug, Default)]
pub struct Scripts(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    sources: BTreeMap<String, Source>,
    unread: BTreeMap<String, Diagnostic>,
}

impl Scripts {
    /// Takes what was read: a text, or the finding that says why there is none. What is no script is left out.
    pub fn new(files: impl IntoIterator<Item = (FilePath, Result<Source, Diagnostic>)>) -> Self {
        let mut inner = Inner::default();
        for (path, read) in files {
            let Some(name) = module_name(&path).map(str::to_owned) else { continue };
            match read {
                Ok(source) => drop(inner.sources.insert(name, source)),
                Err(finding) => drop(inner.unread.insert(name, finding)),
            }
        }
        Self(Arc::new(inner))
    }

    /// The source of that name.
    pub fn get(&self, name: &str) -> Option<&Source> {
        self.0.sources.get(name)
    }

    /// Why the script of that name could not be read.
    pub fn unread(&self, name: &str) -> Option<&Diagnostic> {
        self.0.unread.get(name)
    }

    /// All names of scripts that were read, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.sources.keys().map(String::as_str)
    }

    /// The source at a path.
    pub fn at(&self, path: &FilePath) -> Option<&Source> {
        self.get(module_name(path)?)
    }
}
