//! A picture: each list of steps is a column, a condition's branches stand side by side below it and come together again.
//!
//! Columns are measured first, from the inside out, and then drawn: every way is a straight line down, left or right.

use std::collections::BTreeMap;
use std::io::{self, Write};

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::sequence::Steps;

use super::{Drawn, FINISH, Look, NO, Node, START, YES, leaves, one_line};
use crate::outside::report::properties::wrap;

/// How wide a box is, in pixels like everything here.
const BOX: i64 = 240;
const LINE: i64 = 17;
/// Between a box's border and its text.
const PADDING: i64 = 9;
/// Between what stands above and what stands below.
const DOWN: i64 = 34;
/// Between columns.
const BESIDE: i64 = 28;
/// Half of a branch in which nothing stands.
const EMPTY: i64 = 36;
const MARGIN: i64 = 20;

/// How many cells of text fit into a line of a box.
const CELLS: usize = 31;
/// How many lines one text may take in a box.
const MOST_LINES: usize = 4;

pub(super) fn write(out: &mut dyn Write, drawn: &Drawn<'_>) -> io::Result<()> {
    let mut column = Column::of(drawn.steps, drawn.standing);
    column.blocks.insert(0, Block::alone(Node::edge(START), Goes::On));
    if column.goes_on() {
        column.blocks.push(Block::alone(Node::edge(FINISH), Goes::Away));
    }
    column.measure();
    let title = one_line(drawn.title);
    let head = LINE + PADDING;
    let (width, height) = (column.left + column.right + 2 * MARGIN, column.height + head + 2 * MARGIN);
    writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         role=\"img\" font-family=\"Helvetica, Arial, sans-serif\" font-size=\"12\">"
    )?;
    writeln!(out, "<title>{}</title>", escaped(&title))?;
    writeln!(out, "<rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>")?;
    writeln!(out, "<text x=\"{MARGIN}\" y=\"{}\" font-size=\"14\" font-weight=\"bold\">{}</text>", MARGIN + 12, escaped(&title))?;
    let mut picture = Picture { out };
    picture.column(&column, MARGIN + column.left, MARGIN + head)?;
    writeln!(picture.out, "</svg>")
}

/// Whether the way goes on behind something.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Goes {
    On,
    Away,
}

/// Steps one below the other. It reaches so far to the left and right of the line on which they stand.
struct Column {
    blocks: Vec<Block>,
    left: i64,
    right: i64,
    height: i64,
}

/// A box, and what hangs below it.
struct Block {
    node: Node,
    text: Vec<String>,
    /// The branches of a condition, `then` first.
    branches: Option<[Column; 2]>,
    goes: Goes,
}

impl Block {
    fn alone(node: Node, goes: Goes) -> Self {
        let lines = node.lines.iter().flat_map(|line| fitted(line));
        let title = clipped(&node.title);
        let here = (node.here > 0).then(|| format!("{} here", node.here));
        let text = std::iter::once(title).chain(lines).chain(here).collect();
        Self { node, text, branches: None, goes }
    }

    /// How high the box itself is.
    fn own_height(&self) -> i64 {
        i64::try_from(self.text.len()).unwrap_or(i64::MAX / 64) * LINE + 2 * PADDING
    }

    fn height(&self) -> i64 {
        let branches = self.branches.as_ref().map_or(0, |[then, other]| 2 * DOWN + then.height.max(other.height));
        self.own_height() + branches
    }

    /// How far it reaches to the left and to the right.
    fn reach(&self) -> (i64, i64) {
        let own = BOX / 2;
        match &self.branches {
            None => (own, own),
            Some([then, other]) => {
                let [left, right] = offsets(then, other);
                ((left + then.left).max(own), (right + other.right).max(own))
            }
        }
    }
}

/// How far the lines of two branches lie from that of their condition, to the left and to the right.
fn offsets(then: &Column, other: &Column) -> [i64; 2] {
    [then.right + BESIDE / 2, other.left + BESIDE / 2]
}

