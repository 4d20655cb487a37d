//! Shapes: which keys may stand where, of what kind, and what they mean, as tables.
//! In come a table and a span tree, out come the values of known keys and a finding for whatever does not fit.
//! Knows how to read by a table; what stands in one belongs to the sequence and to the settings.

mod id;
mod order;
mod reader;
pub mod rules;
mod scalar;
mod schema;
mod table;

pub use id::{MAX_ID_LENGTH, is_id, nearest_id};
pub use order::{StepShape, key_order};
pub use reader::{Fields, Items, Reader, TableEntry, WordOrInstant};
pub use scalar::Value;
pub use schema::{DIALECT, STEPS, or_nothing, schema_of_key, schema_of_kind, schema_of_shape, spellings};
pub(crate) use table::words;
pub use table::{Key, Kind, Need, Shape, Word};
