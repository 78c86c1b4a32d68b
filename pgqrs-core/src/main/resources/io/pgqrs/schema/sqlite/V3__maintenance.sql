-- When which maintenance is due next; the same table as on PostgreSQL.

CREATE TABLE IF NOT EXISTS pgqrs_maintenance (
	task TEXT NOT NULL PRIMARY KEY,
	due_at INTEGER NOT NULL
);
