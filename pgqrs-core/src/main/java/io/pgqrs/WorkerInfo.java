package io.pgqrs;

import java.time.Instant;
import java.util.List;

import io.pgqrs.store.WorkerRecord;

/**
 * A process that consumes.
 *
 * @param name its name
 * @param hostname where it runs
 * @param pid its process
 * @param queues what it consumes
 * @param status {@code running}, {@code stopped} or {@code dead}
 * @param startedAt when it registered
 * @param heartbeatAt when it was last heard of
 * @since 0.1
 */
public record WorkerInfo(String name, String hostname, long pid, List<String> queues, String status, Instant startedAt,
		Instant heartbeatAt) {

	static WorkerInfo of(WorkerRecord worker) {
		WorkerRecord.Registration registration = worker.registration();
		return new WorkerInfo(registration.name(), registration.hostname(), registration.pid(), registration.queues(),
				worker.status(), worker.startedAt(), worker.heartbeatAt());
	}

}
