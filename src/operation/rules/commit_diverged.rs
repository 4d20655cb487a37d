//! # commit-diverged
//!
//! A file was changed by somebody between the decision to write it and the writing.
//!
//! ## Why
//!
//! Both texts are kept, because either may be the one that is wanted: what the person typed stays in its
//! place, and what was to be written lies in `.segue/kept`. Until somebody has compared the two, the file
//! and what is published of it may not agree. `segue doctor` lists them: `--take` puts the kept text into the
//! file, `--drop` forgets it.
//!
//! ## Bad
//!
//! ```text
//! # an editor saved sequences/inbound-lead.yaml while a script was writing it
//! ```
//!
//! ## Good
//!
//! ```text
//! $ diff sequences/inbound-lead.yaml .segue/kept/12/sequences/inbound-lead.yaml
//! $ segue doctor --take .segue/kept/12/sequences/inbound-lead.yaml
//! ```
//!
//! ## See also
//!
//! `edited-while-active`
