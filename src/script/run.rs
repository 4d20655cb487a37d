//! Runs one script on a thread of its own.
//! In come the sources, a request and a host; out comes plain data. Engine, values and errors live and die on that thread,
//! whose stack is large enough for values nested as deep as memory allows: even dropping those is recursive.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe};
use std::rc::Rc;
use std::thread;

use jiff::Timestamp;
use rhai::{AST, Engine, EvalAltResult, ImmutableString, Scope};

use crate::diagnostic::{Code, Diagnostic, Related, Severity};
use crate::sandbox::{Cancel, Guard, Limits, Meter, Trip, script_engine};
use crate::text::Source;

use super::failure::{diagnose, spoiled};
use super::names::Names;
use super::resolver::{Resolver, compile};
use super::rules;
use super::sources::Scripts;

/// The stack of a script's thread. Four times what the deepest values within the limits on memory need; only what is used
/// of it becomes real.
const STACK: usize = 256 << 20;

/// Where a printed line belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// A result: `print`.
    Result,
    /// Something for whoever writes the script: `debug`.
    Trace,
}

/// Takes printed lines.
pub type Print = Box<dyn FnMut(Output, &str) + Send>;

/// What is to be run.
pub struct Request {
    /// The script's name, as [`Scripts`] has it.
    pub name: String,
    /// What `args()` returns.
    pub args: Vec<String>,
    /// What `now()` returns: the instant of the run.
    pub now: Timestamp,
    /// What it may use.
    pub limits: Limits,
    /// What it is measured by.
    pub meter: Meter,
    /// Ends it from another thread.
    pub cancel: Cancel,
    /// Takes each printed line as it comes.
    pub print: Print,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// At its end; its work may be kept.
    Done,
    /// With an error, or over a limit; nothing of it may be kept.
    Failed(Box<Diagnostic>),
    /// Somebody asked it to stop; nothing of it may be kept.
    Interrupted,
}

/// What is known of a run when it is over.
#[derive(Clone, Debug)]
pub struct Outcome<Y> {
    /// How it ended.
    pub ending: Ending,
    /// How many printed lines were left out.
    pub lines_left_out: usize,
    /// How many operations it took.
    pub operations: u64,
    /// What the host has to say; `None` if it was lost in a panic.
    pub yielded: Option<Y>,
}

/// What a run has at hand, for a host's functions. Clones share it; it stays on its thread.
#[derive(Clone)]
pub struct Run(Rc<RunState>);

struct RunState {
    guard: Guard,
    now: Timestamp,
    args: Vec<String>,
    script: String,
}

impl Run {
    /// The budget. Functions that change something ask [`Guard::tripped`] first.
    pub fn guard(&self) -> &Guard {
        &self.0.guard
    }

    /// The instant of the run.
    pub fn now(&self) -> Timestamp {
        self.0.now
    }

    /// The arguments of the run.
    pub fn args(&self) -> &[String] {
        &self.0.args
    }

    /// The name of the script.
    pub fn script(&self) -> &str {
        &self.0.script
    }
}

/// What scripts find beside the language. Made, used and ended on the script's thread, so that it may share its state with
/// the functions it registers by `Rc`.
pub trait Host {
    /// What is left of the run: plain data.
    type Yield: Send;

    /// Adds functions and types to the engine. The engine's default tag is the host's to set.
    fn register(&self, engine: &mut Engine, run: &Run);

    /// What the host knows beside the words of a refusal that carries this number: places in files, each with its words.
    fn places(&self, _number: i64) -> Vec<Related> {
        Vec::new()
    }

    /// Why nothing of the run may be kept, whatever the script made of it: asked when it is over.
    fn spoiled(&self) -> Option<Spoiled> {
        None
    }

    /// Ends the run, when engine and values are gone already. Only what ended as [`Ending::Done`] may be kept.
    fn finish(self, ending: &Ending) -> Self::Yield;
}

/// Why a host lets nothing of a run be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoiled {
    /// Its code.
    pub code: Code,
    /// What is so.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

/// Runs a script to its end, with a host that `make_host` makes on the script's thread.
///
/// # Panics
/// Where the system gives no thread.
pub fn run<H: Host>(scripts: &Scripts, request: Request, make_host: impl FnOnce() -> H + Send) -> Outcome<H::Yield> {
    thread::scope(|scope| {
        let thread = thread::Builder::new().name("script".to_owned()).stack_size(STACK);
        let running = thread.spawn_scoped(scope, || run_here(scripts, request, make_host)).expect("the system gives a thread");
        running.join().unwrap_or_else(|_| unreachable!("what panics in a script is caught on its thread"))
    })
}

