//! `--select` and `--ignore`: which findings somebody wants to hear of.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::text::suggest;

use super::WrongUse;

/// The codes that are told. What could not be read is told in any case: nobody knows what it hides.
#[derive(Clone, Debug, Default)]
pub(super) struct Filter {
    select: Option<BTreeSet<Code>>,
    ignore: BTreeSet<Code>,
}

impl Filter {
    /// Takes the codes as they were typed.
    pub(super) fn new(select: &[String], ignore: &[String]) -> Result<Self, WrongUse> {
        let all = |names: &[String]| names.iter().map(|name| code(name.trim())).collect::<Result<BTreeSet<Code>, WrongUse>>();
        let ignore = all(ignore)?;
        if let Some(code) = ignore.iter().find(|code| code.is_of_reading()) {
            return Err(WrongUse(format!("`{code}` says that something could not be read, and cannot be left out")));
        }
        Ok(Self { select: if select.is_empty() { None } else { Some(all(select)?) }, ignore })
    }

    /// The same, with one more code left out, which is not asked about at all.
    pub(super) fn without(mut self, code: Code) -> Self {
        self.ignore.insert(code);
        self
    }

    /// Whether a finding is told.
    pub(super) fn wants(&self, finding: &Diagnostic) -> bool {
        let must_be = finding.code.is_of_reading() && finding.severity == Severity::Error;
        let is_selected = self.select.as_ref().is_none_or(|select| select.contains(&finding.code));
        must_be || (is_selected && !self.ignore.contains(&finding.code))
    }

    /// Whether a finding was asked for by its own code, or nothing in particular was.
    pub(super) fn names(&self, finding: &Diagnostic) -> bool {
        let is_selected = self.select.as_ref().is_none_or(|select| select.contains(&finding.code));
        is_selected && !self.ignore.contains(&finding.code)
    }
}

fn code(name: &str) -> Result<Code, WrongUse> {
    let of_files = || Code::ALL.iter().filter(|code| code.is_of_files()).map(|code| code.name());
    let Some(code) = Code::from_name(name) else {
        let near = suggest(name, of_files());
        let hint = near.map_or_else(|| "`segue explain` lists all".to_owned(), |near| format!("did you mean `{near}`?"));
        return Err(WrongUse(format!("there is no code `{name}`; {hint}")));
    };
    if code.is_of_files() { Ok(code) } else { Err(WrongUse(format!("`{code}` is never found in a file"))) }
}
