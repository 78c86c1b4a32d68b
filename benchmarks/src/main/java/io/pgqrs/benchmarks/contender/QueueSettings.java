package io.pgqrs.benchmarks.contender;

/**
 * How a queue is used.
 *
 * @param consumers how many messages, or batches where the contender claims in the thread
 * that handles, are worked on at once
 * @param batch how many messages one claim returns at the most; contenders that have no
 * such setting ignore it
 * @param archive whether a handled message is kept; contenders that know only one way
 * ignore it
 * @param poolSize connections in the pool
 */
public record QueueSettings(int consumers, int batch, boolean archive, int poolSize) {

	/** The same for another number of consumers. */
	public QueueSettings consumers(int consumers) {
		return new QueueSettings(consumers, this.batch, this.archive, this.poolSize);
	}

}
