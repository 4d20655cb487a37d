//! `segue edit` and `segue clone`: a text that somebody changes, in an editor or by `--set`.

use std::path::Path;
use std::process::Command as Process;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow, bail};

use crate::lifecycle::Verb;
use crate::operation::{self, Copy, Failure, Ground, Refusal};
use crate::sequence::{LISTS_OF_STEPS, SequenceId, StepType, keys_before, route_of_step, step_in, step_keys_before};
use crate::text::Source;
use crate::workspace::{Content, read_text};
use crate::yaml::edit::{Change, Route, Value, edit as edited, model};

use super::arguments::{Arguments, Changing, Clone, Edit};
use super::desk::{Desk, Writes, tell_refusal};
use super::screen::Screen;
use super::verbs::sequence;
use super::{Exit, Fault, WrongUse, complain};

/// So long an interrupt may take until it is heard.
const A_MOMENT: Duration = Duration::from_secs(1);

pub(super) fn clone(arguments: &Arguments, command: &Clone, screen: &Screen) -> anyhow::Result<Exit> {
    if command.edit {
        // Nothing is copied for an editor that nobody chose.
        chosen_editor()?;
    }
    let version = command.version.map_or_else(String::new, |number| format!(" --version {number}"));
    let what = format!("clone {} {}{version}", command.sequence, command.id);
    let desk = Desk::open(arguments, &command.changing, screen, Writes::Files, what)?;
    let source = match sequence(&desk, &command.sequence) {
        Ok(id) => id,
        Err(refusal) => return Ok(desk.refuse(&refusal)),
    };
    let copy = Copy {
        id: command.id.clone(),
        name: command.name.clone(),
        description: command.description.clone(),
        version: command.version,
    };
    let decide = |ground: &Ground<'_>| operation::clone(ground, &source, &copy);
    let exit = match desk.perform(Verb::Clone, std::slice::from_ref(&source), decide)? {
        Ok(decision) => desk.finish(&[decision])?,
        Err(refusal) => return Ok(desk.refuse(&refusal)),
    };
    match (exit, command.edit) {
        (Exit::Fine, true) => in_editor(arguments, &command.changing, screen, &command.id),
        (exit, _) => Ok(exit),
    }
}

pub(super) fn edit(arguments: &Arguments, command: &Edit, screen: &Screen) -> anyhow::Result<Exit> {
    if command.set.is_empty() {
        return in_editor(arguments, &command.changing, screen, &command.sequence);
    }
    let what = format!("edit {}", command.sequence);
    let desk = Desk::open(arguments, &command.changing, screen, Writes::Files, what)?;
    let done = changed(&desk, &command.sequence, &command.set)?;
    match done {
        Err(refusal) => Ok(desk.refuse(&refusal)),
        Ok((id, source)) => save(desk, &id, source),
    }
}

