//! One finding: code, severity, places, help, fix.

use std::fmt;

use crate::text::{Location, Span, is_alike};

use super::Code;

/// The most characters that a message or a help may have.
const MAX_SENTENCE: usize = 600;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The sequence cannot be used like this.
    Error,
    /// It can be used, and is probably not what was meant.
    Warning,
}

impl Severity {
    /// The word that reports print.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.word())
    }
}

/// The most bytes that a fix may write: nobody looks through more, and a broken file of one line would be written anew whole.
const LARGEST_FIX: usize = 16 << 10;

/// The most places that a fix may write in, for the same reason.
const MOST_EDITS: usize = 1_000;

/// A finding about a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The stable kebab-case code.
    pub code: Code,
    /// Error or warning.
    pub severity: Severity,
    /// What is wrong, in one lower-case clause; names stand in backticks.
    pub message: String,
    /// Where it is wrong.
    pub primary: Location,
    /// Other places that matter, each with its own words.
    pub related: Vec<Related>,
    /// What to do, one imperative sentence each.
    pub help: Vec<String>,
    /// A mend that is certain, if there is one.
    pub fix: Option<Fix>,
}

/// A second place that belongs to a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// What is there.
    pub message: String,
    /// Where.
    pub location: Location,
}

/// A mend for a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What the mend does, imperative.
    pub title: String,
    /// Whether it may be applied without a look: it cannot change what was meant.
    pub safe: bool,
    /// The replacements, disjoint.
    pub edits: Vec<Edit>,
}

/// One replacement in one file's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The bytes that go.
    pub location: Location,
    /// The text that comes.
    pub text: String,
}

impl Diagnostic {
    /// A finding with the severity that belongs to its code.
    pub fn new(code: Code, primary: Location, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            message: clipped(message.into()),
            primary,
            related: Vec::new(),
            help: Vec::new(),
            fix: None,
        }
    }

    /// Adds a sentence that says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(clipped(help.into()));
        self
    }

    /// Adds *did you mean*, where there is a near word.
    #[must_use]
    pub fn did_you_mean(self, near: Option<&str>) -> Self {
        match near {
            Some(word) => self.help(format!("did you mean `{word}`?")),
            None => self,
        }
    }

    /// Adds a second place with its own words.
    #[must_use]
    pub fn related(mut self, location: Location, message: impl Into<String>) -> Self {
        self.related.push(Related { message: clipped(message.into()), location });
        self
    }

    /// Offers to replace `span` of the finding's file by `text`; `safe` means that this cannot change what was meant.
    #[must_use]
    pub fn fix(self, title: impl Into<String>, safety: Safety, span: Span, text: impl Into<String>) -> Self {
        self.fix_all(title, safety, [(span, text.into())])
    }

    /// As [`Diagnostic::fix`], in several places. Too large a fix is not offered.
    #[must_use]
    pub fn fix_all(
        mut self,
        title: impl Into<String>,
        safety: Safety,
        replacements: impl IntoIterator<Item = (Span, String)>,
    ) -> Self {
        let edit = |(span, text)| Edit { location: self.primary.file.at(span), text };
        let edits: Vec<Edit> = replacements.into_iter().take(MOST_EDITS + 1).map(edit).collect();
        if edits.len() <= MOST_EDITS && edits.iter().map(|edit| edit.text.len()).sum::<usize>() <= LARGEST_FIX {
            self.fix = Some(Fix { title: title.into(), safe: safety == Safety::Safe, edits });
        }
        self
    }

    /// As [`Diagnostic::fix`], to write the near word for the one that stands there: certain where the two only differ in case,
    /// in `-`, `_` and blanks, else a guess.
    #[must_use]
    pub fn fix_word(self, word: &str, near: &str, span: Span) -> Self {
        let safety = if is_alike(word, near) { Safety::Safe } else { Safety::Guess };
        self.fix(format!("write `{near}`"), safety, span, near)
    }

    /// The same finding with another severity.
    #[must_use]
    pub fn with_severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Whether it stays as it is, whatever a comment or a setting says. What is a mere warning in one place may be more in
    /// another, like a cycle that takes its time and one that does not.
    pub fn is_firm(&self) -> bool {
        let is_always = self.code.is_of_reading() || !self.code.is_of_files() || self.code.is_of_publication();
        is_always || (self.code.is_firm() && self.severity == Severity::Error)
    }

    /// What findings are sorted by: file, position, code; then the message, so that the order is total.
    pub fn sort_key(&self) -> (&Location, &'static str, &str) {
        (&self.primary, self.code.name(), &self.message)
    }
}

/// A sentence that somebody can read: a name in it may be as long as a file.
fn clipped(sentence: String) -> String {
    match sentence.char_indices().nth(MAX_SENTENCE) {
        Some((end, _)) => format!("{} ...", &sentence[..end]),
        None => sentence,
    }
}

/// Whether a fix may be applied without a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Safety {
    /// It cannot change what was meant.
    Safe,
    /// It is a guess, though a good one.
    Guess,
}
