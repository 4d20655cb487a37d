//! # several-documents
//!
//! A second YAML document in one file. A file holds one sequence.

use crate::diagnostic::{Code, Diagnostic};
use crate::text::{Source, Span};

/// A second document starts at `span`.
pub(in crate::yaml) fn several_documents(source: &Source, span: Span) -> Diagnostic {
    Diagnostic::new(Code::SeveralDocuments, source.at(span), "a second document starts here, and is not read")
        .help("put it into a file of its own: one file, one sequence")
}
