//! A file as text: where it lies, what it says, and how a byte offset becomes a line and a column.
//! In come bytes that were already read; out go spans, lines and places.
//! Never touches a disk; knows nothing of YAML.

mod digest;
mod gate;
mod lines;
mod path;
mod source;
mod span;
mod suggest;
mod vocabulary;

pub use digest::Digest;
pub use gate::{BadText, MAX_FILE_BYTES, text_from_bytes};
pub use lines::{LineIndex, Lines, Place};
pub use path::FilePath;
pub use source::Source;
pub use span::{Located, Location, Span};
pub use suggest::{Suggestions, is_alike, suggest};
pub use vocabulary::Vocabulary;
