package io.pgqrs.benchmarks.contender;

import io.pgqrs.benchmarks.database.Database;

/** Somebody who has a queue. */
public interface QueueContender {

	/** What it is called in results. */
	String name();

	/** Whether it works on such a database. */
	boolean worksOn(Database database);

	/**
	 * Makes its tables in an empty database.
	 * @param database is empty
	 * @param settings how the queue is used
	 * @return a queue without messages
	 */
	JobQueue open(Database database, QueueSettings settings) throws Exception;

}
