-- Durable workflows. A run that has not ended has a message of the same id, which says when it is due and who holds it.

CREATE TABLE ${schema}.pgqrs_workflow_runs (
	-- Drawn from the ids of messages.
	id bigint NOT NULL PRIMARY KEY,
	workflow text NOT NULL,
	key text,
	-- QUEUED or PAUSED: what the run is while nobody holds its lease. CANCELLING; CANCELLED, SUCCESS or ERROR at the end.
	status text NOT NULL DEFAULT 'QUEUED',
	-- Whether a pause was asked for.
	held boolean NOT NULL DEFAULT false,
	priority integer NOT NULL,
	-- What the message had counted when the run ended. A retry goes on with the delivery count, so that no lease from
	-- before it can ever match again.
	attempts integer NOT NULL DEFAULT 0,
	delivery_count integer NOT NULL DEFAULT 0,
	created_at timestamptz NOT NULL DEFAULT statement_timestamp(),
	-- When it was to begin.
	due_at timestamptz NOT NULL DEFAULT statement_timestamp(),
	-- Set when the run ends; until then the message knows.
	started_at timestamptz,
	completed_at timestamptz,
	timeout_ms bigint,
	deadline_at timestamptz,
	-- Text that is JSON, not jsonb: a replay must read what the first execution read, in that order and to the last digit.
	input json,
	output json,
	error json
) WITH (fillfactor = 90);

CREATE UNIQUE INDEX pgqrs_workflow_runs_key ON ${schema}.pgqrs_workflow_runs (workflow, key) WHERE key IS NOT NULL;

CREATE INDEX pgqrs_workflow_runs_status ON ${schema}.pgqrs_workflow_runs (workflow, status, id);

-- No foreign key to the run: each step would lock its row.
CREATE TABLE ${schema}.pgqrs_workflow_steps (
	run_id bigint NOT NULL,
	name text NOT NULL,
	-- STEP, SLEEP or SIGNAL
	kind text NOT NULL,
	-- SUCCESS or ERROR when it is complete; QUEUED while it waits for its next attempt; PAUSED while it is a sleep or waits
	-- for a signal. Nobody comes back to a sleep that is over: it stays PAUSED.
	status text NOT NULL,
	-- How often its body ran to an end.
	attempts integer NOT NULL,
	-- Attempts of the run when this was recorded: how it is known whether a run makes progress.
	run_attempts integer NOT NULL,
	-- The lease under which this was recorded.
	delivery_count integer NOT NULL,
	started_at timestamptz NOT NULL,
	completed_at timestamptz,
	-- The next attempt, the end of the sleep, or until when the signal is waited for.
	wake_at timestamptz,
	-- The signal that is waited for, or was received.
	signal text,
	output json,
	error json,
	PRIMARY KEY (run_id, name)
);

CREATE TABLE ${schema}.pgqrs_workflow_signals (
	id bigint GENERATED ALWAYS AS IDENTITY,
	run_id bigint NOT NULL,
	name text NOT NULL,
	created_at timestamptz NOT NULL DEFAULT statement_timestamp(),
	payload json,
	-- In the order in which the signals of a run are received.
	PRIMARY KEY (run_id, name, id)
);
