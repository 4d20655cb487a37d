//! # not-allowed
//!
//! Somebody's role does not allow what they ask for.
//!
//! ## Why
//!
//! Salespeople create and copy sequences, and change their own; those of others may have hundreds of records
//! inside. The reference, Dynamics 365 Sales, has it so. It guards against mistakes and is no login.
//!
//! ## Bad
//!
//! ```text
//! # dina.aziz is a salesperson, and inbound-lead is ana.ruiz's
//! $ segue deactivate inbound-lead --as dina.aziz
//! ```
//!
//! ## Good
//!
//! ```text
//! $ segue clone inbound-lead inbound-lead-dina --as dina.aziz
//! $ segue activate inbound-lead-dina --as dina.aziz
//! ```
//!
//! ## Settings
//!
//! `people` in segue.yaml gives roles, and `segue explain roles` says what each may do.
//!
//! ## See also
//!
//! `unknown-actor`

use crate::diagnostic::Code;
use crate::lifecycle::{Capacity, Deed, Reach, Verb, capacity, people_who_may};
use crate::operation::refusal::Refusal;
use crate::sequence::SequenceId;
use crate::settings::Settings;

/// The most people that are named one by one.
const NAMED: usize = 3;

/// The refusal for somebody whose right does not reach so far; `about` is the sequence with its owner, where there is one.
pub(in crate::operation) fn not_allowed(
    settings: &Settings,
    actor: &str,
    deed: Deed,
    about: Option<(&SequenceId, Option<&str>)>,
) -> Refusal {
    let capacity = capacity(settings, actor);
    // A command is called `new`, and nobody news.
    let done = if deed == Deed::Sequence(Verb::New) { "create".to_owned() } else { deed.to_string() };
    let what = about.map_or_else(|| done.clone(), |(sequence, _)| format!("{done} `{sequence}`"));
    let why = match (capacity.reach(deed), about) {
        (Reach::Own, Some((_, Some(owner)))) => {
            format!("{} may do that with their own sequences, and this one is {owner}'s", role(capacity))
        }
        (Reach::Own, Some((_, None)) | None) => {
            format!("{} may do that with their own sequences, and this one is nobody's", role(capacity))
        }
        (Reach::Nothing | Reach::Everything, _) => format!("it is not for {}", role(capacity)),
    };
    let refusal = Refusal::new(Code::NotAllowed, format!("`{actor}` may not {what}: {why}"));
    let refusal = about.into_iter().fold(refusal, |refusal, (sequence, _)| refusal.about(sequence));
    let who = people_who_may(settings, deed, about.and_then(|(_, owner)| owner));
    let named: Vec<String> = who.iter().take(NAMED).map(|name| format!("`{name}`")).collect();
    let refusal = match who.len().saturating_sub(NAMED) {
        _ if who.is_empty() => refusal.help("nobody may who is declared in segue.yaml"),
        0 => refusal.help(format!("ask who may: {}", named.join(", "))),
        more => refusal.help(format!("ask who may: {} and {more} more", named.join(", "))),
    };
    refusal.help("`segue explain roles` says who may do what")
}

/// Somebody's role, as it is spoken of.
fn role(capacity: Capacity<'_>) -> String {
    match capacity {
        Capacity::Anybody => "anybody".to_owned(),
        Capacity::Declared([]) => "somebody without a role".to_owned(),
        Capacity::Declared([first, ..]) => format!("a {first}"),
        Capacity::Undeclared(role) => format!("a {role} (what everybody is who is not declared)"),
    }
}