fn run_here<H: Host>(scripts: &Scripts, request: Request, make_host: impl FnOnce() -> H) -> Outcome<H::Yield> {
    let Request { name, args, now, limits, meter, cancel, print } = request;
    let guard = Guard::new(limits, meter, cancel);
    let run = Run(Rc::new(RunState { guard: guard.clone(), now, args, script: name.clone() }));
    let caught = panic::catch_unwind(AssertUnwindSafe(|| {
        let host = make_host();
        let ending = attempt(scripts, &name, &run, print, &host);
        let yielded = host.finish(&ending);
        (ending, yielded)
    }));
    let (ending, yielded) = match caught {
        Ok((ending, yielded)) => (ending, Some(yielded)),
        Err(panic) => (Ending::Failed(Box::new(rules::internal::internal(scripts, &name, &words(panic)))), None),
    };
    Outcome { ending, lines_left_out: guard.lines_left_out(), operations: guard.operations(), yielded }
}

fn words(panic: Box<dyn Any + Send>) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic without words").to_owned()
}

fn attempt<H: Host>(scripts: &Scripts, name: &str, run: &Run, print: Print, host: &H) -> Ending {
    let limits = run.guard().limits();
    let source = match (scripts.get(name), scripts.unread(name)) {
        (Some(source), _) => source,
        (None, Some(finding)) => return Ending::Failed(Box::new(finding.clone().with_severity(Severity::Error))),
        (None, None) => return Ending::Failed(Box::new(rules::unknown_module::no_script(scripts, name))),
    };
    if source.text().len() > limits.source {
        return Ending::Failed(Box::new(rules::limit_source::limit_source(source, limits.source)));
    }
    let mut engine = script_engine(run.guard());
    engine.set_module_resolver(Resolver::new(scripts.clone(), name, limits.source));
    register_basics(&mut engine, run, print);
    host.register(&mut engine, run);
    let compiled = compile(&engine, source);
    let result = match &compiled {
        Ok(ast) => engine.run_ast_with_scope(&mut Scope::new(), ast),
        Err(_) => Ok(()),
    };
    let (ast, error) = match compiled {
        Ok(ast) => (Some(ast), result.err()),
        Err(error) => (None, Some(error)),
    };
    judge(scripts, source, run, host, &engine, ast.as_ref(), error.as_deref())
}

/// What ended a run: a limit that was hit counts above everything, whatever the script made of it.
fn judge<H: Host>(
    scripts: &Scripts,
    source: &Source,
    run: &Run,
    host: &H,
    engine: &Engine,
    ast: Option<&AST>,
    error: Option<&EvalAltResult>,
) -> Ending {
    // Memory that was taken by the last call of all is noticed here.
    run.guard().check();
    match (run.guard().tripped(), host.spoiled(), error) {
        (Some(Trip::Cancelled), _, _) => Ending::Interrupted,
        (None, None, None) => Ending::Done,
        (None, Some(why), error) => Ending::Failed(Box::new(spoiled(scripts, source, &why, error))),
        (trip, _, error) => {
            let places = |number| host.places(number);
            Ending::Failed(Box::new(diagnose(scripts, source, &Names::new(engine, ast), trip, error, &places)))
        }
    }
}

