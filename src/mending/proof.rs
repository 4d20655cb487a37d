//! Whether mended texts are what they should be: what was found before and after, compared.

use std::collections::{BTreeMap, HashMap};

use crate::diagnostic::Diagnostic;
use crate::text::{Digest, FilePath, Source, Span};
use crate::workspace::Workspace;
use crate::yaml;
use crate::yaml::edit::agreed;

use super::{Batch, safe_fix};

/// Why a fix was not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// The sequence is published, and mended it would not say what serves.
    Published,
    /// It would bring something else that is wrong; its message.
    Brings(String),
    /// What is found would stay.
    Stays,
    /// The sequence would say something else.
    Meaning,
    /// A comment would be lost; the comment.
    Comment(String),
    /// Two readers of YAML would not read the same.
    Disputed(String),
    /// The text is not there, or not what the fix is for.
    Unread,
}

/// What is known of a workspace at one moment.
pub(super) struct Proof {
    findings: Vec<Diagnostic>,
    /// What the files say that are worked on; `None` where not all of it can be read.
    meanings: BTreeMap<FilePath, Option<Digest>>,
}

impl Proof {
    pub(super) fn of<'f>(workspace: &Workspace, files: impl Iterator<Item = &'f FilePath>) -> Self {
        let mut meanings: BTreeMap<FilePath, Option<Digest>> = files.map(|file| (file.clone(), None)).collect();
        for summary in workspace.summaries() {
            if let Some(meaning) = meanings.get_mut(&summary.file) {
                *meaning = summary.meaning;
            }
        }
        Self { findings: workspace.findings(), meanings }
    }

    /// How often each finding is there.
    fn counts(&self) -> HashMap<Key<'_>, usize> {
        let mut counts = HashMap::new();
        self.findings.iter().for_each(|finding| *counts.entry(key(finding)).or_default() += 1);
        counts
    }

    fn of_yaml(&self, file: &FilePath) -> usize {
        self.findings.iter().filter(|finding| finding.primary.file == *file && finding.code.is_of_yaml()).count()
    }
}

/// What a finding is known by while lines move.
type Key<'d> = (&'d FilePath, &'static str, &'d str);

fn key(finding: &Diagnostic) -> Key<'_> {
    (&finding.primary.file, finding.code.name(), &finding.message)
}

/// Whether the fixes of a batch came to what they should: they are gone, nothing is there that was not, but for what a line
/// hid that could not be read; what could be read says the same; no comment is lost.
pub(super) fn check(before: &Proof, after: &Proof, changes: &[(Source, Source)], batch: &Batch) -> Result<(), Doubt> {
    let (old, new) = (before.counts(), after.counts());
    let count = |counts: &HashMap<Key<'_>, usize>, finding: &Diagnostic| counts.get(&key(finding)).copied().unwrap_or(0);
    let mut gone: HashMap<Key<'_>, usize> = HashMap::new();
    batch.values().flatten().for_each(|finding| *gone.entry(key(finding)).or_default() += 1);
    let stays = |finding: &&Diagnostic| count(&new, finding) + gone[&key(finding)] > count(&old, finding);
    if batch.values().flatten().any(|finding| stays(&finding)) {
        return Err(Doubt::Stays);
    }
    let newcomers = after.findings.iter().filter(|finding| count(&new, finding) > count(&old, finding));
    newcomers.map(|finding| may_come(finding, before, after, batch)).collect::<Result<Vec<()>, Doubt>>()?;
    for (file, meaning) in &before.meanings {
        if meaning.is_some() && after.meanings.get(file) != Some(meaning) {
            return Err(Doubt::Meaning);
        }
    }
    changes.iter().try_for_each(|(before, after)| {
        let fixes = batch.get(after.path()).map(Vec::as_slice).unwrap_or_default();
        reads_well(before, after, fixes)
    })
}

/// Whether a finding may be there that was not: where something could not be read, nobody could see what it held.
fn may_come(finding: &Diagnostic, before: &Proof, after: &Proof, batch: &Batch) -> Result<(), Doubt> {
    if finding.code.is_of_publication() {
        return Err(Doubt::Published);
    }
    let fixed = || batch.values().flatten();
    let file = &finding.primary.file;
    let comes_to_light = match (finding.code.is_of_yaml(), finding.code.is_of_reading()) {
        // One that stood behind another of its kind, in its place.
        (true, _) => fixed().any(|fixed| fixed.code.is_of_yaml()) && after.of_yaml(file) <= before.of_yaml(file),
        (false, true) => fixed().any(|fixed| fixed.code.is_of_yaml()),
        (false, false) => fixed().any(|fixed| fixed.code.is_of_reading()),
    };
    if comes_to_light { Ok(()) } else { Err(Doubt::Brings(finding.message.clone())) }
}

/// Whether a sound text is read alike by two readers, and holds every comment that it held.
fn reads_well(before: &Source, after: &Source, fixes: &[Diagnostic]) -> Result<(), Doubt> {
    if !yaml::read(after).problems.is_empty() {
        return Ok(());
    }
    let mut left: HashMap<String, usize> = HashMap::new();
    for comment in agreed(after).map_err(|error| Doubt::Disputed(error.to_string()))? {
        *left.entry(comment).or_default() += 1;
    }
    // What could not be read has comments that nobody knows; no byte of them was touched that no fix names.
    let Ok(comments) = agreed(before) else { return Ok(()) };
    let edited: Vec<Span> = fixes.iter().filter_map(safe_fix).flat_map(|fix| &fix.edits).map(|edit| edit.location.span).collect();
    for comment in comments {
        match left.get_mut(&comment) {
            Some(count) if *count > 0 => *count -= 1,
            Some(_) | None if edited.iter().any(|span| before.slice(*span).contains(&comment)) => {}
            // Of two comments on one line, one may go.
            Some(_) | None if edited.iter().any(|span| comment.contains(before.slice(*span).trim())) => {}
            Some(_) | None => return Err(Doubt::Comment(comment)),
        }
    }
    Ok(())
}
