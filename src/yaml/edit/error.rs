//! Why an edit cannot be made.

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::text::{MAX_FILE_BYTES, suggest};

use super::route::{Route, Stop};

/// Why an edit was not made. Nothing was changed.
#[derive(Clone, Debug, PartialEq)]
pub enum EditError {
    /// A route leads to something that is not there.
    NotFound {
        /// As far as the route could be followed.
        route: Route,
        /// What is not there.
        stop: Stop,
        /// The keys or the names of items that are there instead.
        known: Vec<String>,
    },
    /// A key was looked for, or was to be added, in what is no mapping.
    NotAMapping {
        /// Where.
        route: Route,
    },
    /// An item was looked for, or was to be added, in what is no list.
    NotAList {
        /// Where.
        route: Route,
    },
    /// What was to be removed, moved or renamed is no entry and no item.
    NoEntry {
        /// Where.
        route: Route,
    },
    /// An item was to go to a place that the list does not have.
    OutOfRange {
        /// The list.
        route: Route,
        /// The place that was asked for.
        index: usize,
        /// The last place that it could go to.
        most: usize,
    },
    /// A key was to get the name of another one of its mapping.
    KeyExists {
        /// The mapping.
        route: Route,
        /// The name.
        key: String,
    },
    /// An item was to be moved into itself.
    IntoItself {
        /// The item.
        route: Route,
    },
    /// A value holds what our YAML cannot say: a tag, a key that is no text, a number that is none.
    NotWritable {
        /// Where it was to stand.
        route: Route,
        /// What it is, in words.
        what: String,
    },
    /// The file is not sound YAML as it stands; what is wrong with it.
    NotSound(Vec<Diagnostic>),
    /// The file as it stands is something else to another YAML reader, or nothing; what that one says.
    Disputed(String),
    /// The result would be nested too deep.
    TooDeep,
    /// The result would be larger than a file may be.
    TooLarge,
    /// The new text does not say what it was meant to say: our own mistake. What was found.
    Unverified(String),
}

impl EditError {
    /// What somebody probably wanted to write, where a key or name was not found.
    pub fn suggestion(&self) -> Option<&str> {
        let EditError::NotFound { stop, known, .. } = self else { return None };
        let wanted = match stop {
            Stop::Key(key) => key,
            Stop::Item { is, .. } => is,
            Stop::Index(_) => return None,
        };
        suggest(wanted, known.iter().map(String::as_str))
    }
}

impl fmt::Display for EditError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EditError::NotFound { route, stop: Stop::Key(key), .. } => write!(formatter, "{} has no key `{key}`", named(route)),
            EditError::NotFound { route, stop: Stop::Index(index), .. } => {
                write!(formatter, "{} has no item {index}", named(route))
            }
            EditError::NotFound { route, stop: Stop::Item { key, is }, .. } => {
                write!(formatter, "{} has no item whose `{key}` is `{is}`", named(route))
            }
            EditError::NotAMapping { route } => write!(formatter, "{} is no mapping", named(route)),
            EditError::NotAList { route } => write!(formatter, "{} is no list", named(route)),
            EditError::NoEntry { route } => write!(formatter, "{} is no entry and no item", named(route)),
            EditError::OutOfRange { route, index, most } => {
                write!(formatter, "{} has no place {index}, the last one is {most}", named(route))
            }
            EditError::KeyExists { route, key } => write!(formatter, "{} has a key `{key}` already", named(route)),
            EditError::IntoItself { route } => write!(formatter, "{} cannot be moved into itself", named(route)),
            EditError::NotWritable { route, what } => write!(formatter, "{} cannot hold {what}", named(route)),
            EditError::NotSound(problems) => match problems.first() {
                Some(problem) => write!(formatter, "the file is not sound: {}", problem.message),
                None => formatter.write_str("the file is not sound"),
            },
            EditError::Disputed(what) => write!(formatter, "YAML readers disagree about the file: {what}"),
            EditError::TooDeep => formatter.write_str("the file would be nested too deep"),
            EditError::TooLarge => write!(formatter, "the file would be larger than {MAX_FILE_BYTES} bytes"),
            EditError::Unverified(what) => write!(formatter, "the edited text does not say what it should: {what}"),
        }
    }
}

impl std::error::Error for EditError {}

/// A place in words: the file itself has no name that stands in backticks.
fn named(route: &Route) -> String {
    if route.stops().is_empty() { route.to_string() } else { format!("`{route}`") }
}
