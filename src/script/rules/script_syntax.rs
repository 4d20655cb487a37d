//! # script-syntax
//!
//! A script cannot be read: a sign is missing, or a word stands where the language has another use for it.
//!
//! ## Why
//!
//! Nothing of it is run, not even the lines above the mistake. Words that the language keeps for itself,
//! like `for` and `case`, can be keys all the same: in brackets and quotes.
//!
//! ## Bad
//!
//! ```rhai
//! let step = #{ "for": "2d" };
//! print(step.for);
//! ```
//!
//! ## Good
//!
//! ```rhai
//! let step = #{ "for": "2d" };
//! print(step["for"]);
//! ```
//!
//! ## See also
//!
//! `unknown-variable`

use crate::diagnostic::{Code, Diagnostic};
use crate::text::{Source, Span};

/// Rhai cannot read the script from here on.
pub(in crate::script) fn script_syntax(source: &Source, span: Span, reason: &str) -> Diagnostic {
    let finding = Diagnostic::new(Code::ScriptSyntax, source.at(span), format!("the script cannot be read: {reason}"));
    match source.slice(span) {
        "and" => finding.help("write `&&` for and"),
        "or" => finding.help("write `||` for or"),
        "not" => finding.help("write `!` for not"),
        "null" | "nil" | "None" | "undefined" => finding.help("write `()` for nothing"),
        "var" => finding.help("write `let`"),
        "function" | "def" => finding.help("write `fn`"),
        "elif" | "elsif" | "elseif" => finding.help("write `else if`"),
        "async" | "await" => finding.help("leave it out: each call is over before the next starts"),
        "eval" => finding.help("call a function, or pick one from a map: text is never run as a script"),
        text if text.starts_with('\'') => finding.help("write text in double quotes"),
        _ => finding,
    }
}

/// A property is called like a word of the language, which a dot cannot name.
pub(in crate::script) fn reserved_property(source: &Source, span: Span) -> Diagnostic {
    let word = source.slice(span);
    Diagnostic::new(
        Code::ScriptSyntax,
        source.at(span),
        format!("`{word}` is a word of the language, which cannot stand behind a dot"),
    )
    .help(format!("write [\"{word}\"] in place of .{word}"))
}

/// A key is called like a word of the language.
pub(in crate::script) fn reserved_key(source: &Source, span: Span) -> Diagnostic {
    let word = source.slice(span);
    Diagnostic::new(Code::ScriptSyntax, source.at(span), format!("`{word}` is a word of the language, and a key only in quotes"))
        .help(format!("write \"{word}\""))
}
