//! Mermaid.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::{Drawn, Graph, Line, Look, Node, one_line};

pub(super) fn write(out: &mut dyn Write, drawn: &Drawn<'_>) -> io::Result<()> {
    let graph = Graph::of(drawn);
    writeln!(out, "%% {}", harmless(&one_line(drawn.title)))?;
    writeln!(out, "flowchart TD")?;
    for (number, node) in graph.nodes.iter().enumerate() {
        let lines: Vec<String> = node.all_lines().iter().map(|line| harmless(line)).collect();
        let (left, right) = brackets(node.look);
        writeln!(out, "    n{number}{left}\"{}\"{right}{}", lines.join("<br/>"), class(node))?;
    }
    for Line { from, to, label } in &graph.lines {
        let label = label.map_or_else(String::new, |label| format!("|{label}|"));
        writeln!(out, "    n{from} -->{label} n{to}")?;
    }
    writeln!(out, "    classDef system fill:#eef2ff,stroke:#4458b8")?;
    writeln!(out, "    classDef here stroke-width:3px")
}

fn brackets(look: Look) -> (&'static str, &'static str) {
    match look {
        Look::Edge | Look::Out => ("([", "])"),
        Look::Seller | Look::System => ("[", "]"),
        Look::Wait => ("(", ")"),
        Look::Fork => ("{{", "}}"),
    }
}

/// Mermaid takes one class behind a box.
fn class(node: &Node) -> &'static str {
    match (node.here > 0, node.look) {
        (true, _) => ":::here",
        (false, Look::System) => ":::system",
        (false, Look::Edge | Look::Seller | Look::Wait | Look::Fork | Look::Out) => "",
    }
}

/// Text as Mermaid shows it: whatever may mean something to it stands as the number of its character.
fn harmless(text: &str) -> String {
    let mut safe = String::new();
    for c in text.chars() {
        if c.is_alphanumeric() || " .,:!?+=/_'()·-".contains(c) {
            safe.push(c);
        } else {
            write!(safe, "#{};", u32::from(c)).expect("a string takes everything");
        }
    }
    safe
}
