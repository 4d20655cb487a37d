//! All sequences of a workspace, by their summaries.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Diagnostic;
use crate::settings::Settings;

use super::rules::LIBRARY_RULES;
use super::scene::rests_on_settings;
use super::summary::{Advance, Summary};

/// What a rule about several files may look at.
pub struct Library<'a> {
    /// The summaries, sorted by file.
    pub summaries: Vec<&'a Summary>,
    /// The names of all message templates that have a file.
    pub templates: &'a BTreeSet<String>,
    /// The settings.
    pub settings: &'a Settings,
    by_id: BTreeMap<&'a str, &'a Summary>,
    by_former_id: BTreeMap<&'a str, &'a Summary>,
}

impl<'a> Library<'a> {
    /// Takes the summaries in the order of their files.
    pub fn new(summaries: Vec<&'a Summary>, templates: &'a BTreeSet<String>, settings: &'a Settings) -> Self {
        let mut by_id = BTreeMap::new();
        for summary in &summaries {
            by_id.entry(summary.id.as_str()).or_insert(*summary);
        }
        let former = summaries.iter().flat_map(|summary| summary.formerly.iter().map(move |id| (id.value.as_str(), *summary)));
        let by_former_id = former.collect();
        Self { summaries, templates, settings, by_id, by_former_id }
    }

    /// The sequence of that id; of several the first by file.
    pub fn sequence(&self, id: &str) -> Option<&'a Summary> {
        self.by_id.get(id).copied()
    }

    /// The sequence that was called so before.
    pub fn renamed_from(&self, former: &str) -> Option<&'a Summary> {
        self.by_former_id.get(former).copied()
    }

    /// Every reference from one sequence to another.
    pub fn advances(&self) -> impl Iterator<Item = (&'a Summary, &'a Advance)> {
        self.summaries.iter().flat_map(|summary| summary.advances.iter().map(move |advance| (*summary, advance)))
    }

    /// All ids, sorted.
    pub fn ids(&self) -> impl Iterator<Item = &'a str> {
        self.by_id.keys().copied()
    }
}

/// Judges what lies between files.
pub fn judge_library(library: &Library<'_>) -> Vec<Diagnostic> {
    let findings = LIBRARY_RULES.iter().flat_map(|rule| rule(library));
    findings.filter(|finding| library.settings.is_whole || !rests_on_settings(finding.code)).collect()
}
