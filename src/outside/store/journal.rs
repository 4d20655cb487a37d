//! The journal's words.

use crate::shape::words;

words! {
    /// What happened, as an event of the journal names it.
    EventKind {
        /// A version was published.
        Published "published",
        /// A sequence's state became another: `word`. What it was is `before`.
        Served "served",
        /// A sequence was deleted. The state that it had is `before`, if anything of it was published.
        Deleted "deleted",
        /// A sequence got another id: `word`. The one that it had is `detail`.
        Renamed "renamed",
        /// Something was done to a sequence's file: `word` is the verb.
        Noted "noted",
        /// A record was connected.
        Connected "connected",
        /// A connection ended: `word` is the reason.
        Ended "ended",
        /// A connection that had ended goes on: `word` is the reason for which it had.
        Resumed "resumed",
        /// A deleted sequence is there again, inactive.
        Undeleted "undeleted",
        /// Another operation was undone: `undoes`.
        Undid "undid",
        /// All that was kept of a sequence was taken away, or what this operation did to it: `detail` is the id that it had.
        Purged "purged",
        /// A record was new.
        RecordAdded "record_added",
        /// A record's name, owner or fields changed.
        RecordChanged "record_changed",
        /// A record was closed.
        RecordClosed "record_closed",
        /// A closed record was opened again.
        RecordReopened "record_reopened",
    }
}
