//! Whatever the bytes are, the program does not fall, points into the file, says the same twice, and can print it.

use segue::diagnostic::Diagnostic;
use segue::outside::report::{Summary, Terminal, human, json};
use segue::text::{FilePath, Location};
use segue::workspace::{Content, Workspace};

use super::{Held, hold};

/// As a sequence and as the settings: judged twice and printed.
pub fn reading(bytes: &[u8]) -> Held {
    ["sequences/made-up.yaml", "segue.yaml"].iter().try_for_each(|path| reading_as(path, bytes))
}

fn reading_as(path: &str, bytes: &[u8]) -> Held {
    let workspace = workspace(path, bytes);
    let findings = workspace.findings();
    findings.iter().try_for_each(|finding| points_into_its_files(&workspace, finding))?;
    let keys: Vec<_> = findings.iter().map(Diagnostic::sort_key).collect();
    hold(keys.is_sorted(), || format!("the findings are not sorted: {findings:?}"))?;
    let mut once = findings.clone();
    once.dedup();
    hold(once == findings, || format!("something is found twice: {findings:?}"))?;
    let again = self::workspace(path, bytes).findings();
    hold(findings == again, || format!("the second time something else is found: {findings:?} and {again:?}"))?;
    is_printed(&workspace, &findings)
}

fn workspace(path: &str, bytes: &[u8]) -> Workspace {
    let mut workspace = Workspace::new();
    workspace.update(vec![(FilePath::new(path), Content::Bytes(bytes.to_vec()))]);
    workspace
}

fn points_into_its_files(workspace: &Workspace, finding: &Diagnostic) -> Held {
    let edits = finding.fix.iter().flat_map(|fix| &fix.edits);
    let places = std::iter::once(&finding.primary)
        .chain(finding.related.iter().map(|related| &related.location))
        .chain(edits.map(|edit| &edit.location));
    for Location { file, span } in places {
        let Some(source) = workspace.source(file) else { return Err(format!("in a file that is not there: {finding:?}")) };
        hold(source.text().get(span.range()).is_some(), || format!("{span:?} is no part of the text: {finding:?}"))?;
    }
    let mut edited: Vec<_> = finding.fix.iter().flat_map(|fix| &fix.edits).map(|edit| edit.location.clone()).collect();
    edited.sort();
    let are_disjoint = edited.windows(2).all(|pair| pair[0].file != pair[1].file || pair[0].span.end <= pair[1].span.start);
    hold(are_disjoint, || format!("edits overlap: {finding:?}"))
}

fn is_printed(workspace: &Workspace, findings: &[Diagnostic]) -> Held {
    let sources = |path: &FilePath| workspace.source(path);
    let mut out = Vec::new();
    human(&mut out, findings, &sources, Terminal::PLAIN).map_err(|error| error.to_string())?;
    let text = String::from_utf8(out).map_err(|error| error.to_string())?;
    let stray = text.chars().find(|c| c.is_control() && *c != '\n');
    hold(stray.is_none(), || format!("{stray:?} reaches the terminal in {text:?}"))?;
    let summary = Summary::count(findings, 1, 1);
    json(&mut Vec::new(), findings, &sources, &summary).map_err(|error| error.to_string())
}
