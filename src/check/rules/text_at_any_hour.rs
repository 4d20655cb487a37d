//! # text-at-any-hour
//!
//! The system sends a text message at an hour that nobody chose: some way leads there from the start, or from
//! a condition with `within`, without a wait or a step of a seller.
//!
//! ## Why
//!
//! An automated step is done at once. Records are connected by imports at night, and a limit runs out when it
//! does, so the message wakes people, and in many countries texts at night are against the law. A wait ends
//! in working time, however short it is.
//!
//! ## Bad
//!
//! ```yaml
//! - {id: hello, type: automated_text, name: Say hello, template: hello}
//! - {id: call, type: phone_call, name: Call}
//! ```
//!
//! ## Good
//!
//! ```yaml
//! - {id: until-morning, type: wait, for: 10m}
//! - {id: hello, type: automated_text, name: Say hello, template: hello}
//! - {id: call, type: phone_call, name: Call}
//! ```
//!
//! ## See also
//!
//! `crowded-emails`

use crate::check::scene::Scene;
use crate::diagnostic::{Code, Diagnostic};

pub(super) fn text_at_any_hour(scene: &Scene<'_>) -> Vec<Diagnostic> {
    let texts = scene.ways.texts_at_any_hour.iter();
    texts
        .map(|step| {
            let message = "this message can go out at night: no wait stands before it, which would end in working time";
            Diagnostic::new(Code::TextAtAnyHour, scene.at(step.head), message)
                .help("put a wait before it, like `{id: until-morning, type: wait, for: 10m}`")
        })
        .collect()
}
