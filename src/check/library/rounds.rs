//! Rounds: sequences that lead to each other in a circle, each group of them judged as one.
//!
//! A change of where a file leads can only make, break, join or split rounds on whose ways the file lies. Those lie both
//! ahead of it and behind it; the two are searched in turn until one search ends, so that it costs at most twice the smaller
//! of the two, and what lies in both is grouped anew. An edit inside a round of n files costs n.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::{HashMap, HashSet};

use crate::check::rules::ROUND_RULES;
use crate::check::summary::Summary;
use crate::diagnostic::Diagnostic;
use crate::text::FilePath;

use super::{Library, Owner, groups, point, unpoint};

/// The rounds of a library.
#[derive(Debug, Default)]
pub(super) struct Rounds {
    of_file: HashMap<FilePath, u64>,
    rounds: HashMap<u64, Round>,
    /// The number that the next round gets.
    next: u64,
}

/// Sequences that reach each other.
#[derive(Debug)]
struct Round {
    /// Their files, sorted.
    members: Vec<FilePath>,
    /// What was found, by the file where it stands.
    findings: BTreeMap<FilePath, Vec<Diagnostic>>,
}

impl Rounds {
    /// What was found about rounds, in one file.
    pub(super) fn findings_of(&self, file: &FilePath) -> impl Iterator<Item = &Diagnostic> {
        let round = self.of_file.get(file).and_then(|number| self.rounds.get(number));
        round.and_then(|round| round.findings.get(file)).into_iter().flatten()
    }

    /// Everything that was found about rounds.
    pub(super) fn findings(&self) -> impl Iterator<Item = &Diagnostic> {
        self.rounds.values().flat_map(Round::all)
    }
}

impl Round {
    fn all(&self) -> impl Iterator<Item = &Diagnostic> {
        self.findings.values().flatten()
    }
}

impl Library {
    /// Judges again the rounds on which files lie that lead elsewhere now, and those that are stale.
    pub(super) fn judge_rounds(
        &mut self,
        rerouted: &BTreeSet<FilePath>,
        stale: &BTreeSet<Owner>,
        touched: &mut BTreeSet<FilePath>,
    ) {
        let mut region: HashSet<FilePath> = self.around(rerouted);
        let mut old: BTreeSet<u64> = rerouted.iter().filter_map(|file| self.rounds.of_file.get(file)).copied().collect();
        for number in &old {
            region.extend(self.rounds.rounds[number].members.iter().cloned());
        }
        old.extend(region.iter().filter_map(|file| self.rounds.of_file.get(file)));
        let moved = stale.iter().filter_map(|owner| match owner {
            Owner::File(_) => None,
            Owner::Round(number) => Some(*number),
        });
        let moved: Vec<u64> = moved.filter(|number| !old.contains(number)).collect();
        for number in old {
            self.forget_round(number, touched);
        }
        for members in self.groups_among(region) {
            self.add_round(members, touched);
        }
        for number in moved {
            let members = self.forget_round(number, touched);
            self.add_round(members, touched);
        }
    }

    /// The files that lie both ahead of some files and behind them, those among them that lead anywhere and are led to.
    fn around(&self, files: &BTreeSet<FilePath>) -> HashSet<FilePath> {
        let is_passed = |file: &&FilePath| {
            self.summary(file).is_some_and(|summary| !summary.advances.is_empty() && self.leading_to(summary).next().is_some())
        };
        let start: Vec<FilePath> = files.iter().filter(is_passed).cloned().collect();
        let mut ahead = Search::new(&start);
        let mut behind = Search::new(&start);
        loop {
            if !ahead.step(|summary| self.arrows(summary).map(|(_, file)| file).collect(), self, None) {
                let mut both = Search::new(&start);
                while both.step(|summary| self.leading_to(summary).collect(), self, Some(&ahead.seen)) {}
                return both.seen;
            }
            if !behind.step(|summary| self.leading_to(summary).collect(), self, None) {
                let mut both = Search::new(&start);
                while both.step(|summary| self.arrows(summary).map(|(_, file)| file).collect(), self, Some(&behind.seen)) {}
                return both.seen;
            }
        }
    }

    /// The groups of files that reach each other, among some.
    fn groups_among(&self, files: HashSet<FilePath>) -> Vec<Vec<FilePath>> {
        let mut files: Vec<FilePath> = files.into_iter().filter(|file| self.summary(file).is_some()).collect();
        files.sort();
        let places: HashMap<&FilePath, usize> = files.iter().enumerate().map(|(place, file)| (file, place)).collect();
        let arrows_of = |file: &FilePath| {
            let arrows = self.summary(file).into_iter().flat_map(|summary| self.arrows(summary));
            arrows.filter_map(|(_, to)| places.get(to).copied()).collect()
        };
        let arrows: Vec<Vec<usize>> = files.iter().map(arrows_of).collect();
        let named = |group: Vec<usize>| group.into_iter().map(|place| files[place].clone()).collect();
        groups(&arrows).into_iter().map(named).collect()
    }

    fn add_round(&mut self, members: Vec<FilePath>, touched: &mut BTreeSet<FilePath>) {
        let number = self.rounds.next;
        self.rounds.next += 1;
        let summaries: Vec<&Summary> = members.iter().filter_map(|file| self.summary(file)).collect();
        let mut findings: BTreeMap<FilePath, Vec<Diagnostic>> = BTreeMap::new();
        for finding in ROUND_RULES.iter().flat_map(|rule| rule(&summaries, self)) {
            findings.entry(finding.primary.file.clone()).or_default().push(finding);
        }
        touched.extend(findings.keys().cloned());
        self.rounds.of_file.extend(members.iter().map(|file| (file.clone(), number)));
        let round = Round { members, findings };
        point(&mut self.pointers, &Owner::Round(number), round.all());
        self.rounds.rounds.insert(number, round);
    }

    /// Forgets a round, and returns the files that it was made of.
    fn forget_round(&mut self, number: u64, touched: &mut BTreeSet<FilePath>) -> Vec<FilePath> {
        let Some(round) = self.rounds.rounds.remove(&number) else { return Vec::new() };
        unpoint(&mut self.pointers, &Owner::Round(number), round.all());
        touched.extend(round.findings.keys().cloned());
        for file in &round.members {
            self.rounds.of_file.remove(file);
        }
        round.members
    }
}

/// A search over arrows, one file a step.
struct Search {
    seen: HashSet<FilePath>,
    open: Vec<FilePath>,
}

impl Search {
    fn new(start: &[FilePath]) -> Self {
        Self { seen: start.iter().cloned().collect(), open: start.to_vec() }
    }

    /// Looks from one more file, at those inside `bounds` if there are any; says whether there was one.
    fn step<'l>(
        &mut self,
        next: impl Fn(&'l Summary) -> Vec<&'l FilePath>,
        library: &'l Library,
        bounds: Option<&HashSet<FilePath>>,
    ) -> bool {
        let Some(file) = self.open.pop() else { return false };
        for file in library.summary(&file).map(next).unwrap_or_default() {
            if bounds.is_none_or(|bounds| bounds.contains(file)) && self.seen.insert(file.clone()) {
                self.open.push(file.clone());
            }
        }
        true
    }
}
