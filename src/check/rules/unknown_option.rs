//! # unknown-option
//!
//! `update_field` gives a field a value that it cannot hold, none of its options or of another kind; or an
//! expression compares a field with an option that it does not have.
//!
//! ## Why
//!
//! The record would not take the value: the step stops with an error, and the board that sorts leads by their
//! rating goes on showing the old one. Or it does take it, and reports count a rating that nobody has
//! defined.
//!
//! ## Bad
//!
//! ```yaml
//! # segue.yaml
//! record_types:
//!   lead:
//!     fields:
//!       rating: {options: [cold, warm, hot]}
//!
//! # sequences/inbound-lead.yaml
//! - {id: rate, type: update_field, field: rating, value: lukewarm}
//! ```
//!
//! ## Good
//!
//! ```yaml
//! # segue.yaml
//! record_types:
//!   lead:
//!     fields:
//!       rating: {options: [cold, warm, hot]}
//!
//! # sequences/inbound-lead.yaml
//! - {id: rate, type: update_field, field: rating, value: warm}
//! ```
//!
//! ## Settings
//!
//! `fields` of a type under `record_types` in segue.yaml says what each field takes: `text`, `number`,
//! `boolean`, `date` or a set of options. `null` empties any field.
//!
//! ## See also
//!
//! `unknown-field`, `mismatched-kinds`, `ambiguous-scalar`

use crate::check::scene::Scene;
use crate::diagnostic::{Code, Diagnostic, Safety};
use crate::expression::UnknownOption;
use crate::record::{FieldWord, Misfit};
use crate::sequence::StepKind;
use crate::shape::Value;
use crate::text::{Located, Source, suggest};
use crate::yaml::did_you_mean;

pub(super) fn unknown_option(scene: &Scene<'_>) -> Vec<Diagnostic> {
    let Some(record_type) = &scene.sequence.record_type else { return Vec::new() };
    let Some(fields) = scene.settings.record_type(&record_type.value).and_then(|declared| declared.fields.as_ref()) else {
        return Vec::new();
    };
    let updates = scene.steps().filter_map(|step| match &step.kind {
        StepKind::UpdateField { field: Some(field), value: Some(value) } => Some((field, value)),
        _ => None,
    });
    let misfits = updates.filter_map(|(field, value)| Some((field, value, fields.get(&field.value)?.takes(&value.value).err()?)));
    let compared = scene.expressions.values().flat_map(|expression| &expression.unknown_options);
    let compared = compared.map(|option| compared_with(scene, option));
    misfits.map(|(field, value, misfit)| misfitting(scene.source, field, value, &misfit)).chain(compared).collect()
}

/// An expression asks for an option that the field does not have.
fn compared_with(scene: &Scene<'_>, option: &UnknownOption) -> Diagnostic {
    let UnknownOption { field, value, options } = option;
    let message = format!("the field `{field}` has no option `{}`, and is never equal to it", value.value);
    let problem = Diagnostic::new(Code::UnknownOption, scene.at(value.span), message);
    match suggest(&value.value, options.iter().map(String::as_str)) {
        // What has quotes of its own would end those around it.
        Some(near) if near.contains(['"', '\'', '\\']) => problem.did_you_mean(Some(near)),
        Some(near) => {
            // The place has the quotes, which stay.
            let written = scene.source.slice(value.span).replace(&value.value, near);
            problem.did_you_mean(Some(near)).fix(format!("write `{near}`"), Safety::Guess, value.span, written)
        }
        None => problem.help(options_of(field, options)),
    }
}

fn options_of(field: &str, options: &[String]) -> String {
    if options.is_empty() {
        return format!("declare the options of `{field}` in segue.yaml");
    }
    let names: Vec<String> = options.iter().map(|option| format!("`{option}`")).collect();
    format!("its options are {}", names.join(", "))
}

/// A field does not take a value.
pub fn misfitting(source: &Source, field: &Located<String>, value: &Located<Value>, misfit: &Misfit) -> Diagnostic {
    let at = source.at(value.span);
    let text = value.value.to_string();
    match misfit {
        Misfit::OtherKind(kind) => {
            let kind = match kind {
                FieldWord::Text => "text",
                FieldWord::Number => "a number",
                FieldWord::Boolean => "`true` or `false`",
                FieldWord::Date => "a date like '2026-12-24'",
            };
            let message = format!("the field `{}` takes {kind}, not {}", field.value, of_kind(&value.value));
            let problem = Diagnostic::new(Code::UnknownOption, at, message);
            problem.help(format!("write {kind}, or `null` to empty the field"))
        }
        Misfit::NoOption(options) => {
            let problem = Diagnostic::new(Code::UnknownOption, at, format!("the field `{}` has no option `{text}`", field.value));
            match suggest(&text, options.iter().map(String::as_str)) {
                Some(near) => did_you_mean(problem, near, value.span),
                None => problem.help(options_of(&field.value, options)),
            }
        }
    }
}

/// The value with its kind, where the kind does not show.
fn of_kind(value: &Value) -> String {
    match value {
        Value::Text(text) => format!("the text '{text}'"),
        Value::Null | Value::Flag(_) => format!("`{value}`"),
        Value::Whole(_) | Value::Number(_) => format!("the number {value}"),
    }
}
