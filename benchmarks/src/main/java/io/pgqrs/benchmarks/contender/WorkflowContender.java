package io.pgqrs.benchmarks.contender;

import io.pgqrs.benchmarks.database.Database;

/** Somebody who has durable workflows. */
public interface WorkflowContender {

	/** What it is called in results. */
	String name();

	/** Whether it works on such a database. */
	boolean worksOn(Database database);

	/**
	 * Makes its tables in an empty database.
	 * @param database is empty
	 * @param concurrency how many runs are executed at once
	 * @param poolSize connections in the pool
	 * @return a workflow without runs
	 */
	Workflows open(Database database, int concurrency, int poolSize) throws Exception;

}
