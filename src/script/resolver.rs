//! Finds the modules that scripts import, among the sources that were read and nowhere else.
//! In comes a name, out comes the module, run once. Never opens a file: what lies outside has no name here.

use std::cell::RefCell;
use std::collections::BTreeMap;

use rhai::{AST, Engine, EvalAltResult, Module, ModuleResolver, Position, Scope, Shared};

use crate::sandbox::{Refusal, refuse_at};
use crate::text::{Source, suggest};

use super::rules;
use super::sources::{ENDING, Scripts};

/// How many modules may import one another in a chain.
const MAX_CHAIN: usize = 8;

type Answer<T> = Result<T, Box<EvalAltResult>>;

/// The modules of one run.
pub(super) struct Resolver {
    scripts: Scripts,
    /// The names whose top level is running now, the script's own first.
    chain: RefCell<Vec<String>>,
    loaded: RefCell<BTreeMap<String, Shared<Module>>>,
    max_source: usize,
}

impl Resolver {
    pub(super) fn new(scripts: Scripts, main: &str, max_source: usize) -> Self {
        Self { scripts, chain: RefCell::new(vec![main.to_owned()]), loaded: RefCell::default(), max_source }
    }

    fn find(&self, name: &str) -> Result<&Source, Box<Refusal>> {
        if let Some(source) = self.scripts.get(name) {
            if source.text().len() > self.max_source {
                return Err(Box::new(rules::limit_source::refusal(source, self.max_source)));
            }
            return Ok(source);
        }
        if let Some(finding) = self.scripts.unread(name) {
            let refusal = Refusal::new(finding.code.name(), format!("`{name}` cannot be read: {}", finding.message));
            return Err(Box::new(Refusal { help: finding.help.first().cloned(), ..refusal }));
        }
        let near = name.strip_suffix(ENDING).filter(|name| self.scripts.get(name).is_some());
        Err(Box::new(rules::unknown_module::refusal(name, near.or_else(|| suggest(name, self.scripts.names())))))
    }

    /// Refuses a module that is importing right now, and one too deep.
    fn enter(&self, name: &str) -> Result<Entered<'_>, Box<Refusal>> {
        let mut chain = self.chain.borrow_mut();
        if chain.iter().any(|open| open == name) {
            return Err(Box::new(rules::import_cycle::refusal(&chain, name)));
        }
        if chain.len() > MAX_CHAIN {
            return Err(Box::new(rules::import_cycle::too_long(&chain, name, MAX_CHAIN)));
        }
        chain.push(name.to_owned());
        Ok(Entered(&self.chain))
    }
}

/// A module whose top level runs; it is over when this goes.
struct Entered<'a>(&'a RefCell<Vec<String>>);

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        self.0.borrow_mut().pop();
    }
}

impl ModuleResolver for Resolver {
    fn resolve(&self, engine: &Engine, source: Option<&str>, path: &str, position: Position) -> Answer<Shared<Module>> {
        if let Some(module) = self.loaded.borrow().get(path) {
            return Ok(Shared::clone(module));
        }
        let refused = |refusal: Box<Refusal>| refuse_at(source, position, *refusal);
        let text = self.find(path).map_err(refused)?;
        let entered = self.enter(path).map_err(refused)?;
        let in_module = |error| Box::new(EvalAltResult::ErrorInModule(text.path().to_string(), error, position));
        let ast = compile(engine, text).map_err(in_module)?;
        let module = Module::eval_ast_as_new(Scope::new(), &ast, engine).map_err(in_module)?;
        drop(entered);
        let module: Shared<Module> = module.into();
        self.loaded.borrow_mut().insert(path.to_owned(), Shared::clone(&module));
        Ok(module)
    }

    fn resolve_ast(&self, engine: &Engine, source: Option<&str>, path: &str, position: Position) -> Option<Answer<AST>> {
        let text = match self.find(path) {
            Ok(text) => text,
            Err(refusal) => return Some(Err(refuse_at(source, position, *refusal))),
        };
        let in_module = |error| Box::new(EvalAltResult::ErrorInModule(text.path().to_string(), error, position));
        Some(compile(engine, text).map_err(in_module))
    }
}

/// Compiles a source; what is compiled knows its file.
pub(super) fn compile(engine: &Engine, source: &Source) -> Answer<AST> {
    let mut ast = engine.compile(source.text())?;
    ast.set_source(source.path().as_str());
    Ok(ast)
}