impl Column {
    fn of(steps: &Steps, standing: &BTreeMap<String, u64>) -> Self {
        let block = |step: &crate::sequence::Step| {
            let goes = if leaves(step) { Goes::Away } else { Goes::On };
            let block = Block::alone(Node::of(step, standing), goes);
            match step.kind.as_condition() {
                None => block,
                Some(condition) => {
                    let branches = [&condition.then, &condition.otherwise].map(|steps| Self::of(steps, standing));
                    let goes = if branches.iter().any(Self::goes_on) { Goes::On } else { Goes::Away };
                    Block { branches: Some(branches), goes, ..block }
                }
            }
        };
        let mut column = Self { blocks: steps.list.iter().map(block).collect(), left: 0, right: 0, height: 0 };
        column.measure();
        column
    }

    fn measure(&mut self) {
        let reach = || self.blocks.iter().map(Block::reach);
        (self.left, self.right) =
            (reach().map(|(left, _)| left).max().unwrap_or(EMPTY), reach().map(|(_, right)| right).max().unwrap_or(EMPTY));
        let between = i64::try_from(self.blocks.len().saturating_sub(1)).unwrap_or(0) * DOWN;
        self.height = self.blocks.iter().map(Block::height).sum::<i64>() + between;
    }

    /// Whether a way leads on from its end.
    fn goes_on(&self) -> bool {
        self.blocks.last().is_none_or(|last| last.goes == Goes::On)
    }
}

struct Picture<'o> {
    out: &'o mut dyn Write,
}