/// The sequence with some values set.
fn changed(desk: &Desk<'_>, argument: &str, set: &[String]) -> anyhow::Result<Result<(SequenceId, Source), Box<Refusal>>> {
    let id = match sequence(desk, argument) {
        Ok(id) => id,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let source = match desk.source_of(&id) {
        Ok(source) => source,
        Err(failure) => return refused(failure),
    };
    let model = match model(&source) {
        Ok(model) => model,
        Err(error) => return refused(operation::failure(&id, &source, error)),
    };
    let changes = set.iter().map(|set| change(&model, set)).collect::<Result<Vec<Change>, WrongUse>>()?;
    match edited(&source, &changes) {
        Ok(edited) => Ok(Ok((id, edited.source))),
        Err(error) => refused(operation::failure(&id, &source, error)),
    }
}

fn refused<T>(failure: Failure) -> anyhow::Result<Result<T, Box<Refusal>>> {
    match failure {
        Failure::Refused(refusal) => Ok(Err(refusal)),
        Failure::Unavailable(unavailable) => Err(anyhow!(unavailable)),
        Failure::Broken(what) => Err(anyhow!(Fault(what))),
    }
}

/// `steps[intro].template=intro-emea` as a change.
fn change(model: &Value, set: &str) -> Result<Change, WrongUse> {
    let wrong = || WrongUse(format!("`{set}` is no `PLACE=VALUE`, like `name=Follow up` or `steps[intro].template=intro-emea`"));
    let (place, value) = set.split_once('=').ok_or_else(wrong)?;
    let route = route(model, place.trim()).ok_or_else(wrong)?;
    if value.trim().is_empty() {
        return Ok(Change::Remove { route });
    }
    let key = place.trim().rsplit('.').next().unwrap_or_default();
    let after = step_type_at(model, place.trim()).map_or_else(|| keys_before(place.trim()), |own| step_keys_before(own, key));
    Ok(Change::Set { route, value: self::value(key, value.trim()), after })
}

/// The type of the step whose key a place names: `steps[intro].template`.
fn step_type_at(model: &Value, place: &str) -> Option<StepType> {
    let (step, _) = place.rsplit_once('.')?;
    let id = step.strip_suffix(']')?.rsplit_once('[')?.1;
    StepType::from_word(step_in(model, id)?.value.get("type")?.as_str()?)
}

/// The way that a place names. A step is named by its id, wherever it stands: `steps[intro]`.
fn route(model: &Value, place: &str) -> Option<Route> {
    let mut route = Route::root();
    let mut is_among_steps = true;
    for part in place.split('.') {
        let (key, indexes) = part.split_once('[').map_or((part, None), |(key, rest)| (key, Some(rest)));
        if key.is_empty() {
            return None;
        }
        route = route.key(key);
        is_among_steps &= LISTS_OF_STEPS.contains(&key);
        let step = |id: &str| is_among_steps.then(|| route_of_step(model, id)).flatten();
        for index in
            indexes.map(|indexes| indexes.strip_suffix(']')).map_or(Some(Vec::new()), |rest| Some(rest?.split("][").collect()))?
        {
            route = match index.parse() {
                Ok(number) => route.index(number),
                Err(_) => step(index).unwrap_or_else(|| route.id(index)),
            };
        }
    }
    Some(route)
}

/// A value as somebody types it: a list or mapping in brackets, a JSON number, `true`, `false`, `null`, else text. A number that
/// would be written otherwise, like `1.10`, is text, but under `value`, where the number is what counts.
fn value(key: &str, text: &str) -> Value {
    let is_number = |text: &str| {
        let number = serde_json::from_str::<serde_json::Number>(text).ok();
        number.is_some_and(|number| key == "value" || number.to_string() == text)
    };
    let is_whole = text.starts_with(['[', '{', '"']) || matches!(text, "true" | "false" | "null") || is_number(text);
    let read = is_whole.then(|| serde_yaml::from_str(text).ok()).flatten();
    read.unwrap_or_else(|| Value::from(text))
}

/// Lets somebody change a sequence's text in their editor. Nobody else has to wait for them: the lock is taken when they are
/// done, and what they started from must still be there.
fn in_editor(arguments: &Arguments, changing: &Changing, screen: &Screen, argument: &str) -> anyhow::Result<Exit> {
    if changing.dry_run {
        bail!(WrongUse("an editor changes nothing before it saves; `--dry-run` goes with `--set`".to_owned()));
    }
    let looking = Changing { dry_run: true, ..Changing::default() };
    let desk = Desk::open(arguments, &looking, screen, Writes::Files, format!("edit {argument}"))?;
    let id = match sequence(&desk, argument) {
        Ok(id) => id,
        Err(refusal) => return Ok(desk.refuse(&refusal)),
    };
    let before = match desk.may_edit(&id)? {
        Ok(source) => source,
        Err(refusal) => return Ok(desk.refuse(&refusal)),
    };
    drop(desk);
    let folder = tempfile::Builder::new().prefix("segue-").tempdir().context("cannot make a folder for your editor")?;
    let path = folder.path().join(before.path().file_name());
    std::fs::write(&path, before.text()).context("cannot write a file for your editor")?;
    let saved = open_editor(&path).and_then(|()| match read_back(&path, &before)? {
        Err(refusal) => {
            tell_refusal(&refusal, &|_| None, screen);
            Ok(Exit::Errors)
        }
        Ok(after) if after.text() == before.text() => {
            complain("nothing was changed");
            Ok(Exit::Fine)
        }
        Ok(after) => save_if_unchanged(arguments, changing, screen, &id, &before, after),
    });
    let is_worth_keeping = || std::fs::read(&path).is_ok_and(|bytes| bytes != before.text().as_bytes());
    if !matches!(saved, Ok(Exit::Fine)) && is_worth_keeping() {
        let kept = folder.keep();
        complain(&format!("your text is kept in {}", kept.join(before.path().file_name()).display()));
    }
    saved
}

/// What the editor left behind, if it is text.
fn read_back(path: &Path, before: &Source) -> anyhow::Result<Result<Source, Box<Refusal>>> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {} back", path.display()))?;
    let read = read_text(before.path(), Content::Bytes(bytes));
    Ok(read.map_err(|(_, finding)| Box::new(Refusal::of_finding(*finding))))
}