/// What every script has: its output, its arguments, its instant.
fn register_basics(engine: &mut Engine, run: &Run, print: Print) {
    let print = Rc::new(RefCell::new(print));
    let (guard, out) = (run.guard().clone(), Rc::clone(&print));
    engine.on_print(move |line| {
        if guard.print() {
            out.borrow_mut()(Output::Result, line);
        }
    });
    let guard = run.guard().clone();
    engine.on_debug(move |line, source, position| {
        if guard.print() {
            let line_number = position.line().map_or(String::new(), |line| format!(":{line}"));
            print.borrow_mut()(Output::Trace, &format!("{}{line_number}: {line}", source.unwrap_or_default()));
        }
    });
    let args: Vec<ImmutableString> = run.args().iter().map(ImmutableString::from).collect();
    rhai::FuncRegistration::new("args")
        .with_comments(["/// The arguments that stand behind the script's name, as texts."])
        .register_into_engine(engine, move || -> rhai::Array { args.iter().cloned().map(rhai::Dynamic::from).collect() });
    let now = ImmutableString::from(run.now().to_string());
    rhai::FuncRegistration::new("now")
        .with_comments(["/// The instant of the run, in UTC, like `2026-03-02T09:30:00Z`: the same as often as it is asked."])
        .register_into_engine(engine, move || now.clone());
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::atomic::Ordering;

    use rhai::NativeCallContext;

    use crate::sandbox::{Refusal, refuse};
    use crate::text::FilePath;

    use super::*;

    /// A host that adds nothing.
    #[derive(Clone, Copy, Debug, Default)]
    struct NoHost;

    impl Host for NoHost {
        type Yield = ();

        fn register(&self, _engine: &mut Engine, _run: &Run) {}

        fn finish(self, _ending: &Ending) {}
    }

    /// Counts what is asked of it, panics, and refuses.
    #[derive(Default)]
    struct Desk(Rc<RefCell<Vec<String>>>);

    impl Host for Desk {
        type Yield = Vec<String>;

        fn register(&self, engine: &mut Engine, run: &Run) {
            let (asked, guard) = (Rc::clone(&self.0), run.guard().clone());
            engine.register_fn("ask", move |what: &str| {
                if guard.tripped().is_none() {
                    asked.borrow_mut().push(what.to_owned());
                }
            });
            engine.register_fn("fall", || -> i64 { panic!("over our own feet") });
            engine.register_fn("refused", |context: NativeCallContext<'_>| -> Result<(), Box<EvalAltResult>> {
                Err(refuse(&context, Refusal::new("bad-date", "no such day").help("pick another")))
            });
        }

        fn finish(self, ending: &Ending) -> Vec<String> {
            assert_eq!(Rc::strong_count(&self.0), 1, "engine and values are gone when the host ends");
            if *ending == Ending::Done { self.0.take() } else { Vec::new() }
        }
    }

    fn scripts(files: &[(&str, &str)]) -> Scripts {
        Scripts::new(files.iter().map(|(path, text)| {
            let path = FilePath::new(*path);
            (path.clone(), Ok(Source::new(path, (*text).to_owned())))
        }))
    }

    fn request(limits: Limits, cancel: Cancel) -> Request {
        Request {
            name: "main".to_owned(),
            args: Vec::new(),
            now: Timestamp::UNIX_EPOCH,
            limits,
            meter: Meter::NONE,
            cancel,
            print: Box::new(|_, _| {}),
        }
    }

    fn play(text: &str) -> Outcome<Vec<String>> {
        run(&scripts(&[("scripts/main.rhai", text)]), request(Limits::AUTOMATION, Cancel::default()), Desk::default)
    }

    fn finding(ending: Ending) -> Diagnostic {
        match ending {
            Ending::Failed(finding) => *finding,
            other => panic!("should have failed: {other:?}"),
        }
    }

    #[test]
    fn what_a_script_asked_for_is_kept_when_it_ends_well_and_only_then() {
        let outcome = play("ask(\"a\"); ask(\"b\");");
        assert_eq!((outcome.ending, outcome.yielded), (Ending::Done, Some(vec!["a".to_owned(), "b".to_owned()])));
        let outcome = play("ask(\"a\"); throw \"no\";");
        assert_eq!((finding(outcome.ending).code, outcome.yielded), (Code::ScriptThrew, Some(Vec::new())));
    }

    #[test]
    fn a_panic_is_our_fault_and_ends_the_script_alone() {
        let outcome = play("try { fall(); } catch { }");
        let finding = finding(outcome.ending);
        assert_eq!((finding.code, outcome.yielded), (Code::Internal, None));
        assert!(finding.message.ends_with("over our own feet"), "{}", finding.message);
        assert_eq!(play("ask(\"a\")").ending, Ending::Done);
    }

    #[test]
    fn a_limit_that_was_caught_still_ends_the_run() {
        let limits = Limits { operations: 500, ..Limits::AUTOMATION };
        let text = "ask(\"a\"); try { [1].map(|x| { loop {} }) } catch { } ask(\"b\");";
        let outcome = run(&scripts(&[("scripts/main.rhai", text)]), request(limits, Cancel::default()), Desk::default);
        assert_eq!((finding(outcome.ending).code, outcome.yielded), (Code::LimitOperations, Some(Vec::new())));
    }

    #[test]
    fn a_refusal_is_a_map_with_a_place_that_survives_being_thrown_again() {
        let text =
            "try {\n    refused();\n} catch (refusal) {\n    ask(`${refusal.code} ${refusal.line}`);\n    throw refusal;\n}";
        let finding = finding(play(text).ending);
        assert_eq!((finding.code, finding.help), (Code::BadDate, vec!["pick another".to_owned()]));
        assert_eq!(finding.primary.span.range(), 10..17);
    }

    #[test]
    fn another_thread_ends_a_run() {
        let cancel = Cancel::default();
        cancel.store(true, Ordering::Relaxed);
        let outcome = run(&scripts(&[("scripts/main.rhai", "loop {}")]), request(Limits::AUTOMATION, cancel), Desk::default);
        assert_eq!(outcome.ending, Ending::Interrupted);
    }

    #[test]
    fn lines_that_are_too_many_are_counted_and_left_out() {
        let lines = std::sync::Arc::new(Mutex::new(0));
        let counted = std::sync::Arc::clone(&lines);
        let print = Box::new(move |_, _: &str| *counted.lock().expect("nobody panics while counting") += 1);
        let limits = Limits { lines: 3, ..Limits::AUTOMATION };
        let request = Request { print, ..request(limits, Cancel::default()) };
        let outcome = run(&scripts(&[("scripts/main.rhai", "for x in 0..10 { print(x); }")]), request, || NoHost);
        assert_eq!((outcome.ending, outcome.lines_left_out), (Ending::Done, 7));
        assert_eq!(*lines.lock().expect("nobody panics while counting"), 3);
    }
}
