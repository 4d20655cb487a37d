//! What the reader's side looks like, as values: somebody else has asked.

use anstyle::Style;

/// Whether escape codes for colour are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// Colours and bold are written.
    Always,
    /// No escape code is written at all.
    Never,
}

/// The screen that text is laid out for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terminal {
    /// How many cells a line has.
    pub width: usize,
    /// Whether it shows colour.
    pub colour: Colour,
}

impl Terminal {
    /// What stands in for a screen where there is none: 140 cells, no colour.
    pub const PLAIN: Terminal = Terminal { width: 140, colour: Colour::Never };
}

/// Who reads a table or a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// A person, on a screen.
    Terminal(Terminal),
    /// The next program of a pipe, or a file.
    Piped,
}

impl Colour {
    /// The text in a style, or as it is.
    pub(super) fn paint(self, style: Style, text: &str) -> String {
        match self {
            Colour::Always => format!("{style}{text}{style:#}"),
            Colour::Never => text.to_owned(),
        }
    }
}
