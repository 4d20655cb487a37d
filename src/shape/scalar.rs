//! What a scalar is where any value may stand: text, a number, a truth value or nothing.

use std::fmt;

use crate::yaml::{Scalar, Style};

/// A single value of a file.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Flag(bool),
    /// A whole number.
    Whole(i64),
    /// Any other number.
    Number(f64),
    /// Text.
    Text(String),
}

impl fmt::Display for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Null => formatter.write_str("null"),
            Value::Flag(flag) => write!(formatter, "{flag}"),
            Value::Whole(number) => write!(formatter, "{number}"),
            Value::Number(number) => write!(formatter, "{number}"),
            Value::Text(text) => formatter.write_str(text),
        }
    }
}

/// A plain scalar that tools take for different things, so that nobody can be sure what was meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ambiguous;

impl Value {
    /// Reads a scalar that may be anything: JSON numbers and lower-case `true`, `false`, `null` are what they look like,
    /// everything else is text.
    ///
    /// # Errors
    /// `Ambiguous` for what only looks like a number, a truth value or nothing: `0x1F`, `1_000`, `~`, `TRUE`, `yes`.
    pub fn read(scalar: &Scalar<'_>) -> Result<Value, Ambiguous> {
        let text: &str = &scalar.text;
        if scalar.style != Style::Plain {
            return Ok(Value::Text(text.to_owned()));
        }
        match text {
            "null" => return Ok(Value::Null),
            "true" => return Ok(Value::Flag(true)),
            "false" => return Ok(Value::Flag(false)),
            _ => {}
        }
        if let Ok(number) = serde_json::from_str::<serde_json::Number>(text) {
            return number.as_i64().map(Value::Whole).or_else(|| number.as_f64().map(Value::Number)).ok_or(Ambiguous);
        }
        if is_ambiguous(text) { Err(Ambiguous) } else { Ok(Value::Text(text.to_owned())) }
    }
}

/// Whether YAML 1.1 or 1.2 readers take this text, unquoted, for something other than text.
fn is_ambiguous(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    if matches!(lower.as_str(), "" | "~" | "null" | "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n" | "<<" | "=") {
        return true;
    }
    let number = lower.trim_start_matches(['+', '-']);
    if matches!(number, ".inf" | ".nan") {
        return true;
    }
    let starts_like_number = number.starts_with(|c: char| c.is_ascii_digit()) || (number.starts_with('.') && number.len() > 1);
    starts_like_number && (is_number_in_some_reader(number) || is_date_in_some_reader(number))
}

fn is_number_in_some_reader(number: &str) -> bool {
    let hex = number.strip_prefix("0x").is_some_and(|digits| all(digits, |c| c.is_ascii_hexdigit() || c == '_'));
    let octal = number
        .strip_prefix("0o")
        .or_else(|| number.strip_prefix("0b"))
        .is_some_and(|digits| all(digits, |c| c.is_ascii_digit() || c == '_'));
    let decimal =
        all(number, |c| c.is_ascii_digit() || matches!(c, '_' | '.' | ':' | 'e' | '+' | '-')) && number.parse::<f64>().is_ok();
    let grouped = all(number, |c| c.is_ascii_digit() || matches!(c, '_' | '.')) && number.contains('_');
    let clock = number.split(':').count() > 1 && number.split(':').all(|part| all(part, |c| c.is_ascii_digit() || c == '.'));
    hex || octal || decimal || grouped || clock
}

fn is_date_in_some_reader(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 8
        && bytes[..4].iter().all(u8::is_ascii_digit)
        && bytes[4] == b'-'
        && bytes[5].is_ascii_digit()
        && text[5..].contains('-')
}

fn all(text: &str, is: impl Fn(char) -> bool) -> bool {
    !text.is_empty() && text.chars().all(is)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Value, Ambiguous> {
        Value::read(&Scalar { text: text.into(), style: Style::Plain })
    }

    #[test]
    fn json_values_are_values_and_look_alikes_are_ambiguous() {
        assert_eq!(read("12"), Ok(Value::Whole(12)));
        assert_eq!(read("-1.5"), Ok(Value::Number(-1.5)));
        assert_eq!(read("true"), Ok(Value::Flag(true)));
        assert_eq!(read("null"), Ok(Value::Null));
        for text in ["warm", "2d", "12 seats", "e-mail", "no way", "1st", "v1.2.3", "1.2.3"] {
            assert_eq!(read(text), Ok(Value::Text(text.to_owned())), "{text}");
        }
        for text in
            ["", "~", "TRUE", "Null", "yes", "0x1F", "0o17", "012", "1_000", "+1", ".5", "5.", "12:30", "2024-01-01", ".inf"]
        {
            assert_eq!(read(text), Err(Ambiguous), "{text}");
        }
        let quoted = Scalar { text: "yes".into(), style: Style::SingleQuoted };
        assert_eq!(Value::read(&quoted), Ok(Value::Text("yes".to_owned())));
    }
}
