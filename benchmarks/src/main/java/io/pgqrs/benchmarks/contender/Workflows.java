package io.pgqrs.benchmarks.contender;

/**
 * A workflow of no-op steps as one contender has it, on fresh tables. Each step returns a
 * text of two letters. Closing it ends its threads and connections.
 */
public interface Workflows extends AutoCloseable {

	/**
	 * Executes one run at once and waits for its result. Called by many threads.
	 * @param steps how many steps it has
	 */
	void run(int steps) throws Exception;

	/**
	 * Starts runs that wait in a queue, in the fastest way there is. Not measured.
	 * @param runs how many
	 * @param steps how many steps each has
	 */
	void startAll(int runs, int steps) throws Exception;

	/** Begins to execute the runs that wait. */
	void consume() throws Exception;

	/** How many runs have ended, as the database says. */
	long ended() throws Exception;

	@Override
	void close() throws Exception;

}
