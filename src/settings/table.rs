//! The table of `segue.yaml`.

use crate::record::FieldWord;
use crate::shape::{Key, Kind, Need, Shape, Word};

use super::{Level, NEWEST_FORMAT, Role, UndeclaredActor};

/// The longest a path may be, in characters.
const MAX_PATH: usize = 4_096;

/// The longest a name in this file may be, in characters.
pub(super) const MAX_NAME: usize = 100;

const NAME: Kind = Kind::Text { longest: MAX_NAME };

/// `segue.yaml`, whole.
pub static SETTINGS: Shape = Shape {
    what: "segue.yaml",
    doc: "The settings of a workspace. Every key may be left out.",
    parts: &[&[
        Key {
            name: "format",
            kind: Kind::Whole { least: 1, most: NEWEST_FORMAT },
            need: Need::Default("1"),
            doc: "The format of this file.",
            example: "1",
        },
        Key {
            name: "record_types",
            kind: Kind::Table { of: "a record type", value: &Kind::OrNothing(&Kind::Mapping(&RECORD_TYPE)) },
            need: Need::Optional,
            doc: "The types of record that sequences are worked on. With fields declared, expressions and field updates are checked.",
            example: "{lead: {fields: {country: text}}}",
        },
        Key {
            name: "call_results",
            kind: Kind::List(&NAME),
            need: Need::Optional,
            doc: "Results of phone calls beside `call_made` and `call_received`.",
            example: "[call_answered, call_voicemail]",
        },
        Key {
            name: "people",
            kind: Kind::Table { of: "a person", value: &Kind::Mapping(&PERSON) },
            need: Need::Optional,
            doc: "Who owns and works sequences. With nobody declared, everybody may do everything.",
            example: "{ana.ruiz: {roles: [sequence_manager]}}",
        },
        Key {
            name: "undeclared_actor",
            kind: Kind::Word(UndeclaredActor::WORDS),
            need: Need::Default("read_only"),
            doc: "What somebody may do who is not declared, where people are.",
            example: "sequence_manager",
        },
        Key {
            name: "calendars",
            kind: Kind::Table { of: "a calendar", value: &Kind::Mapping(&CALENDAR) },
            need: Need::Optional,
            doc: "When people work.",
            example: "{madrid: {time_zone: Europe/Madrid, hours: 08:00-17:00}}",
        },
        Key {
            name: "calendar",
            kind: NAME,
            need: Need::Optional,
            doc: "The workspace's own calendar, for people without one. Without it: UTC, every day, around the clock.",
            example: "madrid",
        },
        Key {
            name: "skip_non_working_days",
            kind: Kind::Flag,
            need: Need::Default("false"),
            doc: "Whether waits count working time only, in sequences that do not say.",
            example: "true",
        },
        Key {
            name: "limits",
            kind: Kind::Mapping(&LIMITS),
            need: Need::Optional,
            doc: "How much is allowed.",
            example: "{active_sequences: 250}",
        },
        Key {
            name: "rules",
            kind: Kind::Table { of: "a code", value: &Kind::Word(Level::WORDS) },
            need: Need::Optional,
            doc: "What findings count as, by their codes, where not as `segue explain` lists them.",
            example: "{duplicate-name: error, advance-first: off}",
        },
        Key {
            name: "store",
            kind: Kind::Text { longest: MAX_PATH },
            need: Need::Optional,
            doc: "Where the store lies, if not at `.segue/state.db`: a path, relative to this file or not.",
            example: "/var/lib/segue/state.db",
        },
        Key {
            name: "templates",
            kind: Kind::List(&NAME),
            need: Need::Optional,
            doc: "Names of message templates that have no file under `sequences/templates`.",
            example: "[intro-lead, nudge]",
        },
    ]],
};

