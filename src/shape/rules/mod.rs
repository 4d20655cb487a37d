//! What can be wrong with the shape of a file: one file a code, which holds its page and the words of its findings.

pub mod unknown_key;
pub mod missing_key;
pub mod conflicting_keys;
pub mod wrong_type;
pub mod unknown_value;
pub mod ambiguous_scalar;
pub mod too_long;
pub mod out_of_range;
pub mod unknown_step_type;
pub mod bad_id;
pub mod bad_duration;
pub mod bad_date;
pub mod unsupported_format;
