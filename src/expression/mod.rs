//! `when`: one Rhai expression over a record.
//! In comes the expression as a file writes it, out come the fields it uses and what is wrong with it, as plain data with
//! places in the file. Never evaluated here; Rhai's own values stay inside.

mod place;
pub mod rules;
mod walk;

use std::cell::OnceCell;

use rhai::{AST, Engine, ParseError, Scope};

use crate::diagnostic::Diagnostic;
use crate::sandbox;
use crate::sequence::When;
use crate::text::{Located, Source};
use crate::yaml::rules::quote_expression::quote_expression;
use crate::yaml::{Style, longer_codes};

use place::Places;

/// The one variable that an expression sees.
pub const RECORD: &str = "record";

/// What an expression was found to be.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expression {
    /// The fields of the record that it names, in the order in which they stand.
    pub fields: Vec<Located<String>>,
    /// What is wrong with it.
    pub problems: Vec<Diagnostic>,
}

thread_local! {
    /// Rhai's engines cannot be sent between threads, so each thread that reads has its own.
    static ENGINE: OnceCell<Engine> = const { OnceCell::new() };
}

/// Reads an expression of a file.
pub fn read(source: &Source, when: &When) -> Expression {
    let places = Places::new(source, when);
    match compile(&when.text.value) {
        Ok(ast) => Expression { fields: walk::fields(&ast, &places), problems: Vec::new() },
        Err(error) => Expression { fields: Vec::new(), problems: vec![explain(source, when, &places, &error)] },
    }
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
