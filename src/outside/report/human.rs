//! Findings for people: the line, carets under what is wrong, and what to do.
//! In come findings and texts; out goes one paragraph for each finding.
//! Never lets a control character of a file reach the terminal.

use std::fmt::Write as _;
use std::io;
use std::ops::Range;

use annotate_snippets::renderer::{DEFAULT_EMPHASIS_STYLE, DEFAULT_ERROR_STYLE, DEFAULT_LINE_NUM_STYLE, DEFAULT_WARNING_STYLE};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use anstyle::Style;

use crate::diagnostic::{Diagnostic, Edit, Fix, Related, Severity};
use crate::text::{FilePath, Source, Span};

use super::clean::{BYTE_ORDER_MARK, clean_line};
use super::excerpt::{Excerpt, near, visible};
use super::{Colour, Sources, Terminal};

/// A narrower screen is treated as if it had this many cells: less shows nothing.
const LEAST_WIDTH: usize = 40;

/// Writes the findings for people, sorted, with an empty line after each.
///
/// # Errors
/// What the writer says.
pub fn human(out: &mut dyn io::Write, findings: &[Diagnostic], sources: Sources<'_>, terminal: Terminal) -> io::Result<()> {
    let terminal = Terminal { width: terminal.width.max(LEAST_WIDTH), ..terminal };
    let mut findings: Vec<&Diagnostic> = findings.iter().collect();
    findings.sort_by_key(|finding| finding.sort_key());
    for finding in findings {
        out.write_all(paragraph(finding, sources, terminal).as_bytes())?;
    }
    Ok(())
}

fn paragraph(finding: &Diagnostic, sources: Sources<'_>, terminal: Terminal) -> String {
    let (windows, notes) = windows(finding, sources, terminal.width);
    let gutter = windows.iter().filter_map(Window::last_line).max().unwrap_or(0).to_string().len();
    let mut page = Page { text: String::new(), gutter, terminal };
    page.title(finding);
    for (number, window) in windows.iter().enumerate() {
        page.window(finding.severity, window, number == 0);
    }
    let remarks: Vec<_> = notes.into_iter().map(|note| ("note", note)).chain(helps(finding)).collect();
    if windows.iter().any(|window| window.shown.is_some()) && !remarks.is_empty() {
        page.bar();
    }
    for (word, remark) in remarks {
        page.remark(word, &remark);
    }
    page.text.push('\n');
    page.text
}

/// The title and the help of a finding that stands nowhere in particular.
pub(super) fn without_place(finding: &Diagnostic, terminal: Terminal) -> String {
    let mut page = Page { text: String::new(), gutter: 1, terminal };
    page.title(finding);
    for (word, remark) in helps(finding) {
        page.remark(word, &remark);
    }
    page.text.push('\n');
    page.text
}

/// A place, and the lines around it where somebody has the text.
struct Window {
    origin: String,
    shown: Option<(Excerpt, Vec<Label>)>,
}

/// The words of a related place; `None` for the finding itself, whose words stand in the title.
type Label = Option<String>;

impl Window {
    fn last_line(&self) -> Option<usize> {
        self.shown.as_ref().map(|(excerpt, _)| excerpt.last_line())
    }
}

/// The windows of a finding, its own first, and the words of those places whose text nobody has.
fn windows(finding: &Diagnostic, sources: Sources<'_>, width: usize) -> (Vec<Window>, Vec<String>) {
    let file = &finding.primary.file;
    let source = sources(file);
    let primary = source.as_ref().map(|source| visible(source, finding.primary.span, width));
    let (inside, outside): (Vec<_>, Vec<_>) = finding.related.iter().partition(|related| match (&source, &primary) {
        (Some(source), Some(primary)) if related.location.file == *file => {
            near(source, primary, &visible(source, related.location.span, width), width)
        }
        _ => false,
    });
    let first = match (&source, primary) {
        (Some(source), Some(primary)) => {
            let others = inside.iter().map(|related| mark(source, related, width));
            let marks = std::iter::once((primary, None)).chain(others).collect();
            window(source, finding.primary.span, marks, width)
        }
        _ => Window { origin: clean_line(file.as_str()).into_owned(), shown: None },
    };
    let mut windows = vec![first];
    let mut notes = Vec::new();
    for related in outside {
        match sources(&related.location.file) {
            Some(source) => windows.push(window(&source, related.location.span, vec![mark(&source, related, width)], width)),
            None => notes.push(format!("{}: {}", related.location.file, related.message)),
        }
    }
    (windows, notes)
}

fn mark(source: &Source, related: &Related, width: usize) -> (Range<usize>, Label) {
    (visible(source, related.location.span, width), Some(clean_line(&related.message).into_owned()))
}

