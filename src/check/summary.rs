//! What a sequence file is to the rest of the workspace.

use crate::diagnostic::{Diagnostic, Severity};
use crate::sequence::{Meaning, Sequence, SequenceId, State, Step};
use crate::settings::Settings;
use crate::text::{Digest, FilePath, Located, Span};

use super::ignores::{Ignores, told};
use super::ways::Ways;

/// What one file declares, refers to and was found to have. Rules that look beyond one file see this and no more, so that
/// an edit costs what it touches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The file.
    pub file: FilePath,
    /// The id that it declares.
    pub id: SequenceId,
    /// Ids that it had before.
    pub formerly: Vec<Located<String>>,
    /// What people call it.
    pub name: Option<Located<String>>,
    /// The type of record it is worked on.
    pub record_type: Option<Located<String>>,
    /// Whose it is.
    pub owner: Option<String>,
    /// Its state as the file writes it.
    pub state: State,
    /// Its tags.
    pub tags: Vec<Located<String>>,
    /// How many activities it has.
    pub activities: usize,
    /// The sequences that it advances to.
    pub advances: Vec<Advance>,
    /// The message templates that it names.
    pub templates: Vec<Located<String>>,
    /// The steps that were called otherwise before.
    pub renames: Vec<Rename>,
    /// The digest of what it says, with references as they are written; `None` where not all of it could be read.
    pub meaning: Option<Digest>,
    /// Whether a sequence could be read at all.
    pub is_readable: bool,
    /// What was found in the file itself, whatever is silenced.
    pub findings: Vec<Diagnostic>,
    /// The comments that silence findings.
    pub ignores: Ignores,
}

/// A step that was called otherwise before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rename {
    /// The step's id.
    pub step: String,
    /// The id it had, as `renamed_from` says.
    pub former: Located<String>,
}

/// A reference to another sequence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advance {
    /// The target's id as written.
    pub target: Located<String>,
    /// Whether some way from the start leads here with neither a wait, nor a condition with `within`, nor a seller's step.
    pub without_pause: bool,
}

impl Advance {
    /// Where it leads, and how; its place aside.
    pub(super) fn leads(&self) -> (&str, bool) {
        (&self.target.value, self.without_pause)
    }
}

impl Summary {
    /// Its tags, as they are written.
    pub fn tag_names(&self) -> impl Iterator<Item = &str> {
        self.tags.iter().map(|tag| tag.value.as_str())
    }

    pub(super) fn new(sequence: &Sequence, ways: &Ways<'_>, findings: Vec<Diagnostic>) -> Self {
        let advances =
            ways.advances.iter().map(|advance| Advance { target: advance.target.clone(), without_pause: advance.without_pause });
        Self {
            file: sequence.file.clone(),
            id: sequence.id.clone(),
            formerly: sequence.formerly.clone(),
            name: sequence.name.clone(),
            record_type: sequence.record_type.clone(),
            owner: sequence.owner.as_ref().map(|owner| owner.value.clone()),
            state: sequence.state.value,
            tags: sequence.tags.clone(),
            activities: sequence.steps.walk().filter(|step| step.kind.is_activity()).count(),
            advances: advances.collect(),
            templates: sequence.steps.walk().flat_map(|step| step.kind.templates()).cloned().collect(),
            renames: sequence.steps.walk().filter_map(rename).collect(),
            meaning: is_whole(&findings).then(|| Meaning::of(sequence, &str::to_owned).digest()),
            is_readable: true,
            findings,
            ignores: Ignores::default(),
        }
    }

    /// What of the findings in the file itself is told.
    pub fn told(&self, settings: &Settings) -> Vec<Diagnostic> {
        told(&self.ignores, settings, self.findings.clone()).findings
    }

    /// A sequence of so many steps that nobody looks at them: what they name is left out.
    pub(super) fn unjudged(sequence: &Sequence, findings: Vec<Diagnostic>) -> Self {
        Self { templates: Vec::new(), ..Self::new(sequence, &Ways::default(), findings) }
    }

    /// What others see of the file: the same without its own findings, and without places, which only matter to whoever
    /// points at them.
    #[must_use]
    pub fn interface(&self) -> Self {
        let nowhere = |text: &Located<String>| Located::new(text.value.clone(), Span::default());
        let advance = |advance: &Advance| Advance { target: nowhere(&advance.target), ..*advance };
        Self {
            file: self.file.clone(),
            id: self.id.clone(),
            formerly: self.formerly.iter().map(nowhere).collect(),
            name: self.name.as_ref().map(nowhere),
            record_type: self.record_type.as_ref().map(nowhere),
            owner: self.owner.clone(),
            state: self.state,
            tags: self.tags.iter().map(nowhere).collect(),
            activities: self.activities,
            advances: self.advances.iter().map(advance).collect(),
            templates: self.templates.iter().map(nowhere).collect(),
            renames: self.renames.iter().map(|rename| Rename { former: nowhere(&rename.former), ..rename.clone() }).collect(),
            meaning: None,
            is_readable: self.is_readable,
            findings: Vec::new(),
            ignores: Ignores::default(),
        }
    }

    /// A file in which no sequence could be read. It declares its id all the same, so that nobody's reference to it breaks.
    pub fn of_unreadable(file: FilePath, id: SequenceId, findings: Vec<Diagnostic>) -> Self {
        Self {
            file,
            id,
            formerly: Vec::new(),
            name: None,
            record_type: None,
            owner: None,
            state: State::Inactive,
            tags: Vec::new(),
            activities: 0,
            advances: Vec::new(),
            templates: Vec::new(),
            renames: Vec::new(),
            meaning: None,
            is_readable: false,
            findings,
            ignores: Ignores::default(),
        }
    }
}

/// Whether nothing of a file had to be left out when it was read.
fn is_whole(findings: &[Diagnostic]) -> bool {
    findings.iter().all(|finding| finding.severity != Severity::Error || !finding.code.is_of_reading())
}

fn rename(step: &Step) -> Option<Rename> {
    Some(Rename { step: step.id.as_ref()?.value.clone(), former: step.renamed_from.clone()? })
}
