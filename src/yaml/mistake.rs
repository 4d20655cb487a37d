//! What a person probably did where YAML's grammar broke.
//! In come the parser's words and the text around its mark, out come a finding where the mistake was made, which is often
//! not where the parser noticed it, and the range to cut out before reading again.

use crate::diagnostic::{Diagnostic, Safety};
use crate::text::{Source, Span};

use super::{rules, scan};

/// A syntax error, understood.
pub(super) struct Mistake {
    /// What the person is told.
    pub problem: Diagnostic,
    /// The least to cut out so that the rest may read.
    pub cut: Span,
}

/// Explains the parser's error `info` at byte `at`. `text` is the source's text, in which some ranges may be blank already.
pub(super) fn explain(source: &Source, text: &str, at: usize, info: &str) -> Mistake {
    let scene = Scene::new(source, text, at, info);
    scene
        .unquoted_code()
        .or_else(|| scene.tab())
        .or_else(|| scene.tab_behind_sign())
        .or_else(|| scene.open_quote())
        .or_else(|| scene.bad_escape())
        .or_else(|| scene.stray_bracket())
        .or_else(|| scene.open_bracket())
        .or_else(|| scene.text_behind_value())
        .or_else(|| scene.colon_in_text())
        .or_else(|| scene.sign_at_start())
        .or_else(|| scene.list_on_key_line())
        .or_else(|| scene.unknown_alias())
        .or_else(|| scene.missing_colon())
        .or_else(|| scene.indentation())
        .or_else(|| scene.first_line())
        .unwrap_or_else(|| scene.anything_else())
}

struct Scene<'a> {
    source: &'a Source,
    text: &'a str,
    at: usize,
    info: &'a str,
    line: Span,
}

impl<'a> Scene<'a> {
    fn new(source: &'a Source, text: &'a str, at: usize, info: &'a str) -> Self {
        // What was cut out is blank, a byte each: a mark may stand within what was one character.
        let at = source.text().floor_char_boundary(at);
        let mut line = scan::line(text, at);
        if !scan::has_content(&text[line.range()]) {
            // The mark stands behind what is wrong: at the end, on an empty line or on one that holds a comment.
            line = scan::line_above(text, line).unwrap_or(line);
        }
        Self { source, text, at, info, line }
    }

