//! A sequence: a named, branching list of steps for records of one type.
//! In comes a span tree, out come the typed sequence and the findings of its shape.
//! Never looks at another file; knows no rule beyond the table.

mod difference;
mod format;
mod meaning;
mod model;
mod read;
mod schema;
mod steps;
mod table;
mod tags;

pub use difference::{Differences, Fate, KeyDifference, Place, StepDifference, differences};
pub use format::format;
pub use meaning::{Difference, MEANT, Meaning, Way};
pub use model::{
    AbTest, Activity, ActivityKind, AssignTo, Assignee, Branch, CALL_RESULTS, ClonedFrom, Condition, Criterion, EmailResult,
    EndOfTest, ExitCriterion, Metric, Mode, Question, Sequence, SequenceId, Stage, State, Step, StepKind, StepType, Steps,
    TestEnd, TestVersion, Variant, When,
};
pub use read::{read, read_alone, read_published};
pub use schema::{Declared, schema};
pub use steps::{LISTS_OF_STEPS, PlacedStep, route_of_step, step_in, steps_in};
pub use table::{MAX_NAME, MAX_VERSION, SEQUENCE, STEP, keys_before, step_keys_before, step_shape};
pub use tags::{TagCount, after_deletion, after_rename, lies_in, tag_tree};
