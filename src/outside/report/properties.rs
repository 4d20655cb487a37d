//! Names and values, one below the other, values wrapped beside their names.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::clean::clean_line;
use super::{Colour, Terminal};

/// The narrowest that a column of values may become.
const NARROWEST: usize = 20;

/// Writes the rows.
pub fn properties(out: &mut dyn Write, rows: &[(&str, String)], terminal: Terminal) -> io::Result<()> {
    let margin = rows.iter().map(|(name, _)| name.width()).max().unwrap_or_default() + 2;
    let room = terminal.width.saturating_sub(margin).max(NARROWEST);
    for (name, value) in rows {
        let padded = format!("{name:margin$}");
        let padded = match terminal.colour {
            Colour::Always => format!("{0}{padded}{0:#}", anstyle::Style::new().dimmed()),
            Colour::Never => padded,
        };
        for (index, line) in wrap(&clean_line(&value.split_whitespace().collect::<Vec<_>>().join(" ")), room).iter().enumerate() {
            let before = if index == 0 { padded.clone() } else { " ".repeat(margin) };
            writeln!(out, "{before}{line}")?;
        }
    }
    Ok(())
}

/// The words of a text in lines of at most `room` cells; a longer word stands alone.
pub(super) fn wrap(text: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().expect("there is always a line");
        if line.is_empty() {
            line.push_str(word);
        } else if line.width() + 1 + word.width() <= room {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}
