//! `segue validate`

mod fixing;
mod input;

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::mem;
use std::path::Path;

use anyhow::{Context, bail};

use crate::check::Told;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::mending::is_mendable;
use crate::outside::commit::{Diverged, kept};
use crate::outside::disk::{RealDisk, Root};
use crate::outside::report::{Prefix, Summary, Terminal, Warnings, github, human, json, junit, sarif};
use crate::text::{FilePath, Location, Span};
use crate::workspace::{FileKind, SEQUENCES, Workspace, kind_of};

use super::against::against;
use super::arguments::{Arguments, FindingsFormat, Validate};
use super::filter::Filter;
use super::open::{Beside, Opened, open_beside};
use super::progress::Waiting;
use super::screen::Screen;
use super::{Exit, WrongUse, unless_closed};

/// What stands for standard input among the arguments.
const INPUT: &str = "-";

pub(super) fn run(arguments: &Arguments, command: &Validate, screen: &Screen) -> anyhow::Result<Exit> {
    let filter = Filter::new(&command.select, &command.ignore)?;
    let is_input = command.only.iter().any(|argument| argument == INPUT);
    match (is_input, command.fix) {
        (true, _) if command.only.len() > 1 => {
            bail!(WrongUse("`-` stands alone: what comes on standard input is one file".to_owned()))
        }
        (true, _) if command.against.is_some() => {
            bail!(WrongUse("`--against` compares files that are saved; leave out `-`".to_owned()))
        }
        (true, _) => input::run(arguments, command, &filter, screen),
        (false, _) if command.stdin_filename.is_some() => {
            bail!(WrongUse("`--stdin-filename` goes with `-`: it says which file comes on standard input".to_owned()))
        }
        (false, true) => fixing::run(arguments, command, &filter, screen),
        (false, false) => {
            // A revision stands for what is published, so that everybody who compares with it hears the same.
            let beside = Beside { no_store: command.no_store || command.against.is_some(), no_cache: command.no_cache };
            let waiting = (command.format == FindingsFormat::Human).then(|| Waiting::new("checking".to_owned()));
            let mut opened = open_beside(arguments, beside)?;
            let since = command.against.as_deref().map(|revision| against(&opened, revision)).transpose()?.unwrap_or_default();
            let files = selected(&opened, command, &since)?;
            let since = since.into_iter().chain(diverged(&opened.root)?).collect();
            let told = opened.workspace.take_told();
            let check =
                Check { workspace: &opened.workspace, since, files, filter: &filter, command, prefix: prefix(&opened.root) };
            let found = check.findings(told);
            drop(waiting);
            let printed = screen.print(|out| check.tell(out, &found, screen.terminal(), Hint::Given));
            unless_closed(printed)?;
            let exit = check.exit(&found);
            // The program is about to end, and the system takes its memory back at once.
            mem::forget(opened);
            Ok(exit)
        }
    }
}

/// Files that somebody changed while they were being written, until it is settled.
fn diverged(root: &Root) -> anyhow::Result<Vec<Diagnostic>> {
    let disk = RealDisk::at(root).context("cannot open the workspace's folder")?;
    let finding = |kept: Diverged| {
        let place = Location { file: kept.path.clone(), span: Span::at(0) };
        Diagnostic::new(Code::CommitDiverged, place, kept.to_string())
            .help("compare the two; `segue doctor` tells how to settle it")
    };
    Ok(kept(&disk).context("cannot list what is kept")?.into_iter().map(finding).collect())
}

/// The files that are asked about; `None` for all.
fn selected(opened: &Opened, command: &Validate, since: &[Diagnostic]) -> anyhow::Result<Option<BTreeSet<FilePath>>> {
    let selected = opened.select(&command.only)?;
    if opened.workspace.counts().files == 0 && since.is_empty() {
        bail!("nothing to check: no sequence lies in {}", opened.root.path().join(SEQUENCES).display());
    }
    Ok(selected)
}

/// Where the workspace lies in the repository that GitHub checks out; nowhere in particular elsewhere.
fn prefix(root: &Root) -> Prefix {
    let inside = |checkout: &Path| {
        let checkout = Root::at(checkout).ok()?;
        let inside = root.path().strip_prefix(checkout.path()).ok()?;
        inside.to_str().map(|inside| inside.replace('\\', "/"))
    };
    let checkout = std::env::var_os("GITHUB_WORKSPACE").filter(|folder| !folder.is_empty());
    checkout.and_then(|checkout| inside(Path::new(&checkout))).map(|folder| Prefix::new(&folder)).unwrap_or_default()
}

