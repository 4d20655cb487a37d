//! # already-active
//!
//! A sequence is to be activated that is active.
//!
//! ## Why
//!
//! Activating publishes what the file says. What is live cannot be published twice, and whoever asks for it
//! probably changed the file and expects that to go live.
//!
//! ## Bad
//!
//! ```text
//! $ segue activate inbound-lead
//! $ segue activate inbound-lead
//! ```
//!
//! ## Good
//!
//! ```text
//! $ segue deactivate inbound-lead
//! $ segue activate inbound-lead -m 'shorter waits'
//! ```
//!
//! ## See also
//!
//! `already-inactive`, `edited-while-active`
