//! The table of a sequence file: which keys a sequence and each type of step have.

use crate::shape::{Key, Kind, MAX_ID_LENGTH, Need, Shape};

use super::model::{Assignee, ExitCriterion, Metric, State, StepType, TestEnd, TestVersion};

/// The longest a name may be, in characters. Source: the reference's column for a sequence's name.
pub const MAX_NAME: usize = 160;

/// The longest a description may be, in characters. Source: the reference's column for a description.
const MAX_DESCRIPTION: usize = 2_000;

/// The highest number of a version. Source: the reference counts 1 to 500.
pub const MAX_VERSION: i64 = 500;

/// The longest a tag may be with all its levels, in characters. Source: the reference's column for a tag's full name.
const MAX_TAG: usize = 500;

const NAME: Kind = Kind::Text { longest: MAX_NAME };
const TAG: Kind = Kind::Text { longest: MAX_TAG };
const DESCRIPTION: Kind = Kind::Text { longest: MAX_DESCRIPTION };
const TEMPLATE: Kind = Kind::Text { longest: MAX_ID_LENGTH };

/// A sequence file, whole.
pub static SEQUENCE: Shape = Shape {
    what: "a sequence",
    doc: "A named, branching list of steps for records of one type.",
    parts: &[&[
        Key { name: "name", kind: NAME, need: Need::Required, doc: "What people call it.", example: "Inbound lead follow-up" },
        Key {
            name: "description",
            kind: DESCRIPTION,
            need: Need::Optional,
            doc: "What it is for.",
            example: "Reach a web lead within a day.",
        },
        Key {
            name: "record_type",
            kind: NAME,
            need: Need::Required,
            doc: "The type of record it is worked on.",
            example: "lead",
        },
        Key { name: "owner", kind: NAME, need: Need::Required, doc: "The person whose it is.", example: "ana.ruiz" },
        Key {
            name: "state",
            kind: Kind::Word(State::WORDS),
            need: Need::Default("inactive"),
            doc: "Whether it serves records.",
            example: "inactive",
        },
        Key {
            name: "version",
            kind: Kind::Whole { least: 1, most: MAX_VERSION },
            need: Need::Optional,
            doc: "The number of the published version; activation writes it.",
            example: "4",
        },
        Key {
            name: "message",
            kind: DESCRIPTION,
            need: Need::Optional,
            doc: "Why that version was made; activation writes it.",
            example: "shorter waits",
        },
        Key {
            name: "tags",
            kind: Kind::List(&TAG),
            need: Need::Optional,
            doc: "Labels; `/` nests, four levels at most.",
            example: "[inbound, region/emea]",
        },
        Key {
            name: "skip_non_working_days",
            kind: Kind::Flag,
            need: Need::Optional,
            doc: "Whether waits count working time only. Without it, the workspace's setting counts.",
            example: "true",
        },
        Key {
            name: "exit_on",
            kind: Kind::List(&Kind::Word(ExitCriterion::WORDS)),
            need: Need::Optional,
            doc: "What ends a connection from anywhere in the sequence.",
            example: "[replied]",
        },
        Key {
            name: "assign_to",
            kind: Kind::Either(&Kind::Word(Assignee::WORDS), &ASSIGN_TO_FIELD),
            need: Need::Default("record_owner"),
            doc: "Who gets the steps of a connected record.",
            example: "record_owner",
        },
        Key {
            name: "cloned_from",
            kind: Kind::Mapping(&CLONED_FROM),
            need: Need::Optional,
            doc: "Where it was cloned from; clone writes it.",
            example: "{sequence: inbound-lead, version: 3}",
        },
        Key {
            name: "formerly",
            kind: Kind::List(&Kind::Id),
            need: Need::Optional,
            doc: "Ids that it had before; rename writes it.",
            example: "[inbound]",
        },
        Key { name: "steps", kind: Kind::Steps, need: Need::Required, doc: "The steps, in their order.", example: "[...]" },
    ]],
};

/// `assign_to: {field: NAME}`.
pub static ASSIGN_TO_FIELD: Shape = Shape {
    what: "an assignee",
    doc: "The user in a field of the record gets the steps.",
    parts: &[&[Key { name: "field", kind: NAME, need: Need::Required, doc: "The field.", example: "account_manager" }]],
};

/// `cloned_from`.
pub static CLONED_FROM: Shape = Shape {
    what: "the source of a clone",
    doc: "Where a sequence was cloned from.",
    parts: &[&[
        Key { name: "sequence", kind: Kind::Id, need: Need::Required, doc: "The source's id.", example: "inbound-lead" },
        Key {
            name: "version",
            kind: Kind::Whole { least: 1, most: MAX_VERSION },
            need: Need::Optional,
            doc: "The source's version.",
            example: "3",
        },
    ]],
};

