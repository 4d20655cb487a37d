//! Results by name: what an email or a call can have come to.

use crate::sequence::{CALL_RESULTS, Criterion, EmailResult};
use crate::settings::Settings;
use crate::text::suggest;

/// What a result is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ResultOf {
    Email,
    Call,
}

/// What the results of one list are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asks {
    Email,
    Call,
    /// Of both, which is a finding of its own.
    Both,
    /// Nobody knows, which is a finding of its own.
    Unknown,
}

impl ResultOf {
    /// The step that has such results, with its article.
    pub fn what(self) -> &'static str {
        match self {
            ResultOf::Email => "an email",
            ResultOf::Call => "a phone call",
        }
    }
}

impl Asks {
    /// For results of that kind alone.
    pub fn of(kind: ResultOf) -> Self {
        match kind {
            ResultOf::Email => Asks::Email,
            ResultOf::Call => Asks::Call,
        }
    }
}

/// What a result of that name is of.
pub(super) fn result_of(name: &str, settings: &Settings) -> Option<ResultOf> {
    if EmailResult::from_word(name).is_some() {
        return Some(ResultOf::Email);
    }
    let is_call = CALL_RESULTS.contains(&name) || settings.call_results.iter().any(|known| known == name);
    is_call.then_some(ResultOf::Call)
}

/// What a list asks for. A misspelt result counts as the one that it resembles.
pub(super) fn asks(criterion: &Criterion, settings: &Settings) -> Asks {
    let mut asks = Asks::Unknown;
    for result in &criterion.results {
        let nearest = || suggest(&result.value, result_names(settings)).and_then(|near| result_of(near, settings));
        asks = match (asks, result_of(&result.value, settings).or_else(nearest)) {
            (Asks::Unknown | Asks::Email, Some(ResultOf::Email)) => Asks::Email,
            (Asks::Unknown | Asks::Call, Some(ResultOf::Call)) => Asks::Call,
            (asks, None) => asks,
            (Asks::Email | Asks::Call | Asks::Both, Some(_)) => Asks::Both,
        };
    }
    asks
}

/// Every name of a result.
pub(super) fn result_names(settings: &Settings) -> impl Iterator<Item = &str> {
    let of_emails = EmailResult::ALL.iter().map(|result| result.word());
    of_emails.chain(CALL_RESULTS).chain(settings.call_results.iter().map(String::as_str))
}
