//! DOT, as Graphviz takes it.

use std::io::{self, Write};

use super::{Drawn, Graph, Line, Look, Node, one_line};

pub(super) fn write(out: &mut dyn Write, drawn: &Drawn<'_>) -> io::Result<()> {
    let graph = Graph::of(drawn);
    writeln!(out, "digraph sequence {{")?;
    writeln!(out, "    label={}; labelloc=t; fontname=\"Helvetica\";", quoted(&[one_line(drawn.title)]))?;
    writeln!(out, "    node [shape=box, fontname=\"Helvetica\"]; edge [fontname=\"Helvetica\"];")?;
    for (number, node) in graph.nodes.iter().enumerate() {
        writeln!(out, "    n{number} [label={}{}];", quoted(&node.all_lines()), attributes(node))?;
    }
    for Line { from, to, label } in &graph.lines {
        let label = label.map_or_else(String::new, |label| format!(" [label=\"{label}\"]"));
        writeln!(out, "    n{from} -> n{to}{label};")?;
    }
    writeln!(out, "}}")
}

fn attributes(node: &Node) -> String {
    let look = match node.look {
        Look::Edge => ", shape=plaintext",
        Look::Seller => "",
        Look::System => ", style=filled, fillcolor=\"#eef2ff\"",
        Look::Wait => ", style=rounded",
        Look::Fork => ", shape=hexagon",
        Look::Out => ", shape=oval",
    };
    let here = if node.here > 0 { ", penwidth=3" } else { "" };
    format!("{look}{here}")
}

/// Lines as one label. Graphviz reads backslashes and the entities of HTML.
fn quoted(lines: &[String]) -> String {
    let escaped = |line: &String| line.replace('\\', "\\\\").replace('"', "\\\"").replace('&', "&amp;");
    format!("\"{}\"", lines.iter().map(escaped).collect::<Vec<_>>().join("\\n"))
}
