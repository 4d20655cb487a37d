//! Tests of a sequence: what becomes of a record at which time, as a file beside the sequence says it.
//! In comes a span tree, out come typed tests and the findings of their shape; then the sequence beside, and out comes what
//! it does not have. Runs nothing; asks no clock.

mod beside;
mod format;
mod judge;
mod model;
mod read;
pub mod rules;
mod schema;
mod table;

pub use beside::{sequence_of, tests_of};
pub use format::format;
pub use judge::{Tested, judge};
pub use model::{Event, Expectation, Given, Happening, Moment, Trial};
pub use read::read;
pub use schema::schema;
pub use table::TESTS;
