//! What we tell a person about a file, as data.
//! In come facts from whoever found something; out go values that a report prints, sorts or counts.
//! Never prints; knows no rule.

mod code;
mod finding;
mod findings;

pub use code::Code;
pub use finding::{Diagnostic, Edit, Fix, Related, Safety, Severity};
pub use findings::Findings;
