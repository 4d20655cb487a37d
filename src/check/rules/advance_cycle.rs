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

use crate::check::library::Library;
use crate::check::summary::{Advance, Summary};
use crate::diagnostic::{Code, Diagnostic, Severity};

pub(super) fn advance_cycle(library: &Library<'_>) -> Vec<Diagnostic> {
    let graph = Graph::new(library);
    graph.circles().into_iter().map(|circle| graph.problem(&circle)).collect()
}

/// An advance from one sequence to another, by their places in the list of summaries.
#[derive(Clone, Copy)]
struct Arrow<'a> {
    to: usize,
    advance: &'a Advance,
}

struct Graph<'a> {
    summaries: Vec<&'a Summary>,
    arrows: Vec<Vec<Arrow<'a>>>,
}

impl<'a> Graph<'a> {
    fn new(library: &Library<'a>) -> Self {
        let place: HashMap<&str, usize> =
            library.summaries.iter().enumerate().rev().map(|(place, summary)| (summary.id.as_str(), place)).collect();
        let arrows_of = |summary: &&'a Summary| {
            let resolved = summary
                .advances
                .iter()
                .filter_map(|advance| Some(Arrow { to: *place.get(advance.target.value.as_str())?, advance }));
            resolved.collect()
        };
        Self { arrows: library.summaries.iter().map(arrows_of).collect(), summaries: library.summaries.clone() }
    }

    /// One circle for each group of sequences that reach each other without a pause, and one for each other group.
    fn circles(&self) -> Vec<Vec<(usize, Arrow<'a>)>> {
        let endless = self.groups(|arrow| arrow.advance.without_pause);
        let slow =
            self.groups(|_| true).into_iter().filter(|group| !endless.iter().any(|other| group.binary_search(&other[0]).is_ok()));
        let slow: Vec<_> = slow.map(|group| self.circle(&group, |_| true)).collect();
        let endless = endless.iter().map(|group| self.circle(group, |arrow| arrow.advance.without_pause));
        endless.chain(slow).collect()
    }

    /// The groups of sequences that reach each other over arrows that count.
    fn groups(&self, counts: impl Fn(&Arrow<'a>) -> bool) -> Vec<Vec<usize>> {
        groups(self.arrows.len(), |from| self.arrows[from].iter().filter(|arrow| counts(arrow)).map(|arrow| arrow.to).collect())
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
        let names: Vec<String> = circle.iter().map(|(from, _)| format!("`{}`", self.summaries[*from].id)).collect();
        let round = format!("{} and back to {}", names.join(" to "), names[0]);
        let at = |from: usize, arrow: &Arrow<'a>| self.summaries[from].file.at(arrow.advance.target.span);
        let (first, first_arrow) = &circle[0];
        let problem = if endless {
            Diagnostic::new(Code::AdvanceCycle, at(*first, first_arrow), format!("records run round without a pause: {round}"))
                .help("put a wait, a seller's step or a condition with `within` on the round, or advance elsewhere")
        } else {
            Diagnostic::new(Code::AdvanceCycle, at(*first, first_arrow), format!("records can run round for ever: {round}"))
                .help("make sure that a condition lets every record leave the round some day")
                .with_severity(Severity::Warning)
        };
        circle[1..].iter().fold(problem, |problem, (from, arrow)| {
            problem.related(at(*from, arrow), format!("then on to `{}`", self.summaries[arrow.to].id))
        })
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

/// The groups of nodes that reach each other (Tarjan's algorithm with a stack of its own), each sorted, larger than one
/// node or with an arrow to itself, in the order of their first nodes.
fn groups(count: usize, next: impl Fn(usize) -> Vec<usize>) -> Vec<Vec<usize>> {
    const UNSEEN: usize = usize::MAX;
    let (mut order, mut low) = (vec![UNSEEN; count], vec![UNSEEN; count]);
    let mut open = vec![false; count];
    let (mut path, mut found, mut counter) = (Vec::new(), Vec::new(), 0);
    for root in 0..count {
        if order[root] != UNSEEN {
            continue;
        }
        let mut calls: Vec<(usize, Vec<usize>)> = vec![(root, next(root))];
        while let Some((node, rest)) = calls.last_mut() {
            let node = *node;
            if order[node] == UNSEEN {
                (order[node], low[node], open[node]) = (counter, counter, true);
                counter += 1;
                path.push(node);
            }
            match rest.pop() {
                Some(to) if order[to] == UNSEEN => calls.push((to, next(to))),
                Some(to) if open[to] => low[node] = low[node].min(order[to]),
                Some(_) => {}
                None => {
                    calls.pop();
                    if let Some((parent, _)) = calls.last() {
                        low[*parent] = low[*parent].min(low[node]);
                    }
                    if low[node] == order[node] {
                        let start =
                            path.iter().rposition(|other| *other == node).expect("a node is on the path while it is open");
                        let mut group = path.split_off(start);
                        group.iter().for_each(|member| open[*member] = false);
                        group.sort_unstable();
                        if group.len() > 1 || next(node).contains(&node) {
                            found.push(group);
                        }
                    }
                }
            }
        }
    }
    found.sort();
    found
}