fn window(source: &Source, span: Span, marks: Vec<(Range<usize>, Label)>, width: usize) -> Window {
    let (marks, labels): (Vec<_>, Vec<_>) = marks.into_iter().unzip();
    let excerpt = Excerpt::new(source, &marks, width);
    Window { origin: origin(source.path(), source, span), shown: Some((excerpt, labels)) }
}

fn origin(path: &FilePath, source: &Source, span: Span) -> String {
    let place = source.place(span.start);
    format!("{}:{}:{}", clean_line(path.as_str()), place.line, place.column)
}

/// What to do: the help of the finding, and its fix unless the help says it already.
fn helps(finding: &Diagnostic) -> impl Iterator<Item = (&'static str, String)> {
    let fix = finding.fix.as_ref().and_then(|fix| fix_help(fix, &finding.help));
    finding.help.iter().cloned().chain(fix).map(|help| ("help", help))
}

fn fix_help(fix: &Fix, helps: &[String]) -> Option<String> {
    let Some(written) = short_text(&fix.edits) else {
        return (!helps.contains(&fix.title)).then(|| fix.title.clone());
    };
    let quoted = format!("`{written}`");
    if helps.iter().any(|help| help.contains(written) || *help == fix.title) {
        return None;
    }
    Some(if fix.title.contains(&quoted) { fix.title.clone() } else { format!("{}: write {quoted}", fix.title) })
}

/// The text of a fix that fits a line of help: one edit that writes something short.
fn short_text(edits: &[Edit]) -> Option<&str> {
    match edits {
        [edit] if !edit.text.trim().is_empty() && !edit.text.contains('\n') && edit.text.len() <= 80 => Some(edit.text.trim()),
        _ => None,
    }
}

/// The paragraph while it is written.
struct Page {
    text: String,
    gutter: usize,
    terminal: Terminal,
}

impl Page {
    fn title(&mut self, finding: &Diagnostic) {
        let word = self.paint(severity_style(finding.severity), &format!("{}[{}]", finding.severity, finding.code));
        let message = self.paint(DEFAULT_EMPHASIS_STYLE, &format!(": {}", clean_line(&finding.message)));
        self.line(&word, &message);
    }

    fn window(&mut self, severity: Severity, window: &Window, is_first: bool) {
        let arrow = if is_first {
            "--> "
        } else {
            self.bar();
            "::: "
        };
        let arrow = format!("{}{}", " ".repeat(self.gutter), self.paint(DEFAULT_LINE_NUM_STYLE, arrow));
        self.line(&arrow, &window.origin);
        if let Some((excerpt, labels)) = &window.shown {
            self.excerpt(severity, excerpt, labels);
        }
    }

    /// Each excerpt is rendered alone, so its numbers are moved under those of the widest.
    fn excerpt(&mut self, severity: Severity, excerpt: &Excerpt, labels: &[Label]) {
        let rendered = render(severity, excerpt, labels, self.terminal);
        let margin = " ".repeat(self.gutter - excerpt.last_line().to_string().len().min(self.gutter));
        for line in rendered.lines() {
            self.line(&margin, line);
        }
    }

    fn bar(&mut self) {
        let bar = self.paint(DEFAULT_LINE_NUM_STYLE, "|");
        let margin = " ".repeat(self.gutter + 1);
        self.line(&margin, &bar);
    }

    fn remark(&mut self, word: &str, remark: &str) {
        let sign = self.paint(DEFAULT_LINE_NUM_STYLE, "= ");
        let word = self.paint(DEFAULT_EMPHASIS_STYLE, word);
        let start = format!("{}{sign}{word}: ", " ".repeat(self.gutter + 1));
        self.line(&start, &clean_line(remark));
    }

    fn line(&mut self, start: &str, end: &str) {
        writeln!(self.text, "{start}{end}").expect("a string takes everything");
    }

    fn paint(&self, style: Style, text: &str) -> String {
        self.terminal.colour.paint(style, text)
    }
}

fn severity_style(severity: Severity) -> Style {
    match severity {
        Severity::Error => DEFAULT_ERROR_STYLE,
        Severity::Warning => DEFAULT_WARNING_STYLE,
    }
}

fn render(severity: Severity, excerpt: &Excerpt, labels: &[Label], terminal: Terminal) -> String {
    let level = match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let annotations = excerpt.marks.iter().zip(labels).map(|(mark, label)| match label {
        Some(words) => AnnotationKind::Context.span(mark.clone()).label(words.as_str()),
        None => AnnotationKind::Primary.span(mark.clone()),
    });
    let snippet = Snippet::source(excerpt.text.as_str()).line_start(excerpt.first_line).annotations(annotations);
    let renderer = match terminal.colour {
        Colour::Always => Renderer::styled(),
        Colour::Never => Renderer::plain(),
    };
    // The byte order mark stays until here, so that every column counts it as the file does.
    renderer.term_width(terminal.width).render(&[Group::with_level(level).element(snippet)]).replace(BYTE_ORDER_MARK, "")
}

#[cfg(test)]
mod tests;
