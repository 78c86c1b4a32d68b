-- The application's own table, beside those of pgqrs, for SQLite and PostgreSQL alike.

-- The key is the proof that no part is counted twice.
CREATE TABLE IF NOT EXISTS part_counts (
    run_id BIGINT  NOT NULL,
    part   INTEGER NOT NULL,
    counts TEXT    NOT NULL, -- JSON: how often each word occurs
    PRIMARY KEY (run_id, part)
);