    fn says(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.info.contains(word))
    }

    fn slice(&self, span: Span) -> &'a str {
        &self.text[span.range()]
    }

    fn mistake(&self, problem: Diagnostic, cut: Span) -> Option<Mistake> {
        Some(Mistake { problem, cut })
    }

    /// `when: ["DE"].contains(record.country)`: code that YAML takes apart.
    fn unquoted_code(&self) -> Option<Mistake> {
        let above = scan::line_above(self.text, self.line);
        [Some(self.line), above].into_iter().flatten().find_map(|line| {
            let (span, in_flow) = scan::code_value(self.text, line)?;
            let code = self.slice(span);
            let misread = code.starts_with(['!', '[', '{', '"', '\'', '&', '*', '%', '@', '`', '|', '>'])
                || code.contains(": ")
                || (in_flow && code.contains([',', '[', ']', '{', '}']));
            let is_block = code.starts_with(['|', '>']) && code.len() <= 3;
            let near = line == self.line || span.touches(Span::at(self.at));
            if !misread || is_block || is_quoted_whole(code) || !near {
                return None;
            }
            self.mistake(rules::quote_expression::quote_expression(self.source, self.text, span), span)
        })
    }

    fn tab(&self) -> Option<Mistake> {
        let below = scan::line_below(self.text, self.line);
        [Some(self.line), below].into_iter().flatten().find_map(|line| {
            let slice = self.slice(line);
            let indentation = &slice[..scan::indentation(slice)];
            let first = line.start as usize + indentation.find('\t')?;
            let tabs = Span::new(first, line.start as usize + indentation.len());
            let only_tabs = self.slice(tabs).trim_start_matches('\t').len();
            let shown = Span::new(first, tabs.end as usize - only_tabs);
            // A file that was typed with tabs is told once, not at each line.
            let has_tab = |line: &Span| self.slice(*line).trim_start_matches(' ').starts_with('\t');
            let run: Vec<Span> = scan::lines_below(self.text, line).take_while(has_tab).collect();
            let cut = self.with_what_belongs_below(run.last().map_or(line, |last| line.to(*last)));
            let all: Vec<Span> = std::iter::once(line).chain(run.iter().copied()).collect();
            let problem = rules::tab_indentation::tab_indentation(self.source, shown, run.len(), self.blanks_for_tabs(&all));
            self.mistake(problem, cut)
        })
    }

    /// `name:\tHello`: other readers take it, ours does not.
    fn tab_behind_sign(&self) -> Option<Mistake> {
        if !self.says(&["followed by a valid YAML whitespace"]) {
            return None;
        }
        let before = &self.text[self.line.start as usize..self.at];
        let sign_end = self.line.start as usize + before.trim_end_matches([' ', '\t']).len();
        let sign = self.text[..sign_end].chars().next_back()?;
        let span = Span::new(sign_end, self.at);
        let message = format!("a tab stands behind the `{sign}`, where YAML wants a blank");
        let problem = rules::bad_yaml::bad_yaml(self.source, span, message);
        self.mistake(problem.help("write a blank").fix("write a blank", Safety::Safe, span, " "), self.line)
    }

    /// What is to be cut out of an item; where that is all of it, with the dash: nothing behind a dash is an item too.
    fn with_its_dash(&self, cut: Span) -> Span {
        let line = scan::line(self.text, cut.start as usize);
        if scan::content(self.text, line).start == cut.start { line.to(cut) } else { cut }
    }

    /// Lines whose indentation says nothing; where the last of them starts an item or a branch, with the lines of that.
    fn with_what_belongs_below(&self, lines: Span) -> Span {
        let last = scan::line(self.text, lines.end as usize);
        let starts_more = self.slice(last).trim_start().starts_with("- ") || self.slice(last).trim_end().ends_with(':');
        let Some(below) = scan::line_below(self.text, last).filter(|_| starts_more) else { return lines };
        let depth = scan::indentation(self.slice(below));
        let belongs = |line: &Span| self.slice(*line).trim().is_empty() || scan::indentation(self.slice(*line)) >= depth;
        let end = scan::lines_below(self.text, last).take_while(belongs).last();
        end.filter(|_| depth > 0).map_or(lines, |end| lines.to(end))
    }

    /// The indentation of each of these lines, with what it would be in blanks; `None` where a tab may stand for any number.
    /// It is as wide as the file indents elsewhere, if so the first line stands where one may stand.
    fn blanks_for_tabs(&self, lines: &[Span]) -> Option<Vec<(Span, String)>> {
        let indentation = |line: &str| line[..scan::indentation(line)].to_owned();
        let of_others = self.text.lines().filter(|line| !line.trim().is_empty()).map(indentation);
        let unit = of_others.filter(|blanks| !blanks.is_empty() && !blanks.contains('\t')).map(|blanks| blanks.len()).min();
        let unit = unit.unwrap_or(2);
        let blanks = lines.iter().map(|line| {
            let slice = self.slice(*line);
            let before = &slice[..scan::indentation(slice)];
            let behind_tabs = before.trim_start_matches('\t');
            let width = (before.len() - behind_tabs.len()) * unit + behind_tabs.len();
            let span = Span::new(line.start as usize, line.start as usize + before.len());
            (!behind_tabs.contains('\t')).then(|| (span, " ".repeat(width)))
        });
        let blanks: Vec<(Span, String)> = blanks.collect::<Option<_>>()?;
        let first = blanks.first()?;
        let above = self.slice(scan::line_above(self.text, *lines.first()?)?);
        let opens = above.trim_end().ends_with(':');
        let (width, of_above) = (first.1.len(), scan::indentation(above));
        let stands_well = if opens { width == of_above + unit } else { width == of_above };
        (stands_well && !above[..of_above].contains('\t')).then_some(blanks)
    }

    fn open_quote(&self) -> Option<Mistake> {
        let in_quotes = self.says(&["quoted scalar"]) && self.says(&["indentation", "end of stream", "document indicator"]);
        let open = if in_quotes {
            let opens_here = self.text[self.at..].starts_with(['"', '\'']);
            if opens_here { Some(self.at) } else { scan::open_quote(self.text, self.line.start as usize, self.at) }
        } else if self.says(&["flow", "double-quoted", "did not find expected key", "mapping values", "simple key"]) {
            let block = scan::blocks_around(self.text, self.line.start as usize).get(1).copied().unwrap_or(self.line);
            scan::open_quote(self.text, block.start as usize, self.line.start as usize)
        } else {
            None
        }?;
        let line = scan::line(self.text, open);
        let line_end = open + self.text[open..line.end as usize].trim_end().len();
        // Inside brackets the quote takes them along: half a list is no better than none.
        let cut_from = scan::open_bracket_on(self.text, line.start as usize, open).unwrap_or(open);
        let cut = self.with_its_dash(Span::new(cut_from, line.end as usize));
        self.mistake(rules::unclosed_quote::unclosed_quote(self.source, open, line_end), cut)
    }

    fn bad_escape(&self) -> Option<Mistake> {
        if !self.says(&["escape", "hexadecimal"]) {
            return None;
        }
        let line_end = self.line.end as usize;
        let from = self.at.min(line_end);
        let escape = from + bad_escape_in(&self.text[from..line_end])?;
        let length = 1 + self.text[escape + 1..].chars().next().map_or(0, char::len_utf8);
        let span = Span::new(escape, escape + length);
        let problem = rules::bad_yaml::bad_yaml(
            self.source,
            span,
            format!("`{}` is no escape that YAML knows inside double quotes", self.slice(span)),
        )
        .help(format!("write `\\{}` for a backslash, or put the text in single quotes", self.slice(span)));
        self.mistake(problem, Span::new(self.at, line_end))
    }

    fn stray_bracket(&self) -> Option<Mistake> {
        if !self.says(&["misplaced bracket"]) {
            return None;
        }
        let span = self.sign_at(self.at);
        let problem =
            rules::bad_yaml::bad_yaml(self.source, span, format!("nothing is open that this `{}` could close", self.slice(span)));
        self.mistake(problem.help("delete it, or put the text in quotes"), span)
    }

    fn open_bracket(&self) -> Option<Mistake> {
        let open = scan::open_bracket(self.text, self.at)?;
        let line = scan::line(self.text, open);
        // On its own line the bracket may be innocent; one that is still open lines later is not.
        let is_on_its_line = line.contains(Span::at(self.at)) && self.at < line.end as usize;
        let inside = ["flow", "illegal placement of ':'", "expected node content", "eof", "expected ',' or", "trailing content"];
        if is_on_its_line && !self.says(&inside) {
            return None;
        }
        if is_on_its_line {
            let problem = rules::bad_yaml::bad_yaml(
                self.source,
                self.word_at(self.at),
                "a `,` or the closing bracket is missing before this",
            )
            .related(self.source.at(Span::new(open, open + 1)), "the bracket opens here")
            .help("put a text that holds `:`, `,` or brackets in quotes");
            return self.mistake(problem, Span::new(open, line.end as usize));
        }
        // What stands between the bracket and the line at which reading stumbled was meant to be inside.
        let stumbled = scan::line(self.text, self.at);
        let inside = scan::lines_below(self.text, line).take_while(|below| below.start < stumbled.start);
        let deeper = inside.take_while(|below| scan::indentation(self.slice(*below)) > scan::indentation(self.slice(line)));
        let end = deeper.last().unwrap_or(line).end;
        let cut = self.with_its_dash(Span::new(open, end as usize));
        self.mistake(rules::unclosed_bracket::unclosed_bracket(self.source, open, self.at), cut)
    }

    /// `name: [draft] Hello`, `name: "Hello" there`, `name: 'it's'`.
    fn text_behind_value(&self) -> Option<Mistake> {
        if !self.says(&["trailing content", "did not find expected key", "mapping values", "expected '-'"]) {
            return None;
        }
        let value = scan::value(self.text, self.line).or_else(|| {
            let content = scan::content(self.text, self.line);
            (content.start > self.line.start && content.end > content.start).then_some(content)
        })?;
        let slice = self.slice(value);
        let closes = match slice.chars().next()? {
            '[' => ']',
            '{' => '}',
            quote @ ('"' | '\'') => quote,
            _ => return None,
        };
        if self.at <= value.start as usize
            || self.at > value.end as usize
            || slice.ends_with(closes) && !slice[1..slice.len() - 1].contains(closes)
        {
            return None;
        }
        let why = format!("there is more behind the `{closes}` that closes it");
        self.mistake(rules::quote_text::quote_text(self.source, self.text, value, &why), value)
    }

    /// `name: Re: your trial`.
    fn colon_in_text(&self) -> Option<Mistake> {
        if !self.says(&["mapping values"]) {
            return None;
        }
        let value = scan::value(self.text, self.line)?;
        if self.at < value.start as usize {
            return None;
        }
        let end = self.line.start as usize + self.slice(self.line).trim_end().len();
        let value = Span::new(value.start as usize, end.max(value.end as usize));
        self.mistake(
            rules::quote_text::quote_text(self.source, self.text, value, "YAML takes the `: ` in it for a key's colon"),
            value,
        )
    }

    fn sign_at_start(&self) -> Option<Mistake> {
        let is_sign = self.text[self.at..].starts_with(['@', '`', '%', '&', '*', '!', '|', '>']);
        if !is_sign || !self.says(&["unexpected character", "anchor or alias", "tag", "directive", "block scalar"]) {
            return None;
        }
        let in_brackets = || scan::open_bracket_on(self.text, self.line.start as usize, self.at).is_some();
        let value = scan::value(self.text, self.line).filter(|value| value.start as usize == self.at);
        let value = match value {
            None if in_brackets() => Span::new(self.at, scan::end_in_brackets(self.text, self.at)),
            value => value?,
        };
        let sign = self.slice(value).chars().next()?;
        let why = format!("YAML takes the `{sign}` at its start for its own");
        self.mistake(rules::quote_text::quote_text(self.source, self.text, value, &why), value)
    }

    /// `steps: - id: a`.
    fn list_on_key_line(&self) -> Option<Mistake> {
        if !self.says(&["block sequence entries are not allowed"]) {
            return None;
        }
        let value = scan::value(self.text, self.line)?;
        let dash = self.sign_at(self.at);
        let problem = rules::bad_yaml::bad_yaml(self.source, dash, "a list cannot start on its key's line")
            .help("start the list on the next line, or write it in brackets: `[a, b]`")
            .help("if it is meant as text, put it in quotes");
        self.mistake(problem, value)
    }

    fn unknown_alias(&self) -> Option<Mistake> {
        if !self.says(&["unknown anchor"]) {
            return None;
        }
        let span = self.word_at(self.at);
        let value = scan::value(self.text, self.line).filter(|value| value.start == span.start).unwrap_or(span);
        self.mistake(rules::anchors_not_supported::alias_of_nothing(self.source, span, value), value)
    }

    fn missing_colon(&self) -> Option<Mistake> {
        if !self.says(&["simple key", "mapping values"]) {
            return None;
        }
        let above = scan::line_above(self.text, self.line);
        let line = [Some(self.line), above].into_iter().flatten().find(|line| scan::key_colon(self.text, *line).is_none())?;
        let content = scan::content(self.text, line);
        let slice = self.slice(content);
        if let Some((key, _)) = slice.split_once(':').filter(|(key, rest)| is_word(key) && !rest.is_empty()) {
            let colon = content.start as usize + key.len();
            let problem = rules::bad_yaml::bad_yaml(
                self.source,
                Span::new(colon, colon + 1),
                format!("a space is missing behind the colon of `{key}`"),
            )
            .help("write a space between the colon and the value")
            .fix("put a space behind the colon", Safety::Safe, Span::at(colon + 1), " ");
            return self.mistake(problem, scan::block(self.text, line));
        }
        let problem = rules::bad_yaml::bad_yaml(self.source, content, "this is neither `key: value` nor an item of a list")
            .help("write it as `key: value`; a text that goes on over several lines is indented deeper than its key");
        // What is indented below it belonged to it.
        self.mistake(problem, scan::block(self.text, line))
    }

    fn indentation(&self) -> Option<Mistake> {
        let expected = [
            "mapping values",
            "expected '-'",
            "did not find expected key",
            "wrongly indented",
            "invalid indentation",
            "simple key",
        ];
        if !self.says(&expected) {
            return None;
        }
        let slice = self.slice(self.line);
        let start = self.line.start as usize + scan::indentation(slice);
        let content = scan::content(self.text, self.line);
        let word_end = scan::key_colon(self.text, self.line).unwrap_or(content.end as usize);
        let item = &slice[scan::indentation(slice)..];
        let is_item = item.starts_with("- ") || item.trim_end() == "-";
        let span = if is_item { Span::new(start, start + 1) } else { Span::new(content.start as usize, word_end) };
        // A key without a value of its own goes with the lines below it, like an item.
        let has_value = scan::value(self.text, self.line).is_some();
        let cut = match (is_item, has_value) {
            (true, _) => self.item_or_line(self.line),
            (false, true) => self.run_of_lines(),
            (false, false) => scan::block(self.text, self.line),
        };
        self.mistake(rules::wrong_indentation::wrong_indentation(self.source, span, self.neighbour(span)), cut)
    }

    /// The line and those right below it with the same indentation: what is wrong with one is wrong with them.
    fn run_of_lines(&self) -> Span {
        let indentation = scan::indentation(self.slice(self.line));
        let alike = |below: &Span| !self.slice(*below).trim().is_empty() && scan::indentation(self.slice(*below)) == indentation;
        let last = scan::lines_below(self.text, self.line).take_while(alike).last();
        last.map_or(self.line, |last| self.line.to(last))
    }

    /// A line; where it starts an item, the whole item: left behind, the item's lines would join the one above.
    fn item_or_line(&self, line: Span) -> Span {
        let slice = self.slice(line).trim_start();
        if slice.starts_with("- ") || slice.trim_end() == "-" { scan::block(self.text, line) } else { line }
    }

    /// The key (or item) above whose column is nearest to that of `span`: the one it was meant to stand beside.
    fn neighbour(&self, span: Span) -> Option<(Span, usize)> {
        let is_item = self.slice(span) == "-";
        let column = |start: u32| self.source.place(start).column;
        let mine = column(span.start);
        let mut candidates: Vec<(Span, usize)> = Vec::new();
        let mut line = self.line;
        let mut lowest = usize::MAX;
        while let Some(above) = scan::line_above(self.text, line) {
            line = above;
            let slice = self.slice(above);
            let indentation = scan::indentation(slice);
            if indentation >= lowest {
                continue;
            }
            lowest = indentation;
            let dash = above.start as usize + indentation;
            if slice[indentation..].starts_with("- ") && is_item {
                candidates.push((Span::new(dash, dash + 1), column(Span::at(dash).start)));
            }
            if let Some(colon) = scan::key_colon(self.text, above).filter(|_| !is_item) {
                let key = Span::new(scan::content(self.text, above).start as usize, colon);
                candidates.push((key, column(key.start)));
            }
            if indentation == 0 {
                break;
            }
        }
        candidates.into_iter().filter(|(_, other)| *other != mine).min_by_key(|(_, other)| other.abs_diff(mine))
    }

    /// Where the first line is broken, YAML takes it for all of the document and stumbles over the second.
    fn first_line(&self) -> Option<Mistake> {
        if !self.says(&["expected <document start>"]) {
            return None;
        }
        let first = scan::first_line(self.text)?;
        let scene = Scene::new(self.source, self.text, first.start as usize, "simple key");
        if scan::indentation(self.slice(first)) > 0 { scene.indentation() } else { scene.missing_colon() }
    }

    fn anything_else(&self) -> Mistake {
        let span =
            if self.line.contains(Span::at(self.at)) { self.word_at(self.at) } else { scan::content(self.text, self.line) };
        let problem = rules::bad_yaml::bad_yaml(self.source, span, format!("this is no YAML: {}", self.info));
        Mistake { problem, cut: self.line }
    }

    /// The one character at an offset.
    fn sign_at(&self, at: usize) -> Span {
        Span::new(at, at + self.source.text()[at..].chars().next().map_or(0, char::len_utf8))
    }

    /// From an offset to the next blank, at least one character where there is one.
    fn word_at(&self, at: usize) -> Span {
        let rest = &self.text[at..self.line.end.max(u32::try_from(at).unwrap_or(u32::MAX)) as usize];
        let length = rest.find(|c: char| c.is_whitespace() || matches!(c, ',' | ']' | '}')).unwrap_or(rest.len());
        let at_least = rest.chars().next().map_or(0, char::len_utf8);
        Span::new(at, self.source.text().ceil_char_boundary(at + length.max(at_least)))
    }
}

/// The first backslash in a double-quoted text that starts no escape.
fn bad_escape_in(quoted: &str) -> Option<usize> {
    let bytes = quoted.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'\\' {
            let known = bytes.get(at + 1).is_some_and(|next| b"0abt\tnvfre \"/\\N_LPxuU".contains(next));
            let digits = match bytes.get(at + 1) {
                Some(b'x') => 2,
                Some(b'u') => 4,
                Some(b'U') => 8,
                _ => 0,
            };
            let whole = (0..digits).all(|digit| bytes.get(at + 2 + digit).is_some_and(u8::is_ascii_hexdigit));
            if !known || !whole {
                return Some(at);
            }
            at += 1;
        }
        at += 1;
    }
    None
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
}

/// Whether a value is one quoted text from its first to its last byte.
fn is_quoted_whole(code: &str) -> bool {
    let Some(quote @ ('"' | '\'')) = code.chars().next() else { return false };
    code.len() > 1
        && code.ends_with(quote)
        && !code[1..code.len() - 1].replace(&format!("\\{quote}"), "").replace("''", "").contains(quote)
}