/// One record type.
pub static RECORD_TYPE: Shape = Shape {
    what: "a record type",
    doc: "What a record of this type consists of.",
    parts: &[&[
        Key {
            name: "fields",
            kind: Kind::Table { of: "a field", value: &Kind::Either(&Kind::Word(FieldWord::WORDS), &OPTION_SET) },
            need: Need::Optional,
            doc: "Its fields, each with its kind.",
            example: "{country: text, rating: {options: [cold, warm, hot]}}",
        },
        Key {
            name: "stages",
            kind: Kind::Table { of: "a process", value: &Kind::List(&NAME) },
            need: Need::Optional,
            doc: "Its business processes, each with its stages in order.",
            example: "{sales: [develop, propose, close]}",
        },
    ]],
};

/// A field that takes one of some options.
pub static OPTION_SET: Shape = Shape {
    what: "an option set",
    doc: "The options that a field may take.",
    parts: &[&[Key {
        name: "options",
        kind: Kind::List(&NAME),
        need: Need::Required,
        doc: "The options.",
        example: "[cold, warm, hot]",
    }]],
};

/// One person.
pub static PERSON: Shape = Shape {
    what: "a person",
    doc: "Somebody who owns sequences or works them.",
    parts: &[&[
        Key {
            name: "roles",
            kind: Kind::List(&Kind::Word(Role::WORDS)),
            need: Need::Required,
            doc: "What they may do. It guards against mistakes and is no login.",
            example: "[sequence_manager]",
        },
        Key {
            name: "calendar",
            kind: NAME,
            need: Need::Optional,
            doc: "Their calendar; without one the workspace's counts.",
            example: "madrid",
        },
    ]],
};

/// One calendar.
pub static CALENDAR: Shape = Shape {
    what: "a calendar",
    doc: "When somebody works.",
    parts: &[&[
        Key {
            name: "time_zone",
            kind: NAME,
            need: Need::Default("UTC"),
            doc: "The zone in which days and hours are meant, by its IANA name.",
            example: "Europe/Madrid",
        },
        Key {
            name: "days",
            kind: Kind::List(&Kind::Word(WEEKDAYS)),
            need: Need::Default("[monday, tuesday, wednesday, thursday, friday]"),
            doc: "The weekdays on which there is work.",
            example: "[monday, tuesday, wednesday, thursday, friday]",
        },
        Key {
            name: "hours",
            kind: NAME,
            need: Need::Default("08:00-17:00"),
            doc: "The working hours of each of these days.",
            example: "08:00-17:00",
        },
        Key {
            name: "holidays",
            kind: Kind::List(&Kind::Date),
            need: Need::Optional,
            doc: "Days off.",
            example: "[2026-12-25, 2027-01-01]",
        },
    ]],
};

const WEEKDAYS: &[Word] = &[
    Word { name: "monday", doc: "Monday." },
    Word { name: "tuesday", doc: "Tuesday." },
    Word { name: "wednesday", doc: "Wednesday." },
    Word { name: "thursday", doc: "Thursday." },
    Word { name: "friday", doc: "Friday." },
    Word { name: "saturday", doc: "Saturday." },
    Word { name: "sunday", doc: "Sunday." },
];

/// The limits.
pub static LIMITS: Shape = Shape {
    what: "the limits",
    doc: "How much is allowed.",
    parts: &[&[
        Key {
            name: "active_sequences",
            kind: Kind::Whole { least: 1, most: u32::MAX as i64 },
            need: Need::Default("250"),
            doc: "How many sequences may be active at once.",
            example: "250",
        },
        Key {
            name: "activities",
            kind: Kind::Whole { least: 1, most: u32::MAX as i64 },
            need: Need::Default("40"),
            doc: "How many activities one sequence may have.",
            example: "40",
        },
        Key { name: "wait", kind: Kind::Pause, need: Need::Default("30d"), doc: "The longest wait.", example: "30d" },
        Key {
            name: "tags_per_level",
            kind: Kind::Whole { least: 1, most: u32::MAX as i64 },
            need: Need::Default("100"),
            doc: "How many different tags one level below the first may have.",
            example: "100",
        },
    ]],
};
