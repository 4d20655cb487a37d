//! `undo`: bring back what was before an operation, by a new one.
//!
//! What an operation did is taken back as a whole: between what was before it and what it left, nothing in between counts. Every
//! step back is read as verbs and asked of the table, so that an undo does nothing that somebody could not do by hand. Texts
//! come back where nobody wrote since; where only the lines that say the state differ, those lines alone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::lifecycle::{Edition, Published, Verb, Verdict, judge, judge_change};
use crate::operation::changes::{FileChange, RowChange};
use crate::operation::facts::Facts;
use crate::operation::ground::{Failure, Ground};
use crate::operation::happened::{Happened, Happening, Left, Since, Ways, sequence_of};
use crate::operation::refusal::Refusal;
use crate::operation::rules::changed_since::{ChangedFile, Now, changed_files, changed_state, other_text};
use crate::operation::rules::not_undoable::{changed_records, of_before, purged, renamed};
use crate::operation::rules::nothing_to_undo::nothing_to_undo;
use crate::operation::rules::sequence_exists::sequence_exists;
use crate::operation::staging::{Decision, Held, Staging};
use crate::operation::text::{edited, remove, set};
use crate::progress::EndReason;
use crate::record::RecordKey;
use crate::sequence::{SequenceId, State};
use crate::text::{FilePath, Source};
use crate::yaml::edit::{Change, Value, model};

use super::activate::{check_sound, within_limit};
use super::edit::immutable;
use super::new::is_free;

/// What undoing an operation comes to.
#[must_use]
#[derive(Clone, Debug, Default)]
pub struct Undoing {
    /// What changes.
    pub decision: Decision,
    /// Every verb that it comes to, with its sequence.
    pub verbs: Vec<(Verb, SequenceId)>,
}

/// Undoes an operation, as far as the world still allows it. What cannot be brought back is among the losses.
///
/// # Errors
/// Refused: `not-undoable`, `nothing-to-undo`, `changed-since`, `sequence-exists`, `edited-while-active`, `not-sound`,
/// `too-many-active`, and whatever else the table refuses of the steps back.
pub fn undo(ground: &Ground<'_>, happened: &Happened) -> Result<Undoing, Failure> {
    may_be_undone(happened)?;
    let mut back = Back {
        ground,
        happened,
        staging: ground.staging.clone(),
        undoing: Undoing::default(),
        done: Vec::new(),
        stays: Vec::new(),
        touched: BTreeSet::new(),
        drafts: BTreeSet::new(),
    };
    let files = back.files()?;
    if let Some((from, to)) = renaming(happened) {
        back.rename(from, to, files)?;
        return back.finish();
    }
    let turns = back.turns(&files)?;
    back.texts(files, &turns)?;
    back.states(&turns)?;
    back.ways()?;
    back.finish()
}

fn may_be_undone(happened: &Happened) -> Result<(), Failure> {
    if !happened.keeps_texts {
        return Err(of_before(happened).into());
    }
    for happening in &happened.happenings {
        if let (Happening::Renamed { from, to }, None) = (happening, renaming(happened)) {
            return Err(renamed(happened, from, to).into());
        }
    }
    if happened.happenings.contains(&Happening::Purged) {
        return Err(purged(happened).into());
    }
    if happened.records > 0 { Err(changed_records(happened).into()) } else { Ok(()) }
}

/// The id that a sequence had and the one that it got, of an operation that did nothing else.
fn renaming(happened: &Happened) -> Option<(&SequenceId, &SequenceId)> {
    match happened.happenings.as_slice() {
        [Happening::Renamed { from, to }] if happened.ways.is_empty() => Some((from, to)),
        _ => None,
    }
}

/// A file on its way back.
struct FileBack {
    path: FilePath,
    /// The sequence, if it is a sequence's file and not one of tests or settings.
    sequence: Option<SequenceId>,
    /// What it is to say; `None` where it goes.
    back: Option<Source>,
}

/// A sequence's state on its way back; `None` where nothing of it is published, or it is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Turn {
    now: Option<State>,
    back: Option<State>,
}

