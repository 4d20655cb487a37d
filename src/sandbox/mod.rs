//! A Rhai engine bare of any API: no file, no clock, no print, and limits on everything it counts.
//! In comes nothing, out comes an engine to which a room adds what its scripts may use.
//! Never runs anything itself.

use rhai::{Engine, OptimizationLevel};

/// How deep an expression may be nested. Set by hand, since Rhai's own default differs between debug and release builds.
const MAX_DEPTH: usize = 64;
/// How deep an expression inside a function may be nested.
const MAX_DEPTH_IN_FUNCTION: usize = 32;
/// How many calls may be open at once.
const MAX_CALLS: usize = 32;
/// How many variables may exist at once.
const MAX_VARIABLES: usize = 256;
/// The longest text that a script may build, in bytes.
const MAX_TEXT: usize = 64 << 10;
/// The longest array that a script may build.
const MAX_ARRAY: usize = 2_000;
/// The largest map that a script may build.
const MAX_MAP: usize = 500;

/// An engine that knows the language and nothing else. Unknown names are errors when a script is compiled.
pub fn engine() -> Engine {
    let mut engine = Engine::new_raw();
    engine
        .set_max_expr_depths(MAX_DEPTH, MAX_DEPTH_IN_FUNCTION)
        .set_max_call_levels(MAX_CALLS)
        .set_max_variables(MAX_VARIABLES)
        .set_max_string_size(MAX_TEXT)
        .set_max_array_size(MAX_ARRAY)
        .set_max_map_size(MAX_MAP)
        .set_strict_variables(true)
        .set_optimization_level(OptimizationLevel::None)
        .disable_symbol("eval");
    engine
}
