//! Mending makes nothing worse, whatever the text: nothing is found that was not there, but for what a line hid that could not
//! be read; what could be read says the same; no comment is lost; and a second time there is nothing to do.

use std::collections::HashMap;

use segue::diagnostic::{Code, Diagnostic};
use segue::mending::mend;
use segue::settings;
use segue::text::{Digest, FilePath, Source};
use segue::workspace::{Content, Workspace};
use segue::yaml::edit::agreed;

use super::Held;

/// As a sequence, as its tests and as the settings.
pub fn mending(bytes: &[u8]) -> Held {
    ["sequences/made-up.yaml", "sequences/made-up.test.yaml", settings::FILE_NAME].iter().try_for_each(|path| {
        let mut workspace = Workspace::new();
        workspace.update(vec![(FilePath::new(*path), Content::Bytes(bytes.to_vec()))]);
        never_worse(&mut workspace).map(drop)
    })
}

/// Mends a workspace; says how many fixes were applied.
pub fn never_worse(workspace: &mut Workspace) -> Result<usize, String> {
    let before = State::of(workspace);
    let mended = mend(workspace, &|_| true);
    let after = State::of(workspace);
    let told = |what: &str| format!("{what}\nfixed {:#?}\nbefore {:#?}\nafter {:#?}", mended.fixed, before, after);
    let (old, new) = (counts(&before.findings), counts(&after.findings));
    let of_reading = |finding: &Diagnostic| finding.code.is_of_reading();
    for finding in after.findings.iter().filter(|finding| new[&key(finding)] > *old.get(&key(finding)).unwrap_or(&0)) {
        let hid = mended.fixed.iter().any(|fixed| if of_reading(finding) { fixed.code.is_of_yaml() } else { of_reading(fixed) });
        if !hid {
            return Err(told(&format!("{} is new: {}", finding.code, finding.message)));
        }
    }
    let of_yaml = |state: &State| state.findings.iter().filter(|finding| finding.code.is_of_yaml()).count();
    if of_yaml(&after) > of_yaml(&before) {
        return Err(told("less of it can be read"));
    }
    for (file, text) in &before.texts {
        let Some(now) = after.texts.iter().find(|(other, _)| other == file) else { return Err(told("a file is gone")) };
        keeps_comments(text, &now.1).map_err(|comment| told(&format!("`{comment}` is lost")))?;
    }
    for (file, meaning) in before.meanings.iter().filter(|(_, meaning)| meaning.is_some()) {
        if !after.meanings.contains(&(file.clone(), *meaning)) {
            return Err(told("it says something else"));
        }
    }
    if !mend(workspace, &|_| true).files.is_empty() {
        return Err(told("a second time there was something to mend"));
    }
    Ok(mended.fixed.len())
}

#[derive(Debug)]
struct State {
    findings: Vec<Diagnostic>,
    texts: Vec<(FilePath, Source)>,
    meanings: Vec<(FilePath, Option<Digest>)>,
}

impl State {
    fn of(workspace: &Workspace) -> State {
        let source = |path: &FilePath| Some((path.clone(), workspace.source(path)?));
        State {
            findings: workspace.findings(),
            texts: workspace.paths().filter_map(source).collect(),
            meanings: workspace.summaries().map(|summary| (summary.file.clone(), summary.meaning)).collect(),
        }
    }
}

type Key<'d> = (&'d FilePath, Code, &'d str);

fn key(finding: &Diagnostic) -> Key<'_> {
    (&finding.primary.file, finding.code, &finding.message)
}

fn counts(findings: &[Diagnostic]) -> HashMap<Key<'_>, usize> {
    let mut counts = HashMap::new();
    findings.iter().for_each(|finding| *counts.entry(key(finding)).or_default() += 1);
    counts
}

/// Every comment is there, but for those that were for us; of a text that cannot be read nobody knows the comments.
fn keeps_comments(before: &Source, after: &Source) -> Result<(), String> {
    let text = after.text();
    let (Ok(before), Ok(mut after)) = (agreed(before), agreed(after)) else { return Ok(()) };
    for comment in before.into_iter().filter(|comment| !comment.contains("segue:")) {
        match after.iter().position(|other| *other == comment) {
            Some(at) => drop(after.swap_remove(at)),
            // What YAML took for a comment was the rest of an expression.
            None if text.contains(&comment) => {}
            None => return Err(comment),
        }
    }
    Ok(())
}
