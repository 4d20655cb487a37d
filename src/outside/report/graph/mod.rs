//! A sequence as a graph: boxes for steps, lines for ways.
//! In come steps and how many records stand at each, out come Mermaid, DOT or SVG.
//! Never starts another program; every label is made harmless for the language it stands in.

mod dot;
mod mermaid;
mod svg;

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::sequence::{Step, StepKind, Steps};
use crate::shape::words;

use super::clean::clean_line;
use super::steps::what;

words! {
    /// A language for graphs.
    Language {
        /// Mermaid, which GitHub and GitLab draw in Markdown.
        Mermaid "mermaid",
        /// DOT, for Graphviz.
        Dot "dot",
        /// A picture.
        Svg "svg",
    }
}

/// What is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Drawn<'a> {
    /// What stands above it.
    pub title: &'a str,
    /// The steps.
    pub steps: &'a Steps,
    /// How many records stand at a step, by its id.
    pub standing: &'a BTreeMap<String, u64>,
}

/// Writes the graph.
///
/// # Errors
/// What the writer says.
pub fn graph(out: &mut dyn Write, drawn: &Drawn<'_>, language: Language) -> io::Result<()> {
    match language {
        Language::Mermaid => mermaid::write(out, drawn),
        Language::Dot => dot::write(out, drawn),
        Language::Svg => svg::write(out, drawn),
    }
}

/// What a box is at a glance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Look {
    /// Where the way begins, or is over because nothing follows.
    Edge,
    /// The seller does something.
    Seller,
    /// The system does something.
    System,
    /// Time passes.
    Wait,
    /// The way divides.
    Fork,
    /// The way leaves the sequence.
    Out,
}

/// A box.
#[derive(Clone, Debug)]
struct Node {
    look: Look,
    /// The step's id; the whole text of a box that is no step.
    title: String,
    /// What else is to say: what it does, what it is called.
    lines: Vec<String>,
    /// How many records stand there.
    here: u64,
}

/// A line from one box to another.
struct Line {
    from: usize,
    to: usize,
    label: Option<&'static str>,
}

const START: &str = "Sequence starts here";
const FINISH: &str = "Sequence ends here";
const YES: &str = "yes";
const NO: &str = "no";

impl Node {
    fn edge(title: &str) -> Self {
        Self { look: Look::Edge, title: title.to_owned(), lines: Vec::new(), here: 0 }
    }

    fn of(step: &Step, standing: &BTreeMap<String, u64>) -> Self {
        let look = match &step.kind {
            StepKind::Activity(_) if step.kind.is_manual() => Look::Seller,
            StepKind::Activity(_) | StepKind::AbTest(_) | StepKind::UpdateField { .. } | StepKind::Unreadable => Look::System,
            StepKind::Wait(_) => Look::Wait,
            StepKind::Condition(_) => Look::Fork,
            StepKind::AdvanceTo(_) | StepKind::End(_) => Look::Out,
        };
        let name = step.name.as_ref().map(|name| name.value.clone());
        let lines = std::iter::once(what(&step.kind)).chain(name).map(|line| one_line(&line)).collect();
        let here = step.id.as_ref().and_then(|id| standing.get(&id.value)).copied().unwrap_or_default();
        Self { look, title: one_line(step.label()), lines, here }
    }

    /// Every line of the box, the count of records among them.
    fn all_lines(&self) -> Vec<String> {
        let here = (self.here > 0).then(|| format!("{} here", self.here));
        std::iter::once(self.title.clone()).chain(self.lines.iter().cloned()).chain(here).collect()
    }
}

/// Text on one line, without anything that a reader of any language obeys.
fn one_line(text: &str) -> String {
    clean_line(&text.split_whitespace().collect::<Vec<_>>().join(" ")).into_owned()
}

/// Whether nothing comes back from a step.
fn leaves(step: &Step) -> bool {
    matches!(step.kind, StepKind::AdvanceTo(_) | StepKind::End(_))
}

/// Boxes and lines, for languages that lay them out themselves.
struct Graph<'s> {
    nodes: Vec<Node>,
    lines: Vec<Line>,
    standing: &'s BTreeMap<String, u64>,
}

