//! What we print on: a terminal with a width, or a pipe; with or without colour.

use std::io::{self, BufWriter, IsTerminal, Write};

use crate::outside::report::{Colour, Layout, Terminal};

use super::arguments::ColorChoice;

/// How wide a terminal is taken to be that does not say.
const USUAL_WIDTH: usize = 80;

/// Standard output as it is.
pub(super) struct Screen {
    colour: Colour,
    is_terminal: bool,
}

impl Screen {
    /// Looks at standard output and at the environment.
    pub(super) fn new(choice: ColorChoice) -> Self {
        let is_terminal = io::stdout().is_terminal();
        let refused = is_set("NO_COLOR") || std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let wanted = match choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => is_terminal && !refused,
        };
        let colour = if wanted { Colour::Always } else { Colour::Never };
        Self { colour, is_terminal }
    }

    /// Whether somebody looks at it.
    pub(super) fn is_terminal(&self) -> bool {
        self.is_terminal
    }

    /// For text with snippets. It is as wide as it is now: who watches may have changed that since the start.
    pub(super) fn terminal(&self) -> Terminal {
        let width = if self.is_terminal { terminal_width() } else { Terminal::PLAIN.width };
        Terminal { width, colour: self.colour }
    }

    /// For tables and pages.
    pub(super) fn layout(&self) -> Layout {
        if self.is_terminal { Layout::Terminal(self.terminal()) } else { Layout::Piped }
    }

    /// Writes a result to standard output, all of it before this returns.
    pub(super) fn print(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
        let mut out = BufWriter::new(io::stdout().lock());
        write(&mut out)?;
        out.flush()
    }
}

fn is_set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}

fn terminal_width() -> usize {
    let said = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    said.or_else(|| terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))).unwrap_or(USUAL_WIDTH)
}
