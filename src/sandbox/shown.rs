//! Values of scripts as text, never longer or deeper than somebody reads: items may share one text of a megabyte, and
//! arrays may be nested a hundred thousand deep.

use std::fmt::Write as _;

use rhai::{Array, Dynamic, ImmutableString, Map, NativeCallContext};

/// The longest text that a container is shown as.
const MAX_SHOWN: usize = 64 << 10;

/// How deep a container is shown.
const MAX_DEPTH: usize = 64;

/// A value as `print` shows it: a text is itself, and a container shows its items as they would be written.
pub fn shown(context: &NativeCallContext<'_>, value: &mut Dynamic) -> String {
    if let Ok(text) = value.as_immutable_string_ref() {
        return text.as_str().to_owned();
    }
    let mut text = String::new();
    if value.is_array() || value.is_map() {
        write_value(context, &mut text, value, 0);
    } else {
        text.push_str(&leaf(context, "to_string", value));
    }
    text
}

/// An array as `print` shows it.
pub(super) fn shown_array(context: &NativeCallContext<'_>, items: &mut Array) -> String {
    let mut text = String::new();
    write_array(context, &mut text, items, 0);
    text
}

/// A map as `print` shows it.
pub(super) fn shown_map(context: &NativeCallContext<'_>, map: &mut Map) -> String {
    let mut text = String::new();
    write_map(context, &mut text, map, 0);
    text
}

fn write_value(context: &NativeCallContext<'_>, text: &mut String, value: &mut Dynamic, depth: usize) {
    if depth > MAX_DEPTH || text.len() > MAX_SHOWN {
        text.push_str("...");
    } else if value.is_array()
        && let Some(mut items) = value.write_lock::<Array>()
    {
        write_array(context, text, &mut items, depth);
    } else if value.is_map()
        && let Some(mut map) = value.write_lock::<Map>()
    {
        write_map(context, text, &mut map, depth);
    } else {
        text.push_str(&leaf(context, "to_debug", value));
    }
}

fn write_array(context: &NativeCallContext<'_>, text: &mut String, items: &mut Array, depth: usize) {
    text.push('[');
    for (number, item) in items.iter_mut().enumerate() {
        if number > 0 {
            text.push_str(", ");
        }
        write_value(context, text, item, depth + 1);
        if text.len() > MAX_SHOWN {
            break;
        }
    }
    text.push(']');
}

fn write_map(context: &NativeCallContext<'_>, text: &mut String, map: &mut Map, depth: usize) {
    text.push_str("#{");
    for (number, (key, value)) in map.iter_mut().enumerate() {
        if number > 0 {
            text.push_str(", ");
        }
        write!(text, "{:?}: ", key.as_str()).expect("a string takes everything");
        write_value(context, text, value, depth + 1);
        if text.len() > MAX_SHOWN {
            break;
        }
    }
    text.push('}');
}

/// What is no container, by the function that shows its type.
fn leaf(context: &NativeCallContext<'_>, function: &str, value: &mut Dynamic) -> String {
    // Rhai's own forgets the quotes.
    if let Ok(character) = value.as_char() {
        return if function == "to_debug" { format!("{character:?}") } else { character.to_string() };
    }
    let shown = context.call_native_fn_raw(function, true, &mut [value]).ok();
    shown.and_then(|shown| shown.into_string().ok()).unwrap_or_else(|| value.type_name().to_owned())
}

/// Whether a value, written out, has at most so many bytes and is not nested too deep to be walked.
pub(super) fn is_at_most(value: &Dynamic, bytes: usize) -> bool {
    fits(value, &mut { bytes }, 0)
}

fn fits(value: &Dynamic, left: &mut usize, depth: usize) -> bool {
    let own = value.read_lock::<ImmutableString>().map_or(8, |text| text.len() + 2);
    let Some(rest) = left.checked_sub(own).filter(|_| depth <= MAX_DEPTH) else { return false };
    *left = rest;
    if let Some(items) = value.read_lock::<Array>() {
        return items.iter().all(|item| fits(item, left, depth + 1));
    }
    if let Some(map) = value.read_lock::<Map>() {
        return map.iter().all(|(key, value)| {
            let Some(rest) = left.checked_sub(key.len() + 4) else { return false };
            *left = rest;
            fits(value, left, depth + 1)
        });
    }
    true
}
