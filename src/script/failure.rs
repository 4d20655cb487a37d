//! From Rhai's errors to diagnostics at the script's own line.
//! In comes what a run failed with; out goes one finding, with the calls that led there as related places.

use rhai::{EvalAltResult, Map, ParseErrorType, Position};

use crate::diagnostic::{Code, Diagnostic, Related, Severity};
use crate::sandbox::{Thrown, Trip};
use crate::text::{FilePath, Location, Source, Span, suggest};

use super::names::{Names, declared, is_global};
use super::place::{location, token};
use super::rules;
use super::run::Spoiled;
use super::sources::Scripts;

/// How many calls of a stack are shown.
const MAX_CALLS: usize = 5;

/// The finding for a run that failed: by a limit, or else by an error.
pub(super) fn diagnose(
    scripts: &Scripts,
    main: &Source,
    names: &Names,
    trip: Option<Trip>,
    error: Option<&EvalAltResult>,
    places: &dyn Fn(i64) -> Vec<Related>,
) -> Diagnostic {
    let Some(error) = error else {
        let at = main.at(Span::at(0));
        return trip.map_or_else(|| rules::script_failed::script_failed(at.clone(), "it failed"), |trip| limit(trip, at.clone()));
    };
    let way = Way::to(scripts, main, error);
    let finding = match trip {
        Some(trip) => limit(trip, way.place.clone()),
        None => explain(scripts, names, &way, places),
    };
    way.calls.iter().rev().take(MAX_CALLS).fold(finding, |finding, (place, words)| {
        if *place == finding.primary { finding } else { finding.related(place.clone(), words) }
    })
}

/// The finding for a run of which the host lets nothing be kept.
pub(super) fn spoiled(scripts: &Scripts, main: &Source, why: &Spoiled, error: Option<&EvalAltResult>) -> Diagnostic {
    let at = error.map_or_else(|| main.at(Span::at(0)), |error| Way::to(scripts, main, error).place);
    let finding = Diagnostic::new(why.code, at, one_line(&why.message));
    why.help.iter().fold(finding, |finding, help| finding.help(help))
}

/// The innermost error and how the script came there.
struct Way<'a> {
    error: &'a EvalAltResult,
    source: Source,
    place: Location,
    /// Where each call on the way was made, outermost first.
    calls: Vec<(Location, String)>,
}

impl<'a> Way<'a> {
    fn to(scripts: &Scripts, main: &Source, error: &'a EvalAltResult) -> Self {
        let mut way = Self { error, source: main.clone(), place: main.at(Span::at(0)), calls: Vec::new() };
        loop {
            let position = way.error.position();
            if !position.is_none() {
                way.place = location(&way.source, position);
            }
            let (inner, file, words) = match way.error {
                EvalAltResult::ErrorInFunctionCall(name, file, inner, _) => (inner, file, called(name)),
                EvalAltResult::ErrorInModule(file, inner, _) => (inner, file, "it is imported here".to_owned()),
                _ => return way,
            };
            // A closure that a function calls stands at that function's own place.
            if way.calls.last().is_none_or(|(place, _)| *place != way.place) {
                way.calls.push((way.place.clone(), words));
            }
            if let Some(source) = scripts.at(&FilePath::new(file.as_str())) {
                way.source = source.clone();
            }
            way.error = inner;
        }
    }
}

fn called(name: &str) -> String {
    if name.starts_with("anon$") { "this closure is called here".to_owned() } else { format!("`{name}` is called here") }
}

fn limit(trip: Trip, at: Location) -> Diagnostic {
    match trip {
        Trip::Operations { limit } => rules::limit_operations::limit_operations(at, limit),
        Trip::Time { limit } => rules::limit_time::limit_time(at, limit),
        Trip::Memory { limit } => rules::limit_memory::limit_memory(at, limit),
        Trip::Cancelled => rules::script_failed::script_failed(at, "the script was interrupted"),
    }
}

fn explain(scripts: &Scripts, names: &Names, way: &Way<'_>, places: &dyn Fn(i64) -> Vec<Related>) -> Diagnostic {
    let at = way.place.clone();
    match way.error {
        EvalAltResult::ErrorParsing(error, position) => parsing(&way.source, names, error, *position),
        EvalAltResult::ErrorVariableNotFound(name, _) => unknown_variable(&way.source, names, at, name),
        EvalAltResult::ErrorFunctionNotFound(signature, _) => unknown_function(names, at, signature),
        EvalAltResult::ErrorPropertyNotFound(name, _) => rules::unknown_property::of_map(at, name),
        EvalAltResult::ErrorDotExpr(words, _) => property(names, at, words),
        EvalAltResult::ErrorRuntime(thrown, _) => match thrown.read_lock::<Map>() {
            Some(map) => {
                let thrown = Thrown::read(&map);
                let finding = thrown_map(scripts, way, &thrown);
                let places = thrown.number.map_or_else(Vec::new, places);
                places.into_iter().fold(finding, |finding, place| finding.related(place.location, place.message))
            }
            None => thrown_text(at, thrown),
        },
        EvalAltResult::ErrorStackOverflow(_) => rules::limit_depth::calls(at),
        EvalAltResult::ErrorTooManyVariables(_) => rules::limit_depth::variables(at),
        EvalAltResult::ErrorTooManyModules(_) => rules::limit_depth::modules(at),
        EvalAltResult::ErrorDataTooLarge(what, _) => rules::limit_size::limit_size(at, what),
        other => rules::script_failed::script_failed(at, &in_our_words(other)),
    }
}

