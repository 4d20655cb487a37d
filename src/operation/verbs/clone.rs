//! `clone`: copy a sequence.

use crate::lifecycle::Verb;
use crate::operation::changes::RowChange;
use crate::operation::facts::Facts;
use crate::operation::ground::{Failure, Ground};
use crate::operation::rules::not_sound::not_sound;
use crate::operation::rules::sequence_exists::tests_exist;
use crate::operation::rules::unknown_version::unknown_version;
use crate::operation::staging::{Decision, Held};
use crate::operation::text::{edited, remove, set};
use crate::sequence::{MAX_NAME, Sequence, SequenceId, State, steps_in};
use crate::text::{FilePath, Source};
use crate::trial::tests_of;
use crate::yaml::edit::{Change, Value, model};

use super::new::free_id;

/// What the copy is to be called.
#[derive(Clone, Debug, Default)]
pub struct Copy {
    /// Its id.
    pub id: String,
    /// Its name; without one the source's with `(copy)`.
    pub name: Option<String>,
    /// Its description; without one the source's, and none where it is empty.
    pub description: Option<String>,
    /// The version that is copied; without one, the text as it stands.
    pub version: Option<u32>,
}

/// What is copied.
struct Original {
    held: Held,
    sequence: Sequence,
    /// The version whose text it is.
    version: Option<u32>,
}

/// Copies a sequence as its text stands, or one of its versions: steps, options, tags and tests, with every comment. Never its
/// state, its versions or the records inside. The copy is inactive and owned by whoever asked, if declared, else by the source's
/// owner. Tests belong to the text as it stands, and do not come with a version.
///
/// # Errors
/// Refused: `unknown-sequence`, `unknown-version`, `bad-id`, `sequence-exists`, `not-sound` where the source cannot be read.
pub fn clone(ground: &Ground<'_>, source: &SequenceId, copy: &Copy) -> Result<Decision, Failure> {
    let original = match copy.version {
        None => as_it_stands(ground, source)?,
        Some(number) => version(ground, source, number)?,
    };
    ground.ask(Verb::Clone, source)?;
    let id = free_id(ground, &copy.id)?;
    let held = &original.held;
    let path = beside(held, &id);
    let text = Source::new(path.clone(), held.source.text().to_owned());
    let text = edited(&id, &text, &changes(ground, &original, copy)?)?;
    let held_copy = ground.staging.hold(text.clone());
    let of_reading = held_copy.summary.findings.iter().filter(|finding| finding.code.is_of_reading());
    if let Some(refusal) = not_sound(&id, "created like this", of_reading.cloned().collect()) {
        return Err(refusal.in_text(&text).into());
    }
    let mut decision = Decision::default();
    let tests = ground.staging.test(&tests_of(held.source.path())).filter(|_| original.version.is_none());
    if let (Some(_), Some(others)) = (tests, ground.staging.test(&tests_of(&path))) {
        return Err(tests_exist(&id, others.path()).into());
    }
    decision.tests.extend(tests.map(|tests| copy_of_tests(tests, &path)));
    let from = match original.version {
        None => format!("`{source}`"),
        Some(number) => format!("version {number} of `{source}`"),
    };
    decision.done.push(format!("cloned {from} as `{id}` in {path}"));
    decision.rows.push(RowChange::Note { sequence: id, verb: Verb::Clone.word(), detail: from.replace('`', "") });
    decision.sequences.push((path, Some(held_copy)));
    Ok(decision)
}

fn as_it_stands(ground: &Ground<'_>, source: &SequenceId) -> Result<Original, Failure> {
    let held = ground.file(source)?.clone();
    let sequence = read(ground, source, &held)?;
    Ok(Original { held, sequence, version: None })
}

