//! Segue: sales sequences as code.
//!
//! The modules stand in the order in which data flows, from text to the outside world. Each uses only those above it;
//! a test reads the imports and holds that.

pub mod text;
pub mod diagnostic;

pub mod yaml;
pub mod time;
pub mod shape;
pub mod record;
pub mod settings;
pub mod sequence;
pub mod lifecycle;
pub mod sandbox;
pub mod expression;
pub mod progress;
pub mod check;
pub mod trial;
pub mod operation;
pub mod script;
pub mod workspace;
pub mod mending;

pub mod outside;