/// Rhai's sentence as a clause: without its place, lower case at its start, no full stop.
fn in_our_words(error: &EvalAltResult) -> String {
    let text = error.to_string();
    let text = text.rsplit_once(" (line ").or_else(|| text.rsplit_once(" @ '")).map_or(text.as_str(), |(text, _)| text);
    clause(text)
}

fn clause(text: &str) -> String {
    let text = text.trim_end_matches('.').replace('\'', "`");
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

fn parsing(source: &Source, names: &Names, error: &ParseErrorType, position: Position) -> Diagnostic {
    let span = token(source, position);
    let at = source.at(span);
    let word = source.slice(span);
    match error {
        ParseErrorType::VariableUndefined(name) => unknown_variable(source, names, at, name),
        ParseErrorType::ModuleUndefined(name) => rules::unknown_module::not_imported(at, name),
        ParseErrorType::ExprTooDeep => rules::limit_depth::expression(at),
        ParseErrorType::TooManyFunctions => rules::limit_size::limit_size(at, "number of functions"),
        ParseErrorType::LiteralTooLarge(what, _) => rules::limit_size::limit_size(at, what),
        _ if !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c == '_') && is_property(source, span) => {
            rules::script_syntax::reserved_property(source, span)
        }
        _ if !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase()) && is_key(source, span) => {
            rules::script_syntax::reserved_key(source, span)
        }
        other => rules::script_syntax::script_syntax(source, span, &clause(&other.to_string())),
    }
}

fn is_property(source: &Source, span: Span) -> bool {
    source.text()[..span.start as usize].trim_end().ends_with('.')
}

fn is_key(source: &Source, span: Span) -> bool {
    let before = source.text()[..span.start as usize].trim_end();
    (before.ends_with("#{") || before.ends_with(',')) && source.text()[span.end as usize..].trim_start().starts_with(':')
}

fn unknown_variable(source: &Source, names: &Names, at: Location, name: &str) -> Diagnostic {
    if is_global(source, name) {
        return rules::unknown_variable::of_script(at, name);
    }
    if is_parameter_elsewhere(source, at.span) {
        return rules::unknown_variable::of_closure(at, name);
    }
    if !names.calls(name).is_empty() {
        return rules::unknown_variable::of_function(at, name);
    }
    rules::unknown_variable::unknown_variable(at, name, suggest(name, declared(source)))
}

/// Whether it is the parameter of a closure as other languages write it: `s => ...`, `function(s) { ... }`.
fn is_parameter_elsewhere(source: &Source, span: Span) -> bool {
    let (before, behind) = (&source.text()[..span.start as usize], &source.text()[span.end as usize..]);
    behind.trim_start().starts_with("=>") || before.trim_end().ends_with("function(")
}

/// Rhai writes what was called as `name (type, type)`.
fn unknown_function(names: &Names, at: Location, signature: &str) -> Diagnostic {
    let (name, types) = signature.split_once(" (").unwrap_or((signature, ""));
    let name = name.rsplit("::").next().unwrap_or(name);
    let types = in_types_of_scripts(types.trim_end_matches(')'));
    if let Some(property) = name.strip_prefix("get$").or_else(|| name.strip_prefix("set$")) {
        return rules::unknown_property::unknown_property(at, property, &types, names.near_property(property));
    }
    let calls = names.calls(name);
    let is_operator = !name.chars().any(|c| c.is_alphanumeric() || c == '_');
    if calls.is_empty() || is_operator {
        return rules::unknown_function::unknown_function(at, name, &types, names.near_function(name));
    }
    rules::wrong_arguments::wrong_arguments(at, name, &types, &calls)
}

fn in_types_of_scripts(types: &str) -> String {
    let types = types.replace("&str | ImmutableString | String", "string");
    let in_words = types.split(", ").map(|name| match name {
        "i64" => "int",
        "f64" => "float",
        "Fn" => "function",
        other => other,
    });
    in_words.collect::<Vec<_>>().join(", ")
}

/// Rhai writes `Unknown property 'x' - a getter is not registered for type 'T'`.
fn property(names: &Names, at: Location, words: &str) -> Diagnostic {
    let quoted: Vec<&str> = words.split('\'').skip(1).step_by(2).collect();
    match quoted.as_slice() {
        [name, of, ..] => {
            rules::unknown_property::unknown_property(at, name, &in_types_of_scripts(of), names.near_property(name))
        }
        _ => rules::script_failed::script_failed(at, &clause(words)),
    }
}

/// A map that was thrown: a refusal, by the host or by the script itself, says what and where; others are shown.
fn thrown_map(scripts: &Scripts, way: &Way<'_>, thrown: &Thrown) -> Diagnostic {
    let source = thrown.script.as_ref().and_then(|script| scripts.at(&FilePath::new(script.as_str())));
    let at = match (source, thrown.position) {
        (Some(source), Some(position)) => location(source, position),
        _ => way.place.clone(),
    };
    let Some(message) = &thrown.message else {
        return rules::script_threw::script_threw(at, "a map without a `message`");
    };
    let code = thrown.code.as_deref().and_then(Code::from_name);
    let finding = match code {
        // What ends a script is an error, whatever it is where nothing depends on it.
        Some(code) => Diagnostic::new(code, at, one_line(message)).with_severity(Severity::Error),
        None => rules::script_threw::script_threw(at, &one_line(message)),
    };
    thrown.help.iter().fold(finding, |finding, help| finding.help(one_line(help)))
}

fn thrown_text(at: Location, thrown: &rhai::Dynamic) -> Diagnostic {
    match thrown.read_lock::<rhai::ImmutableString>() {
        Some(text) => rules::script_threw::script_threw(at, &one_line(&text)),
        None => rules::script_threw::script_threw(at, &format!("a value of type {}", thrown.type_name())),
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