fn save_if_unchanged(
    arguments: &Arguments,
    changing: &Changing,
    screen: &Screen,
    id: &SequenceId,
    before: &Source,
    after: Source,
) -> anyhow::Result<Exit> {
    let desk = Desk::open(arguments, changing, screen, Writes::Files, format!("edit {id}"))?;
    let now = desk.staging.borrow().held(before.path()).map(|held| held.source.clone());
    if now.is_none_or(|now| now.text() != before.text()) {
        bail!("{} was changed while your editor was open; nothing was written", before.path());
    }
    save(desk, id, after)
}

fn save(desk: Desk<'_>, id: &SequenceId, source: Source) -> anyhow::Result<Exit> {
    match desk.perform(Verb::Edit, std::slice::from_ref(id), |ground| operation::edit(ground, id, source))? {
        Ok(decision) if decision.done.is_empty() => {
            complain("nothing was changed");
            Ok(Exit::Fine)
        }
        Ok(decision) => desk.finish(&[decision]),
        Err(refusal) => Ok(desk.refuse(&refusal)),
    }
}

/// The editor that the person chose.
fn chosen_editor() -> anyhow::Result<String> {
    let chosen = |name: &str| std::env::var(name).ok().filter(|editor| !editor.trim().is_empty());
    let editor = ["VISUAL", "EDITOR"].into_iter().find_map(chosen);
    editor.ok_or_else(|| anyhow!(WrongUse("no editor is chosen: set VISUAL or EDITOR, or use `--set`".to_owned())))
}

/// Runs the editor that the person chose, and waits until it is closed.
fn open_editor(path: &Path) -> anyhow::Result<()> {
    let editor = chosen_editor()?;
    let closed = interrupts_left_to_editor()?;
    // As git does it: what the person wrote may have arguments of its own. The shell waits for it through every interrupt.
    let command = format!("trap : INT; {editor} \"$1\"");
    let status = Process::new("sh").arg("-c").arg(command).arg("segue").arg(path).status();
    closed.get_or_init(Instant::now);
    let status = status.with_context(|| format!("cannot run the editor `{editor}`"))?;
    if status.success() { Ok(()) } else { bail!("the editor `{editor}` ended with {status}; nothing was changed") }
}

/// Leaves Ctrl-C to the editor until the returned cell says that it is closed: many take it for something else than to end.
fn interrupts_left_to_editor() -> anyhow::Result<Arc<OnceLock<Instant>>> {
    let closed: Arc<OnceLock<Instant>> = Arc::default();
    let seen = Arc::clone(&closed);
    let heard = move || {
        // The one that ended the editor may be heard a moment later than that.
        if seen.get().is_some_and(|closed| closed.elapsed() > A_MOMENT) {
            std::process::exit(Exit::Interrupted as i32);
        }
    };
    ctrlc::set_handler(heard).context("cannot listen for an interrupt")?;
    Ok(closed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_what_was_typed() {
        for text in ["0049", "1.10", "+5", ".5", "inf", "1e3", "yes", "12:30", "*x", "[a", "- x", "# x"] {
            assert_eq!(value("name", text), Value::from(text), "{text}");
        }
        assert_eq!(value("name", "5"), Value::from(5));
        assert_eq!(value("name", "-0.5"), Value::from(-0.5));
        assert_eq!(value("name", "true"), Value::from(true));
        assert_eq!(value("name", "\"5\""), Value::from("5"));
        assert_eq!(value("name", "[a, 5]"), Value::from(vec![Value::from("a"), Value::from(5)]));
    }
}
