-- When which maintenance is due next; the same table as on PostgreSQL.

CREATE TABLE IF NOT EXISTS pgqrs_maintenance (
	task TEXT NOT NULL PRIMARY KEY,
	due_at INTEGER NOT NULL
);

-- The silence after which a worker is dead, as it says itself; null for one of an older library, which did not say.
ALTER TABLE pgqrs_workers ADD COLUMN dead_after_ms INTEGER;
