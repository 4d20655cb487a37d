//! A sequence's steps as the designer draws them: a line down, branches beside it.
//! In comes a typed sequence, out comes a tree of at most the terminal's width.
//! Never looks at a file; shows only what could be read.

use std::collections::BTreeMap;
use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use crate::sequence::{
    AbTest, Activity, ActivityKind, Condition, Criterion, EndOfTest, Mode, Question, Stage, Step, StepKind, Steps, Variant,
};
use crate::text::Located;

use super::clean::clean_line;
use super::properties::wrap;
use super::{Colour, Terminal};

/// Where text starts that explains a step: behind its sign.
const GAP: &str = "  ";

/// Writes the tree, with how many records stand at a step beside it, by its id.
///
/// # Errors
/// What the writer says.
pub fn steps(out: &mut dyn Write, steps: &Steps, standing: &BTreeMap<String, u64>, terminal: Terminal) -> io::Result<()> {
    let mut tree = Tree { out, standing, terminal };
    tree.line("", &[Piece::dim("Sequence starts here")])?;
    tree.list("", steps)?;
    Ok(())
}

struct Tree<'o> {
    out: &'o mut dyn Write,
    standing: &'o BTreeMap<String, u64>,
    terminal: Terminal,
}

/// A stretch of text and how it looks.
struct Piece {
    text: String,
    style: Style,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Plain,
    Bold,
    Dim,
}

impl Piece {
    fn plain(text: impl Into<String>) -> Self {
        Self { text: clean_line(&text.into()).into_owned(), style: Style::Plain }
    }

    fn bold(text: impl Into<String>) -> Self {
        Self { text: clean_line(&text.into()).into_owned(), style: Style::Bold }
    }

    fn dim(text: impl Into<String>) -> Self {
        Self { text: clean_line(&text.into()).into_owned(), style: Style::Dim }
    }
}

impl Tree<'_> {
    fn list(&mut self, margin: &str, steps: &Steps) -> io::Result<()> {
        for step in &steps.list {
            self.step(margin, step)?;
        }
        Ok(())
    }

    fn step(&mut self, margin: &str, step: &Step) -> io::Result<()> {
        self.line(margin, &[Piece::dim("│")])?;
        let mut head = vec![Piece::plain(format!("{} ", sign(&step.kind))), Piece::bold(step.label())];
        head.push(Piece::dim(format!("{GAP}{}", what(&step.kind))));
        let name = step.name.as_ref().map(|name| Piece::plain(format!(" · {}", name.value)));
        let fits = |name: &Piece| {
            head.iter().chain([name]).map(|piece| piece.text.width()).sum::<usize>() + margin.width() <= self.terminal.width
        };
        let (beside, below) = match name {
            Some(name) if fits(&name) => (Some(name), None),
            other => (None, other),
        };
        head.extend(beside);
        self.headline(margin, head)?;
        if let Some(count) = step.id.as_ref().and_then(|id| self.standing.get(&id.value)) {
            self.line(&format!("{margin}│ {GAP}"), &[Piece::bold(format!("{count} here"))])?;
        }
        if let Some(name) = below {
            self.wrapped(&format!("{margin}│ {GAP}"), name.text.trim_start_matches(" · "))?;
        }
        for detail in details(step) {
            self.wrapped(&format!("{margin}│ {GAP}"), &detail)?;
        }
        step.kind.as_condition().map_or(Ok(()), |condition| self.branches(margin, condition))
    }

    fn branches(&mut self, margin: &str, condition: &Condition) -> io::Result<()> {
        for (word, branch) in [("yes", &condition.then), ("no", &condition.otherwise)] {
            let goes_on = if branch.list.is_empty() { ": goes on below" } else { "" };
            self.line(margin, &[Piece::dim("├─ "), Piece::bold(word), Piece::dim(goes_on)])?;
            self.list(&format!("{margin}│  "), branch)?;
        }
        Ok(())
    }

    /// A step's first line; a question longer than the screen goes on below.
    fn headline(&mut self, margin: &str, head: Vec<Piece>) -> io::Result<()> {
        let width = |pieces: &[Piece]| pieces.iter().map(|piece| piece.text.width()).sum::<usize>() + margin.width();
        if width(&head) <= self.terminal.width || head.len() != 3 {
            return self.line(margin, &head);
        }
        self.line(margin, &head[..2])?;
        self.wrapped(&format!("{margin}│ {GAP}"), head[2].text.trim())
    }

    /// A line that is cut where the screen ends.
    fn line(&mut self, margin: &str, pieces: &[Piece]) -> io::Result<()> {
        let mut room = self.terminal.width.saturating_sub(margin.width());
        write!(self.out, "{}", self.styled(margin, Style::Dim))?;
        for piece in pieces {
            let text = cut(&piece.text, room);
            room = room.saturating_sub(text.width());
            write!(self.out, "{}", self.styled(&text, piece.style))?;
        }
        writeln!(self.out)
    }

    /// Text that goes on in the next line where the screen ends.
    fn wrapped(&mut self, margin: &str, text: &str) -> io::Result<()> {
        let room = self.terminal.width.saturating_sub(margin.width()).max(20);
        for line in wrap(text, room) {
            self.line(margin, &[Piece::dim(line)])?;
        }
        Ok(())
    }

    fn styled(&self, text: &str, style: Style) -> String {
        let codes = match (self.terminal.colour, style) {
            (Colour::Never, _) | (Colour::Always, Style::Plain) => return text.to_owned(),
            (Colour::Always, Style::Bold) => anstyle::Style::new().bold(),
            (Colour::Always, Style::Dim) => anstyle::Style::new().dimmed(),
        };
        if text.is_empty() { String::new() } else { format!("{codes}{text}{codes:#}") }
    }
}

