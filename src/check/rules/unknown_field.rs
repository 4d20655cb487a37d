//! # unknown-field
//!
//! A step, an expression or `assign_to` names a field that the record type does not have, where segue.yaml
//! declares its fields.
//!
//! ## Why
//!
//! The value would go nowhere, and a question about it would be decided the same way for every record, or
//! stop with an error at the first. A field is easily misspelt and the mistake shows only when records go the
//! wrong way.
//!
//! ## Bad
//!
//! ```yaml
//! # segue.yaml
//! record_types:
//!   lead:
//!     fields: {employees: number, country: text}
//!
//! # sequences/inbound-lead.yaml
//! - id: large
//!   type: condition
//!   when: record.employes > 500
//!   then:
//!     - {id: call, type: phone_call, name: Call back within the hour}
//! ```
//!
//! ## Good
//!
//! ```yaml
//! # segue.yaml
//! record_types:
//!   lead:
//!     fields: {employees: number, country: text}
//!
//! # sequences/inbound-lead.yaml
//! - id: large
//!   type: condition
//!   when: record.employees > 500
//!   then:
//!     - {id: call, type: phone_call, name: Call back within the hour}
//! ```
//!
//! ## Settings
//!
//! `fields` of a type under `record_types` in segue.yaml declares its fields. Where it is left out, any name
//! is taken. An expression may always read `id`, `name` and `owner`.
//!
//! ## See also
//!
//! `unknown-option`, `unknown-record-type`, `bad-expression`

use crate::check::scene::Scene;
use crate::diagnostic::{Code, Diagnostic, Safety};
use crate::expression::OF_EVERY_RECORD;
use crate::sequence::{AssignTo, StepKind};
use crate::text::{Located, Source, suggest};

pub(super) fn unknown_field(scene: &Scene<'_>) -> Vec<Diagnostic> {
    let Some(record_type) = &scene.sequence.record_type else { return Vec::new() };
    let Some(fields) = scene.settings.record_type(&record_type.value).and_then(|declared| declared.fields.as_ref()) else {
        return Vec::new();
    };
    let written = scene.steps().filter_map(|step| match &step.kind {
        StepKind::UpdateField { field, .. } => field.as_ref(),
        _ => None,
    });
    let assigned = match scene.sequence.assigned_to() {
        AssignTo::Field(field) => Some(field),
        AssignTo::RecordOwner | AssignTo::Connector | AssignTo::OwnerTeam => None,
    };
    let read = scene
        .expressions
        .values()
        .flat_map(|expression| &expression.fields)
        .filter(|field| !OF_EVERY_RECORD.contains(&field.value.as_str()));
    let used = written.chain(assigned).chain(read);
    let unknown = used.filter(|field| !fields.contains_key(&field.value));
    unknown
        .map(|field| match OF_EVERY_RECORD.contains(&field.value.as_str()) {
            true => not_for_steps(scene, field),
            false => no_such_field(scene.source, field, &record_type.value, fields.keys().map(String::as_str)),
        })
        .collect()
}

/// Every record has it, and a step cannot use it as a field of its type.
fn not_for_steps(scene: &Scene<'_>, field: &Located<String>) -> Diagnostic {
    let message = format!("`{}` belongs to the record itself and is no field that a step can use", field.value);
    Diagnostic::new(Code::UnknownField, scene.at(field.span), message).help("name a field of the record type")
}

/// The type of record has no such field; `fields` are those that it has.
pub fn no_such_field<'f>(
    source: &Source,
    field: &Located<String>,
    record_type: &str,
    fields: impl Iterator<Item = &'f str>,
) -> Diagnostic {
    let message = format!("a record of type `{record_type}` has no field `{}`", field.value);
    let problem = Diagnostic::new(Code::UnknownField, source.at(field.span), message);
    let Some(near) = suggest(&field.value, fields) else {
        return problem.help(format!("declare it under `record_types.{record_type}.fields` in segue.yaml"));
    };
    // `record["field"]` is found with its quotes, which stay.
    let written = source.slice(field.span).replace(&field.value, near);
    problem.did_you_mean(Some(near)).fix(format!("write `{near}`"), Safety::Guess, field.span, written)
}
