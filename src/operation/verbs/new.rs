//! `new`: create a sequence.

use crate::diagnostic::{Code, Diagnostic};
use crate::lifecycle::Verb;
use crate::operation::changes::RowChange;
use crate::operation::facts::Facts;
use crate::operation::ground::{Failure, Ground};
use crate::operation::refusal::Refusal;
use crate::operation::rules::not_sound::not_sound;
use crate::operation::rules::sequence_exists::{had_before, sequence_exists};
use crate::operation::staging::Decision;
use crate::operation::text::{edited, set};
use crate::sequence::SequenceId;
use crate::shape::nearest_id;
use crate::text::{FilePath, Source};
use crate::yaml::edit::{Change, Value};

/// What a sequence says that nobody has written anything into yet. It is sound, so that one can see what one looks like.
const BLANK: &str = "\
name: New sequence
record_type: lead
owner: nobody
state: inactive

steps:
  - id: first
    type: task
    name: Say what is to be done first
";

/// A sequence to be created.
#[derive(Clone, Debug, Default)]
pub struct Blank {
    /// Its id.
    pub id: String,
    /// The folder below `sequences/` that its file lies in; empty for `sequences/` itself.
    pub folder: String,
    /// What it says: values of top-level keys.
    pub values: Vec<(String, Value)>,
}

/// Creates a sequence, inactive. What is not said is said as in an example.
///
/// # Errors
/// Refused: `bad-id`, `sequence-exists`, `not-sound` where a value is none for its key, `not-editable`.
pub fn new(ground: &Ground<'_>, blank: &Blank) -> Result<Decision, Failure> {
    let id = free_id(ground, &blank.id)?;
    let path = file_in(&blank.folder, &id)?;
    let mut changes: Vec<Change> = Vec::new();
    if !blank.values.iter().any(|(key, _)| key == "name") {
        changes.push(set("name", name_from(&id)));
    }
    if !blank.values.iter().any(|(key, _)| key == "owner") {
        changes.push(set("owner", ground.actor));
    }
    for (key, value) in &blank.values {
        if let "state" | "version" | "message" | "cloned_from" | "formerly" = key.as_str() {
            let help = "a new sequence is inactive; verbs write what happens to it";
            return Err(crate::operation::rules::not_editable::not_editable(&id, key, help).into());
        }
        changes.push(set(key, value.clone()));
    }
    let source = edited(&id, &Source::new(path.clone(), BLANK.to_owned()), &changes)?;
    let held = ground.staging.hold(source.clone());
    // The type of record can never be mended, so it has to be right from the start; the rest may be a draft.
    let stands_in_the_way = |finding: &&Diagnostic| finding.code.is_of_reading() || finding.code == Code::UnknownRecordType;
    let in_the_way = held.summary.findings.iter().filter(stands_in_the_way).cloned().collect();
    if let Some(refusal) = not_sound(&id, "created like this", in_the_way) {
        return Err(refusal.in_text(&source).into());
    }
    let mut decision = Decision::default();
    let of_the_owner = held.summary.findings.iter().filter(|finding| finding.code == Code::UnknownOwner);
    decision.notes.extend(of_the_owner.map(|finding| format!("`{id}` needs another owner: {}", finding.message)));
    decision.done.push(format!("created `{id}` in {path}"));
    decision.rows.push(RowChange::Note { sequence: id, verb: Verb::New.word(), detail: String::new() });
    decision.sequences.push((path, Some(held)));
    Ok(decision)
}

/// An id that nothing has yet, nor had before.
pub(super) fn free_id(ground: &Ground<'_>, text: &str) -> Result<SequenceId, Failure> {
    let id = parsed_id(text)?;
    is_free(ground, &id, None)?;
    Ok(id)
}

/// The id that a text is.
pub(super) fn parsed_id(text: &str) -> Result<SequenceId, Refusal> {
    SequenceId::parse(text).ok_or_else(|| {
        let message = format!("`{text}` is no id: small letters and digits, with `-` between them, at most 100");
        let refusal = Refusal::new(Code::BadId, message);
        match nearest_id(text) {
            Some(near) => refusal.help(format!("did you mean `{near}`?")),
            None => refusal.help("an id is like `inbound-lead`"),
        }
    })
}

/// Whether nothing has an id, nor had it before; but for one sequence, which may be called again as it was.
pub(super) fn is_free(ground: &Ground<'_>, id: &SequenceId, but: Option<&SequenceId>) -> Result<(), Failure> {
    if ground.staging.is_taken(id) || ground.published(id)?.is_some() {
        let state = ground.state(id)?;
        return Err(sequence_exists(id, ground.staging.file_of(id), state).into());
    }
    match ground.staging.formerly(id).filter(|held| Some(&held.summary.id) != but) {
        Some(holder) => Err(had_before(id, &holder.summary.id, holder.source.path()).into()),
        None => Ok(()),
    }
}

/// The file of a sequence in a folder below `sequences/`.
fn file_in(folder: &str, id: &SequenceId) -> Result<FilePath, Failure> {
    let folder = folder.trim_matches('/');
    let folder = match folder.strip_prefix("sequences") {
        Some("") => "",
        Some(rest) => rest.strip_prefix('/').unwrap_or(folder),
        None => folder,
    };
    // What begins with a dot is not looked at, be it `..` or `.git`.
    let is_hidden = folder.split('/').any(|part| part.starts_with('.') || (part.is_empty() && !folder.is_empty()));
    if is_hidden || folder.contains('\\') || folder.chars().any(char::is_control) || folder.split('/').next() == Some("templates")
    {
        let message = format!("`{folder}` is no folder for sequences");
        return Err(Refusal::new(Code::BadId, message).help("name one below `sequences/`, like `lead/emea`").into());
    }
    let between = if folder.is_empty() { "" } else { "/" };
    Ok(FilePath::new(format!("sequences/{folder}{between}{id}.yaml")))
}

/// `inbound-lead` as a title: `Inbound lead`.
fn name_from(id: &SequenceId) -> String {
    let words = id.as_str().replace('-', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
