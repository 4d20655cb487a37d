//! `segue show`

use std::io::{self, Write};

use crate::outside::report::{self, Terminal};
use crate::sequence::{AssignTo, Sequence};
use crate::settings::Settings;
use crate::text::Located;

use super::Exit;
use super::arguments::{Arguments, Format, Show};
use super::open::open;
use super::screen::Screen;

pub(super) fn run(arguments: &Arguments, command: &Show, screen: &Screen) -> anyhow::Result<Exit> {
    let opened = open(arguments)?;
    let file = opened.sequence_file(&command.sequence)?;
    let Some(sequence) = opened.workspace.sequence(&file) else {
        anyhow::bail!("no sequence can be read in {file}; `segue validate {file}` says why");
    };
    let problems = opened.workspace.findings().iter().filter(|finding| finding.primary.file == file).count();
    screen.print(|out| match command.format {
        Format::Json => report::sequence_json(out, &sequence, problems),
        Format::Human => {
            properties(out, &sequence, opened.workspace.settings(), problems, screen.terminal())?;
            report::steps(out, &sequence.steps, screen.terminal())
        }
    })?;
    Ok(Exit::Fine)
}

fn properties(
    out: &mut dyn Write,
    sequence: &Sequence,
    settings: &Settings,
    problems: usize,
    terminal: Terminal,
) -> io::Result<()> {
    let text = |text: &Option<Located<String>>| text.as_ref().map_or("-".to_owned(), |text| text.value.clone());
    let joined = |words: Vec<String>| if words.is_empty() { "-".to_owned() } else { words.join(", ") };
    let skips = sequence.skip_non_working_days.as_ref().map_or(settings.skip_non_working_days, |flag| flag.value);
    let mut rows = vec![
        ("id", sequence.id.to_string()),
        ("name", text(&sequence.name)),
        ("description", text(&sequence.description)),
        ("record type", text(&sequence.record_type)),
        ("owner", text(&sequence.owner)),
        ("state", sequence.state.value.to_string()),
        ("tags", joined(sequence.tags.iter().map(|tag| tag.value.clone()).collect())),
        ("waits count", if skips { "working time" } else { "every day" }.to_owned()),
        ("ends early on", joined(sequence.exit_on.iter().map(|criterion| criterion.value.to_string()).collect())),
        ("steps go to", assignee(sequence.assigned_to())),
        ("file", sequence.file.to_string()),
    ];
    if let Some(version) = &sequence.version {
        rows.push(("version", version.value.to_string()));
    }
    if problems > 0 {
        rows.push(("problems", format!("{problems}; see `segue validate {}`", sequence.id)));
    }
    report::properties(out, &rows, terminal)?;
    writeln!(out)
}

fn assignee(assign_to: &AssignTo) -> String {
    match assign_to {
        AssignTo::RecordOwner => "the record's owner".to_owned(),
        AssignTo::Connector => "whoever connects the record".to_owned(),
        AssignTo::OwnerTeam => "the record's team".to_owned(),
        AssignTo::Field(field) => format!("the user in the field {}", field.value),
    }
}
