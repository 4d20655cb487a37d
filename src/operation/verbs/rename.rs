//! `rename`: give a sequence another id.

use crate::diagnostic::Code;
use crate::lifecycle::Verb;
use crate::operation::changes::RowChange;
use crate::operation::facts::Facts;
use crate::operation::ground::{Failure, Ground};
use crate::operation::refusal::Refusal;
use crate::operation::rules::sequence_exists::{deleted_before, tests_exist};
use crate::operation::staging::{Decision, Held};
use crate::operation::text::{edited, failure, references, set};
use crate::sequence::SequenceId;
use crate::text::{FilePath, Source};
use crate::trial::tests_of;
use crate::yaml::edit::{Change, Value, model};

use super::clone::beside;
use super::new::{is_free, parsed_id};

/// Gives a sequence another id: its file and its tests move within their folder, what refers to it is rewritten, and its
/// versions, history and connections go along. What it says stays the same, so no new version comes of it, and none of those
/// that refer to it.
///
/// Where the file was moved by hand and says `formerly`, or says the same, the store follows it.
///
/// # Errors
/// Refused: `unknown-sequence`, `bad-id`, `sequence-exists`, `not-sound` where the file is no YAML.
pub fn rename(ground: &Ground<'_>, from: &SequenceId, to: &str) -> Result<Decision, Failure> {
    let to = parsed_id(to)?;
    let moved = moved_by_hand(ground, from, &to)?;
    let held = match moved {
        Some(moved) => moved,
        None => ground.file(from)?,
    };
    ground.ask(Verb::Rename, from)?;
    let mut decision = Decision::default();
    if to == *from {
        decision.notes.push(format!("nothing to rename: `{from}` is called so"));
        return Ok(decision);
    }
    if moved.is_none() {
        is_free(ground, &to, Some(from))?;
    }
    if !ground.versions(&to)?.is_empty() {
        return Err(deleted_before(&to).into());
    }
    let (path, former) = match moved {
        // Whoever moved the file by hand may have left out what it was called before.
        Some(moved) => (moved.source.path().clone(), ground.former_ids(from)?),
        None => (beside(held, &to), Vec::new()),
    };
    let file = file_at(&path, held, from, &former)?;
    if path != *held.source.path() {
        decision.sequences.push((held.source.path().clone(), None));
    }
    decision.sequences.push((path.clone(), Some(ground.staging.hold(file))));
    if let Some(tests) = tests_before(ground, held, from) {
        move_tests(ground, tests, &path, &to, &mut decision)?;
    }
    rewrite_others(ground, from, &to, &mut decision)?;
    name_mentions(ground, from, &path, &mut decision);
    decision.rows.push(RowChange::Rename { from: from.clone(), to: to.clone() });
    decision.done.push(format!("renamed `{from}` to `{to}`: {path}"));
    Ok(decision)
}

/// The file that a published sequence has under its new id already, because somebody moved it.
fn moved_by_hand<'a>(ground: &Ground<'a>, from: &SequenceId, to: &SequenceId) -> Result<Option<&'a Held>, Failure> {
    let Some(published) = ground.published(from)?.filter(|_| !ground.staging.is_taken(from)) else { return Ok(None) };
    if ground.staging.find(to).is_none() || ground.published(to)?.is_some() {
        return Ok(None);
    }
    let held = ground.staging.get(to)?;
    if held.summary.formerly.iter().any(|former| former.value == from.as_str()) {
        return Ok(Some(held));
    }
    let newest = ground.newest(from, &published)?.map(|(_, meaning)| meaning);
    let now = ground.staging.read(held).map(|sequence| ground.staging.meaning(&sequence));
    if now.is_some() && now == newest {
        return Ok(Some(held));
    }
    let message = format!("`{to}` is there already, and says something else than what is published of `{from}`");
    let refusal = Refusal::new(Code::SequenceExists, message).about(from).at(held.source.at(Default::default()));
    Err(refusal.help(format!("if it is the same sequence, write `formerly: [{from}]` into {}", held.source.path())).into())
}

/// The file as it is at its new place: with the former ids in it, and naming itself anew where it does.
fn file_at(path: &FilePath, held: &Held, from: &SequenceId, former: &[SequenceId]) -> Result<Source, Failure> {
    let model = model(&held.source).map_err(|error| failure(from, &held.source, error))?;
    let to = path.file_name().split('.').next().unwrap_or_default();
    let written = held.summary.formerly.iter().map(|former| former.value.as_str());
    let mut formerly: Vec<&str> = Vec::new();
    for id in former.iter().map(SequenceId::as_str).chain(written).filter(|id| *id != from.as_str()).chain([from.as_str()]) {
        // An id that it has again is none that it had before.
        if id != to && !formerly.contains(&id) {
            formerly.push(id);
        }
    }
    let mut changes = references_to(&model, from, to);
    changes.push(set("formerly", formerly.into_iter().map(Value::from).collect::<Vec<_>>()));
    edited(from, &Source::new(path.clone(), held.source.text().to_owned()), &changes)
}

