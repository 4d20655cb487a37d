-- From form 1 to form 2: the journal keeps what an operation takes to be undone.
--
-- Operations of before kept none of it. `keeps_texts` tells them apart.

ALTER TABLE operation ADD COLUMN keeps_texts INTEGER NOT NULL DEFAULT 0 CHECK (keeps_texts IN (0, 1));

-- What an operation did to files, as whole texts before and after.
CREATE TABLE file_change (
    operation INTEGER NOT NULL REFERENCES operation (number),
    path TEXT NOT NULL,
    sequence INTEGER REFERENCES sequence (number),
    before BLOB REFERENCES text (digest),    -- NULL: there was no file
    after BLOB REFERENCES text (digest),     -- NULL: the file went
    PRIMARY KEY (operation, path)
) STRICT, WITHOUT ROWID;

CREATE INDEX file_change_path ON file_change (path);
CREATE INDEX file_change_sequence ON file_change (sequence) WHERE sequence IS NOT NULL;

ALTER TABLE event ADD COLUMN before TEXT;    -- the state that a sequence had before; NULL: it was not there
ALTER TABLE event ADD COLUMN undoes INTEGER REFERENCES operation (number);

CREATE INDEX event_undoes ON event (undoes) WHERE undoes IS NOT NULL;

CREATE TRIGGER file_change_stays BEFORE UPDATE ON file_change BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER file_change_remains BEFORE DELETE ON file_change BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
