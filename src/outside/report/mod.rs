//! Says findings, tables and pages to people and to programs.
//! In come findings, the texts they are about and a writer; out goes text through that writer.
//! Never opens standard output, never asks whether it is a terminal, decides no exit code.

mod changes;
mod clean;
mod differences;
mod excerpt;
mod github;
mod graph;
mod human;
mod journal;
mod json;
mod junit;
mod lifecycle;
mod page;
mod prefix;
mod properties;
mod refusal;
mod sarif;
mod sequence_json;
mod steps;
mod summary;
mod table;
mod terminal;

use crate::text::{FilePath, Source};

pub use changes::{changes, line_counts};
pub use differences::{Compared, Edition, differences, differences_json, differences_markdown};
pub use github::github;
pub use graph::{Drawn, Language, graph};
pub use human::human;
pub use journal::{change_of, event_json, event_words, operation_json};
pub use json::{diagnostic_json, json, json_document, json_line};
pub use junit::{Warnings, junit};
pub use lifecycle::{lifecycle, roles};
pub use page::page;
pub use prefix::Prefix;
pub use properties::properties;
pub use refusal::refusal;
pub use sarif::sarif;
pub use sequence_json::{Known, Portrait, sequence_json};
pub use steps::steps;
pub use summary::Summary;
pub use table::{Align, Table};
pub use terminal::{Colour, Layout, Terminal};

/// A message as a terminal may be given it: a control character in a name moves nothing there.
pub fn clean(message: &str) -> String {
    message.split('\n').map(clean::clean_line).collect::<Vec<_>>().join("\n")
}

/// Looks up the text of a file; `None` where nobody could read it.
pub type Sources<'a> = &'a dyn Fn(&FilePath) -> Option<Source>;
