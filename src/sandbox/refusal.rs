//! Refusals as scripts catch them: maps that say what, why, what helps, and where they were met.

use rhai::{Array, Dynamic, EvalAltResult, Map, NativeCallContext, Position};

/// What a host's function says instead of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refusal {
    /// The stable kebab-case code.
    pub code: String,
    /// What is so, in one lower-case clause.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// The sequence that it is about.
    pub sequence: Option<String>,
    /// That sequence's state.
    pub state: Option<String>,
    /// The verbs that would be allowed instead.
    pub allowed: Vec<String>,
    /// What is wrong in files, where that is the reason.
    pub findings: Vec<Found>,
    /// The number under which the host knows more about it.
    pub number: Option<i64>,
}

/// A finding as scripts see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its code.
    pub code: String,
    /// What is wrong.
    pub message: String,
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: Option<usize>,
}

impl Refusal {
    /// A refusal with a code and a message.
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code: code.into(), message: message.into(), ..Self::default() }
    }

    /// The same with a sentence that says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// A refusal as an error that a script can catch, at the place from which the host's function was called.
///
/// Rhai adds no place to a map that is thrown, and forgets where it was thrown first; so the map carries its own.
pub fn refuse(context: &NativeCallContext<'_>, refusal: Refusal) -> Box<EvalAltResult> {
    refuse_at(context.call_source(), context.call_position(), refusal)
}

/// The same at a place that is known otherwise.
pub fn refuse_at(source: Option<&str>, position: Position, refusal: Refusal) -> Box<EvalAltResult> {
    let Refusal { code, message, help, sequence, state, allowed, findings, number: own_number } = refusal;
    let mut map = Map::new();
    let mut put = |key: &str, value: Dynamic| drop(map.insert(key.into(), value));
    let or_unit = |text: Option<String>| text.map_or(Dynamic::UNIT, Dynamic::from);
    let number = |count: Option<usize>| count.and_then(|count| i64::try_from(count).ok()).map_or(Dynamic::UNIT, Dynamic::from);
    put("code", code.into());
    put("message", message.into());
    put("help", or_unit(help));
    put("sequence", or_unit(sequence));
    put("state", or_unit(state));
    put("allowed", allowed.into_iter().map(Dynamic::from).collect::<Array>().into());
    put("findings", findings.into_iter().map(|found| Dynamic::from_map(found.into_map())).collect::<Array>().into());
    put("number", own_number.map_or(Dynamic::UNIT, Dynamic::from));
    put("script", or_unit(source.map(str::to_owned)));
    put("line", number(position.line()));
    put("column", number(position.position()));
    EvalAltResult::ErrorRuntime(map.into(), position).into()
}

impl Found {
    fn into_map(self) -> Map {
        let line = self.line.and_then(|line| i64::try_from(line).ok()).map_or(Dynamic::UNIT, Dynamic::from);
        let entries = [("code", self.code.into()), ("message", self.message.into()), ("file", self.file.into()), ("line", line)];
        entries.into_iter().map(|(key, value)| (key.into(), value)).collect()
    }
}

/// What a thrown map says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Thrown {
    /// Its code, known or made up.
    pub code: Option<String>,
    /// What is so.
    pub message: Option<String>,
    /// What to do.
    pub help: Option<String>,
    /// The file in which it was met first.
    pub script: Option<String>,
    /// Where in that file.
    pub position: Option<Position>,
    /// The number under which the host knows more about it.
    pub number: Option<i64>,
}

impl Thrown {
    /// Reads the keys that it knows.
    pub fn read(map: &Map) -> Self {
        let text = |key: &str| map.get(key).and_then(|value| value.clone().into_string().ok());
        let number = |key: &str| map.get(key).and_then(|value| value.as_int().ok()).and_then(|number| u16::try_from(number).ok());
        let position = number("line").filter(|line| *line > 0).zip(number("column"));
        Self {
            code: text("code"),
            message: text("message"),
            help: text("help"),
            script: text("script"),
            position: position.map(|(line, column)| Position::new(line, column)),
            number: map.get("number").and_then(|number| number.as_int().ok()),
        }
    }
}