/// An undo while it is decided.
struct Back<'a> {
    ground: &'a Ground<'a>,
    happened: &'a Happened,
    /// The files and the store, with what is decided so far.
    staging: Staging,
    undoing: Undoing,
    /// What will have been done, beside the first sentence.
    done: Vec<String>,
    /// What cannot be brought back, a sentence each.
    stays: Vec<String>,
    /// Sequences that something becomes of.
    touched: BTreeSet<SequenceId>,
    /// Live sequences whose text comes back and is none that is published as the newest.
    drafts: BTreeSet<SequenceId>,
}

impl Back<'_> {
    fn scene(&self) -> Ground<'_> {
        Ground { staging: &self.staging, facts: self.ground.facts, actor: self.ground.actor }
    }

    /// Takes a part of the decision in: what is decided later sees it.
    fn take(&mut self, part: Decision) {
        self.staging.accept(part.clone());
        self.undoing.decision.extend(part);
    }

    /// The files that do not say what they said before, each with what it is to say.
    fn files(&self) -> Result<Vec<FileBack>, Failure> {
        let (mut files, mut obstacles) = (Vec::new(), Vec::new());
        for (change, later) in &self.happened.files {
            let now = self.text(&change.path);
            let text = now.as_ref().map(Source::text);
            if text == change.before.as_deref() {
                continue;
            }
            let is_ours = now.is_some() || is_place(&change.path);
            let back = if is_ours && text == change.after.as_deref() {
                change.before.as_deref().map(|before| Source::new(change.path.clone(), before.to_owned()))
            } else {
                match self.lines_back(change, now.as_ref())? {
                    Some(back) => Some(back),
                    None => {
                        let now = self.became(&change.path, now.as_ref());
                        obstacles.push(ChangedFile { path: change.path.clone(), later: *later, now });
                        continue;
                    }
                }
            };
            files.push(FileBack { path: change.path.clone(), sequence: sequence_at(&change.path), back });
        }
        if obstacles.is_empty() { Ok(files) } else { Err(changed_files(self.happened.number, &obstacles).into()) }
    }

    /// What became of a file that is not as it was left.
    fn became(&self, path: &FilePath, text: Option<&Source>) -> Now {
        let file = sequence_at(path).and_then(|id| self.ground.staging.file_of(&id));
        match (text, file) {
            (Some(_), _) => Now::Says,
            (None, Some(file)) if file != path => Now::Moved(file.clone()),
            (None, _) => Now::Gone,
        }
    }

    fn text(&self, path: &FilePath) -> Option<Source> {
        let held = self.ground.staging.held(path).map(|held| held.source.clone());
        held.or_else(|| self.ground.staging.test(path).cloned())
    }

    /// A text that was changed since, where the operation wrote nothing but the lines that say the state, and these stand as it
    /// wrote them: with those lines as they were.
    fn lines_back(&self, change: &FileChange, now: Option<&Source>) -> Result<Option<Source>, Failure> {
        let (Some(before), Some(after), Some(now)) = (&change.before, &change.after, now) else { return Ok(None) };
        let Some(id) = sequence_at(&change.path) else { return Ok(None) };
        let source = |text: &Arc<str>| Source::new(change.path.clone(), text.to_string());
        let (before, after) = (source(before), source(after));
        let (Ok(old), Ok(written), Ok(present)) = (model(&before), model(&after), model(now)) else { return Ok(None) };
        if LINES.iter().any(|key| written.get(*key) != present.get(*key)) {
            return Ok(None);
        }
        let taken_back = edited(&id, &after, &lines(&old, &written))?;
        let is_all = model(&taken_back).is_ok_and(|taken_back| taken_back == old);
        if is_all { edited(&id, now, &lines(&old, &present)).map(Some) } else { Ok(None) }
    }

    /// Gives a sequence the id again that it had, with its file, its tests and all that refers to it.
    fn rename(&mut self, from: &SequenceId, to: &SequenceId, files: Vec<FileBack>) -> Result<(), Failure> {
        let (Some(_), true) = (self.ground.kept(to)?, self.ground.versions(from)?.is_empty()) else {
            return Err(renamed(self.happened, from, to).into());
        };
        is_free(self.ground, from, Some(to))?;
        let state = self.ground.state(to)?;
        self.lawful(to, &[(Verb::Rename, state)])?;
        let mut part = Decision::default();
        for FileBack { path, sequence, back } in files {
            match sequence {
                Some(_) => part.sequences.push((path, back.map(|back| self.ground.staging.hold(back)))),
                None => part.tests.push((path, back)),
            }
        }
        part.rows.push(RowChange::Rename { from: to.clone(), to: from.clone() });
        self.touched.insert(from.clone());
        self.done.push(format!("`{to}` is called `{from}` again"));
        self.take(part);
        Ok(())
    }

    /// The sequences whose state is to be another, or that come or go.
    fn turns(&self, files: &[FileBack]) -> Result<BTreeMap<SequenceId, Turn>, Failure> {
        let mut turns = BTreeMap::new();
        for (id, (before, after)) in self.ends() {
            let now = self.state(&id)?;
            let back = if now == after { before } else { now };
            if now != after && now != before {
                return Err(changed_state(self.happened.number, &id, after, now).into());
            }
            turns.insert(id, Turn { now, back });
        }
        for file in files {
            let Some(id) = &file.sequence else { continue };
            let now = self.state(id)?;
            let turn = turns.entry(id.clone()).or_insert(Turn { now, back: now });
            // Of what was published before, a file alone goes: one that was missing, and was written anew.
            if file.back.is_none() && !self.happened.was_published.contains(id) {
                turn.back = None;
            }
        }
        Ok(turns)
    }

    fn state(&self, id: &SequenceId) -> Result<Option<State>, Failure> {
        Ok(self.ground.published(id)?.map(|published| published.state))
    }

    /// What each sequence was before the operation, and what it left.
    fn ends(&self) -> BTreeMap<SequenceId, (Option<State>, Option<State>)> {
        let mut ends: BTreeMap<SequenceId, (Option<State>, Option<State>)> = BTreeMap::new();
        for happening in &self.happened.happenings {
            let (sequence, before, after) = match happening {
                Happening::Served { sequence, before, after } => (sequence, Some(*before), Some(*after)),
                Happening::Deleted { sequence, before } => (sequence, *before, None),
                Happening::Undeleted { sequence } => (sequence, None, Some(State::Inactive)),
                Happening::Published { .. } | Happening::Renamed { .. } | Happening::Purged => continue,
            };
            ends.entry(sequence.clone()).and_modify(|ends| ends.1 = after).or_insert((before, after));
        }
        for (change, _) in self.happened.files.iter().filter(|(change, _)| change.before.is_none()) {
            // What it created was nothing before, whatever it published of it.
            let new = sequence_at(&change.path).filter(|id| !self.happened.was_published.contains(id));
            if let Some(ends) = new.and_then(|id| ends.get_mut(&id)) {
                ends.0 = None;
            }
        }
        ends.retain(|_, (before, after)| before != after);
        ends
    }

    /// Brings texts back, as the table allows in the states that sequences have and will have.
    fn texts(&mut self, files: Vec<FileBack>, turns: &BTreeMap<SequenceId, Turn>) -> Result<(), Failure> {
        let mut part = Decision::default();
        let count = files.len();
        for file in files {
            let FileBack { path, sequence, back } = file;
            let is_gone = back.is_none();
            if let Some(id) = &sequence {
                self.touched.insert(id.clone());
                let held = back.map(|back| self.ground.staging.hold(back));
                match (&held, self.ground.staging.held(&path), turns.get(id)) {
                    (Some(_), None, turn) => {
                        self.comes_back(id, turn.and_then(|turn| turn.now))?;
                        self.undoing.verbs.push((Verb::New, id.clone()));
                    }
                    (Some(held), Some(now), Some(turn)) => self.lawful_edit(id, now, held, turn)?,
                    (Some(_), Some(_), None) | (None, ..) => {}
                }
                part.sequences.push((path.clone(), held));
            } else {
                part.tests.push((path.clone(), back));
            }
            let is_told_by_its_state = sequence
                .as_ref()
                .is_some_and(|id| self.drafts.contains(id) || turns.get(id).is_some_and(|turn| turn.now != turn.back));
            if count <= MOST_NAMED && !is_told_by_its_state {
                self.done.push(if is_gone { format!("{path} is gone again") } else { format!("{path} is as it was") });
            }
        }
        if count > MOST_NAMED {
            self.done.push(format!("{count} files are as they were"));
        }
        self.take(part);
        Ok(())
    }

    /// A file may come back where no other has its id, and what is published under the id is its own.
    fn comes_back(&self, id: &SequenceId, published: Option<State>) -> Result<(), Failure> {
        match (published, self.ground.staging.file_of(id)) {
            (None, _) => is_free(self.ground, id, None),
            (Some(_), None) => Ok(()),
            (Some(state), Some(file)) => Err(sequence_exists(id, Some(file), state).into()),
        }
    }

    fn lawful_edit(&mut self, id: &SequenceId, now: &Held, back: &Held, turn: &Turn) -> Result<(), Failure> {
        let (before, after) = (turn.now.unwrap_or(State::Inactive), turn.back.unwrap_or(State::Inactive));
        let (Some(old), Some(new)) = (self.ground.staging.read(now), self.ground.staging.read(back)) else {
            // What cannot be read is a draft, whatever it was.
            return self.lawful(id, &[(Verb::Edit, before)]);
        };
        let (old_meaning, new_meaning) = (self.ground.staging.meaning(&old), self.ground.staging.meaning(&new));
        // A live sequence whose text goes back comes into revision, as long as it serves.
        let edits_live = before == State::Active && after == State::Active && old_meaning != new_meaning;
        let after = if edits_live { State::Revision } else { after };
        self.drafts.extend(edits_live.then(|| id.clone()));
        let judgement = judge_change(
            &Edition { sequence: &old, meaning: &old_meaning, state: before },
            &Edition { sequence: &new, meaning: &new_meaning, state: after },
        );
        if let Some((verb, bar, _)) = judgement.refused.first() {
            return Err(match verb {
                Verb::ChangeRecordType => immutable(&new).in_text(&back.source).into(),
                _ => Refusal::of(bar, id, before).into(),
            });
        }
        let texts =
            judgement.verbs.into_iter().filter(|verb| matches!(verb, Verb::Edit | Verb::Assign | Verb::Tag | Verb::Untag));
        self.undoing.verbs.extend(texts.map(|verb| (verb, id.clone())));
        Ok(())
    }

    /// Asks the table for verbs, each in its state.
    fn lawful(&mut self, id: &SequenceId, steps: &[(Verb, State)]) -> Result<(), Failure> {
        for (verb, state) in steps {
            if let Verdict::Refused(bar) = judge(*verb, *state) {
                return Err(Refusal::of(&bar, id, *state).into());
            }
            self.undoing.verbs.push((*verb, id.clone()));
        }
        Ok(())
    }

    /// Brings sequences back into the states that they had.
    fn states(&mut self, turns: &BTreeMap<SequenceId, Turn>) -> Result<(), Failure> {
        let mut turns: Vec<(SequenceId, Turn)> = turns.iter().map(|(id, turn)| (id.clone(), *turn)).collect();
        for (id, turn) in &mut turns {
            self.draft(id, turn)?;
        }
        turns.retain(|(_, turn)| turn.now != turn.back || turn.back.is_none());
        // Sequences that refer to each other go and come together.
        for (id, turn) in turns.iter().filter(|(_, turn)| !is_live(turn.back)) {
            self.stop(id, *turn)?;
        }
        let coming: Vec<(SequenceId, Turn)> = turns.into_iter().filter(|(_, turn)| turn.back.is_some()).collect();
        let fresh = coming.iter().filter(|(_, turn)| is_live(turn.back) && !is_live(turn.now)).map(|(id, _)| id);
        within_limit(&self.scene(), fresh.clone().next(), fresh.count())?;
        let targets: BTreeMap<SequenceId, State> =
            coming.iter().filter_map(|(id, turn)| Some((id.clone(), turn.back?))).collect();
        for (id, turn) in coming.iter().filter(|(_, turn)| is_live(turn.back) || turn.now.is_none()) {
            self.serve(id, *turn, &targets)?;
        }
        Ok(())
    }

    /// What is live and gets another text than is published becomes the draft of the next version.
    fn draft(&mut self, id: &SequenceId, turn: &mut Turn) -> Result<(), Failure> {
        if !self.drafts.contains(id) || self.says_what_is_published(id)? {
            return Ok(());
        }
        let Some(held) = self.staging.find(id).cloned() else { return Ok(()) };
        let source = edited(id, &held.source, &[set("state", State::Revision.word())])?;
        let held = self.staging.hold(source);
        self.take(Decision { sequences: vec![(held.source.path().clone(), Some(held))], ..Decision::default() });
        turn.back = Some(State::Revision);
        Ok(())
    }

    /// Whether a sequence's file says what its newest version says. Nobody knows of one that cannot be read.
    fn says_what_is_published(&self, id: &SequenceId) -> Result<bool, Failure> {
        let scene = self.scene();
        let Some(published) = scene.published(id)? else { return Ok(false) };
        let Some(sequence) = self.staging.find(id).and_then(|held| self.staging.read(held)) else { return Ok(false) };
        let newest = scene.newest(id, &published)?;
        Ok(newest.is_none_or(|(_, newest)| self.staging.meaning(&sequence) == newest))
    }

    /// Lets a sequence serve no longer, or be gone.
    fn stop(&mut self, id: &SequenceId, turn: Turn) -> Result<(), Failure> {
        let mut part = Decision::default();
        let ended = match (turn.now, turn.back) {
            (Some(now), None) => {
                self.lawful(id, &[(Verb::Delete, now)])?;
                self.scene().name_those_before(id, &mut part)?;
                let ended = self.scene().ends_all(id, EndReason::SequenceDeleted, &mut part)?;
                part.rows.push(RowChange::Delete { sequence: id.clone() });
                part.published.push((id.clone(), None));
                format!("`{id}` is deleted again{ended}")
            }
            (Some(now @ (State::Active | State::Revision)), Some(State::Inactive)) => {
                self.lawful(id, &[(Verb::Deactivate, now)])?;
                format!("`{id}` is inactive again{}", super::deactivate::stop(&self.scene(), id, &mut part)?)
            }
            (None, None) => {
                self.lawful(id, &[(Verb::Delete, State::Inactive)])?;
                return Ok(());
            }
            (None | Some(State::Inactive), Some(_))
            | (Some(State::Active | State::Revision), Some(State::Active | State::Revision)) => {
                return Ok(());
            }
        };
        self.touched.insert(id.clone());
        self.done.push(ended);
        self.take(part);
        Ok(())
    }

    /// Lets a sequence be there again, and serve if it did.
    fn serve(&mut self, id: &SequenceId, turn: Turn, targets: &BTreeMap<SequenceId, State>) -> Result<(), Failure> {
        let Some(back) = turn.back else { return Ok(()) };
        self.touched.insert(id.clone());
        if turn.now.is_none() {
            self.undelete(id)?;
        }
        let steps: &[(Verb, State)] = match (turn.now, back) {
            (None | Some(State::Inactive), State::Inactive)
            | (Some(State::Active), State::Active)
            | (Some(State::Revision), State::Revision)
            | (Some(State::Active | State::Revision), State::Inactive) => &[],
            (None | Some(State::Inactive), State::Active) => &[(Verb::Activate, State::Inactive)],
            (None | Some(State::Inactive), State::Revision) => {
                &[(Verb::Activate, State::Inactive), (Verb::Revise, State::Active)]
            }
            (Some(State::Active), State::Revision) => &[(Verb::Revise, State::Active)],
            (Some(State::Revision), State::Active) => &[(Verb::Discard, State::Revision)],
        };
        self.lawful(id, steps)?;
        if steps.is_empty() {
            self.done.push(format!("`{id}` is there again"));
            return Ok(());
        }
        let Some(published) = self.scene().published(id)? else {
            return Err(Failure::Broken(format!("nothing of `{id}` is published, and it was to serve again")));
        };
        if back == State::Active {
            let held = self.staging.get(id)?.clone();
            if !self.says_what_is_published(id)? {
                return Err(other_text(self.happened.number, id, published.number).into());
            }
            if !is_live(turn.now) {
                check_sound(&self.scene(), &held, &|target| targets.get(target).copied())?;
            }
        }
        let done = match back {
            State::Revision if self.drafts.contains(id) => {
                format!("`{id}` is in revision: what it said is the draft, and version {} serves", published.number)
            }
            State::Revision => format!("`{id}` is in revision again; version {} serves", published.number),
            State::Active | State::Inactive => format!("`{id}` is {back} again"),
        };
        let mut part = Decision::default();
        part.rows.push(RowChange::Serve { sequence: id.clone(), state: back });
        part.published.push((id.clone(), Some(published.in_state(back))));
        self.done.push(done);
        self.take(part);
        Ok(())
    }

    fn undelete(&mut self, id: &SequenceId) -> Result<(), Failure> {
        let versions = self.ground.versions(id)?;
        let newest = versions.last().map(|(number, _)| self.ground.version(id, *number)).transpose()?.flatten();
        let Some(newest) = newest else {
            return Err(Failure::Broken(format!("nothing of `{id}` was ever published, and it was to come back")));
        };
        let published = Published {
            state: State::Inactive,
            number: newest.number,
            meaning: newest.meaning,
            message: newest.message,
            versions,
        };
        let mut part = Decision::default();
        part.rows.push(RowChange::Undelete { sequence: id.clone() });
        part.published.push((id.clone(), Some(published)));
        self.take(part);
        Ok(())
    }

    /// Lets connections go on that ended, and ends those that were made.
    fn ways(&mut self) -> Result<(), Failure> {
        let operation = self.happened.number;
        let mut part = Decision::default();
        let (mut resumed, mut ended): (BTreeMap<SequenceId, u64>, BTreeMap<SequenceId, u64>) = Default::default();
        for ways in &self.happened.ways {
            let Ways { sequence, left, since, count, record } = ways;
            let (sequence, count) = (sequence.clone(), *count);
            let state = self.scene().state(&sequence)?;
            match left {
                Left::Ended(reason) => match goes_on(*reason, *since, state) {
                    Ok(Goes::On) => {
                        *resumed.entry(sequence.clone()).or_default() += count;
                        part.rows.push(RowChange::ResumeEnded { sequence, operation, reason: *reason, count });
                    }
                    Ok(Goes::Already) => {}
                    Err(why) if count == 1 => {
                        let RecordKey { record_type, id } = record;
                        self.stays.push(format!("{record_type} `{id}` does not go on in `{sequence}`: {why}"));
                    }
                    Err(why) => self.stays.push(format!("{count} connections of `{sequence}` do not go on: {why}")),
                },
                // Where nothing serves any more, all ended already.
                Left::Running if *since == Since::Nothing && is_live(Some(state)) => {
                    let reason = EndReason::UserDisconnected;
                    *ended.entry(sequence.clone()).or_default() += count;
                    part.rows.push(RowChange::EndRunning { sequence, operation, reason, count });
                }
                Left::Running => {}
            }
        }
        for (sequence, count) in resumed {
            self.done.push(format!("{} of `{sequence}` {} on where {} stood", connections(count), goes(count), they(count)));
            self.undoing.verbs.push((Verb::Connect, sequence.clone()));
            self.touched.insert(sequence);
        }
        for (sequence, count) in ended {
            self.done.push(format!("{} of `{sequence}` ended", connections(count)));
            self.undoing.verbs.push((Verb::Disconnect, sequence.clone()));
            self.touched.insert(sequence);
        }
        self.take(part);
        Ok(())
    }

    fn finish(mut self) -> Result<Undoing, Failure> {
        let happened = self.happened;
        let decision = &mut self.undoing.decision;
        let versions = happened.happenings.iter().filter_map(|happening| match happening {
            Happening::Published { sequence, version } => Some(format!("version {version} of `{sequence}` stays published")),
            Happening::Served { .. }
            | Happening::Deleted { .. }
            | Happening::Undeleted { .. }
            | Happening::Renamed { .. }
            | Happening::Purged => None,
        });
        self.stays.extend(versions);
        self.stays.extend(match happened.sent {
            0 => None,
            1 => Some("1 message that was sent stays sent".to_owned()),
            sent => Some(format!("{sent} messages that were sent stay sent")),
        });
        decision.losses.extend(self.stays.iter().cloned());
        if decision.rows.is_empty() && decision.sequences.is_empty() && decision.tests.is_empty() {
            return Err(nothing_to_undo(happened, &decision.losses).into());
        }
        let operation = happened.number;
        decision.rows.insert(0, RowChange::Undo { operation });
        let detail = format!("operation {operation}");
        decision.rows.extend(self.touched.into_iter().map(|sequence| RowChange::Note {
            sequence,
            verb: "undo",
            detail: detail.clone(),
        }));
        decision.done.push(format!("undid operation {operation}: {}", happened.what));
        decision.done.append(&mut self.done);
        decision.done.append(&mut self.stays);
        Ok(self.undoing)
    }
}

