package io.pgqrs.benchmarks.contender;

import io.pgqrs.benchmarks.Names;
import io.pgqrs.benchmarks.database.Database;

/**
 * The statements of the Rust pgqrs 0.15, sent by plain JDBC without a framework, so that
 * two shapes of tables and claims are compared and not two languages.
 * <ul>
 * <li>A claim takes messages in the order in which they were enqueued, from an index in
 * the order of their visibility. So it sorts what is ready.</li>
 * <li>A claimed message names its worker, and an archived one stays in the table with a
 * time. So each message is updated twice, and no update is a heap-only one.</li>
 * <li>The worker's status is read before each claim.</li>
 * <li>Foreign keys to queues and workers, and four indexes beside the primary key; on
 * SQLite three.</li>
 * <li>Each statement is a transaction of its own: one claims a batch, one archives it.
 * After a claim that finds nothing it waits 250 ms.</li>
 * <li>A batch is enqueued by one statement that returns the ids, and read again by a
 * second.</li>
 * </ul>
 * Left out is what it does beside: heartbeats, rate limits, validation.
 */
public final class RustShaped implements QueueContender {

	@Override
	public String name() {
		return Names.RUST;
	}

	@Override
	public boolean worksOn(Database database) {
		return true;
	}

	@Override
	public JobQueue open(Database database, QueueSettings settings) {
		return new RustShapedQueue(database, settings);
	}

}
