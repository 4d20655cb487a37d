//! One file of the workspace, read.
//! In comes what was found at a path; out comes what that is to the workspace. Never looks at another file.

use std::sync::Arc;

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::check::ignored_file::{Ignored, ignored_file};
use crate::check::not_utf8::not_utf8;
use crate::check::too_large::too_large;
use crate::check::unreadable_file::unreadable_file;
use crate::check::{Ignores, Summary, judge_settings};
use crate::diagnostic::Diagnostic;
use crate::settings::{self, Settings};
use crate::text::{BadText, FilePath, Source, text_from_bytes};
use crate::trial::{self, Trial};
use crate::yaml;

use super::memory::{Remembered, Taken, Text, Texts};
use super::turns::{in_turn, read_sequence};
use super::{Content, FileKind, kind_of};

/// A file of the workspace, read.
#[derive(Debug)]
pub(super) enum File {
    Settings {
        source: Source,
        findings: Vec<Diagnostic>,
        ignores: Ignores,
    },
    Sequence {
        text: Text,
        summary: Arc<Summary>,
    },
    Template {
        name: String,
    },
    /// Tests of a sequence.
    Tests {
        source: Source,
        trials: Vec<Trial>,
        findings: Vec<Diagnostic>,
        ignores: Ignores,
    },
    /// A script: kept for whoever looks for what it names.
    Script {
        source: Source,
    },
    /// A file that is left out or cannot be read. Of one that is partly text, the good part is kept for showing.
    Bad {
        source: Option<Source>,
        finding: Box<Diagnostic>,
        declares: Option<Arc<Summary>>,
    },
}

impl File {
    /// The text and what it is to the others, of a file that is a sequence's text.
    pub(super) fn as_sequence(&self) -> Option<(&Text, &Arc<Summary>)> {
        match self {
            File::Sequence { text, summary } => Some((text, summary)),
            File::Settings { .. } | File::Template { .. } | File::Tests { .. } | File::Script { .. } | File::Bad { .. } => None,
        }
    }

    /// What a file that declares a sequence is to the others, be it one that cannot be read.
    pub(super) fn shared_summary(&self) -> Option<Arc<Summary>> {
        match self {
            File::Sequence { summary, .. } | File::Bad { declares: Some(summary), .. } => Some(Arc::clone(summary)),
            File::Settings { .. }
            | File::Template { .. }
            | File::Tests { .. }
            | File::Script { .. }
            | File::Bad { declares: None, .. } => None,
        }
    }

    pub(super) fn summary(&self) -> Option<&Summary> {
        match self {
            File::Sequence { summary, .. } | File::Bad { declares: Some(summary), .. } => Some(summary),
            File::Settings { .. }
            | File::Template { .. }
            | File::Tests { .. }
            | File::Script { .. }
            | File::Bad { declares: None, .. } => None,
        }
    }

    pub(super) fn as_tests(&self) -> Option<(&Source, &[Trial])> {
        match self {
            File::Tests { source, trials, .. } => Some((source, trials)),
            File::Settings { .. } | File::Sequence { .. } | File::Template { .. } | File::Script { .. } | File::Bad { .. } => {
                None
            }
        }
    }

    pub(super) fn template(&self) -> Option<&str> {
        match self {
            File::Template { name } => Some(name),
            File::Settings { .. } | File::Sequence { .. } | File::Tests { .. } | File::Script { .. } | File::Bad { .. } => None,
        }
    }

    /// The text of the file at a path, or the part of it that is text.
    pub(super) fn source(&self, path: &FilePath, texts: Option<&dyn Texts>) -> Option<Source> {
        match self {
            File::Settings { source, .. } | File::Tests { source, .. } | File::Script { source } => Some(source.clone()),
            File::Sequence { text, .. } => text.source(path, texts),
            File::Bad { source, .. } => source.clone(),
            File::Template { .. } => None,
        }
    }

    /// The comments that silence findings in it.
    pub(super) fn ignores(&self) -> Option<&Ignores> {
        match self {
            File::Settings { ignores, .. } | File::Tests { ignores, .. } => Some(ignores),
            File::Sequence { summary, .. } => Some(&summary.ignores),
            File::Template { .. } | File::Script { .. } | File::Bad { .. } => None,
        }
    }

    /// What was found in the file itself.
    pub(super) fn findings(&self) -> &[Diagnostic] {
        match self {
            File::Settings { findings, .. } | File::Tests { findings, .. } => findings,
            File::Sequence { summary, .. } => &summary.findings,
            File::Bad { finding, .. } => std::slice::from_ref(finding),
            File::Template { .. } | File::Script { .. } => &[],
        }
    }
}

/// How files are read.
#[derive(Clone, Copy)]
pub(super) struct Reading<'a> {
    pub settings: &'a Settings,
    pub texts: Option<&'a dyn Texts>,
}

/// Takes in what changed, on all cores. A file that is gone, or is nothing to us, is `None`.
pub(super) fn take_all(changes: Vec<(FilePath, Taken)>, reading: Reading<'_>) -> Vec<(FilePath, Option<File>)> {
    let settings = reading.settings.digest();
    let take = |(path, taken): (FilePath, Taken)| {
        let file = match taken {
            Taken::Remembered(remembered) if remembered.settings == settings => Some(of_remembered(*remembered)),
            Taken::Remembered(remembered) => read_file(&path, fetched(&path, &remembered, reading.texts), reading.settings),
            Taken::Read(content) => read_file(&path, content, reading.settings),
        };
        (path, file)
    };
    changes.into_par_iter().map(take).collect()
}

