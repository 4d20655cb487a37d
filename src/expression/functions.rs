//! The functions that an expression may call: they ask and change nothing.

/// A function, as it may be called: `name(first, ...)` or `first.name(...)`.
pub(super) struct Function {
    pub name: &'static str,
    /// What each argument must be.
    pub takes: &'static [Wanted],
    pub gives: Given,
}

/// What an argument must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    Text,
    Number,
    /// A number without decimals, for sure: a field may hold any.
    Whole,
    TextOrList,
    Anything,
    /// A text where the argument before is one; else anything.
    Part,
}

/// What a function gives back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Given {
    Text,
    Number,
    Flag,
}

const fn function(name: &'static str, takes: &'static [Wanted], gives: Given) -> Function {
    Function { name, takes, gives }
}

pub(super) const FUNCTIONS: [Function; 15] = [
    function("contains", &[Wanted::TextOrList, Wanted::Part], Given::Flag),
    function("starts_with", &[Wanted::Text, Wanted::Text], Given::Flag),
    function("ends_with", &[Wanted::Text, Wanted::Text], Given::Flag),
    function("is_empty", &[Wanted::TextOrList], Given::Flag),
    function("len", &[Wanted::TextOrList], Given::Number),
    function("index_of", &[Wanted::Text, Wanted::Text], Given::Number),
    function("sub_string", &[Wanted::Text, Wanted::Whole], Given::Text),
    function("sub_string", &[Wanted::Text, Wanted::Whole, Wanted::Whole], Given::Text),
    function("to_lower", &[Wanted::Text], Given::Text),
    function("to_upper", &[Wanted::Text], Given::Text),
    function("to_string", &[Wanted::Anything], Given::Text),
    function("abs", &[Wanted::Number], Given::Number),
    function("min", &[Wanted::Number, Wanted::Number], Given::Number),
    function("max", &[Wanted::Number, Wanted::Number], Given::Number),
    function("is_zero", &[Wanted::Number], Given::Flag),
];

/// Those that can be read like a field: `record.name.len`.
pub(super) const PROPERTIES: [&str; 2] = ["len", "is_empty"];

/// Functions of Rhai that change what they are called on, each with one that asks instead where there is one.
const CHANGING: [(&str, Option<&str>); 20] = [
    ("make_lower", Some("to_lower")),
    ("make_upper", Some("to_upper")),
    ("crop", Some("sub_string")),
    ("truncate", Some("sub_string")),
    ("trim", None),
    ("replace", None),
    ("append", None),
    ("push", None),
    ("pop", None),
    ("shift", None),
    ("insert", None),
    ("remove", None),
    ("clear", None),
    ("set", None),
    ("pad", None),
    ("sort", None),
    ("reverse", None),
    ("retain", None),
    ("drain", None),
    ("splice", None),
];

/// What a name that an expression calls turns out to be.
pub(super) enum Called {
    /// A function that may be called; several where it takes different numbers of arguments.
    Known(Vec<&'static Function>),
    /// One that changes what it is called on, and one to call instead.
    Changing(Option<&'static str>),
    Unknown,
}

/// The function of that name.
pub(super) fn called(name: &str) -> Called {
    let known: Vec<&Function> = FUNCTIONS.iter().filter(|function| function.name == name).collect();
    if !known.is_empty() {
        return Called::Known(known);
    }
    match CHANGING.iter().find(|(changing, _)| *changing == name) {
        Some((_, instead)) => Called::Changing(*instead),
        None => Called::Unknown,
    }
}
