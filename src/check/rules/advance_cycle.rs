//! # advance-cycle
//!
//! Sequences advance to each other in a circle. It is an error where a round has no pause, neither a wait nor
//! a seller's step nor a condition with `within`, and a warning where it has one.
//!
//! ## Why
//!
//! A record runs round for ever. Without a pause it does so many times in a second, and sends its automated
//! emails each time; with one it comes back to the same seller, month after month, until somebody takes it
//! out by hand. Whether a condition leads some records out of the circle is not looked at.
//!
//! ## Bad
//!
//! ```yaml
//! # sequences/nurture-lead.yaml
//! - {id: news, type: automated_email, name: Send the news, template: news}
//! - {id: wake, type: advance_to, sequence: wake-up-lead}
//!
//! # sequences/wake-up-lead.yaml
//! - {id: rate, type: update_field, field: rating, value: warm}
//! - {id: back, type: advance_to, sequence: nurture-lead}
//! ```
//!
//! ## Good
//!
//! ```yaml
//! # sequences/nurture-lead.yaml
//! - {id: news, type: automated_email, name: Send the news, template: news}
//! - {id: rest, type: wait, for: 14d}
//! - {id: wake, type: advance_to, sequence: wake-up-lead}
//!
//! # sequences/wake-up-lead.yaml
//! - {id: rate, type: update_field, field: rating, value: warm}
//! - {id: call, type: phone_call, name: Ask whether they are still interested}
//! ```
//!
//! ## See also
//!
//! `advance-first`, `unreachable-step`

use std::collections::{HashMap, VecDeque};

use crate::check::library::{Library, groups};
use crate::check::summary::{Advance, Summary};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::text::FilePath;

/// How many hops of a round are pointed at and named; the rest is counted.
const SHOWN: usize = 20;

/// Judges sequences that all reach each other, sorted by file.
pub(in crate::check) fn advance_cycle(round: &[&Summary], library: &Library) -> Vec<Diagnostic> {
    let graph = Graph::new(round, library);
    graph.circles().iter().map(|circle| graph.problem(circle)).collect()
}

/// An advance from one sequence to another, by their places in the round.
#[derive(Clone, Copy)]
struct Arrow<'a> {
    to: usize,
    advance: &'a Advance,
}

struct Graph<'a> {
    round: &'a [&'a Summary],
    arrows: Vec<Vec<Arrow<'a>>>,
}

impl<'a> Graph<'a> {
    fn new(round: &'a [&'a Summary], library: &'a Library) -> Self {
        let places: HashMap<&FilePath, usize> = round.iter().enumerate().map(|(place, summary)| (&summary.file, place)).collect();
        let arrow = |(advance, file): (&'a Advance, &FilePath)| Some(Arrow { to: *places.get(file)?, advance });
        Self { arrows: round.iter().map(|summary| library.arrows(summary).filter_map(arrow).collect()).collect(), round }
    }

    /// One circle for each group of sequences that reach each other without a pause; without such a group, one through all.
    fn circles(&self) -> Vec<Vec<(usize, Arrow<'a>)>> {
        let without_pause = |arrow: &Arrow<'a>| arrow.advance.without_pause;
        let hurried =
            |arrows: &Vec<Arrow<'a>>| arrows.iter().filter(|arrow| without_pause(arrow)).map(|arrow| arrow.to).collect();
        let endless = groups(&self.arrows.iter().map(hurried).collect::<Vec<_>>());
        if endless.is_empty() {
            let all: Vec<usize> = (0..self.round.len()).collect();
            return vec![self.circle(&all, |_| true)];
        }
        endless.iter().map(|group| self.circle(group, without_pause)).collect()
    }

    /// The shortest circle through a group's first sequence over arrows that count. There is one: that makes the group.
    fn circle(&self, group: &[usize], counts: impl Fn(&Arrow<'a>) -> bool) -> Vec<(usize, Arrow<'a>)> {
        let start = group[0];
        let mut came_by: HashMap<usize, (usize, Arrow<'a>)> = HashMap::new();
        let mut queue = VecDeque::from([start]);
        while let Some(from) = queue.pop_front() {
            for arrow in self.arrows[from].iter().filter(|arrow| counts(arrow) && group.binary_search(&arrow.to).is_ok()) {
                if arrow.to == start {
                    return way_back(&came_by, start, from, *arrow);
                }
                came_by.entry(arrow.to).or_insert_with(|| {
                    queue.push_back(arrow.to);
                    (from, *arrow)
                });
            }
        }
        unreachable!("the members of a group reach each other, so a way leads back to the first")
    }

    fn problem(&self, circle: &[(usize, Arrow<'a>)]) -> Diagnostic {
        let endless = circle.iter().all(|(_, arrow)| arrow.advance.without_pause);
        let round = self.named(circle);
        let at = |from: usize, arrow: &Arrow<'a>| self.round[from].file.at(arrow.advance.target.span);
        let (first, first_arrow) = &circle[0];
        let problem = if endless {
            Diagnostic::new(Code::AdvanceCycle, at(*first, first_arrow), format!("records run round without a pause: {round}"))
                .help("put a wait, a seller's step or a condition with `within` on the round, or advance elsewhere")
        } else {
            Diagnostic::new(Code::AdvanceCycle, at(*first, first_arrow), format!("records can run round for ever: {round}"))
                .help("make sure that a condition lets every record leave the round some day")
                .with_severity(Severity::Warning)
        };
        circle[1..].iter().take(SHOWN).fold(problem, |problem, (from, arrow)| {
            problem.related(at(*from, arrow), format!("then on to `{}`", self.round[arrow.to].id))
        })
    }

    /// The circle in words.
    fn named(&self, circle: &[(usize, Arrow<'a>)]) -> String {
        let names = circle.iter().take(SHOWN).map(|(from, _)| format!("`{}`", self.round[*from].id));
        let more = circle.len().saturating_sub(SHOWN);
        let more = (more > 0).then(|| format!("{more} more"));
        let names: Vec<String> = names.chain(more).collect();
        format!("{} and back to {}", names.join(" to "), names[0])
    }
}

fn way_back<'a>(
    came_by: &HashMap<usize, (usize, Arrow<'a>)>,
    start: usize,
    last: usize,
    closing: Arrow<'a>,
) -> Vec<(usize, Arrow<'a>)> {
    let mut way = vec![(last, closing)];
    let mut here = last;
    while here != start {
        let (from, arrow) = came_by[&here];
        way.push((from, arrow));
        here = from;
    }
    way.reverse();
    way
}
