//! The commands that ask for one verb of one sequence or several.

use std::collections::HashSet;
use std::path::PathBuf;

use anyhow::Context;

use crate::lifecycle::Verb;
use crate::operation::{self, Blank, Decision, Failure, Ground, Refusal, sequence_of};
use crate::outside::commit::{Diverged, kept};
use crate::outside::disk::{self, RealDisk, Root};
use crate::outside::store::copies_beside;
use crate::record::RecordKey;
use crate::sequence::SequenceId;
use crate::yaml::edit::Value;

use super::arguments::{
    Arguments, Assign, Changing, Connect, Delete, Format, New, Rename, Restore, SomeRecords, SomeSequences, Tags,
};
use super::connect::{from_file, is_about_record};
use super::desk::{Desk, Writes, store_path};
use super::open::{sequence_named, start};
use super::screen::Screen;
use super::{Exit, WrongUse};

pub(super) fn new(arguments: &Arguments, command: &New, screen: &Screen) -> anyhow::Result<Exit> {
    let desk = Desk::open(arguments, &command.changing, screen, Writes::Files, format!("new {}", command.id))?;
    let given = [("name", &command.name), ("description", &command.description), ("owner", &command.owner)];
    let given = given.into_iter().filter_map(|(key, value)| Some((key.to_owned(), Value::from(value.as_deref()?))));
    let record_type = ("record_type".to_owned(), Value::from(command.record_type.as_str()));
    let values = given.chain([record_type]).collect();
    let blank = Blank { id: command.id.clone(), folder: command.folder.clone(), values };
    let asked: Vec<SequenceId> = SequenceId::parse(&command.id).into_iter().collect();
    one(desk, Verb::New, &asked, |ground| operation::new(ground, &blank))
}

pub(super) fn rename(arguments: &Arguments, command: &Rename, screen: &Screen) -> anyhow::Result<Exit> {
    let what = format!("rename {} {}", command.sequence, command.id);
    let desk = Desk::open(arguments, &command.changing, screen, Writes::Files, what)?;
    on_one(desk, Verb::Rename, &command.sequence, |ground, id| operation::rename(ground, id, &command.id))
}

pub(super) fn assign(arguments: &Arguments, command: &Assign, screen: &Screen) -> anyhow::Result<Exit> {
    let what = format!("assign {} {}", command.sequence, command.owner);
    let desk = Desk::open(arguments, &command.changing, screen, Writes::Files, what)?;
    on_one(desk, Verb::Assign, &command.sequence, |ground, id| operation::assign(ground, id, &command.owner))
}

pub(super) fn restore(arguments: &Arguments, command: &Restore, screen: &Screen) -> anyhow::Result<Exit> {
    let what = format!("restore {}", command.sequences.join(" "));
    let decide = |ground: &Ground<'_>, id: &SequenceId| operation::restore(ground, id, command.version);
    each(arguments, &command.changing, screen, Verb::Edit, &command.sequences, what, decide)
}

pub(super) fn tag(arguments: &Arguments, command: &Tags, screen: &Screen) -> anyhow::Result<Exit> {
    let what = format!("tag {} {}", command.sequence, command.tags.join(" "));
    let desk = Desk::open(arguments, &command.changing, screen, Writes::Files, what)?;
    on_one(desk, Verb::Tag, &command.sequence, |ground, id| operation::tag(ground, id, &command.tags))
}

pub(super) fn untag(arguments: &Arguments, command: &Tags, screen: &Screen) -> anyhow::Result<Exit> {
    let what = format!("untag {} {}", command.sequence, command.tags.join(" "));
    let desk = Desk::open(arguments, &command.changing, screen, Writes::Files, what)?;
    on_one(desk, Verb::Untag, &command.sequence, |ground, id| operation::untag(ground, id, &command.tags))
}

pub(super) fn activate(arguments: &Arguments, command: &SomeSequences, screen: &Screen) -> anyhow::Result<Exit> {
    let what = format!("activate {}", command.sequences.join(" "));
    let desk = Desk::open(arguments, &command.changing, screen, Writes::Files, what)?;
    let ids = match sequences(&desk, &command.sequences) {
        Ok(ids) => ids,
        Err(refusal) => return Ok(desk.refuse(&refusal)),
    };
    let message = command.changing.message.as_deref();
    one(desk, Verb::Activate, &ids, |ground| operation::activate(ground, &ids, message))
}