fn of_remembered(remembered: Remembered) -> File {
    File::Sequence { text: Text::elsewhere(remembered.text), summary: remembered.summary }
}

/// What is remembered of other settings' time is read once more.
fn fetched(path: &FilePath, remembered: &Remembered, texts: Option<&dyn Texts>) -> Content {
    match texts.and_then(|texts| texts.fetch(path, remembered.text)) {
        Some(text) => Content::Bytes(text.into_bytes()),
        None => Content::Unreadable("changed while it was looked at".to_owned()),
    }
}

fn read_file(path: &FilePath, content: Content, settings: &Settings) -> Option<File> {
    let kind = kind_of(path);
    let is_told_of = matches!(content, Content::LeftOut(_) | Content::Unreadable(_));
    if content == Content::Gone || (kind == FileKind::Other && !is_told_of) {
        return None;
    }
    let id = match &kind {
        FileKind::Ignored(why) => {
            return Some(File::Bad { source: None, finding: Box::new(ignored_file(path, why)), declares: None });
        }
        FileKind::Sequence(id) => Some(id.clone()),
        FileKind::Settings | FileKind::Template(_) | FileKind::Test | FileKind::Script | FileKind::Other => None,
    };
    match read_text(path, content) {
        Err((source, finding)) => {
            let declares = id.map(|id| Arc::new(Summary::of_unreadable(path.clone(), id, Vec::new())));
            Some(File::Bad { source, finding, declares })
        }
        Ok(source) => read_known(source, kind, settings),
    }
}

fn read_known(source: Source, kind: FileKind, settings: &Settings) -> Option<File> {
    match kind {
        FileKind::Sequence(id) => {
            let summary = Arc::new(read_sequence(&source, id, settings).1);
            Some(File::Sequence { text: Text::Held(source), summary })
        }
        FileKind::Template(name) => Some(File::Template { name }),
        FileKind::Test => Some(read_tests(source)),
        FileKind::Script => Some(File::Script { source }),
        // They are read before anything else, since everything is judged by them.
        FileKind::Settings | FileKind::Ignored(_) | FileKind::Other => None,
    }
}

fn read_tests(source: Source) -> File {
    let (trials, findings, ignores) = in_turn(&source, || {
        let tree = yaml::read(&source);
        let (trials, mut findings) = trial::read(&source, &tree);
        let ignores = Ignores::read(&source, &tree);
        findings.extend(tree.problems);
        (trials, findings, ignores)
    });
    File::Tests { source, trials, findings, ignores }
}

/// Reads sequences once more, on all cores, by other settings. Of a text that is another by now those will tell who follow it.
pub(super) fn read_again(files: Vec<(FilePath, (&Text, &Arc<Summary>))>, reading: Reading<'_>) -> Vec<(FilePath, Option<File>)> {
    let read = |(path, (text, summary)): (FilePath, (&Text, &Arc<Summary>))| {
        let source = text.source(&path, reading.texts)?;
        let summary = Arc::new(read_sequence(&source, summary.id.clone(), reading.settings).1);
        Some((path, Some(File::Sequence { text: text.clone(), summary })))
    };
    files.into_par_iter().filter_map(read).collect()
}

/// Reads `segue.yaml`: the file, and what it declares.
pub(super) fn read_settings(path: &FilePath, content: Content) -> (Option<File>, Settings) {
    if content == Content::Gone {
        return (None, Settings::default());
    }
    match read_text(path, content) {
        // What is there and cannot be read may declare anything.
        Err((source, finding)) => {
            (Some(File::Bad { source, finding, declares: None }), Settings { is_whole: false, ..Settings::default() })
        }
        Ok(source) => {
            let tree = yaml::read(&source);
            let ignores = Ignores::read(&source, &tree);
            let (settings, mut findings) = settings::read(&source, &tree);
            findings.extend(tree.problems);
            findings.extend(judge_settings(&settings));
            (Some(File::Settings { source, findings, ignores }), settings)
        }
    }
}

/// The content as text, or why it is none, with the part that is.
///
/// # Errors
/// The finding about what is no text, and the good part of the text.
pub fn read_text(path: &FilePath, content: Content) -> Result<Source, (Option<Source>, Box<Diagnostic>)> {
    let bytes = match content {
        Content::Bytes(bytes) => bytes,
        Content::Gone => Vec::new(),
        Content::TooLarge { bytes } => return Err((None, Box::new(too_large(path, bytes)))),
        Content::Unreadable(reason) => return Err((None, Box::new(unreadable_file(path, &reason)))),
        Content::LeftOut(reason) => return Err((None, Box::new(ignored_file(path, &Ignored::Unreachable(reason))))),
    };
    text_from_bytes(bytes).map(|text| Source::new(path.clone(), text)).map_err(|(bad, bytes)| match bad {
        BadText::TooLarge => (None, Box::new(too_large(path, bytes.len() as u64))),
        BadText::NotUtf8 { valid } => {
            let good = String::from_utf8_lossy(&bytes[..valid]).into_owned();
            let finding = not_utf8(path, valid, bytes.get(valid).copied().unwrap_or_default());
            (Some(Source::new(path.clone(), good)), Box::new(finding))
        }
    })
}
