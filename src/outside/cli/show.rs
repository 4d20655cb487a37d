//! `segue show`

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use crate::operation::{Facts, Standing};
use crate::outside::report::{self, Known, Portrait};
use crate::outside::store::{Store, VersionLine};
use crate::sequence::{AssignTo, Sequence, SequenceId, State};
use crate::settings::Settings;
use crate::text::Located;

use super::Exit;
use super::arguments::{Arguments, Format, Show};
use super::list::UNPUBLISHED;
use super::open::{Beside, open_beside};
use super::screen::Screen;
use super::versions::{Shown, known_version, refuse, version_lines};

pub(super) fn run(arguments: &Arguments, command: &Show, screen: &Screen) -> anyhow::Result<Exit> {
    match command.version {
        Some(number) => version(arguments, command, number, screen),
        None => file(arguments, command, screen),
    }
}

fn file(arguments: &Arguments, command: &Show, screen: &Screen) -> anyhow::Result<Exit> {
    let mut opened = open_beside(arguments, Beside { no_store: command.no_store, ..Beside::default() })?;
    let store = if command.no_store { None } else { opened.store_to_show()? };
    let (file, sequence) = Shown::find(&opened, store.as_ref(), &command.sequence)?.draft(&opened)?;
    let problems = opened.workspace.findings().iter().filter(|finding| finding.primary.file == file).count();
    let known = store.map(|store| known(&store, &sequence.id)).transpose()?;
    let portrait = Portrait::File { problems, known: known.as_ref() };
    let standing = known.as_ref().map_or_else(BTreeMap::new, |known| known.standing.clone());
    print(command.format, &sequence, &portrait, &standing, opened.workspace.settings(), screen)?;
    Ok(Exit::Fine)
}

fn version(arguments: &Arguments, command: &Show, number: u32, screen: &Screen) -> anyhow::Result<Exit> {
    let mut opened = open_beside(arguments, Beside::default())?;
    let store = opened.store_to_show()?;
    let Shown { id, .. } = Shown::find(&opened, store.as_ref(), &command.sequence)?;
    let lines = version_lines(store.as_ref(), &id)?;
    let (line, sequence) = match known_version(store.as_ref(), &id, &lines, number)? {
        Ok(known) => known,
        Err(refusal) => return Ok(refuse(&refusal, screen)),
    };
    let standing = store.map_or_else(|| Ok(BTreeMap::new()), |store| standing(&store, &id, Some(number)))?;
    let portrait = Portrait::Version { line, standing: &standing };
    print(command.format, &sequence, &portrait, &standing, opened.workspace.settings(), screen)?;
    Ok(Exit::Fine)
}

fn print(
    format: Format,
    sequence: &Sequence,
    portrait: &Portrait<'_>,
    standing: &BTreeMap<String, u64>,
    settings: &Settings,
    screen: &Screen,
) -> io::Result<()> {
    screen.print(|out| match format {
        Format::Json => report::sequence_json(out, sequence, portrait),
        Format::Human => {
            report::properties(out, &properties(sequence, settings, portrait), screen.terminal())?;
            writeln!(out)?;
            report::steps(out, &sequence.steps, standing, screen.terminal())
        }
    })
}

/// What the store knows of a sequence.
fn known(store: &Store, id: &SequenceId) -> anyhow::Result<Known> {
    let published = store.published(id)?.map(|published| (published.state, published.number));
    Ok(Known { published, standing: standing(store, id, None)? })
}

/// How many connections stand at a step, by its id: those on one version, or on any.
pub(super) fn standing(store: &Store, id: &SequenceId, version: Option<u32>) -> anyhow::Result<BTreeMap<String, u64>> {
    let mut counts = BTreeMap::new();
    let standings = store.standings(id)?;
    for Standing { step, connections, .. } in
        standings.into_iter().filter(|standing| version.is_none_or(|version| standing.version == version))
    {
        *counts.entry(step).or_default() += connections;
    }
    Ok(counts)
}

fn properties(sequence: &Sequence, settings: &Settings, portrait: &Portrait<'_>) -> Vec<(&'static str, String)> {
    let text = |text: &Option<Located<String>>| text.as_ref().map_or("-".to_owned(), |text| text.value.clone());
    let joined = |words: Vec<String>| if words.is_empty() { "-".to_owned() } else { words.join(", ") };
    let own = sequence.skip_non_working_days.as_ref().map(|flag| flag.value);
    let skips = match portrait {
        Portrait::File { .. } => own.unwrap_or(settings.skip_non_working_days),
        Portrait::Version { line, .. } => line.skip_non_working_days,
    };
    let mut rows = vec![
        ("id", sequence.id.to_string()),
        ("name", text(&sequence.name)),
        ("description", text(&sequence.description)),
        ("record type", text(&sequence.record_type)),
        ("owner", text(&sequence.owner)),
    ];
    if let Portrait::File { known, .. } = portrait {
        rows.push(("state", state(sequence.state.value, *known)));
    }
    rows.extend([
        ("tags", joined(sequence.tags.iter().map(|tag| tag.value.clone()).collect())),
        ("waits count", if skips { "working time" } else { "every day" }.to_owned()),
        ("ends early on", joined(sequence.exit_on.iter().map(|criterion| criterion.value.to_string()).collect())),
        ("steps go to", assignee(sequence.assigned_to())),
    ]);
    match portrait {
        Portrait::File { problems, known } => of_file(&mut rows, sequence, *problems, *known),
        Portrait::Version { line, .. } => of_version(&mut rows, line),
    }
    rows
}

fn of_file(rows: &mut Vec<(&'static str, String)>, sequence: &Sequence, problems: usize, known: Option<&Known>) {
    rows.push(("file", sequence.file.to_string()));
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
}

fn of_version(rows: &mut Vec<(&'static str, String)>, line: &VersionLine) {
    let VersionLine { number, message, actor, at, running, connections, .. } = line;
    rows.extend([
        ("version", number.to_string()),
        ("message", message.clone().unwrap_or_else(|| "-".to_owned())),
        ("published", format!("{} by {actor}", at.strftime("%Y-%m-%d %H:%M UTC"))),
        ("connected", format!("{running} now, {connections} ever")),
    ]);
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
