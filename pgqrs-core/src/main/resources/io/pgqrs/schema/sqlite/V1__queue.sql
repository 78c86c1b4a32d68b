-- The queue; the same tables as on PostgreSQL. Times are milliseconds since 1970. "IF NOT EXISTS", because Flyway
-- takes no lock on SQLite and two processes may install at once. Never edited after a release.

CREATE TABLE IF NOT EXISTS pgqrs_queues (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	name TEXT NOT NULL UNIQUE,
	visibility_timeout_ms INTEGER NOT NULL,
	max_attempts INTEGER NOT NULL,
	backoff_initial_ms INTEGER NOT NULL,
	backoff_multiplier REAL NOT NULL,
	backoff_max_ms INTEGER NOT NULL,
	archive_on_success INTEGER NOT NULL,
	archive_retention_ms INTEGER NOT NULL,
	dead_letter_retention_ms INTEGER NOT NULL,
	paused INTEGER NOT NULL DEFAULT 0,
	created_at INTEGER NOT NULL
);

-- AUTOINCREMENT: an id is never used twice, also when the youngest row was completed.
CREATE TABLE IF NOT EXISTS pgqrs_messages (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	visible_at INTEGER NOT NULL,
	enqueued_at INTEGER NOT NULL,
	claimed_at INTEGER,
	worker_id INTEGER,
	queue_id INTEGER NOT NULL,
	priority INTEGER NOT NULL DEFAULT 0,
	delivery_count INTEGER NOT NULL DEFAULT 0,
	attempts INTEGER NOT NULL DEFAULT 0,
	-- visible_at before the lease: RETURNING shows new values only, and a claim hands out in this order.
	due_at INTEGER,
	deduplication_key TEXT,
	headers TEXT,
	payload TEXT NOT NULL
);

CREATE INDEX IF NOT EXISTS pgqrs_messages_claim ON pgqrs_messages (queue_id, priority DESC, visible_at, id);

CREATE UNIQUE INDEX IF NOT EXISTS pgqrs_messages_deduplication ON pgqrs_messages (queue_id, deduplication_key)
	WHERE deduplication_key IS NOT NULL;

CREATE TABLE IF NOT EXISTS pgqrs_archive (
	id INTEGER PRIMARY KEY,
	archived_at INTEGER NOT NULL,
	enqueued_at INTEGER NOT NULL,
	queue_id INTEGER NOT NULL,
	priority INTEGER NOT NULL,
	attempts INTEGER NOT NULL,
	headers TEXT,
	payload TEXT NOT NULL
);

CREATE INDEX IF NOT EXISTS pgqrs_archive_retention ON pgqrs_archive (queue_id, archived_at);

-- SQLite cannot delete from one table and insert into another in one statement. So a message that enters the archive,
-- or the dead letters below, leaves the queue by itself.
CREATE TRIGGER IF NOT EXISTS pgqrs_archive_takes AFTER INSERT ON pgqrs_archive
BEGIN
	DELETE FROM pgqrs_messages WHERE id = NEW.id;
END;

CREATE TABLE IF NOT EXISTS pgqrs_dead_letters (
	id INTEGER PRIMARY KEY,
	died_at INTEGER NOT NULL,
	enqueued_at INTEGER NOT NULL,
	queue_id INTEGER NOT NULL,
	priority INTEGER NOT NULL,
	attempts INTEGER NOT NULL,
	delivery_count INTEGER NOT NULL,
	deduplication_key TEXT,
	error TEXT NOT NULL,
	headers TEXT,
	payload TEXT NOT NULL
);

CREATE INDEX IF NOT EXISTS pgqrs_dead_letters_queue ON pgqrs_dead_letters (queue_id, died_at, id);

CREATE TRIGGER IF NOT EXISTS pgqrs_dead_letters_takes AFTER INSERT ON pgqrs_dead_letters
BEGIN
	DELETE FROM pgqrs_messages WHERE id = NEW.id;
END;

CREATE TABLE IF NOT EXISTS pgqrs_workers (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	name TEXT NOT NULL,
	hostname TEXT NOT NULL,
	pid INTEGER NOT NULL,
	version TEXT NOT NULL,
	queues TEXT NOT NULL,
	status TEXT NOT NULL,
	started_at INTEGER NOT NULL,
	heartbeat_at INTEGER NOT NULL
);