/// A box that a line still has to leave.
type Loose = (usize, Option<&'static str>);

impl<'s> Graph<'s> {
    fn of(drawn: &Drawn<'s>) -> Self {
        let mut graph = Self { nodes: vec![Node::edge(START)], lines: Vec::new(), standing: drawn.standing };
        let loose = graph.list(drawn.steps, vec![(0, None)]);
        if !loose.is_empty() {
            graph.put(Node::edge(FINISH), loose);
        }
        graph
    }

    /// Draws a list of steps behind some boxes. Returns those that what follows is drawn behind.
    fn list(&mut self, steps: &Steps, mut loose: Vec<Loose>) -> Vec<Loose> {
        for step in &steps.list {
            let node = self.put(Node::of(step, self.standing), loose);
            loose = match step.kind.as_condition() {
                Some(condition) => {
                    let mut both = self.list(&condition.then, vec![(node, Some(YES))]);
                    both.extend(self.list(&condition.otherwise, vec![(node, Some(NO))]));
                    both
                }
                None if leaves(step) => Vec::new(),
                None => vec![(node, None)],
            };
        }
        loose
    }

    fn put(&mut self, node: Node, behind: Vec<Loose>) -> usize {
        let to = self.nodes.len();
        self.nodes.push(node);
        self.lines.extend(behind.into_iter().map(|(from, label)| Line { from, to, label }));
        to
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sequence::{SequenceId, read_published};

    /// What a sequence looks like whose every label holds `text`.
    fn drawn(text: &str, language: Language) -> String {
        let quoted = serde_json::to_string(text).expect("a text is JSON");
        let file = format!(
            "name: N\nrecord_type: lead\nowner: ana\nsteps:\n  - {{id: a, type: task, name: {quoted}}}\n  - {{id: c, type: condition, \
             when: {quoted}, then: [{{id: e, type: end, outcome: {quoted}}}]}}\n  - {{id: w, type: wait, for: 1d}}\n"
        );
        let sequence = read_published(&file, &SequenceId::parse("n").expect("it is an id")).expect("it can be read");
        let mut out = Vec::new();
        let standing = BTreeMap::from([("a".to_owned(), 2)]);
        let drawn = Drawn { title: text, steps: &sequence.steps, standing: &standing };
        graph(&mut out, &drawn, language).expect("a vector takes everything");
        String::from_utf8(out).expect("graphs are UTF-8")
    }

    const ODD: &str = "a \"b\" <c> & 'd' \\N `e` #35; ]]> --> %% {f} | ; \u{1b}[1m \u{ffff} end 日本";

    #[test]
    fn a_picture_is_xml_whatever_stands_in_its_labels() {
        let picture = drawn(ODD, Language::Svg);
        let mut reader = quick_xml::Reader::from_str(&picture);
        let mut texts = String::new();
        let mut open = 0_i32;
        loop {
            match reader.read_event().expect("it is XML") {
                quick_xml::events::Event::Eof => break,
                quick_xml::events::Event::Start(_) => open += 1,
                quick_xml::events::Event::End(_) => open -= 1,
                quick_xml::events::Event::Text(text) => texts += &text.decode().expect("it is UTF-8"),
                _ => {}
            }
        }
        assert_eq!(open, 0);
        assert!(texts.contains("2 here"), "{texts}");
    }

    #[test]
    fn a_label_ends_where_it_ends() {
        let mermaid = drawn(ODD, Language::Mermaid);
        // Two quotes a box, and none in between.
        let boxes = mermaid.lines().filter(|line| line.contains('"'));
        assert!(boxes.clone().count() >= 5 && boxes.clone().all(|line| line.matches('"').count() == 2), "{mermaid}");
        let dot = drawn(ODD, Language::Dot);
        let unescaped = |line: &str| line.replace("\\\\", "").replace("\\\"", "").matches('"').count();
        assert!(dot.lines().all(|line| unescaped(line) % 2 == 0), "{dot}");
    }

    #[test]
    fn no_depth_and_no_length_is_too_much() {
        let mut steps = "{id: s, type: task, name: S}".to_owned();
        for depth in 0..25 {
            steps = format!(
                "{{id: c{depth}, type: condition, when: record.x > 1, then: [{steps}], else: [{{id: e{depth}, type: end}}]}}"
            );
        }
        let many = (0..2_000).map(|number| format!("{{id: t{number}, type: task, name: T}}")).collect::<Vec<_>>().join(", ");
        let file = format!("name: N\nrecord_type: lead\nowner: ana\nsteps: [{steps}, {many}]\n");
        let sequence = read_published(&file, &SequenceId::parse("n").expect("it is an id")).expect("it can be read");
        let standing = BTreeMap::new();
        for language in Language::ALL {
            let mut out = Vec::new();
            let drawn = Drawn { title: "n", steps: &sequence.steps, standing: &standing };
            graph(&mut out, &drawn, *language).expect("a vector takes everything");
            let text = String::from_utf8(out).expect("graphs are UTF-8");
            assert!(text.contains("t1999") && text.contains("e24"), "{language}");
        }
    }
}