/// Whether it is said that `--fix` would mend some.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hint {
    Given,
    Needless,
}

/// What is told, and how much there is.
struct Found {
    findings: Vec<Diagnostic>,
    summary: Summary,
}

/// A workspace that was judged, and what somebody wants to hear of it.
struct Check<'a> {
    workspace: &'a Workspace,
    /// What was found beside it: compared with a revision, and kept for somebody to look at.
    since: Vec<Diagnostic>,
    /// The files that are asked about; `None` for all.
    files: Option<BTreeSet<FilePath>>,
    filter: &'a Filter,
    command: &'a Validate,
    prefix: Prefix,
}

impl Check<'_> {
    /// What is told, and how much there is.
    fn findings(&self, told: Told) -> Found {
        let mut findings = told.findings;
        findings.extend(self.since.iter().cloned());
        findings.sort_by(|one, other| one.sort_key().cmp(&other.sort_key()));
        findings.retain(|finding| self.concerns(finding));
        let all = findings.len();
        findings.retain(|finding| self.filter.wants(finding));
        let silenced = told.silenced.iter().filter(|finding| self.concerns(finding) && self.filter.wants(finding)).count();
        let counts = self.workspace.counts_where(|file| self.is_asked_about(file));
        let summary = Summary::count(&findings, counts.files, counts.sequences).without(silenced, all - findings.len());
        Found { findings, summary }
    }

    fn is_asked_about(&self, file: &FilePath) -> bool {
        self.files.as_ref().is_none_or(|files| files.contains(file))
    }

    /// What points at a file concerns it, wherever the finding itself stands: a double has two ends.
    fn concerns(&self, finding: &Diagnostic) -> bool {
        let mut places = std::iter::once(&finding.primary).chain(finding.related.iter().map(|related| &related.location));
        self.files.is_none() || places.any(|place| self.is_asked_about(&place.file))
    }

    fn tell(&self, out: &mut dyn Write, found: &Found, terminal: Terminal, hint: Hint) -> io::Result<()> {
        let Found { findings, summary } = found;
        let sources = |path: &FilePath| self.workspace.source(path);
        match self.command.format {
            FindingsFormat::Human => {
                human(out, findings, &sources, terminal)?;
                summary.write(out)?;
                self.remarks(findings, hint).iter().try_for_each(|remark| writeln!(out, "{remark}"))
            }
            FindingsFormat::Json => json(out, findings, &sources, summary),
            FindingsFormat::Sarif => sarif(out, findings, &sources, &self.prefix),
            FindingsFormat::Github => github(out, findings, &sources, &self.prefix, summary),
            FindingsFormat::Junit => {
                let warnings = if self.command.deny_warnings { Warnings::Fail } else { Warnings::Pass };
                let files = self.workspace.paths().filter(|file| self.is_asked_about(file) && is_checked(file));
                junit(out, findings, files.cloned(), &sources, warnings)
            }
        }
    }

    /// What is to know beside the counts.
    fn remarks(&self, findings: &[Diagnostic], hint: Hint) -> Vec<String> {
        let mendable = findings.iter().filter(|finding| is_mendable(finding)).count();
        let mends = format!("`segue validate --fix` mends {mendable} of {}", if findings.len() == 1 { "it" } else { "them" });
        let mends =
            if findings.len() == mendable && mendable == 1 { "`segue validate --fix` mends it".to_owned() } else { mends };
        let is_denied = self.command.deny_warnings && findings.iter().all(|finding| finding.severity == Severity::Warning);
        let mut remarks = Vec::new();
        if hint == Hint::Given && mendable > 0 {
            remarks.push(mends);
        }
        if is_denied && !findings.is_empty() {
            remarks.push("warnings count as errors here".to_owned());
        }
        remarks
    }

    fn exit(&self, found: &Found) -> Exit {
        let fails = |finding: &Diagnostic| finding.severity == Severity::Error || self.command.deny_warnings;
        if found.findings.iter().any(fails) { Exit::Errors } else { Exit::Fine }
    }
}

/// Whether a file is one that is looked at, and not just known.
fn is_checked(file: &FilePath) -> bool {
    match kind_of(file) {
        FileKind::Settings | FileKind::Sequence(_) | FileKind::Test | FileKind::Ignored(_) => true,
        FileKind::Template(_) | FileKind::Script | FileKind::Other => false,
    }
}