/// Whether a file may come back where none is: among the sequences, and nowhere else, whatever the store says.
fn is_place(path: &FilePath) -> bool {
    let mut parts = path.as_str().split('/');
    let is_plain = |part: &str| !part.is_empty() && !part.starts_with('.');
    parts.next() == Some("sequences") && parts.all(is_plain) && sequence_of(path).is_some()
}

/// The sequence that a file holds, if it is one.
fn sequence_at(path: &FilePath) -> Option<SequenceId> {
    let is_one = path.as_str().starts_with("sequences/") && !path.as_str().ends_with(".test.yaml");
    if is_one { sequence_of(path) } else { None }
}

/// Whether a connection that ended goes on.
enum Goes {
    /// It does.
    On,
    /// It did so before.
    Already,
}

/// Whether connections go on that ended for a reason, in a sequence that is in a state then; why not where they cannot.
fn goes_on(reason: EndReason, since: Since, state: State) -> Result<Goes, &'static str> {
    let hindrance = match since {
        Since::Anew => return Err("it was connected anew since"),
        Since::Back => return Ok(Goes::Already),
        Since::EndedAgain => Some("it went on and ended again since"),
        Since::Closed => Some("the record is closed"),
        Since::Nothing => None,
    };
    match reason {
        EndReason::UserDisconnected | EndReason::SequenceDeactivated | EndReason::SequenceDeleted => {}
        EndReason::Completed => return Err("it had come to its end"),
        EndReason::RecordClosed => return Err("the record was closed"),
        EndReason::ExitCriterion => return Err("an exit criterion was met"),
        EndReason::Advanced => return Err("it went on in another sequence"),
    }
    match (hindrance, state) {
        (Some(why), _) => Err(why),
        (None, State::Inactive) => Err("the sequence is not active"),
        (None, State::Active | State::Revision) => Ok(Goes::On),
    }
}

/// So many files are named one by one.
const MOST_NAMED: usize = 5;

/// The lines that say the state, and that verbs write.
const LINES: [&str; 3] = ["state", "version", "message"];

/// What gives those lines the values that they had.
fn lines(before: &Value, now: &Value) -> Vec<Change> {
    let line = |key: &&str| match (before.get(*key), now.get(*key)) {
        (Some(value), present) if present != Some(value) => Some(set(key, value.clone())),
        (None, Some(_)) => Some(remove(key)),
        (Some(_) | None, _) => None,
    };
    LINES.iter().filter_map(line).collect()
}

fn is_live(state: Option<State>) -> bool {
    match state {
        Some(State::Active | State::Revision) => true,
        Some(State::Inactive) | None => false,
    }
}

fn connections(count: u64) -> String {
    if count == 1 { "1 connection".to_owned() } else { format!("{count} connections") }
}

fn goes(count: u64) -> &'static str {
    if count == 1 { "goes" } else { "go" }
}

fn they(count: u64) -> &'static str {
    if count == 1 { "it" } else { "they" }
}
