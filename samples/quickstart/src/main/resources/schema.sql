-- The application's own tables, beside those of pgqrs, for SQLite and PostgreSQL alike.

CREATE TABLE IF NOT EXISTS scans (
    id       TEXT    NOT NULL PRIMARY KEY,
    input    TEXT    NOT NULL,
    files    INTEGER NOT NULL,
    finished BOOLEAN NOT NULL DEFAULT FALSE
);

-- One unfinished scan of a directory at a time: a restart goes on with it.
CREATE UNIQUE INDEX IF NOT EXISTS scans_unfinished ON scans (input) WHERE NOT finished;

-- The keys are the proof that no job and no file is counted twice.
CREATE TABLE IF NOT EXISTS file_counts (
    message_id BIGINT NOT NULL PRIMARY KEY,
    scan_id    TEXT   NOT NULL,
    file       TEXT   NOT NULL,
    extension  TEXT   NOT NULL,
    lines      BIGINT NOT NULL,
    words      BIGINT NOT NULL,
    UNIQUE (scan_id, file)
);
