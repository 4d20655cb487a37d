//! `segue connect ID --from FILE`: every record that a file names, in batches.
//!
//! One operation of many transactions: what a batch connected stays, whatever becomes of the next one. Who is connected already
//! is left alone, so that a file can be given again after a stop, or with new rows at its end.

use std::collections::HashSet;
use std::io::{BufReader, Read};
use std::path::Path;

use anyhow::{Context, bail};
use serde_json::{Value as Json, json};

use crate::diagnostic::Code;
use crate::lifecycle::Verb;
use crate::operation::{self, Facts, JournalEntry, Refusal, Staging};
use crate::outside::records::{Format as FileFormat, ImportError, Row, each_row, half_digest};
use crate::outside::report::json_line;
use crate::outside::store::{BATCH, Bulk, PATIENCE, Store, StoreError};
use crate::record::RecordKey;
use crate::sequence::SequenceId;

use super::arguments::{Arguments, Connect, Format};
use super::desk::{Desk, store_path};
use super::import::{TOLD, failed, file, grouped, name, number};
use super::progress::Progress;
use super::screen::Screen;
use super::{Exit, complain, unless_closed};

/// So often a batch is decided anew because others wrote meanwhile; whoever writes without end is waited for by the store.
const ATTEMPTS: usize = 10;

pub(super) fn from_file(arguments: &Arguments, command: &Connect, path: &Path, screen: &Screen) -> anyhow::Result<Exit> {
    let options = &command.changing;
    let what = format!("connect {} --from {}", command.sequence, path.display());
    let (desk, id) = Desk::open_for_records(arguments, options, screen, &command.sequence, what.clone())?;
    let Some(id) = id else {
        let refusal = desk.staging.borrow().unknown(&command.sequence);
        return Ok(desk.refuse(&refusal));
    };
    let record_type = match &command.record_type {
        Some(record_type) => record_type.clone(),
        None => desk.record_type_of(&id)?,
    };
    let (input, extent) = file(&desk.start, path)?;
    let mut progress = Progress::new(extent);
    let mut input = BufReader::with_capacity(1 << 16, progress.reading(input));
    let name = name(path);
    let Some(format) = FileFormat::of(&mut input).with_context(|| format!("cannot read {name}"))? else {
        bail!("{name} is empty: it names nobody");
    };
    progress.say("0 records".to_owned());
    let entry = JournalEntry { what, actor: desk.actor.clone(), at: desk.now, message: options.message.clone() };
    // The same name for another sequence is other work.
    let key = command.operation.as_ref().map(|name| format!("connect {id} {name}"));
    let bulk = match &key {
        Some(key) => Bulk::keyed(entry, key.clone()),
        None => Bulk::new(entry),
    };
    let fresh = desk.staging.borrow().clone();
    let mut connecting = Connecting {
        desk: &desk,
        fresh,
        id: &id,
        bulk,
        key: key.as_deref(),
        store: None,
        target: store_path(&desk.root)?,
        patience: options.lock_timeout.map_or(PATIENCE, |time| time.0),
        is_dry: options.dry_run,
        batch: Vec::new(),
        would_be: HashSet::new(),
        told: Told { screen, format: command.format, name: &name, complained: 0, left_out: 0, is_first: true },
        progress,
        counts: Counts::default(),
    };
    connecting.told.begin()?;
    let read = read(&mut connecting, format, &record_type, input);
    let outcome = read.and_then(|()| connecting.hand_over());
    connecting.end(outcome)
}

fn read(connecting: &mut Connecting<'_>, format: FileFormat, record_type: &str, input: impl Read) -> Result<(), Stop> {
    each_row(BufReader::new(input), format, record_type, None, |row| connecting.take(row))
}

/// Why it goes no further.
enum Stop {
    /// The file cannot be read on.
    File(ImportError),
    /// What is refused of one record is refused of all.
    Refused(Box<Refusal>),
    /// The world.
    Failed(anyhow::Error),
}

impl From<ImportError> for Stop {
    fn from(error: ImportError) -> Self {
        Stop::File(error)
    }
}

impl From<anyhow::Error> for Stop {
    fn from(error: anyhow::Error) -> Self {
        Stop::Failed(error)
    }
}

/// What became of the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    rows: u64,
    connected: u64,
    already: u64,
    refused: u64,
}

impl Counts {
    fn count(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Connected => self.connected += 1,
            Outcome::Already => self.already += 1,
            Outcome::Refused(_) | Outcome::Bad(_) => self.refused += 1,
        }
    }
}

/// What became of one row.
enum Outcome {
    Connected,
    /// It was connected before, now or under the same key.
    Already,
    Refused(Box<Refusal>),
    /// It cannot be read.
    Bad(String),
}

