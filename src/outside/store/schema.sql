-- The store's tables, version 1. A change here is a new step in `MIGRATIONS`, never an edit of this file.
--
-- Instants are whole microseconds since 1970, UTC: they compare as numbers in every index and take at most eight bytes, while
-- texts of RFC 3339 sort rightly only when all are written with the same number of digits. Digests are 32 bytes. Truth values
-- are 0 and 1. Words are those of the domain, in full.

CREATE TABLE workspace (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    id TEXT NOT NULL,                    -- random: which store this is, whatever its file is called
    epoch INTEGER NOT NULL               -- raised by every restore: the numbers of operations start to mean something else
) STRICT;

CREATE TABLE operation (
    number INTEGER PRIMARY KEY,
    what TEXT NOT NULL,
    actor TEXT NOT NULL,
    at INTEGER NOT NULL,
    message TEXT,
    key TEXT UNIQUE                      -- of work in batches, to go on with it after a stop
) STRICT;

CREATE TABLE record (
    number INTEGER PRIMARY KEY,
    type TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT,
    owner TEXT,
    is_open INTEGER NOT NULL CHECK (is_open IN (0, 1)),
    fields TEXT NOT NULL,                -- a JSON object in the order of its names; a field without a value is absent
    UNIQUE (type, id)
) STRICT;

CREATE TABLE text (
    digest BLOB PRIMARY KEY,
    content TEXT NOT NULL                -- once, however many versions say the same
) STRICT;

CREATE TABLE sequence (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    newest_version INTEGER,              -- NULL: nothing was ever published, only its file was worked on
    deleted_at INTEGER                   -- its versions and history stay, and its numbers are not used again
) STRICT;

CREATE TABLE version (
    sequence INTEGER NOT NULL REFERENCES sequence (number),
    number INTEGER NOT NULL CHECK (number > 0),
    meaning BLOB NOT NULL,
    text BLOB NOT NULL REFERENCES text (digest),
    message TEXT,
    actor TEXT NOT NULL,
    at INTEGER NOT NULL,
    skip_non_working_days INTEGER NOT NULL CHECK (skip_non_working_days IN (0, 1)),  -- as in force when it was published
    PRIMARY KEY (sequence, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE connection (
    number INTEGER PRIMARY KEY,
    record INTEGER NOT NULL REFERENCES record (number),
    sequence INTEGER NOT NULL,
    version INTEGER NOT NULL,
    run INTEGER NOT NULL CHECK (run > 0),
    step TEXT NOT NULL,
    connected_at INTEGER NOT NULL,
    connected_by TEXT NOT NULL,
    entered_at INTEGER NOT NULL,
    owner TEXT,                          -- whose the current step is; the record's owner may have changed since
    due INTEGER,                         -- NULL: nothing falls due by itself
    first_due INTEGER,                   -- as the sequence has it, before anybody snoozed or a day off shifted it
    snoozed INTEGER NOT NULL DEFAULT 0,
    wait_state TEXT,
    error_code TEXT,                     -- it is connected all the same
    error_message TEXT,
    error_since INTEGER,
    ended_at INTEGER,
    end_reason TEXT,
    UNIQUE (record, sequence, run),
    FOREIGN KEY (sequence, version) REFERENCES version (sequence, number),
    CHECK ((ended_at IS NULL) = (end_reason IS NULL))
) STRICT;

CREATE UNIQUE INDEX one_running_connection ON connection (record, sequence) WHERE ended_at IS NULL;
CREATE INDEX connection_due ON connection (due) WHERE ended_at IS NULL AND due IS NOT NULL;
CREATE INDEX connection_owner_due ON connection (owner, due) WHERE ended_at IS NULL AND due IS NOT NULL;
CREATE INDEX connection_standing ON connection (sequence, version, step) WHERE ended_at IS NULL;
CREATE INDEX connection_error ON connection (sequence) WHERE ended_at IS NULL AND error_code IS NOT NULL;
CREATE INDEX connection_sequence ON connection (sequence, version);

CREATE TABLE step_done (
    connection INTEGER NOT NULL REFERENCES connection (number),
    step TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('completed', 'skipped')),
    result TEXT,                         -- of a call or a condition: what came of it
    at INTEGER NOT NULL,
    by TEXT NOT NULL,
    PRIMARY KEY (connection, step)
) STRICT, WITHOUT ROWID;

-- One row a change. What a column means depends on the kind; what a kind does not speak of is NULL.
CREATE TABLE event (
    number INTEGER PRIMARY KEY,
    operation INTEGER NOT NULL REFERENCES operation (number),
    kind TEXT NOT NULL,
    record INTEGER REFERENCES record (number),
    sequence INTEGER REFERENCES sequence (number),
    version INTEGER,
    run INTEGER,
    step TEXT,
    word TEXT,                           -- a state, a reason, a verb
    detail TEXT
) STRICT;

CREATE INDEX event_operation ON event (operation);
CREATE INDEX event_record ON event (record) WHERE record IS NOT NULL;
CREATE INDEX event_sequence ON event (sequence) WHERE sequence IS NOT NULL AND record IS NULL;

CREATE TABLE outbox (
    number INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,            -- record, sequence, run and step: nothing is sent twice
    record INTEGER NOT NULL REFERENCES record (number),
    sequence INTEGER NOT NULL REFERENCES sequence (number),
    run INTEGER NOT NULL,
    step TEXT NOT NULL,
    kind TEXT NOT NULL,
    template TEXT,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'failed')),
    at INTEGER NOT NULL,
    detail TEXT
) STRICT;

CREATE INDEX outbox_waiting ON outbox (number) WHERE state = 'waiting';

-- What was decided about files and is not yet known to be on disk.
CREATE TABLE pending_file (
    operation INTEGER NOT NULL REFERENCES operation (number),
    path TEXT NOT NULL,
    before BLOB,                         -- the digest of what the decision rests on; NULL: there was no file
    mode INTEGER,                        -- the permissions that the new file is to have
    after TEXT,                          -- the new text; NULL: the file goes
    PRIMARY KEY (operation, path)
) STRICT;

-- History is written once. Whoever must take some away, as for a person's right to be forgotten, drops the trigger, does so,
-- and creates it again, all in one transaction.
CREATE TRIGGER operation_stays BEFORE UPDATE ON operation BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER operation_remains BEFORE DELETE ON operation BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER event_stays BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER event_remains BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER version_stays BEFORE UPDATE ON version BEGIN SELECT RAISE(ABORT, 'a version is frozen'); END;
CREATE TRIGGER text_stays BEFORE UPDATE ON text BEGIN SELECT RAISE(ABORT, 'a version is frozen'); END;
