//! # unknown-actor
//!
//! Somebody who is not declared asks for a change, where segue.yaml declares people.
//!
//! ## Why
//!
//! The journal says for years who did what, and a role says who may. A name that nobody knows is most often
//! a git name of another form, or a pipeline that was never told who it is.
//!
//! ## Bad
//!
//! ```text
//! # segue.yaml declares ana.ruiz; git knows you as Ana Ruiz
//! $ segue activate inbound-lead
//! ```
//!
//! ## Good
//!
//! ```text
//! $ segue activate inbound-lead --as ana.ruiz
//! ```
//!
//! ## Settings
//!
//! `people` in segue.yaml declares who there is, `undeclared_actor` what everybody else may do: without it,
//! look.
//!
//! ## See also
//!
//! `not-allowed`, `unknown-owner`

use crate::diagnostic::Code;
use crate::operation::refusal::Refusal;
use crate::settings::Settings;
use crate::text::suggest;

pub(in crate::operation) fn unknown_actor(settings: &Settings, actor: &str) -> Refusal {
    let message = format!("`{actor}` is not declared under `people` in segue.yaml, and may only look");
    let refusal = Refusal::new(Code::UnknownActor, message);
    // Git knows people by names like `Ana Ruiz`.
    let written_so = actor.trim().to_lowercase().replace(' ', ".");
    let people = || settings.people.iter().flatten().map(|(name, _)| name.as_str());
    let near = people().find(|name| *name == written_so).or_else(|| suggest(&written_so, people()));
    let refusal = match near {
        Some(near) => refusal.help(format!("if you are `{near}`, say so: `--as {near}`, or SEGUE_ACTOR in the environment")),
        None => refusal.help("say who you are: `--as NAME`, or SEGUE_ACTOR in the environment"),
    };
    refusal.help("or let `undeclared_actor` in segue.yaml say what somebody may do who is not declared")
}