/// A row that came in and was not told of yet.
struct Arrived {
    line: u64,
    /// `None` where the row cannot be read.
    key: Option<RecordKey>,
    /// What is known without asking.
    known: Option<Outcome>,
}

/// The work while rows come in.
struct Connecting<'d> {
    desk: &'d Desk<'d>,
    /// What every batch starts from.
    fresh: Staging,
    id: &'d SequenceId,
    bulk: Bulk,
    key: Option<&'d str>,
    store: Option<Store>,
    target: std::path::PathBuf,
    patience: std::time::Duration,
    is_dry: bool,
    batch: Vec<Arrived>,
    /// The records that a dry run would have connected, as the first half of their digests: no store knows of them.
    would_be: HashSet<[u8; 16]>,
    told: Told<'d>,
    progress: Progress,
    counts: Counts,
}

impl Connecting<'_> {
    fn take(&mut self, row: Row) -> Result<(), Stop> {
        self.counts.rows += 1;
        let line = row.line;
        self.batch.push(match row.update {
            Err(problem) => Arrived { line, key: None, known: Some(Outcome::Bad(problem.to_string())) },
            Ok(update) => {
                let known = self.would_be.contains(&half_digest(&update.key.id)).then_some(Outcome::Already);
                Arrived { line, key: Some(update.key), known }
            }
        });
        if self.batch.len() == BATCH { self.hand_over() } else { Ok(()) }
    }

    /// Connects those that came in, and tells of each once it is certain.
    fn hand_over(&mut self) -> Result<(), Stop> {
        let batch = std::mem::take(&mut self.batch);
        let mut decided = Vec::new();
        for attempt in 1..=ATTEMPTS {
            *self.desk.staging.borrow_mut() = self.fresh.clone();
            decided = self.decide(&batch)?;
            match self.write() {
                Ok(()) => break,
                // Somebody else was faster with one of them; it is looked at again, and the others with it.
                Err(StoreError::Moved(_)) if attempt < ATTEMPTS => {}
                Err(error) => return Err(Stop::Failed(error.into())),
            }
        }
        let rows = batch.into_iter().zip(decided);
        let row = |(Arrived { line, key, known }, decided): (Arrived, Option<Outcome>)| Some((line, key, known.or(decided)?));
        let rows: Vec<(u64, Option<RecordKey>, Outcome)> = rows.filter_map(row).collect();
        rows.iter().for_each(|(_, _, outcome)| self.counts.count(outcome));
        if self.is_dry {
            let connected = rows.iter().filter(|(_, _, outcome)| matches!(outcome, Outcome::Connected));
            self.would_be.extend(connected.filter_map(|(_, key, _)| Some(half_digest(&key.as_ref()?.id))));
        }
        self.told.rows(&rows, &self.progress).map_err(|error| Stop::Failed(error.into()))?;
        self.progress.say(format!("{} read", number(self.counts.rows, "row", "rows")));
        Ok(())
    }

    /// Decides about each row that nothing is known of yet.
    fn decide(&self, batch: &[Arrived]) -> Result<Vec<Option<Outcome>>, Stop> {
        let decide = |arrived: &Arrived| match (&arrived.key, &arrived.known) {
            (Some(key), None) => self.decide_one(key).map(Some),
            (None, _) | (Some(_), Some(_)) => Ok(None),
        };
        let all = || batch.iter().map(decide).collect();
        match &self.desk.store {
            Some(store) => store.at_one_moment(|_| all()).map_err(anyhow::Error::from)?,
            None => all(),
        }
    }

    fn decide_one(&self, key: &RecordKey) -> Result<Outcome, Stop> {
        if self.was_connected(key)? {
            return Ok(Outcome::Already);
        }
        let decided =
            self.desk.perform(Verb::Connect, std::slice::from_ref(self.id), |ground| operation::connect(ground, self.id, key));
        Ok(match decided? {
            Ok(_) => Outcome::Connected,
            Err(refusal) if refusal.code == Code::AlreadyConnected => Outcome::Already,
            Err(refusal) if is_about_record(refusal.code) => Outcome::Refused(refusal),
            Err(refusal) => return Err(Stop::Refused(refusal)),
        })
    }

    /// Whether the record was connected under the same key before, be it that it has left the sequence since.
    fn was_connected(&self, key: &RecordKey) -> anyhow::Result<bool> {
        let (Some(operation), Some(store)) = (self.key, &self.desk.store) else { return Ok(false) };
        let before = store.connection(key, self.id)?;
        match before {
            Some(before) if before.ended.is_some() => Ok(store.was_connected_under(operation, key, self.id)?),
            Some(_) | None => Ok(false),
        }
    }

    /// Writes what was decided since the staging was fresh.
    fn write(&mut self) -> Result<(), StoreError> {
        let changes = self.desk.staging.borrow().changes();
        if self.is_dry || changes.rows.is_empty() {
            return Ok(());
        }
        let store = match &mut self.store {
            Some(store) => store,
            none => none.insert(Store::create_within(&self.target, self.patience)?),
        };
        store.write_rows(&mut self.bulk, &changes.rows)
    }

    fn end(self, outcome: Result<(), Stop>) -> anyhow::Result<Exit> {
        self.progress.end();
        let Counts { connected, already, refused, .. } = self.counts;
        let is_told = outcome.is_ok() || connected + already + refused > 0;
        self.told.end(is_told.then_some(&self.counts), self.is_dry)?;
        match outcome {
            Ok(()) => Ok(if self.counts.refused == 0 { Exit::Fine } else { Exit::Errors }),
            Err(Stop::Refused(refusal)) => Ok(self.desk.refuse(&refusal)),
            Err(Stop::File(error)) => Err(failed(self.told.name, error)),
            Err(Stop::Failed(error)) => Err(error),
        }
    }
}

