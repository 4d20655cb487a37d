//! What a scalar is where any value may stand: text, a number, a truth value or nothing.

use std::fmt;

use crate::yaml::{Scalar, Style, is_ambiguous};

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

impl From<&Value> for serde_json::Value {
    fn from(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Flag(flag) => (*flag).into(),
            Value::Whole(number) => (*number).into(),
            Value::Number(number) => (*number).into(),
            Value::Text(text) => text.as_str().into(),
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
