package io.pgqrs.workflow;

import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

import io.pgqrs.Arguments;
import io.pgqrs.store.RunFilter;
import org.jspecify.annotations.Nullable;

/**
 * Which runs to list, the youngest first. Immutable: each method returns a new query.
 *
 * @since 0.1
 */
public final class RunQuery {

	private static final int DEFAULT_LIMIT = 100;

	private static final int MAX_LIMIT = 10_000;

	private final RunFilter filter;

	private RunQuery(RunFilter filter) {
		this.filter = filter;
	}

	/**
	 * All runs, a hundred at the most.
	 * @return the query
	 */
	public static RunQuery all() {
		return new RunQuery(new RunFilter(null, Set.of(), null, null, null, DEFAULT_LIMIT));
	}

	/**
	 * The runs of a workflow, a hundred at the most.
	 * @param workflow name of the workflow
	 * @return the query
	 */
	public static RunQuery of(String workflow) {
		return all().workflow(workflow);
	}

	/**
	 * Only runs of a workflow.
	 * @param workflow name of the workflow
	 * @return a new query
	 */
	public RunQuery workflow(String workflow) {
		return new RunQuery(new RunFilter(WorkflowNames.workflow(workflow), this.filter.statuses(),
				this.filter.createdFrom(), this.filter.createdTo(), this.filter.beforeId(), this.filter.limit()));
	}

	/**
	 * Only runs of some statuses.
	 * @param statuses the statuses; none for any
	 * @return a new query
	 */
	public RunQuery status(RunStatus... statuses) {
		Set<String> names = Arrays.stream(statuses).map(RunStatus::name).collect(Collectors.toUnmodifiableSet());
		return new RunQuery(new RunFilter(this.filter.workflow(), names, this.filter.createdFrom(),
				this.filter.createdTo(), this.filter.beforeId(), this.filter.limit()));
	}

	/**
	 * Only runs that were started in a span of time.
	 * @param from the first moment, or null for no bound
	 * @param to the first moment after it, or null for no bound
	 * @return a new query
	 */
	public RunQuery created(@Nullable Instant from, @Nullable Instant to) {
		return new RunQuery(new RunFilter(this.filter.workflow(), this.filter.statuses(), from, to,
				this.filter.beforeId(), this.filter.limit()));
	}

	/**
	 * The next page: only runs older than the last one of the page before.
	 * @param runId id of that run
	 * @return a new query
	 */
	public RunQuery before(long runId) {
		return new RunQuery(new RunFilter(this.filter.workflow(), this.filter.statuses(), this.filter.createdFrom(),
				this.filter.createdTo(), runId, this.filter.limit()));
	}

	/**
	 * How many runs at the most.
	 * @param limit 1 to 10,000; default 100
	 * @return a new query
	 */
	public RunQuery limit(int limit) {
		Arguments.check(limit >= 1 && limit <= MAX_LIMIT,
				() -> "'limit' must be from 1 to " + MAX_LIMIT + ", but is " + limit);
		return new RunQuery(new RunFilter(this.filter.workflow(), this.filter.statuses(), this.filter.createdFrom(),
				this.filter.createdTo(), this.filter.beforeId(), limit));
	}

	RunFilter filter() {
		return this.filter;
	}

}
