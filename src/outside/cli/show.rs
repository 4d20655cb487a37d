//! `segue show`

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use crate::operation::{Facts, Standing};
use crate::outside::report::{self, Known, Terminal};
use crate::outside::store::Store;
use crate::sequence::{AssignTo, Sequence, SequenceId, State};
use crate::settings::Settings;
use crate::text::Located;

use super::Exit;
use super::arguments::{Arguments, Format, Show};
use super::list::{UNPUBLISHED, store_to_show};
use super::open::{Beside, open_beside};
use super::screen::Screen;

pub(super) fn run(arguments: &Arguments, command: &Show, screen: &Screen) -> anyhow::Result<Exit> {
    let opened = open_beside(arguments, Beside { no_store: command.no_store, ..Beside::default() })?;
    let file = opened.sequence_file(&command.sequence)?;
    let Some(sequence) = opened.workspace.sequence(&file) else {
        anyhow::bail!("no sequence can be read in {file}; `segue validate {file}` says why");
    };
    let problems = opened.workspace.findings().iter().filter(|finding| finding.primary.file == file).count();
    let store = if command.no_store { None } else { store_to_show(&opened.root)? };
    let known = store.map(|store| known(&store, &sequence.id)).transpose()?;
    screen.print(|out| match command.format {
        Format::Json => report::sequence_json(out, &sequence, problems, known.as_ref()),
        Format::Human => {
            properties(out, &sequence, opened.workspace.settings(), problems, known.as_ref(), screen.terminal())?;
            let counts = known.map_or_else(BTreeMap::new, |known| known.standing);
            report::steps(out, &sequence.steps, &counts, screen.terminal())
        }
    })?;
    Ok(Exit::Fine)
}

/// What the store knows of a sequence.
fn known(store: &Store, id: &SequenceId) -> anyhow::Result<Known> {
    let published = store.published(id)?.map(|published| (published.state, published.number));
    let mut standing = BTreeMap::new();
    for Standing { step, connections, .. } in store.standings(id)? {
        *standing.entry(step).or_default() += connections;
    }
    Ok(Known { published, standing })
}

fn properties(
    out: &mut dyn Write,
    sequence: &Sequence,
    settings: &Settings,
    problems: usize,
    known: Option<&Known>,
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
        ("state", state(sequence.state.value, known)),
        ("tags", joined(sequence.tags.iter().map(|tag| tag.value.clone()).collect())),
        ("waits count", if skips { "working time" } else { "every day" }.to_owned()),
        ("ends early on", joined(sequence.exit_on.iter().map(|criterion| criterion.value.to_string()).collect())),
        ("steps go to", assignee(sequence.assigned_to())),
        ("file", sequence.file.to_string()),
    ];
    match (known.and_then(|known| known.published), &sequence.version) {
        (Some((_, number)), Some(version)) if i64::from(number) != version.value => {
            rows.push(("version", format!("{number}; its file says {}", version.value)));
        }
        (Some((_, number)), _) => rows.push(("version", number.to_string())),
        (None, Some(version)) => rows.push(("version", version.value.to_string())),
        (None, None) => {}
    }
    rows.extend(known.map(|known| ("connected", connected(known, sequence))));
    if problems > 0 {
        rows.push(("problems", format!("{problems}; see `segue validate {}`", sequence.id)));
    }
    report::properties(out, &rows, terminal)?;
    writeln!(out)
}

/// The state that counts, and what the file says where that is another.
fn state(in_file: State, known: Option<&Known>) -> String {
    match known {
        None => in_file.to_string(),
        Some(Known { published: Some((state, _)), .. }) if *state != in_file => format!("{state}; its file says {in_file}"),
        Some(Known { published: Some((state, _)), .. }) => state.to_string(),
        Some(Known { published: None, .. }) if in_file == State::Inactive => in_file.to_string(),
        Some(Known { published: None, .. }) => format!("{UNPUBLISHED}; its file says {in_file}"),
    }
}

/// How many records are connected, and how many of them stand at steps that are not drawn.
fn connected(known: &Known, sequence: &Sequence) -> String {
    let all: u64 = known.standing.values().sum();
    let drawn: BTreeSet<&str> = sequence.steps.walk().filter_map(|step| step.id.as_ref()).map(|id| id.value.as_str()).collect();
    let elsewhere: u64 =
        known.standing.iter().filter(|(step, _)| !drawn.contains(step.as_str())).map(|(_, connections)| connections).sum();
    match elsewhere {
        0 => all.to_string(),
        elsewhere => format!("{all}, {elsewhere} of them at steps of other versions"),
    }
}

fn assignee(assign_to: &AssignTo) -> String {
    match assign_to {
        AssignTo::RecordOwner => "the record's owner".to_owned(),
        AssignTo::Connector => "whoever connects the record".to_owned(),
        AssignTo::OwnerTeam => "the record's team".to_owned(),
        AssignTo::Field(field) => format!("the user in the field {}", field.value),
    }
}
