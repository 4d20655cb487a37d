//! The table of a file of tests.

use crate::progress::EndReason;
use crate::sequence::{MAX_NAME, MAX_VERSION};
use crate::shape::{Key, Kind, MAX_ID_LENGTH, Need, Shape};

use super::model::Event;

const NAME: Kind = Kind::Text { longest: MAX_NAME };
const TEMPLATE: Kind = Kind::Text { longest: MAX_ID_LENGTH };
const FIELDS: Kind = Kind::Table { of: "a field", value: &Kind::Value };

/// A file of tests, whole.
pub static TESTS: Shape = Shape {
    what: "a file of tests",
    doc: "Tests of the sequence beside it, on a clock of their own.",
    parts: &[&[Key {
        name: "tests",
        kind: Kind::List(&Kind::Mapping(&TEST)),
        need: Need::Required,
        doc: "The tests.",
        example: "[{name: a lead is called, timeline: [{at: 0d, expect: {step: call}}]}]",
    }]],
};

/// One test.
pub static TEST: Shape = Shape {
    what: "a test",
    doc: "A record is connected, things happen to it, and this is what should come of it.",
    parts: &[&[
        Key {
            name: "name",
            kind: NAME,
            need: Need::Required,
            doc: "What should be so, in a few words.",
            example: "a lead that opens is called at once",
        },
        Key {
            name: "version",
            kind: Kind::Whole { least: 1, most: MAX_VERSION },
            need: Need::Optional,
            doc: "The published version that it is about. Without it, the file as it stands.",
            example: "3",
        },
        Key {
            name: "start",
            kind: Kind::Instant,
            need: Need::Optional,
            doc: "When the record is connected. Without it, Monday 2024-01-01 at the start of work.",
            example: "2026-12-24T09:00:00Z",
        },
        Key {
            name: "record",
            kind: FIELDS,
            need: Need::Optional,
            doc: "The record's fields. One that is left out has no value.",
            example: "{employees: 40, country: ES}",
        },
        Key {
            name: "timeline",
            kind: Kind::List(&Kind::Mapping(&MOMENT)),
            need: Need::Required,
            doc: "What happens when, and what should be then; in the order of time.",
            example: "[{at: 3h, event: email_opened, expect: {step: call}}]",
        },
    ]],
};

/// The keys that say what happens, of which a moment has one at most.
pub(super) const HAPPENINGS: [&str; 4] = ["event", "complete", "skip", "change"];

/// The keys that say more of what happens, each with the one that it goes with.
pub(super) const COMPANIONS: [(&str, &str); 2] = [("of", "event"), ("result", "complete")];

/// One moment of a test.
pub static MOMENT: Shape = Shape {
    what: "a moment",
    doc: "A time after the start: what happens then, and what should be.",
    parts: &[&[
        Key { name: "at", kind: Kind::Duration, need: Need::Required, doc: "How long after the start.", example: "1d 4h" },
        Key {
            name: "event",
            kind: Kind::Word(Event::WORDS),
            need: Need::Optional,
            doc: "What happens without a seller.",
            example: "email_opened",
        },
        Key {
            name: "of",
            kind: Kind::Id,
            need: Need::Optional,
            doc: "The step whose email the event is about. Without it, the last email that was sent.",
            example: "intro",
        },
        Key { name: "complete", kind: Kind::Id, need: Need::Optional, doc: "The step that a seller completes.", example: "call" },
        Key {
            name: "result",
            kind: NAME,
            need: Need::Optional,
            doc: "What came of the call that is completed.",
            example: "call_made",
        },
        Key { name: "skip", kind: Kind::Id, need: Need::Optional, doc: "The step that a seller skips.", example: "call" },
        Key {
            name: "change",
            kind: FIELDS,
            need: Need::Optional,
            doc: "Fields of the record that get other values.",
            example: "{employees: 600}",
        },
        Key {
            name: "expect",
            kind: Kind::Mapping(&EXPECTATION),
            need: Need::Optional,
            doc: "What should be then.",
            example: "{step: call, sent: [intro-lead]}",
        },
    ]],
};

/// What should be at a moment.
pub static EXPECTATION: Shape = Shape {
    what: "an expectation",
    doc: "What should be. What is not named may be anything.",
    parts: &[&[
        Key { name: "step", kind: Kind::Id, need: Need::Optional, doc: "The step at which the record stands.", example: "call" },
        Key {
            name: "sent",
            kind: Kind::List(&TEMPLATE),
            need: Need::Optional,
            doc: "The templates that automated steps sent since the moment before, in their order.",
            example: "[intro-lead]",
        },
        Key {
            name: "ended",
            kind: Kind::Word(EndReason::WORDS),
            need: Need::Optional,
            doc: "Why the connection has ended.",
            example: "completed",
        },
        Key {
            name: "outcome",
            kind: NAME,
            need: Need::Optional,
            doc: "The outcome that the `end` gave it.",
            example: "meeting booked",
        },
        Key {
            name: "record",
            kind: FIELDS,
            need: Need::Optional,
            doc: "Fields of the record with their values.",
            example: "{rating: warm}",
        },
    ]],
};
