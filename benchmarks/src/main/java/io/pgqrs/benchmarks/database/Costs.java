package io.pgqrs.benchmarks.database;

/**
 * What a database has spent; independent of the hardware.
 *
 * @param statements without those that begin and end transactions
 * @param transactions those that wrote something
 * @param walBytes bytes of write-ahead log
 */
public record Costs(long statements, long transactions, long walBytes) {

	/** The difference to an earlier reading. */
	public Costs since(Costs earlier) {
		return new Costs(this.statements - earlier.statements, this.transactions - earlier.transactions,
				this.walBytes - earlier.walBytes);
	}

}
