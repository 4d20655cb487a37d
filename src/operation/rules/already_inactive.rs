//! # already-inactive
//!
//! A sequence is to be deactivated that serves nobody.
//!
//! ## Why
//!
//! It serves nobody as it is. A script that expects its connections to end, or a name mistyped, had better
//! know. A file may say `state: active` and the sequence be inactive all the same: it was never published
//! here.
//!
//! ## Bad
//!
//! ```text
//! $ segue new follow-up
//! $ segue deactivate follow-up
//! ```
//!
//! ## Good
//!
//! ```text
//! $ segue activate follow-up
//! $ segue deactivate follow-up
//! ```
//!
//! ## See also
//!
//! `already-active`, `pending`
