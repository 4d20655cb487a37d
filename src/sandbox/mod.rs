//! A Rhai engine bare of any API: no file, no clock, no print, and limits on everything it counts.
//! In come limits, out comes an engine to which a room adds what its scripts may use.
//! Never runs anything itself.

mod guard;
mod limits;
mod natives;
mod refusal;
mod shown;

use rhai::packages::{
    ArithmeticPackage, BasicArrayPackage, BasicFnPackage, BasicIteratorPackage, BasicMapPackage, BasicMathPackage,
    BasicStringPackage, LanguageCorePackage, LogicPackage, MoreStringPackage, Package,
};
use rhai::{Dynamic, Engine, Module, OptimizationLevel, Shared};

pub use guard::{Cancel, Guard, Trip};
pub use limits::{Limits, Meter};
pub use refusal::{Found, Refusal, Thrown, refuse, refuse_at};
pub use shown::shown;

/// How deep an expression may be nested. Set by hand, since Rhai's own default differs between debug and release builds.
const MAX_DEPTH: usize = 64;
/// How deep an expression inside a function may be nested.
const MAX_DEPTH_IN_FUNCTION: usize = 32;
/// How many calls may be open at once.
const MAX_CALLS: usize = 32;
/// How many variables may exist at once.
const MAX_VARIABLES: usize = 256;
/// How many functions one script may define.
const MAX_FUNCTIONS: usize = 256;
/// How many modules one run may load.
const MAX_MODULES: usize = 32;

/// The largest values that a script may build.
struct Sizes {
    /// Bytes of a text, or of all texts in one array or map.
    text: usize,
    /// Items of an array, with those of the arrays in it.
    array: usize,
    /// Properties of a map, with those of the maps in it.
    map: usize,
}

/// For one expression: what it builds is thrown away at once.
const SIZES_OF_EXPRESSION: Sizes = Sizes { text: 64 << 10, array: 2_000, map: 500 };

/// For a script, which may hold the addresses of some thousand records.
const SIZES_OF_SCRIPT: Sizes = Sizes { text: 1 << 20, array: 20_000, map: 20_000 };

/// An engine that knows the language and nothing else. Unknown names are errors when a script is compiled.
pub fn engine() -> Engine {
    let mut engine = Engine::new_raw();
    bound(&mut engine, SIZES_OF_EXPRESSION);
    engine.set_optimization_level(OptimizationLevel::None);
    engine
}

/// An engine for scripts: the language with its functions for texts, numbers, arrays and maps, under a guard.
///
/// There is nothing in it that reaches outside: it has no modules, what it prints goes nowhere, and what would wait or end
/// the script as if it had succeeded says why it does not.
pub fn script_engine(guard: &Guard) -> Engine {
    let mut engine = Engine::new_raw();
    for package in packages() {
        engine.register_global_module(package);
    }
    bound(&mut engine, SIZES_OF_SCRIPT);
    // Never `Full`: that calls the host's functions while a script is compiled.
    engine.set_optimization_level(OptimizationLevel::Simple);
    // Ours counts; Rhai's count starts anew in every closure that a native function calls.
    engine.set_max_operations(0).set_max_functions(MAX_FUNCTIONS).set_max_modules(MAX_MODULES);
    engine.set_fail_on_invalid_map_property(true);
    natives::shadow(&mut engine);
    let guard = guard.clone();
    engine.on_progress(move |_| guard.count().map(|_| Dynamic::UNIT));
    engine
}

fn packages() -> [Shared<Module>; 10] {
    [
        LanguageCorePackage::new().as_shared_module(),
        ArithmeticPackage::new().as_shared_module(),
        LogicPackage::new().as_shared_module(),
        BasicMathPackage::new().as_shared_module(),
        BasicStringPackage::new().as_shared_module(),
        MoreStringPackage::new().as_shared_module(),
        BasicIteratorPackage::new().as_shared_module(),
        BasicFnPackage::new().as_shared_module(),
        BasicArrayPackage::new().as_shared_module(),
        BasicMapPackage::new().as_shared_module(),
    ]
}

fn bound(engine: &mut Engine, sizes: Sizes) {
    engine
        .set_max_expr_depths(MAX_DEPTH, MAX_DEPTH_IN_FUNCTION)
        .set_max_call_levels(MAX_CALLS)
        .set_max_variables(MAX_VARIABLES)
        .set_max_string_size(sizes.text)
        .set_max_array_size(sizes.array)
        .set_max_map_size(sizes.map)
        .set_strict_variables(true)
        .disable_symbol("eval");
}
