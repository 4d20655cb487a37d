//! YAML: a text becomes a tree with a span on every key and value.
//! In comes a source, out come a tree and every problem of the YAML itself; what is broken is cut out and the rest is read.
//! Never fails, never panics on any text; knows nothing of sequences.

mod ambiguous;
mod builder;
mod did_you_mean;
pub mod edit;
pub mod format;
mod mistake;
mod node;
mod read;
pub mod rules;
mod scalar;
mod scan;

/// How a comment starts that is for this program: it speaks of its own line or, alone on a line, of the next one with a value.
pub const FOR_US: &str = "segue:";

pub use ambiguous::is_ambiguous;
pub use did_you_mean::{did_you_mean, did_you_mean_or};
pub use node::{Content, Entry, List, Mapping, Node, Scalar, Style};
pub use read::{Tree, read};
pub use scalar::{end_in_source, offset_in_source};
pub use scan::longer_codes;
