//! A page of Markdown, such as the explanation of a rule, for a person to read.
//! In comes Markdown; out go wrapped paragraphs and indented examples on a screen, the Markdown itself in a pipe.
//! Knows headings, paragraphs, lists, fenced blocks and inline code; all else stays as it is written.

use std::io;

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr;

use super::clean::clean_line;
use super::{Colour, Layout, Terminal};

/// Lines longer than this are hard to read, however wide the screen.
const MOST_COLUMNS: usize = 80;

/// Writes a page of Markdown.
///
/// # Errors
/// What the writer says.
pub fn page(out: &mut dyn io::Write, markdown: &str, layout: Layout) -> io::Result<()> {
    match layout {
        Layout::Terminal(terminal) => out.write_all(readable(markdown, terminal).as_bytes()),
        Layout::Piped => out.write_all(markdown.as_bytes()),
    }
}

/// A part of a page that is laid out as a whole.
enum Block<'a> {
    Heading(&'a str),
    /// Words to wrap, behind the sign of a list's item or behind nothing.
    Paragraph {
        sign: &'a str,
        words: Vec<&'a str>,
    },
    /// A line that keeps its form: of an example, or of what we do not know.
    Verbatim(&'a str),
    Code(&'a str),
    Empty,
}

fn readable(markdown: &str, terminal: Terminal) -> String {
    let width = terminal.width.min(MOST_COLUMNS);
    blocks(markdown).iter().map(|block| show(block, width, terminal.colour)).collect()
}

fn blocks(markdown: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut in_code = false;
    for line in markdown.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        } else if in_code {
            blocks.push(Block::Code(line));
        } else {
            match (block(line), blocks.last_mut()) {
                (Block::Paragraph { sign: "", words: more }, Some(Block::Paragraph { words, .. })) => words.extend(more),
                (block, _) => blocks.push(block),
            }
        }
    }
    blocks
}

fn block(line: &str) -> Block<'_> {
    let text = line.trim();
    let heading = text.trim_start_matches('#');
    if text.is_empty() {
        Block::Empty
    } else if heading.len() < text.len() && heading.starts_with(' ') {
        Block::Heading(heading.trim())
    } else if text.starts_with(['|', '>']) {
        Block::Verbatim(line)
    } else {
        let (sign, words) = text.split_at(sign_length(text));
        Block::Paragraph { sign, words: words.split_whitespace().collect() }
    }
}

/// The bytes of `- `, `* ` or `1. ` at the start of a list's item.
fn sign_length(text: &str) -> usize {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let is_sign = if digits == 0 { text.starts_with("- ") || text.starts_with("* ") } else { text[digits..].starts_with(". ") };
    if is_sign { digits + 2 } else { 0 }
}

fn show(block: &Block<'_>, width: usize, colour: Colour) -> String {
    match block {
        Block::Heading(text) => colour.paint(Style::new().bold(), &clean_line(text)) + "\n",
        Block::Paragraph { sign, words } => paragraph(sign, words, width, colour),
        Block::Verbatim(line) => format!("{}\n", clean_line(line)),
        Block::Code(line) if line.trim().is_empty() => "\n".to_owned(),
        Block::Code(line) => format!("    {}\n", clean_line(line)),
        Block::Empty => "\n".to_owned(),
    }
}

fn paragraph(sign: &str, words: &[&str], width: usize, colour: Colour) -> String {
    let indent = " ".repeat(sign.len());
    let lines = wrapped(words, width.saturating_sub(sign.len()));
    let mut in_code = false;
    let starts = std::iter::once(sign).chain(std::iter::repeat(indent.as_str()));
    starts.zip(lines).map(|(start, line)| format!("{start}{}\n", with_code(&line, colour, &mut in_code))).collect()
}

fn wrapped(words: &[&str], width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words {
        let word = clean_line(word);
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= width => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word.into_owned()),
        }
    }
    lines
}

/// Colours what stands in backticks, also where it runs over the end of a line; the backticks stay.
fn with_code(line: &str, colour: Colour, in_code: &mut bool) -> String {
    let code = AnsiColor::Cyan.on_default();
    let mut text = String::new();
    for (number, part) in line.split('`').enumerate() {
        if number > 0 {
            *in_code = !*in_code;
            text.push('`');
        }
        let painted = *in_code && !part.is_empty();
        text.push_str(&if painted { colour.paint(code, part) } else { part.to_owned() });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "\
# unknown-sequence

A step advances to a sequence that nobody has declared. The key `advance_to` names it
by its id, not by its name.

## Why

- the person would fall out of the sequence without anybody noticing, which is what nobody wants
- so
  it is

```yaml
steps:

  - advance_to: inbuond-lead # a line of an example that is longer than the screen is not wrapped
```
";

    fn written(markdown: &str, layout: Layout) -> String {
        let mut out = Vec::new();
        page(&mut out, markdown, layout).expect("a vector takes everything");
        String::from_utf8(out).expect("pages are UTF-8")
    }

    #[test]
    fn a_screen_gets_wrapped_paragraphs_and_indented_examples() {
        let expected = "\
unknown-sequence

A step advances to a sequence that nobody has declared. The key `advance_to`
names it by its id, not by its name.

Why

- the person would fall out of the sequence without anybody noticing, which is
  what nobody wants
- so it is

    steps:

      - advance_to: inbuond-lead # a line of an example that is longer than the screen is not wrapped
";
        assert_eq!(written(PAGE, Layout::Terminal(Terminal::PLAIN)), expected);
    }

    #[test]
    fn headings_are_bold_and_code_is_coloured_over_the_end_of_a_line() {
        let layout = Layout::Terminal(Terminal { width: 12, colour: Colour::Always });
        let expected = "\x1b[1mTitle\x1b[0m\nwrite `\x1b[36mwait:\x1b[0m\n\x1b[36m1d\x1b[0m` here\n";
        assert_eq!(written("# Title\nwrite `wait: 1d` here\n", layout), expected);
    }

    #[test]
    fn what_is_not_known_stays_as_it_is_and_harmless() {
        let layout = Layout::Terminal(Terminal::PLAIN);
        assert_eq!(written("| a | b |\n|---|---|\n#tag \x1b[2J\n", layout), "| a | b |\n|---|---|\n#tag ␛[2J\n");
    }

    #[test]
    fn a_pipe_gets_the_markdown() {
        assert_eq!(written(PAGE, Layout::Piped), PAGE);
    }
}
