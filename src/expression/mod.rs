//! `when`: one Rhai expression over a record.
//! In comes the expression as a file writes it, out come the fields it uses, what is wrong with it, and what it says of every
//! record where that can be proven, as plain data with places in the file. Never evaluated here; Rhai's own values stay inside.

mod functions;
mod kinds;
mod place;
pub mod rules;
mod term;
mod truth;

use std::cell::OnceCell;

use rhai::{AST, Engine, ParseError, Scope};

use crate::diagnostic::Diagnostic;
use crate::record::RecordType;
use crate::sandbox;
use crate::sequence::When;
use crate::text::{Located, Source};
use crate::yaml::rules::quote_expression::quote_expression;
use crate::yaml::{Style, longer_codes};

use place::Places;
use rules::constant_expression::{Share, constant_expression};
use term::{Node, Term};

pub use kinds::OF_EVERY_RECORD;
pub use truth::Answer;

/// The one variable that an expression sees.
pub const RECORD: &str = "record";

/// What an expression was found to be.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expression {
    /// The fields of the record that it names, in the order in which they stand.
    pub fields: Vec<Located<String>>,
    /// Options that it compares fields with and that those do not have.
    pub unknown_options: Vec<UnknownOption>,
    /// What it says of every record; `None` where that differs, or where something else is wrong with it.
    pub answer: Option<Answer>,
    /// What is wrong with it.
    pub problems: Vec<Diagnostic>,
}

/// A field is compared with an option that it does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownOption {
    /// The field.
    pub field: String,
    /// What it is compared with; the place has the quotes.
    pub value: Located<String>,
    /// The field's options.
    pub options: Vec<String>,
}

thread_local! {
    /// Rhai's engines cannot be sent between threads, so each thread that reads has its own.
    static ENGINE: OnceCell<Engine> = const { OnceCell::new() };
}

/// Reads an expression of a file, over records of a type as it is declared.
pub fn read(source: &Source, when: &When, record_type: Option<&RecordType>) -> Expression {
    let places = Places::new(source, when);
    match compile(&when.text.value) {
        Ok(ast) => judge(source, &places, &term::read(&ast, &places), record_type),
        Err(error) => Expression { problems: vec![explain(source, when, &places, &error)], ..Expression::default() },
    }
}

fn judge(source: &Source, places: &Places<'_>, expression: &Node, record_type: Option<&RecordType>) -> Expression {
    let declared = record_type.and_then(|declared| declared.fields.as_ref());
    let kinds::Judged { mut problems, unknown_options } = kinds::judge(source, places, declared, expression);
    let mut answer = None;
    // What follows from another finding in the same expression is none of its own.
    if problems.is_empty() && unknown_options.is_empty() {
        for same in truth::constants(expression) {
            let share = if same.extent == expression.extent { Share::All } else { Share::Part };
            if share == Share::All {
                answer = Some(same.answer);
            }
            problems.push(constant_expression(
                source,
                places.span(places.balanced(same.extent)),
                share,
                same.answer,
                same.because,
            ));
        }
    }
    Expression { fields: fields(places, expression), unknown_options, answer, problems }
}

/// Every `record.field` and `record["field"]`, in the order in which they stand.
fn fields(places: &Places<'_>, expression: &Node) -> Vec<Located<String>> {
    let named = expression.walk().filter_map(|node| match &node.term {
        Term::Field(name) => Some(Located::new(name.clone(), places.span(node.point))),
        _ => None,
    });
    let mut fields: Vec<Located<String>> = named.collect();
    fields.sort_by_key(|field| field.span);
    fields
}

fn compile(text: &str) -> Result<AST, ParseError> {
    ENGINE.with(|engine| {
        let mut scope = Scope::new();
        scope.push(RECORD, ());
        engine.get_or_init(sandbox::engine).compile_expression_with_scope(&scope, text)
    })
}

/// Where YAML cut the expression short and all of it would compile, the missing quotes are what is wrong.
fn explain(source: &Source, when: &When, places: &Places<'_>, error: &ParseError) -> Diagnostic {
    if when.style == Style::Plain {
        let longer = longer_codes(source.text(), when.text.span);
        if let Some(whole) = longer.into_iter().find(|span| compile(source.slice(*span)).is_ok()) {
            return quote_expression(source, source.text(), whole);
        }
    }
    rules::bad_expression::bad_expression(source, places, error)
}
