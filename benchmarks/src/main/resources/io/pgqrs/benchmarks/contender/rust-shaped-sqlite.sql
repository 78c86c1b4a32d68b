-- Times are milliseconds, as ours are, where the Rust one keeps texts.
CREATE TABLE rust_shaped_queues (
	id INTEGER PRIMARY KEY
);

CREATE TABLE rust_shaped_workers (
	id INTEGER PRIMARY KEY,
	status TEXT NOT NULL
);

CREATE TABLE rust_shaped_messages (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	queue_id INTEGER NOT NULL REFERENCES rust_shaped_queues,
	payload TEXT NOT NULL,
	vt INTEGER,
	enqueued_at INTEGER,
	read_ct INTEGER NOT NULL DEFAULT 0,
	dequeued_at INTEGER,
	producer_worker_id INTEGER REFERENCES rust_shaped_workers,
	consumer_worker_id INTEGER REFERENCES rust_shaped_workers,
	archived_at INTEGER
);

CREATE INDEX rust_shaped_messages_ready ON rust_shaped_messages (queue_id, vt, enqueued_at, id)
	WHERE archived_at IS NULL;
CREATE INDEX rust_shaped_messages_consumer ON rust_shaped_messages (consumer_worker_id)
	WHERE archived_at IS NULL AND consumer_worker_id IS NOT NULL;
CREATE INDEX rust_shaped_messages_archived ON rust_shaped_messages (queue_id, archived_at)
	WHERE archived_at IS NOT NULL;

INSERT INTO rust_shaped_queues (id) VALUES (1);
