-- When which maintenance is due next. Whoever moves a task's time on first is the one who does it.

CREATE TABLE ${schema}.pgqrs_maintenance (
	task text NOT NULL PRIMARY KEY,
	due_at timestamptz NOT NULL
);

-- Headers of the message, for the next one when the run is retried.
ALTER TABLE ${schema}.pgqrs_workflow_runs ADD COLUMN headers jsonb;

-- The silence after which a worker is dead, as it says itself; null for one of an older library, which did not say.
ALTER TABLE ${schema}.pgqrs_workers ADD COLUMN dead_after_ms bigint;
