//! # not-active
//!
//! A record is to be connected to a sequence that serves nobody.
//!
//! ## Why
//!
//! Only what was published can be worked on: it is checked, numbered and frozen. In Dynamics 365 Sales, our
//! reference, inactive sequences are not offered when a record is connected.
//!
//! ## Bad
//!
//! ```text
//! $ segue connect inbound-lead L-1
//! ```
//!
//! ## Good
//!
//! ```text
//! $ segue activate inbound-lead
//! $ segue connect inbound-lead L-1
//! ```
//!
//! ## See also
//!
//! `already-connected`, `pending`