/// One of the versions of an A/B test.
pub static VARIANT: Shape = Shape {
    what: "a version of an A/B test",
    doc: "One of the emails that compete.",
    parts: &[&[
        Key { name: "name", kind: NAME, need: Need::Required, doc: "What people call it.", example: "Short" },
        Key { name: "template", kind: TEMPLATE, need: Need::Required, doc: "The message template.", example: "intro-short" },
    ]],
};

const ID: Key =
    Key { name: "id", kind: Kind::Id, need: Need::Required, doc: "Names the step in its sequence, for life.", example: "intro" };
const TYPE: Key =
    Key { name: "type", kind: Kind::Word(StepType::WORDS), need: Need::Required, doc: "What the step does.", example: "email" };
const STEP_DESCRIPTION: Key = Key {
    name: "description",
    kind: DESCRIPTION,
    need: Need::Optional,
    doc: "What the seller should know.",
    example: "Mention the trial.",
};
const RENAMED_FROM: Key = Key {
    name: "renamed_from",
    kind: Kind::Id,
    need: Need::Optional,
    doc: "The id it had in the version before, until the next one is out.",
    example: "first-mail",
};
const fn name_key(need: Need) -> Key {
    Key { name: "name", kind: NAME, need, doc: "What people call the step.", example: "Introduce ourselves" }
}
const fn template_key(need: Need) -> Key {
    Key { name: "template", kind: TEMPLATE, need, doc: "The message template.", example: "intro-lead" }
}

/// Any step, before its type is known.
pub static STEP: Shape = Shape { what: "a step", doc: "One node of a sequence.", parts: &[&NAMED] };

static NAMED: [Key; 5] = [ID, TYPE, name_key(Need::Required), STEP_DESCRIPTION, RENAMED_FROM];
static UNNAMED: [Key; 5] = [ID, TYPE, name_key(Need::Optional), STEP_DESCRIPTION, RENAMED_FROM];

/// The table of a step of that type.
pub fn step_shape(step_type: StepType) -> &'static Shape {
    match step_type {
        StepType::Email => &EMAIL,
        StepType::Text => &TEXT,
        StepType::AutomatedEmail => &AUTOMATED_EMAIL,
        StepType::AutomatedText => &AUTOMATED_TEXT,
        StepType::PhoneCall => &PHONE_CALL,
        StepType::Task => &TASK,
        StepType::LinkedinResearch | StepType::LinkedinIntroduction | StepType::LinkedinConnect | StepType::LinkedinInmail => {
            &LINKEDIN
        }
        StepType::Wait => &WAIT,
        StepType::AbTest => &AB_TEST,
        StepType::Condition => &CONDITION,
        StepType::AdvanceTo => &ADVANCE_TO,
        StepType::UpdateField => &UPDATE_FIELD,
        StepType::End => &END,
    }
}

static EMAIL: Shape = Shape {
    what: "an email",
    doc: "The seller writes an email, from a template if one is named.",
    parts: &[&NAMED, &[template_key(Need::Optional)]],
};
static TEXT: Shape = Shape {
    what: "a text message",
    doc: "The seller writes a text message, from a template if one is named.",
    parts: &[&NAMED, &[template_key(Need::Optional)]],
};
static AUTOMATED_EMAIL: Shape = Shape {
    what: "an automated email",
    doc: "The system sends an email as soon as the step is reached.",
    parts: &[&NAMED, &[template_key(Need::Required)]],
};
static AUTOMATED_TEXT: Shape = Shape {
    what: "an automated text message",
    doc: "The system sends a text message as soon as the step is reached.",
    parts: &[&NAMED, &[template_key(Need::Required)]],
};
static PHONE_CALL: Shape = Shape { what: "a phone call", doc: "The seller calls.", parts: &[&NAMED] };
static TASK: Shape = Shape { what: "a task", doc: "The seller does something.", parts: &[&NAMED] };
static LINKEDIN: Shape = Shape { what: "a LinkedIn activity", doc: "The seller does something on LinkedIn.", parts: &[&NAMED] };
static WAIT: Shape = Shape {
    what: "a wait",
    doc: "Time passes before the next step.",
    parts: &[
        &UNNAMED,
        &[Key { name: "for", kind: Kind::Pause, need: Need::Required, doc: "How long, at most 30 days.", example: "2d" }],
    ],
};
static AB_TEST: Shape = Shape {
    what: "an A/B test",
    doc: "The system sends one of two emails and finds out which does better.",
    parts: &[
        &NAMED,
        &[
            Key {
                name: "a",
                kind: Kind::Mapping(&VARIANT),
                need: Need::Required,
                doc: "The control.",
                example: "{name: Long, template: intro-long}",
            },
            Key {
                name: "b",
                kind: Kind::Mapping(&VARIANT),
                need: Need::Required,
                doc: "The variant.",
                example: "{name: Short, template: intro-short}",
            },
            Key {
                name: "split",
                kind: Kind::Whole { least: 10, most: 90 },
                need: Need::Default("50"),
                doc: "How many of a hundred get the control.",
                example: "50",
            },
            Key {
                name: "metric",
                kind: Kind::Word(Metric::WORDS),
                need: Need::Required,
                doc: "What is compared.",
                example: "opens",
            },
            Key {
                name: "ends",
                kind: Kind::WordOrInstant(TestEnd::WORDS),
                need: Need::Default("when_significant"),
                doc: "When the test ends.",
                example: "when_significant",
            },
            Key {
                name: "default",
                kind: Kind::Word(TestVersion::WORDS),
                need: Need::Default("a"),
                doc: "What is sent if neither wins.",
                example: "a",
            },
        ],
    ],
};
/// The keys that ask something, of which a condition has one.
pub(super) const QUESTIONS: [&str; 4] = ["any_of", "all_of", "when", "stage"];