impl Picture<'_> {
    /// Draws a column with its line at `x`, from `y` down.
    fn column(&mut self, column: &Column, x: i64, mut y: i64) -> io::Result<()> {
        for (number, block) in column.blocks.iter().enumerate() {
            if number > 0 {
                if column.blocks[number - 1].goes == Goes::On {
                    self.arrow(x, y, y + DOWN)?;
                }
                y += DOWN;
            }
            self.boxed(block, x, y)?;
            if let Some(branches) = &block.branches {
                self.branches(block, branches, x, y + block.own_height())?;
            }
            y += block.height();
        }
        Ok(())
    }

    /// Draws the branches of a condition whose box ends at `y`, and where they come together.
    fn branches(&mut self, block: &Block, branches: &[Column; 2], x: i64, y: i64) -> io::Result<()> {
        let [then, other] = branches;
        let [left, right] = offsets(then, other);
        let bottom = y + block.height() - block.own_height();
        for (branch, at, word) in [(then, x - left, YES), (other, x + right, NO)] {
            let turn = y + DOWN / 2;
            self.line(&[(x, y), (x, turn), (at, turn)])?;
            writeln!(self.out, "<text x=\"{}\" y=\"{}\" font-style=\"italic\">{word}</text>", at + 5, turn + 13)?;
            if branch.blocks.is_empty() {
                self.line(&[(at, turn), (at, y + DOWN)])?;
            } else {
                self.arrow(at, turn, y + DOWN)?;
            }
            self.column(branch, at, y + DOWN)?;
            if branch.goes_on() {
                let join = bottom - DOWN / 2;
                self.line(&[(at, y + DOWN + branch.height), (at, join), (x, join)])?;
            }
        }
        if block.goes == Goes::On { self.line(&[(x, bottom - DOWN / 2), (x, bottom)]) } else { Ok(()) }
    }

    fn boxed(&mut self, block: &Block, x: i64, y: i64) -> io::Result<()> {
        let (left, height, node) = (x - BOX / 2, block.own_height(), &block.node);
        let (fill, stroke) = match node.look {
            Look::Edge => ("#ffffff", "none"),
            Look::Seller => ("#f6f6f6", "#333333"),
            Look::System => ("#eef2ff", "#4458b8"),
            Look::Wait => ("#fff8e6", "#a07400"),
            Look::Fork => ("#eaf7ee", "#2e7d46"),
            Look::Out => ("#333333", "#333333"),
        };
        let thick = if node.here > 0 { 3 } else { 1 };
        let paint = format!("fill=\"{fill}\" stroke=\"{stroke}\" stroke-width=\"{thick}\"");
        match node.look {
            Look::Fork => {
                let (cut, right, bottom, middle) = (12, left + BOX, y + height, y + height / 2);
                let (inner_left, inner_right) = (left + cut, right - cut);
                writeln!(
                    self.out,
                    "<polygon points=\"{inner_left},{y} {inner_right},{y} {right},{middle} {inner_right},{bottom} \
                     {inner_left},{bottom} {left},{middle}\" {paint}/>"
                )?;
            }
            Look::Edge | Look::Seller | Look::System | Look::Wait | Look::Out => {
                let round = match node.look {
                    Look::Wait | Look::Out => height / 2,
                    Look::Edge | Look::Seller | Look::System | Look::Fork => 4,
                }
                .min(22);
                writeln!(self.out, "<rect x=\"{left}\" y=\"{y}\" width=\"{BOX}\" height=\"{height}\" rx=\"{round}\" {paint}/>")?;
            }
        }
        let colour = if node.look == Look::Out { "#ffffff" } else { "#111111" };
        let last = block.text.len() - 1;
        let mut base = y + PADDING + LINE - 5;
        for (number, text) in block.text.iter().enumerate() {
            let is_strong = (number == 0 && node.look != Look::Edge) || (number == last && node.here > 0);
            let weight = if is_strong { " font-weight=\"bold\"" } else { "" };
            let text = escaped(text);
            writeln!(self.out, "<text x=\"{x}\" y=\"{base}\" text-anchor=\"middle\" fill=\"{colour}\"{weight}>{text}</text>")?;
            base += LINE;
        }
        Ok(())
    }

    /// A line down that ends in a point.
    fn arrow(&mut self, x: i64, from: i64, to: i64) -> io::Result<()> {
        self.line(&[(x, from), (x, to - 5)])?;
        writeln!(self.out, "<polygon points=\"{},{} {},{} {x},{to}\" fill=\"#555555\"/>", x - 4, to - 7, x + 4, to - 7)
    }

    fn line(&mut self, points: &[(i64, i64)]) -> io::Result<()> {
        let points: Vec<String> = points.iter().map(|(x, y)| format!("{x},{y}")).collect();
        writeln!(self.out, "<polyline points=\"{}\" fill=\"none\" stroke=\"#555555\"/>", points.join(" "))
    }
}

/// A text in lines that fit into a box; the rest of a long one is left out.
fn fitted(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = wrap(text, CELLS).iter().flat_map(|line| broken(line)).collect();
    if lines.len() > MOST_LINES {
        lines.truncate(MOST_LINES);
        if let Some(last) = lines.last_mut() {
            *last = clipped(&format!("{last}{}", "…".repeat(CELLS)));
        }
    }
    lines
}

/// A line in pieces that fit: a word may be longer than a box is wide.
fn broken(line: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for c in line.chars() {
        let last = pieces.last_mut().expect("there is always a piece");
        if last.width() + c.width().unwrap_or(0) > CELLS {
            pieces.push(c.to_string());
        } else {
            last.push(c);
        }
    }
    pieces
}

/// As much of a text as fits into one line, with `…` where something is missing.
fn clipped(text: &str) -> String {
    if text.width() <= CELLS {
        return text.to_owned();
    }
    let pieces = broken(text);
    let mut kept = pieces.into_iter().next().unwrap_or_default();
    kept.pop();
    format!("{}…", kept.trim_end_matches('…'))
}

/// Text as XML shows it. Two characters are none to XML, however they are written.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\u{fffe}' | '\u{ffff}' => safe.push(char::REPLACEMENT_CHARACTER),
            other => safe.push(other),
        }
    }
    safe
}
