-- When which maintenance is due next. Whoever moves a task's time on first is the one who does it.

CREATE TABLE ${schema}.pgqrs_maintenance (
	task text NOT NULL PRIMARY KEY,
	due_at timestamptz NOT NULL
);