/// Whether a refusal is about one record, and others may be connected all the same.
pub(super) fn is_about_record(code: Code) -> bool {
    matches!(code, Code::UnknownRecord | Code::RecordClosed | Code::AlreadyConnected | Code::NotConnected)
}

/// What is said while rows come in.
struct Told<'n> {
    screen: &'n Screen,
    format: Format,
    name: &'n str,
    complained: u64,
    left_out: u64,
    is_first: bool,
}

impl Told<'_> {
    fn begin(&self) -> anyhow::Result<()> {
        match self.format {
            Format::Human => Ok(()),
            Format::Json => {
                let head = "{\"format_version\": \"1.0\", \"results\": [";
                Ok(unless_closed(self.screen.print(|out| writeln!(out, "{head}")))?)
            }
        }
    }

    /// Says what became of some rows, all at once: there may be millions.
    fn rows(&mut self, rows: &[(u64, Option<RecordKey>, Outcome)], progress: &Progress) -> std::io::Result<()> {
        match self.format {
            Format::Json => unless_closed(self.screen.print(|out| {
                rows.iter().try_for_each(|(line, key, outcome)| {
                    let separator = if std::mem::replace(&mut self.is_first, false) { "" } else { "," };
                    write!(out, "{separator}")?;
                    json_line(out, &row_json(*line, key.as_ref(), outcome))
                })
            })),
            Format::Human => {
                rows.iter().for_each(|(line, _, outcome)| self.complain(*line, outcome, progress));
                Ok(())
            }
        }
    }

    fn complain(&mut self, line: u64, outcome: &Outcome, progress: &Progress) {
        let words = match outcome {
            Outcome::Connected | Outcome::Already => return,
            Outcome::Refused(refusal) => &refusal.message,
            Outcome::Bad(words) => words,
        };
        if self.complained < TOLD {
            self.complained += 1;
            progress.complain(&format!("{}:{line}: {words}", self.name));
        } else {
            self.left_out += 1;
        }
    }

    /// Says what is left to say: with the counts, where anything came of it.
    fn end(&self, counts: Option<&Counts>, is_dry: bool) -> anyhow::Result<()> {
        match self.left_out {
            0 => {}
            1 => complain(&format!("{}: 1 more row was refused", self.name)),
            more => complain(&format!("{}: {} more rows were refused", self.name, grouped(more))),
        }
        let behind = if is_dry { "; nothing was written, as it was a dry run" } else { "" };
        let line = match (self.format, counts) {
            (Format::Human, None) => return Ok(()),
            (Format::Human, Some(counts)) => format!("{}{behind}", summary(counts)),
            (Format::Json, _) => "]}".to_owned(),
        };
        Ok(unless_closed(self.screen.print(|out| writeln!(out, "{line}")))?)
    }
}

fn row_json(line: u64, key: Option<&RecordKey>, outcome: &Outcome) -> Json {
    let (result, code, message) = match outcome {
        Outcome::Connected => ("connected", None, None),
        Outcome::Already => ("already-connected", None, None),
        Outcome::Refused(refusal) => ("refused", Some(refusal.code.name()), Some(refusal.message.as_str())),
        Outcome::Bad(words) => ("refused", None, Some(words.as_str())),
    };
    json!({"line": line, "record": key.map(|key| &key.id), "result": result, "code": code, "message": message})
}

/// `3,000 records: 2,990 connected, 10 connected already`
fn summary(counts: &Counts) -> String {
    let Counts { rows, connected, already, refused } = *counts;
    let told: Vec<String> = [(connected, "connected"), (already, "connected already"), (refused, "refused")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{} {word}", grouped(count)))
        .collect();
    let line = number(rows, "record", "records");
    if told.is_empty() { line } else { format!("{line}: {}", told.join(", ")) }
}