/// The text, or as much of it as there is room for, with `…` at its end.
fn cut(text: &str, room: usize) -> String {
    if text.width() <= room {
        return text.to_owned();
    }
    let mut kept = String::new();
    for c in text.chars() {
        if kept.width() + unicode_width::UnicodeWidthChar::width(c).unwrap_or(0) + 1 > room {
            break;
        }
        kept.push(c);
    }
    if room > 0 {
        kept.push('…');
    }
    kept
}

/// What a step is at a glance: done by the seller, by the system, by time, a fork, a way out.
fn sign(kind: &StepKind) -> char {
    match kind {
        StepKind::Activity(_) if kind.is_manual() => '●',
        StepKind::Activity(_) | StepKind::AbTest(_) | StepKind::UpdateField { .. } => '◉',
        StepKind::Wait(_) => '○',
        StepKind::Condition(_) => '◆',
        StepKind::AdvanceTo(_) => '▶',
        StepKind::End(_) => '■',
        StepKind::Unreadable => '?',
    }
}

/// What a step does, in a few words.
pub(super) fn what(kind: &StepKind) -> String {
    let unread = || "?".to_owned();
    let value = |text: &Option<Located<String>>| text.as_ref().map_or_else(unread, |text| text.value.clone());
    match kind {
        StepKind::Activity(activity) => activity_word(activity.kind).to_owned(),
        StepKind::Wait(duration) => {
            format!("wait {}", duration.as_ref().map_or_else(unread, |duration| duration.value.to_string()))
        }
        StepKind::AbTest(_) => "A/B test".to_owned(),
        StepKind::Condition(condition) => question(&condition.question),
        StepKind::AdvanceTo(sequence) => format!("go on in {}", value(sequence)),
        StepKind::UpdateField { field, value: new } => {
            let new = new.as_ref().map_or_else(unread, |new| new.value.to_string());
            format!("set {} to {new}", value(field))
        }
        StepKind::End(Some(outcome)) => format!("end: {}", outcome.value),
        StepKind::End(None) => "end".to_owned(),
        StepKind::Unreadable => "cannot be read".to_owned(),
    }
}

fn activity_word(kind: ActivityKind) -> &'static str {
    match kind {
        ActivityKind::Email => "email",
        ActivityKind::AutomatedEmail => "automated email",
        ActivityKind::Text => "text message",
        ActivityKind::AutomatedText => "automated text message",
        ActivityKind::PhoneCall => "phone call",
        ActivityKind::Task => "task",
        ActivityKind::LinkedinResearch => "LinkedIn research",
        ActivityKind::LinkedinIntroduction => "LinkedIn introduction",
        ActivityKind::LinkedinConnect => "LinkedIn connect",
        ActivityKind::LinkedinInmail => "LinkedIn InMail",
    }
}

fn question(question: &Question) -> String {
    match question {
        Question::Results(criterion) => results(criterion),
        Question::When(when) => when.text.value.split_whitespace().collect::<Vec<_>>().join(" "),
        Question::Stage(stages) => {
            let stage = |stage: &Stage| {
                let names: Vec<&str> = stage.stages.iter().map(|name| name.value.as_str()).collect();
                format!("{} is at {}", stage.process.value, names.join(" or "))
            };
            stages.iter().map(stage).collect::<Vec<_>>().join(", ")
        }
        Question::Unreadable => "?".to_owned(),
    }
}

fn results(criterion: &Criterion) -> String {
    let joint = match criterion.mode {
        Mode::Any => " or ",
        Mode::All => " and ",
    };
    let names: Vec<&str> = criterion.results.iter().map(|result| result.value.as_str()).collect();
    let mut text = names.join(joint);
    if let Some(of) = &criterion.of {
        text += &format!(" of {}", of.value);
    }
    if let Some(within) = &criterion.within {
        text += &format!(" within {}", within.value);
    }
    if criterion.at_once.as_ref().is_some_and(|at_once| at_once.value) {
        text += ", at once";
    }
    text
}

fn details(step: &Step) -> Vec<String> {
    let template = match &step.kind {
        StepKind::Activity(Activity { template: Some(template), .. }) => vec![format!("template {}", template.value)],
        StepKind::AbTest(test) => test_details(test),
        StepKind::Activity(_)
        | StepKind::Wait(_)
        | StepKind::Condition(_)
        | StepKind::AdvanceTo(_)
        | StepKind::UpdateField { .. }
        | StepKind::End(_)
        | StepKind::Unreadable => Vec::new(),
    };
    template.into_iter().chain(step.description.as_ref().map(|description| description.value.clone())).collect()
}

fn test_details(test: &AbTest) -> Vec<String> {
    let variant = |letter: &str, share: i64, variant: &Option<Variant>| {
        let read = |text: Option<&Located<String>>| text.map_or("?", |text| text.value.as_str()).to_owned();
        let name = read(variant.as_ref().and_then(|variant| variant.name.as_ref()));
        let template = read(variant.as_ref().and_then(|variant| variant.template.as_ref()));
        format!("{letter} for {share} of 100: {name}, template {template}")
    };
    let ends = match test.ends {
        None | Some(EndOfTest::WhenSignificant) => "until one is significantly better".to_owned(),
        Some(EndOfTest::At(instant)) => format!("until {instant}"),
    };
    let metric = test.metric.map_or("?", |metric| metric.word());
    vec![variant("A", test.split, &test.a), variant("B", 100 - test.split, &test.b), format!("compares {metric}, {ends}")]
}
