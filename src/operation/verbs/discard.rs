//! `discard`: throw the draft of an active sequence's next version away.

use crate::lifecycle::{Published, Verb, Version};
use crate::operation::facts::Facts;
use crate::operation::ground::{Failure, Ground};
use crate::operation::staging::{Decision, Held};
use crate::operation::text::failure;
use crate::operation::versions::{meant_in, published_lines, version, whole_text};
use crate::sequence::{Difference, SequenceId, State};
use crate::text::Source;
use crate::yaml::edit::{EditError, edit, model};

/// What is no text is not looked at, and nothing is overwritten unseen.
const WAY_ON: &str = "or move the file away, and discard the draft then";

/// The most differences that are named one by one.
const NAMED: usize = 4;

/// Brings back what is published, and throws away what the draft says instead. Owner, tags and comments outside the steps stay.
///
/// # Errors
/// Refused: `unknown-sequence`, `not-active`, `already-active`, and what is wrong with a file that is no text.
pub fn discard(ground: &Ground<'_>, id: &SequenceId) -> Result<Decision, Failure> {
    let published = ground.published(id)?;
    if published.is_none() {
        ground.staging.get(id)?;
    }
    ground.ask(Verb::Discard, id)?;
    let Some(published) = published else { return Err(ground.staging.unknown(id.as_str()).into()) };
    let version = version(ground, id, published.number)?;
    let mut decision = Decision::default();
    let source = if ground.staging.is_taken(id) {
        let held = ground.staging.get(id).map_err(|refusal| refusal.help_everywhere(WAY_ON))?;
        let source = in_its_file(ground, held, &published, &version, &mut decision)?;
        name_what_goes(ground, held, &published, &mut decision)?;
        source
    } else {
        decision.notes.push(format!("the file of `{id}` was gone; it comes back as version {} was published", published.number));
        whole_text(ground, id, &version, |said| published_lines(said, &published, State::Active))?
    };
    decision.sequences.push((source.path().clone(), Some(ground.staging.hold(source))));
    decision.done.push(format!("discarded the draft of `{id}`: its file says what version {} says", published.number));
    ground.serve(id, published, State::Active, &mut decision);
    Ok(decision)
}

/// The file with the published meaning in the draft's place; the published text, where the file is none that can be edited.
fn in_its_file(
    ground: &Ground<'_>,
    held: &Held,
    published: &Published,
    version: &Version,
    decision: &mut Decision,
) -> Result<Source, Failure> {
    let (id, source) = (&held.summary.id, &held.source);
    let model = match model(source) {
        Ok(model) => model,
        Err(EditError::NotSound(_) | EditError::Disputed(_) | EditError::TooLarge | EditError::TooDeep) => {
            decision.losses.push(format!(
                "{} cannot be read: the text of version {} takes its place, with the owner, tags and comments of then",
                source.path(),
                version.number
            ));
            return whole_text(ground, id, version, |said| published_lines(said, published, State::Active));
        }
        Err(error) => return Err(failure(id, source, error)),
    };
    let mut changes = meant_in(ground, id, version, &model)?;
    changes.extend(published_lines(&model, published, State::Active));
    let edited = edit(source, &changes).map_err(|error| failure(id, source, error))?;
    match edited.removed_comments.len() {
        0 => {}
        1 => decision.losses.push("1 comment in the steps is lost".to_owned()),
        many => decision.losses.push(format!("{many} comments in the steps are lost")),
    }
    Ok(edited.source)
}

/// Says where the draft says something else than what is published.
fn name_what_goes(ground: &Ground<'_>, held: &Held, published: &Published, decision: &mut Decision) -> Result<(), Failure> {
    let id = &held.summary.id;
    let (Some(draft), Some((_, newest))) = (ground.staging.read(held), ground.newest(id, published)?) else { return Ok(()) };
    let differences = ground.staging.meaning(&draft).differences(&newest);
    if differences.is_empty() {
        return Ok(());
    }
    let mut subjects: Vec<String> = differences.iter().map(Difference::subject).collect();
    subjects.dedup();
    let rest = match subjects.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    subjects.truncate(NAMED);
    decision.losses.insert(0, format!("the draft of `{id}` is lost: {}{rest}", subjects.join(", ")));
    Ok(())
}
