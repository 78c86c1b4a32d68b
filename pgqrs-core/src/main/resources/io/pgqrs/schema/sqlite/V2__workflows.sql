-- Durable workflows; the same tables as on PostgreSQL.

CREATE TABLE IF NOT EXISTS pgqrs_workflow_runs (
	-- Drawn from the ids of messages.
	id INTEGER PRIMARY KEY,
	workflow TEXT NOT NULL,
	key TEXT,
	-- How often it was started with its key.
	starts INTEGER NOT NULL DEFAULT 1,
	status TEXT NOT NULL DEFAULT 'QUEUED',
	held INTEGER NOT NULL DEFAULT 0,
	queue_id INTEGER NOT NULL,
	priority INTEGER NOT NULL,
	attempts INTEGER NOT NULL DEFAULT 0,
	delivery_count INTEGER NOT NULL DEFAULT 0,
	created_at INTEGER NOT NULL,
	-- When the message that comes next is due, or the end of its lease if started_at says that it begins with one.
	visible_at INTEGER NOT NULL,
	started_at INTEGER,
	completed_at INTEGER,
	timeout_ms INTEGER,
	deadline_at INTEGER,
	-- Headers of the message.
	headers TEXT,
	input TEXT,
	output TEXT,
	error TEXT
);

CREATE UNIQUE INDEX IF NOT EXISTS pgqrs_workflow_runs_key ON pgqrs_workflow_runs (workflow, key) WHERE key IS NOT NULL;

CREATE INDEX IF NOT EXISTS pgqrs_workflow_runs_status ON pgqrs_workflow_runs (workflow, status, id);

-- SQLite cannot write two tables in one statement. So a run's message comes when the run starts or is retried, and goes
-- when the run ends.

CREATE TRIGGER IF NOT EXISTS pgqrs_workflow_runs_start AFTER INSERT ON pgqrs_workflow_runs
BEGIN
	INSERT INTO pgqrs_messages (id, visible_at, enqueued_at, claimed_at, worker_id, queue_id, priority, delivery_count,
		attempts, headers, payload)
	VALUES (NEW.id, NEW.visible_at, NEW.created_at, NEW.started_at, CASE WHEN NEW.started_at IS NOT NULL THEN 0 END,
		NEW.queue_id, NEW.priority, NEW.delivery_count, NEW.attempts, NEW.headers, coalesce(NEW.input, 'null'));
END;

CREATE TRIGGER IF NOT EXISTS pgqrs_workflow_runs_retry AFTER UPDATE OF completed_at ON pgqrs_workflow_runs
WHEN OLD.completed_at IS NOT NULL AND NEW.completed_at IS NULL
BEGIN
	INSERT INTO pgqrs_messages (id, visible_at, enqueued_at, claimed_at, queue_id, priority, delivery_count, attempts,
		headers, payload)
	VALUES (NEW.id, NEW.visible_at, NEW.created_at, NEW.started_at, NEW.queue_id, NEW.priority, NEW.delivery_count,
		NEW.attempts, NEW.headers, coalesce(NEW.input, 'null'));
END;

CREATE TRIGGER IF NOT EXISTS pgqrs_workflow_runs_end AFTER UPDATE OF completed_at ON pgqrs_workflow_runs
WHEN OLD.completed_at IS NULL AND NEW.completed_at IS NOT NULL
BEGIN
	DELETE FROM pgqrs_messages WHERE id = NEW.id;
END;

CREATE TABLE IF NOT EXISTS pgqrs_workflow_steps (
	run_id INTEGER NOT NULL,
	name TEXT NOT NULL,
	kind TEXT NOT NULL,
	status TEXT NOT NULL,
	attempts INTEGER NOT NULL,
	run_attempts INTEGER NOT NULL,
	delivery_count INTEGER NOT NULL,
	started_at INTEGER NOT NULL,
	completed_at INTEGER,
	wake_at INTEGER,
	signal TEXT,
	output TEXT,
	error TEXT,
	PRIMARY KEY (run_id, name)
);

CREATE TABLE IF NOT EXISTS pgqrs_workflow_signals (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	run_id INTEGER NOT NULL,
	name TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	payload TEXT
);

CREATE INDEX IF NOT EXISTS pgqrs_workflow_signals_run ON pgqrs_workflow_signals (run_id, name, id);
