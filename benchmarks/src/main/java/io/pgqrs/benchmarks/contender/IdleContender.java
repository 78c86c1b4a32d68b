package io.pgqrs.benchmarks.contender;

import io.pgqrs.benchmarks.database.Database;

/** Somebody who waits for work. */
public interface IdleContender {

	/** What it is called in results. */
	String name();

	/** Whether it works on such a database. */
	boolean worksOn(Database database);

	/**
	 * Makes its tables in an empty database, and consumes from queues without messages.
	 * Everything that is not said here is the contender's default.
	 * @param database is empty
	 * @param queues how many, all in this process
	 * @return to close in the end
	 */
	AutoCloseable idle(Database database, int queues) throws Exception;

}
