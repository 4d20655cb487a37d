//! Typed tests. Whatever could not be read is absent; it was reported when it was met.

use crate::progress::EndReason;
use crate::shape::{Value, words};
use crate::text::{Located, Span};
use crate::time::{Duration, Instant};

words! {
    /// What happens to a record without a seller.
    Event {
        /// The email was opened.
        EmailOpened "email_opened",
        /// The email was answered.
        Replied "replied",
        /// A link in the email was opened.
        LinkOpened "link_opened",
        /// A file attached to the email was downloaded.
        AttachmentDownloaded "attachment_downloaded",
        /// The record was closed.
        RecordClosed "record_closed",
    }
}

impl Event {
    /// Whether it is about an email, so that it can be said which.
    pub fn is_of_email(self) -> bool {
        match self {
            Event::EmailOpened | Event::Replied | Event::LinkOpened | Event::AttachmentDownloaded => true,
            Event::RecordClosed => false,
        }
    }
}

/// One test: a record is connected, things happen, and this is what should come of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    /// What people call it.
    pub name: Option<Located<String>>,
    /// The published version that it is about; without one, the file.
    pub version: Option<Located<i64>>,
    /// When the record is connected; without one, a usual Monday at the start of work.
    pub start: Option<Located<Instant>>,
    /// The record's fields.
    pub record: Vec<Given>,
    /// What happens when.
    pub timeline: Vec<Moment>,
}

/// A field with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// The field.
    pub field: Located<String>,
    /// The value.
    pub value: Located<Value>,
}

/// A time after the start: what happens then, and what should be.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// Where it is pointed at.
    pub head: Span,
    /// How long after the start.
    pub at: Option<Located<Duration>>,
    /// What happens; nothing but that time has passed, where nothing is written.
    pub happens: Option<Happening>,
    /// What should be afterwards.
    pub expect: Option<Expectation>,
}

/// What happens at a moment.
#[derive(Clone, Debug, PartialEq)]
pub enum Happening {
    /// Something without a seller; of which email, where that is said.
    Event {
        /// What.
        event: Event,
        /// The step whose email it is about.
        of: Option<Located<String>>,
    },
    /// A seller completes a step; with the result of a call, where it is one.
    Complete {
        /// The step.
        step: Located<String>,
        /// What came of it.
        result: Option<Located<String>>,
    },
    /// A seller skips a step.
    Skip(Located<String>),
    /// Fields of the record get other values.
    Change(Vec<Given>),
}

/// What should be. What is absent may be anything.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expectation {
    /// The step at which the connection stands.
    pub step: Option<Located<String>>,
    /// The templates that were sent since the moment before, in their order.
    pub sent: Option<Vec<Located<String>>>,
    /// Why the connection has ended.
    pub ended: Option<Located<EndReason>>,
    /// The outcome that an `end` gave it.
    pub outcome: Option<Located<String>>,
    /// Fields of the record with their values.
    pub record: Vec<Given>,
}
