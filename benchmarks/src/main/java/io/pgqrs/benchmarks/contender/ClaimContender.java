package io.pgqrs.benchmarks.contender;

import io.pgqrs.benchmarks.database.Database;

/** Somebody whose claims can be timed one by one. */
public interface ClaimContender {

	/** What it is called in results. */
	String name();

	/** Whether it works on such a database. */
	boolean worksOn(Database database);

	/**
	 * Makes its tables in an empty database, with messages that are ready.
	 * @param database is empty
	 * @param messages how many
	 * @return the consumer of one queue
	 */
	Consumer open(Database database, int messages) throws Exception;

	/** Claims and completes on one connection. */
	interface Consumer extends AutoCloseable {

		/**
		 * Claims messages.
		 * @param limit how many at the most
		 * @return completes them
		 */
		Completion claim(int limit) throws Exception;

		@Override
		void close() throws Exception;

	}

	/** Completes what was claimed. */
	@FunctionalInterface
	interface Completion {

		void complete() throws Exception;

	}

}