pub(super) fn revise(arguments: &Arguments, command: &SomeSequences, screen: &Screen) -> anyhow::Result<Exit> {
    let what = format!("revise {}", command.sequences.join(" "));
    each(arguments, &command.changing, screen, Verb::Revise, &command.sequences, what, operation::revise)
}

pub(super) fn discard(arguments: &Arguments, command: &SomeSequences, screen: &Screen) -> anyhow::Result<Exit> {
    let what = format!("discard {}", command.sequences.join(" "));
    each(arguments, &command.changing, screen, Verb::Discard, &command.sequences, what, operation::discard)
}

pub(super) fn deactivate(arguments: &Arguments, command: &SomeSequences, screen: &Screen) -> anyhow::Result<Exit> {
    let what = format!("deactivate {}", command.sequences.join(" "));
    each(arguments, &command.changing, screen, Verb::Deactivate, &command.sequences, what, operation::deactivate)
}

pub(super) fn delete(arguments: &Arguments, command: &Delete, screen: &Screen) -> anyhow::Result<Exit> {
    let Delete { sequences, purge, changing } = command;
    let what = sequences.join(" ");
    if !purge {
        return each(arguments, changing, screen, Verb::Delete, sequences, format!("delete {what}"), operation::delete);
    }
    let others = Others::beside(&disk::find_root(&start(arguments)?)?)?;
    let decide = |ground: &Ground<'_>, id: &SequenceId| {
        let mut decision = operation::purge(ground, id)?;
        decision.notes.extend(others.notes(id));
        Ok(decision)
    };
    each(arguments, changing, screen, Verb::Delete, sequences, format!("delete {what} --purge"), decide)
}

/// What lies beside a store that may hold more of a sequence, and that no purge reaches.
struct Others {
    copies: Vec<String>,
    kept: Vec<Diverged>,
}

impl Others {
    fn beside(root: &Root) -> anyhow::Result<Self> {
        let copies = copies_beside(&store_path(root)?);
        let name = |copy: &PathBuf| copy.strip_prefix(root.path()).unwrap_or(copy).display().to_string();
        let disk = RealDisk::at(root).context("cannot open the workspace's folder")?;
        Ok(Self { copies: copies.iter().map(name).collect(), kept: kept(&disk).context("cannot list what is kept")? })
    }

    fn notes(&self, id: &SequenceId) -> Vec<String> {
        let of_it = self.kept.iter().filter(|kept| sequence_of(&kept.path).as_ref() == Some(id));
        let kept: Vec<&str> = of_it.map(|kept| kept.kept.as_str()).collect();
        let copies = Some(&self.copies).filter(|copies| !copies.is_empty()).map(|copies| {
            format!("copies of the store keep what they have of `{id}` until you remove them: {}", copies.join(", "))
        });
        let kept = Some(kept)
            .filter(|kept| !kept.is_empty())
            .map(|kept| format!("texts of `{id}` are kept until `segue doctor --drop` forgets them: {}", kept.join(", ")));
        copies.into_iter().chain(kept).collect()
    }
}

pub(super) fn connect(arguments: &Arguments, command: &Connect, screen: &Screen) -> anyhow::Result<Exit> {
    let Connect { sequence, records, from, record_type, operation, format, changing } = command;
    match from {
        Some(path) => from_file(arguments, command, path, screen),
        None if operation.is_some() || *format == Format::Json => {
            Err(WrongUse("`--operation` and `--format json` go with `--from`".to_owned()).into())
        }
        None => {
            let named = Named { sequence, records, record_type: record_type.as_deref(), changing };
            with_records(arguments, &named, screen, Verb::Connect, operation::connect)
        }
    }
}

pub(super) fn disconnect(arguments: &Arguments, command: &SomeRecords, screen: &Screen) -> anyhow::Result<Exit> {
    let SomeRecords { sequence, records, record_type, changing } = command;
    let named = Named { sequence, records, record_type: record_type.as_deref(), changing };
    with_records(arguments, &named, screen, Verb::Disconnect, operation::disconnect)
}

