//! The names that a script may use: the functions and properties that are registered, and its own.

use rhai::{AST, Engine};

use crate::text::{Source, suggest};

/// What Rhai puts before the name of a property where it keeps what reads it.
const GETTER: &str = "get$";

/// Everything that can be called, once for a failed run.
pub(super) struct Names {
    functions: Vec<Function>,
}

struct Function {
    name: String,
    types: Vec<String>,
}

impl Names {
    /// The functions of an engine, and those of the script if it could be compiled.
    pub(super) fn new(engine: &Engine, ast: Option<&AST>) -> Self {
        let native = engine.collect_fn_metadata(
            None,
            |function| {
                let metadata = function.metadata;
                let types = metadata.params_info.iter().map(|parameter| type_of(parameter)).collect();
                Some(Function { name: metadata.name.to_string(), types })
            },
            true,
        );
        let mut functions = native;
        if let Some(ast) = ast {
            functions.extend(ast.iter_functions().map(|function| Function {
                name: function.name.to_owned(),
                types: function.params.iter().map(|parameter| (*parameter).to_owned()).collect(),
            }));
        }
        Self { functions }
    }

    /// The ways in which functions of that name are called, each once, sorted, at most some.
    pub(super) fn calls(&self, name: &str) -> Vec<String> {
        let named = self.functions.iter().filter(|function| function.name == name);
        let mut calls: Vec<String> = named.map(|function| format!("{name}({})", function.types.join(", "))).collect();
        calls.sort();
        calls.dedup();
        calls
    }

    /// The function whose name is nearest.
    pub(super) fn near_function(&self, name: &str) -> Option<&str> {
        let words = self.functions.iter().map(|function| function.name.as_str());
        suggest(name, words.filter(|name| name.chars().all(|c| c.is_alphanumeric() || c == '_')))
    }

    /// The property whose name is nearest, of any type.
    pub(super) fn near_property(&self, name: &str) -> Option<&str> {
        suggest(name, self.functions.iter().filter_map(|function| function.name.strip_prefix(GETTER)))
    }
}

/// A parameter's type as scripts say it.
fn type_of(parameter: &str) -> String {
    let declared = parameter.split_once(": ").map_or(parameter, |(_, declared)| declared);
    let plain = declared.trim_start_matches('&').trim_start_matches("mut ").trim();
    match plain {
        "i64" | "INT" => "int",
        "f64" | "FLOAT" => "float",
        "str" | "String" | "ImmutableString" => "string",
        "Array" => "array",
        "Map" => "map",
        "Dynamic" | "?" => "anything",
        "FnPtr" => "function",
        "()" => "()",
        other => other.rsplit("::").next().unwrap_or(other),
    }
    .to_owned()
}

/// The names that a text declares with `let`, `const`, `for` or as parameters, as far as one can see without reading it.
pub(super) fn declared(source: &Source) -> Vec<&str> {
    let words: Vec<&str> =
        source.text().split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).collect();
    let pairs = words.windows(2).filter(|pair| ["let", "const", "for"].contains(&pair[0]));
    pairs.map(|pair| pair[1]).collect()
}

/// Whether a line that is not indented declares that name: functions see nothing of it.
pub(super) fn is_global(source: &Source, name: &str) -> bool {
    source.text().lines().any(|line| {
        let behind = ["let ", "const "].iter().find_map(|word| line.strip_prefix(word));
        behind
            .and_then(|behind| behind.trim_start().strip_prefix(name))
            .is_some_and(|rest| rest.starts_with(|c: char| !c.is_alphanumeric() && c != '_'))
    })
}