static CONDITION: Shape = Shape {
    what: "a condition",
    doc: "The way divides; after the branches the steps behind it go on.",
    parts: &[
        &UNNAMED,
        &[
            Key {
                name: "any_of",
                kind: Kind::List(&NAME),
                need: Need::Optional,
                doc: "Results of an email or a call, one of which must have come in.",
                example: "[email_opened, link_opened]",
            },
            Key {
                name: "all_of",
                kind: Kind::List(&NAME),
                need: Need::Optional,
                doc: "Results of an email or a call, all of which must have come in.",
                example: "[email_opened, attachment_downloaded]",
            },
            Key {
                name: "of",
                kind: Kind::Id,
                need: Need::Optional,
                doc: "The step whose results they are. Without it, the last email or call on the way here.",
                example: "intro",
            },
            Key {
                name: "within",
                kind: Kind::Duration,
                need: Need::Optional,
                doc: "How long to wait for the results of an email, at most 30 days.",
                example: "1d",
            },
            Key {
                name: "at_once",
                kind: Kind::Flag,
                need: Need::Default("false"),
                doc: "Take `then` as soon as the results are in, not when the time is over.",
                example: "true",
            },
            Key {
                name: "when",
                kind: Kind::Expression,
                need: Need::Optional,
                doc: "An expression over the record, in Rhai.",
                example: "record.employees > 500",
            },
            Key {
                name: "stage",
                kind: Kind::Table { of: "a process", value: &Kind::List(&NAME) },
                need: Need::Optional,
                doc: "Stages of a business process, in one of which the record must be.",
                example: "{sales: [propose, close]}",
            },
            Key { name: "then", kind: Kind::Steps, need: Need::Optional, doc: "The steps if so.", example: "[...]" },
            Key { name: "else", kind: Kind::Steps, need: Need::Optional, doc: "The steps if not.", example: "[...]" },
        ],
    ],
};
static ADVANCE_TO: Shape = Shape {
    what: "an advance",
    doc: "The record goes on in another sequence; nothing may follow in the same list.",
    parts: &[
        &UNNAMED,
        &[Key {
            name: "sequence",
            kind: NAME,
            need: Need::Required,
            doc: "The id of the other sequence.",
            example: "enterprise-lead",
        }],
    ],
};
static UPDATE_FIELD: Shape = Shape {
    what: "a field update",
    doc: "A field of the record gets a value.",
    parts: &[
        &UNNAMED,
        &[
            Key { name: "field", kind: NAME, need: Need::Required, doc: "The field.", example: "rating" },
            Key {
                name: "value",
                kind: Kind::Value,
                need: Need::Required,
                doc: "The value; `null` empties the field.",
                example: "warm",
            },
        ],
    ],
};
static END: Shape = Shape {
    what: "an end",
    doc: "The connection is over; nothing may follow in the same list.",
    parts: &[
        &UNNAMED,
        &[Key {
            name: "outcome",
            kind: NAME,
            need: Need::Optional,
            doc: "What came of it, for the statistics.",
            example: "meeting booked",
        }],
    ],
};

/// The top-level keys that stand before one in canonical order: a key that is added goes behind the last of them.
pub fn keys_before(name: &str) -> Vec<String> {
    before_in(&SEQUENCE, name)
}

/// The keys of a step that stand before one in canonical order.
pub fn step_keys_before(step_type: StepType, name: &str) -> Vec<String> {
    before_in(step_shape(step_type), name)
}

fn before_in(shape: &'static Shape, name: &str) -> Vec<String> {
    shape.keys().map(|key| key.name).take_while(|key| *key != name).map(str::to_owned).collect()
}