/// A version is there also where the file is gone.
fn version(ground: &Ground<'_>, source: &SequenceId, number: u32) -> Result<Original, Failure> {
    let versions = ground.versions(source)?;
    if versions.is_empty() {
        ground.staging.get(source)?;
    }
    let Some(version) = ground.version(source, number)? else { return Err(unknown_version(source, number, &versions).into()) };
    let path = match ground.staging.find(source) {
        Some(held) => held.source.path().clone(),
        None => FilePath::new(format!("sequences/{source}.yaml")),
    };
    let held = ground.staging.hold(Source::new(path, version.text.to_string()));
    let sequence = read(ground, source, &held)?;
    Ok(Original { held, sequence, version: Some(number) })
}

/// What is copied as a sequence, where nothing keeps it from being read.
fn read(ground: &Ground<'_>, source: &SequenceId, held: &Held) -> Result<Sequence, Failure> {
    let of_reading = held.summary.findings.iter().filter(|finding| finding.code.is_of_reading());
    if let Some(refusal) = not_sound(source, "copied", of_reading.cloned().collect()) {
        return Err(refusal.in_text(&held.source).into());
    }
    ground.staging.read(held).ok_or_else(|| {
        let findings = held.summary.findings.clone();
        not_sound(source, "copied", findings).unwrap_or_else(|| ground.staging.unknown(source.as_str())).into()
    })
}

fn changes(ground: &Ground<'_>, original: &Original, copy: &Copy) -> Result<Vec<Change>, Failure> {
    let Original { held, sequence, .. } = original;
    let name = match (&copy.name, &sequence.name) {
        (Some(name), _) => name.clone(),
        (None, Some(name)) => format!("{} (copy)", shortened(&name.value)),
        (None, None) => format!("{} (copy)", sequence.id),
    };
    let mut changes = vec![set("name", name)];
    match copy.description.as_deref() {
        Some("") if sequence.description.is_some() => changes.push(remove("description")),
        Some("") | None => {}
        Some(description) => changes.push(set("description", description)),
    }
    let people = ground.staging.settings().people.as_ref();
    if people.is_some_and(|people| people.contains_key(ground.actor)) {
        changes.push(set("owner", ground.actor));
    }
    if sequence.state.value != State::Inactive {
        changes.push(set("state", State::Inactive.word()));
    }
    let written = [
        ("version", sequence.version.is_some()),
        ("message", sequence.message.is_some()),
        ("formerly", !sequence.formerly.is_empty()),
    ];
    changes.extend(written.into_iter().filter(|(_, is_there)| *is_there).map(|(key, _)| remove(key)));
    changes.push(set("cloned_from", provenance(ground, original)?));
    changes.extend(without_former_ids(&held.source));
    Ok(changes)
}

/// A name with room for what is added to a copy's.
fn shortened(name: &str) -> String {
    name.chars().take(MAX_NAME - " (copy)".len()).collect()
}

/// Where the copy comes from, with the version where the source says what a version says.
fn provenance(ground: &Ground<'_>, original: &Original) -> Result<Value, Failure> {
    let Original { held, sequence, version } = original;
    let id = &held.summary.id;
    let mut from = serde_yaml::Mapping::new();
    from.insert("sequence".into(), id.as_str().into());
    let meaning = ground.staging.meaning(sequence).digest();
    let number = match version {
        Some(number) => Some(*number),
        None => ground.published(id)?.filter(|published| published.meaning == meaning).map(|published| published.number),
    };
    if let Some(number) = number {
        from.insert("version".into(), number.into());
    }
    Ok(Value::Mapping(from))
}

/// The copy has no version before, so none of its steps had another id there.
fn without_former_ids(source: &Source) -> Vec<Change> {
    let Ok(model) = model(source) else { return Vec::new() };
    let renamed = steps_in(&model).into_iter().filter(|step| step.value.get("renamed_from").is_some());
    renamed.map(|step| Change::Remove { route: step.route().key("renamed_from") }).collect()
}

/// A file of the same folder for another sequence.
pub(super) fn beside(held: &Held, id: &SequenceId) -> FilePath {
    let path = held.source.path();
    FilePath::new(format!("{}/{id}.yaml", path.folder()))
}

fn copy_of_tests(tests: &Source, path: &FilePath) -> (FilePath, Option<Source>) {
    let path = tests_of(path);
    (path.clone(), Some(Source::new(path, tests.text().to_owned())))
}
