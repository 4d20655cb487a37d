//! Functions of Rhai's own packages that are replaced: those that wait, those that end a script as if it had succeeded,
//! and those that build a text of any size before anybody looks at it.
//! A replacement has the exact types of what it replaces: Rhai prefers those to any that take more.

use rhai::{Array, Dynamic, Engine, EvalAltResult, FLOAT, INT, ImmutableString, Map, NativeCallContext, Position};

use crate::diagnostic::Code;

use super::refusal::{Refusal, refuse};
use super::shown::{is_at_most, shown, shown_array, shown_map};

type Answer<T> = Result<T, Box<EvalAltResult>>;

/// Puts the replacements into an engine.
pub(super) fn shadow(engine: &mut Engine) {
    engine.register_fn("sleep", |context: NativeCallContext<'_>, _: INT| no_sleep(&context));
    engine.register_fn("sleep", |context: NativeCallContext<'_>, _: FLOAT| no_sleep(&context));
    engine.register_fn("exit", |context: NativeCallContext<'_>| no_exit(&context));
    engine.register_fn("exit", |context: NativeCallContext<'_>, _: Dynamic| no_exit(&context));
    replace(engine);
    texts(engine);
    engine.register_fn("to_json", to_json);
    engine.register_fn("join", join);
}

fn no_sleep(context: &NativeCallContext<'_>) -> Answer<()> {
    let refusal = Refusal::new(Code::ScriptFailed.name(), "a script cannot wait");
    Err(refuse(context, refusal.help("let the sequence wait: give it a step of type `wait`")))
}

fn no_exit(context: &NativeCallContext<'_>) -> Answer<()> {
    let refusal = Refusal::new(Code::ScriptFailed.name(), "a script cannot be left like this");
    Err(refuse(context, refusal.help("`throw` what is wrong, or put the rest into an `if`; in a function, `return` leaves it")))
}

fn replace(engine: &mut Engine) {
    engine.register_fn("replace", |context: NativeCallContext<'_>, text: &mut ImmutableString, find: &str, by: &str| {
        replace_all(&context, text, find, by)
    });
    engine.register_fn("replace", |context: NativeCallContext<'_>, text: &mut ImmutableString, find: &str, by: char| {
        replace_all(&context, text, find, by.encode_utf8(&mut [0; 4]))
    });
    engine.register_fn("replace", |context: NativeCallContext<'_>, text: &mut ImmutableString, find: char, by: &str| {
        replace_all(&context, text, find.encode_utf8(&mut [0; 4]), by)
    });
    engine.register_fn("replace", |context: NativeCallContext<'_>, text: &mut ImmutableString, find: char, by: char| {
        replace_all(&context, text, find.encode_utf8(&mut [0; 4]), by.encode_utf8(&mut [0; 4]))
    });
}

/// Rhai's own builds the new text first and measures it then: two texts of 60 KB ask for 3.5 GB.
fn replace_all(context: &NativeCallContext<'_>, text: &mut ImmutableString, find: &str, by: &str) -> Answer<()> {
    let found = text.matches(find).count();
    if found > 0 {
        fits(context, text.len().saturating_add(found.saturating_mul(by.len())))?;
        *text = text.replace(find, by).into();
    }
    Ok(())
}

/// Join is what every script that prints a list looks for, and Rhai has none.
fn join(context: NativeCallContext<'_>, items: &mut Array, between: &str) -> Answer<String> {
    let mut joined = String::new();
    for (number, item) in items.iter_mut().enumerate() {
        let item = shown(&context, item);
        fits(&context, joined.len() + between.len() + item.len())?;
        if number > 0 {
            joined.push_str(between);
        }
        joined.push_str(&item);
    }
    Ok(joined)
}

/// Containers as text: one whose items share a text of a megabyte would become gigabytes.
///
/// One way past is left: when a limit is hit by the very call that turns a container into text inside a template, Rhai
/// falls back to its own way, which knows no bound.
fn texts(engine: &mut Engine) {
    for name in ["print", "to_string", "debug", "to_debug"] {
        engine.register_fn(name, |context: NativeCallContext<'_>, items: &mut Array| shown_array(&context, items));
        engine.register_fn(name, |context: NativeCallContext<'_>, map: &mut Map| shown_map(&context, map));
    }
}

fn to_json(context: NativeCallContext<'_>, map: &mut Map) -> Answer<String> {
    let most = context.engine().max_string_size();
    let mut left = most;
    for (key, value) in map.iter() {
        let own = key.len() + 4;
        if own > left || !is_at_most(value, left) {
            return fits(&context, most + 1).map(|()| String::new());
        }
        left -= own;
    }
    serde_json::to_string(map).map_err(|error| error.to_string().into())
}

fn fits(context: &NativeCallContext<'_>, bytes: usize) -> Answer<()> {
    if bytes > context.engine().max_string_size() {
        return Err(EvalAltResult::ErrorDataTooLarge("Length of string".to_owned(), Position::NONE).into());
    }
    Ok(())
}
