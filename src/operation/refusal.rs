//! The answer when something may not be done.

use crate::diagnostic::{Code, Diagnostic};
use crate::lifecycle::{Bar, Verb, allowed_in};
use crate::sequence::{SequenceId, State};
use crate::text::{Location, Source};

/// Why something may not be done, and what may be done instead. Nothing changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The stable kebab-case code.
    pub code: Code,
    /// The reason, in one lower-case clause; names stand in backticks.
    pub message: String,
    /// What to do, one imperative sentence each.
    pub help: Vec<String>,
    /// The sequence that it is about.
    pub sequence: Option<SequenceId>,
    /// The state that counted for it.
    pub state: Option<State>,
    /// The verbs that this state allows, where the state is the reason.
    pub allowed: Vec<Verb>,
    /// The place in a file that it is about.
    pub at: Option<Location>,
    /// What is wrong in files, where that is the reason.
    pub findings: Vec<Diagnostic>,
    /// The text that its places are in, where that was refused and stands in no file.
    pub text: Option<Source>,
}

impl Refusal {
    /// A refusal with its reason.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            help: Vec::new(),
            sequence: None,
            state: None,
            allowed: Vec::new(),
            at: None,
            findings: Vec::new(),
            text: None,
        }
    }

    /// What the table of verbs and states says.
    pub fn of(bar: &Bar, sequence: &SequenceId, state: State) -> Self {
        let refusal = Self::new(bar.code, format!("`{sequence}` {}", bar.reason)).about(sequence);
        let refusal = bar.instead.iter().filter_map(|verb| command(*verb, sequence)).fold(refusal, Self::help);
        Self { state: Some(state), allowed: allowed_in(state).filter(|verb| verb.is_offered()).collect(), ..refusal }
    }

    /// A finding that stands in the way.
    pub fn of_finding(finding: Diagnostic) -> Self {
        let refusal = Self::new(finding.code, finding.message.clone()).at(finding.primary.clone());
        Self { help: finding.help.clone(), findings: vec![finding], ..refusal }
    }

    /// Names the sequence that it is about.
    #[must_use]
    pub fn about(mut self, sequence: &SequenceId) -> Self {
        self.sequence = Some(sequence.clone());
        self
    }

    /// Adds a sentence that says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Adds a sentence that says what to do, also to what is wrong in files.
    #[must_use]
    pub fn help_everywhere(self, help: &str) -> Self {
        let findings = self.findings.iter().map(|finding| finding.clone().help(help)).collect();
        Self { findings, ..self }.help(help)
    }

    /// Its places are in this text, which is refused with it.
    #[must_use]
    pub fn in_text(self, source: &Source) -> Self {
        Self { text: Some(source.clone()), ..self }
    }

    /// Points at a place in a file.
    #[must_use]
    pub fn at(mut self, location: Location) -> Self {
        self.at = Some(location);
        self
    }
}

/// How somebody would ask for a verb.
fn command(verb: Verb, sequence: &SequenceId) -> Option<String> {
    match verb {
        Verb::New => Some("make a new one: `segue new ID`".to_owned()),
        Verb::Clone => Some(format!("work on a copy: `segue clone {sequence} NEW-ID`")),
        Verb::Edit => Some(format!("edit it: `segue edit {sequence}`")),
        Verb::Activate => Some(format!("activate it: `segue activate {sequence}`")),
        Verb::Deactivate => Some(format!("deactivate it first: `segue deactivate {sequence}`")),
        Verb::Revise => Some(format!("draft its next version: `segue revise {sequence}`")),
        Verb::Discard => Some(format!("throw the draft away: `segue discard {sequence}`")),
        Verb::Tag | Verb::Untag | Verb::Connect | Verb::Disconnect | Verb::Delete => Some(format!("segue {verb} {sequence}")),
        Verb::Assign => Some(format!("give it to somebody else: `segue assign {sequence} OWNER`")),
        Verb::Rename => Some(format!("give it another id: `segue rename {sequence} NEW-ID`")),
        // There is no command for it.
        Verb::ChangeRecordType => None,
    }
}