/// One decision, and to disk with it.
fn one(
    desk: Desk<'_>,
    verb: Verb,
    ids: &[SequenceId],
    decide: impl FnOnce(&Ground<'_>) -> Result<Decision, Failure>,
) -> anyhow::Result<Exit> {
    match desk.perform(verb, ids, decide)? {
        Ok(decision) => desk.finish(&[decision]),
        Err(refusal) => Ok(desk.refuse(&refusal)),
    }
}

fn on_one(
    desk: Desk<'_>,
    verb: Verb,
    argument: &str,
    decide: impl FnOnce(&Ground<'_>, &SequenceId) -> Result<Decision, Failure>,
) -> anyhow::Result<Exit> {
    match sequence(&desk, argument) {
        Ok(id) => one(desk, verb, std::slice::from_ref(&id), |ground| decide(ground, &id)),
        Err(refusal) => Ok(desk.refuse(&refusal)),
    }
}

/// The same verb for several sequences: all of them or none.
fn each(
    arguments: &Arguments,
    changing: &Changing,
    screen: &Screen,
    verb: Verb,
    named: &[String],
    what: String,
    decide: impl Fn(&Ground<'_>, &SequenceId) -> Result<Decision, Failure>,
) -> anyhow::Result<Exit> {
    let desk = Desk::open(arguments, changing, screen, Writes::Files, what)?;
    let ids = match sequences(&desk, named) {
        Ok(ids) => ids,
        Err(refusal) => return Ok(desk.refuse(&refusal)),
    };
    let mut decisions = Vec::new();
    for id in ids {
        match desk.perform(verb, std::slice::from_ref(&id), |ground| decide(ground, &id))? {
            Ok(decision) => decisions.push(decision),
            Err(refusal) => return Ok(desk.refuse(&refusal)),
        }
    }
    desk.finish(&decisions)
}

/// A sequence and records that were named one by one.
struct Named<'c> {
    sequence: &'c str,
    records: &'c [String],
    record_type: Option<&'c str>,
    changing: &'c Changing,
}

/// The same verb for several records: each by itself.
fn with_records(
    arguments: &Arguments,
    named: &Named<'_>,
    screen: &Screen,
    verb: Verb,
    decide: impl Fn(&Ground<'_>, &SequenceId, &RecordKey) -> Result<Decision, Failure>,
) -> anyhow::Result<Exit> {
    let Named { sequence, records, record_type, changing } = *named;
    let what = format!("{verb} {sequence} {}", records.join(" "));
    let (desk, id) = Desk::open_for_records(arguments, changing, screen, sequence, what)?;
    let Some(id) = id else {
        let refusal = desk.staging.borrow().unknown(sequence);
        return Ok(desk.refuse(&refusal));
    };
    let record_type = match record_type {
        Some(record_type) => record_type.to_owned(),
        None => desk.record_type_of(&id)?,
    };
    let (mut decisions, mut refused, mut once) = (Vec::new(), Vec::new(), HashSet::new());
    for record in records.iter().filter(|record| once.insert(*record)) {
        let key = RecordKey { record_type: record_type.clone(), id: record.clone() };
        match desk.perform(verb, std::slice::from_ref(&id), |ground| decide(ground, &id, &key))? {
            Ok(decision) => decisions.push(decision),
            Err(refusal) => {
                let is_said_of_all = !is_about_record(refusal.code);
                refused.push(refusal);
                if is_said_of_all {
                    break;
                }
            }
        }
    }
    for refusal in &refused {
        desk.refuse(refusal);
    }
    let exit = desk.finish(&decisions)?;
    Ok(if refused.is_empty() { exit } else { Exit::Errors })
}

/// The sequences that arguments mean.
pub(super) fn sequences(desk: &Desk<'_>, arguments: &[String]) -> Result<Vec<SequenceId>, Box<Refusal>> {
    let (mut ids, mut once) = (Vec::new(), HashSet::new());
    for argument in arguments {
        let id = sequence(desk, argument)?;
        // Whoever names one twice means it once.
        if once.insert(id.clone()) {
            ids.push(id);
        }
    }
    Ok(ids)
}

/// The sequence that an argument means.
pub(super) fn sequence(desk: &Desk<'_>, argument: &str) -> Result<SequenceId, Box<Refusal>> {
    let named = sequence_named(&desk.root, &desk.start, argument);
    named.ok_or_else(|| Box::new(desk.staging.borrow().unknown(argument)))
}