/// The tests that a sequence had under its former id: beside it or, where somebody moved its file to another folder, where they
/// were left.
fn tests_before<'a>(ground: &Ground<'a>, held: &Held, from: &SequenceId) -> Option<&'a Source> {
    let beside = tests_of(&beside(held, from));
    let mut elsewhere = ground.staging.all_tests().filter(|tests| tests.path().file_name() == beside.file_name());
    ground.staging.test(&beside).or_else(|| elsewhere.next().filter(|_| elsewhere.next().is_none()))
}

/// Moves tests beside the file at `new`.
fn move_tests(
    ground: &Ground<'_>,
    tests: &Source,
    new: &FilePath,
    to: &SequenceId,
    decision: &mut Decision,
) -> Result<(), Failure> {
    let new = tests_of(new);
    if let Some(others) = ground.staging.test(&new) {
        return Err(tests_exist(to, others.path()).into());
    }
    decision.tests.push((new.clone(), Some(Source::new(new, tests.text().to_owned()))));
    decision.tests.push((tests.path().clone(), None));
    Ok(())
}

/// Has every other file that refers to the sequence name it as it is called now. One that cannot be edited is left, and reaches
/// it all the same, through `formerly`.
fn rewrite_others(ground: &Ground<'_>, from: &SequenceId, to: &SequenceId, decision: &mut Decision) -> Result<(), Failure> {
    let own: Vec<&FilePath> = decision.sequences.iter().map(|(path, _)| path).collect();
    let others = ground.staging.all().filter(|(path, held)| !own.contains(path) && names(held.source.text(), from));
    let mut rewritten = Vec::new();
    for (path, held) in others {
        let made = model(&held.source).map(|model| references_to(&model, from, to.as_str()));
        let made = made.map_err(|error| failure(&held.summary.id, &held.source, error));
        let written = match made {
            Ok(changes) if changes.is_empty() => continue,
            Ok(changes) => edited(&held.summary.id, &held.source, &changes),
            Err(failure) => Err(failure),
        };
        match written {
            Ok(source) => rewritten.push((path.clone(), Some(ground.staging.hold(source)))),
            Err(Failure::Refused(refusal)) => {
                decision.notes.push(format!("{path} names `{from}` and is left as it is: {}", refusal.message));
            }
            Err(failure @ (Failure::Unavailable(_) | Failure::Broken(_))) => return Err(failure),
        }
    }
    match rewritten.len() {
        0 => {}
        1 => decision.notes.push(format!("1 file that refers to `{from}` names `{to}` now")),
        many => decision.notes.push(format!("{many} files that refer to `{from}` name `{to}` now")),
    }
    decision.sequences.extend(rewritten);
    Ok(())
}

fn references_to(model: &Value, from: &SequenceId, to: &str) -> Vec<Change> {
    references(model, &|id| if id == from.as_str() { to.to_owned() } else { id.to_owned() })
}

/// Says which scripts, and tests of other sequences, name the id. What they mean by it only a person knows.
fn name_mentions(ground: &Ground<'_>, from: &SequenceId, path: &FilePath, decision: &mut Decision) {
    let own = tests_of(path);
    let moved: Vec<&FilePath> = decision.tests.iter().map(|(path, _)| path).chain([&own]).collect();
    let tests = ground.staging.all_tests().filter(|source| !moved.contains(&source.path()));
    let quoted = |line: &str| ['"', '`', '\''].iter().any(|quote| line.contains(&format!("{quote}{from}{quote}")));
    let in_scripts = ground.staging.scripts().filter_map(|source| mention(source, &quoted));
    let in_tests = tests.filter_map(|source| mention(source, &|line| names(line, from)));
    let mentions: Vec<String> = in_scripts.chain(in_tests).collect();
    if !mentions.is_empty() {
        decision.notes.push(format!("`{from}` is named in {}, which stays as it is", mentions.join(", ")));
    }
}

/// The first line of a text that names something.
fn mention(source: &Source, names: &dyn Fn(&str) -> bool) -> Option<String> {
    let line = source.text().lines().position(names)?;
    Some(format!("{}:{}", source.path(), line + 1))
}

/// Whether an id stands in a text by itself, and not as a part of another word.
fn names(text: &str, id: &SequenceId) -> bool {
    let is_of_a_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'/' | b'.');
    text.match_indices(id.as_str()).any(|(start, found)| {
        let bytes = text.as_bytes();
        let before = start.checked_sub(1).and_then(|at| bytes.get(at));
        let behind = bytes.get(start + found.len());
        !before.is_some_and(|byte| is_of_a_word(*byte)) && !behind.is_some_and(|byte| is_of_a_word(*byte))
    })
}
