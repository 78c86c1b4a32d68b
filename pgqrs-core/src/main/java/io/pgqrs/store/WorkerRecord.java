package io.pgqrs.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A row of {@code pgqrs_workers}: one process that consumes.
 *
 * @param id its key
 * @param registration what it said of itself
 * @param status {@code running}, {@code stopped} or {@code dead}
 * @param startedAt when it registered
 * @param heartbeatAt when it was last heard of
 * @param heartbeatAge how long ago that was, by the clock of the database
 * @since 0.1
 */
public record WorkerRecord(long id, Registration registration, String status, Instant startedAt, Instant heartbeatAt,
		Duration heartbeatAge) {

	/** Beats its heart. */
	public static final String RUNNING = "running";

	/** Stopped in order. */
	public static final String STOPPED = "stopped";

	/** Was silent for too long; its leases were freed. */
	public static final String DEAD = "dead";

	/**
	 * What a worker says of itself.
	 *
	 * @param name its name, not necessarily unique
	 * @param hostname where it runs
	 * @param pid its process
	 * @param version version of this library
	 * @param queues what it consumes
	 * @param deadAfter the silence after which it counts as dead
	 */
	public record Registration(String name, String hostname, long pid, String version, List<String> queues,
			Duration deadAfter) {
	}

}
