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
 * @param wakeUps whether consumers of other processes are told of new messages;
 * contenders that only poll ignore it
 * @param poolSize connections in the pool
 */
public record QueueSettings(int consumers, int batch, boolean archive, boolean wakeUps, int poolSize) {

	public QueueSettings consumers(int consumers) {
		return new QueueSettings(consumers, this.batch, this.archive, this.wakeUps, this.poolSize);
	}

	public QueueSettings batch(int batch) {
		return new QueueSettings(this.consumers, batch, this.archive, this.wakeUps, this.poolSize);
	}

	public QueueSettings archive(boolean archive) {
		return new QueueSettings(this.consumers, this.batch, archive, this.wakeUps, this.poolSize);
	}

	public QueueSettings wakeUps(boolean wakeUps) {
		return new QueueSettings(this.consumers, this.batch, this.archive, wakeUps, this.poolSize);
	}

}
