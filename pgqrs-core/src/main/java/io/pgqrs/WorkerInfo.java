package io.pgqrs;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.pgqrs.store.WorkerRecord;

/**
 * A process that consumes.
 *
 * @param id its key, which messages in flight name
 * @param name its name
 * @param hostname where it runs
 * @param pid its process
 * @param version of this library, as it has it
 * @param queues what it consumes
 * @param status {@code running}, {@code stopped} or {@code dead}
 * @param startedAt when it registered
 * @param heartbeatAt when it was last heard of
 * @param heartbeatAge how long ago that was, by the clock of the database
 * @since 0.1
 */
public record WorkerInfo(long id, String name, String hostname, long pid, String version, List<String> queues,
		String status, Instant startedAt, Instant heartbeatAt, Duration heartbeatAge) {

	static WorkerInfo of(WorkerRecord worker) {
		WorkerRecord.Registration registration = worker.registration();
		return new WorkerInfo(worker.id(), registration.name(), registration.hostname(), registration.pid(),
				registration.version(), registration.queues(), worker.status(), worker.startedAt(),
				worker.heartbeatAt(), worker.heartbeatAge());
	}

}
