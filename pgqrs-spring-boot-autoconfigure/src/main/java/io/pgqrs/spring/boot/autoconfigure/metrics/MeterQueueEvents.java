package io.pgqrs.spring.boot.autoconfigure.metrics;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.pgqrs.support.QueueEvents;

/**
 * Counts what happens. All counters of a queue are there as soon as anything happens in
 * it, so that the first retry of a queue is an increase and not a new series.
 */
final class MeterQueueEvents implements QueueEvents {

	private final MeterRegistry registry;

	private final Map<String, QueueMeters> queues = new ConcurrentHashMap<>();

	MeterQueueEvents(MeterRegistry registry) {
		this.registry = registry;
	}

	@Override
	public void claimed(String queue, Trigger trigger, int messages) {
		of(queue).claims(trigger, messages > 0).increment();
	}

	@Override
	public void claimFailed(String queue) {
		of(queue).claimErrors.increment();
	}

	@Override
	public void delivered(String queue, Duration delay) {
		of(queue).delay.record(delay);
	}

	@Override
	public void retried(String queue, int messages) {
		of(queue).retried.increment(messages);
	}

	@Override
	public void deadLettered(String queue, int messages) {
		of(queue).deadLettered.increment(messages);
	}

	@Override
	public void leasesLost(String queue, int leases) {
		of(queue).leasesLost.increment(leases);
	}

	@Override
	public void reclaimed(String queue, int messages) {
		of(queue).reclaimed.increment(messages);
	}

	@Override
	public void runEnded(String workflow, String status, Duration duration) {
		Timer.builder("pgqrs.workflow.run")
			.description("Runs that ended, from their start")
			.tag("workflow", workflow)
			.tag("status", status.toLowerCase(Locale.ROOT))
			.register(this.registry)
			.record(duration);
	}

	private QueueMeters of(String queue) {
		QueueMeters meters = this.queues.get(queue);
		return (meters != null) ? meters
				: this.queues.computeIfAbsent(queue, (name) -> new QueueMeters(this.registry, name));
	}

	private static final class QueueMeters {

		private final MeterRegistry registry;

		private final Tags tags;

		private final Counter[] claims = new Counter[Trigger.values().length * 2];

		private final Counter claimErrors;

		private final Timer delay;

		private final Counter retried;

		private final Counter deadLettered;

		private final Counter leasesLost;

		private final Counter reclaimed;

		QueueMeters(MeterRegistry registry, String queue) {
			this.registry = registry;
			this.tags = Tags.of("queue", queue);
			for (Trigger trigger : Trigger.values()) {
				this.claims[index(trigger, false)] = claims(trigger, "empty");
				this.claims[index(trigger, true)] = claims(trigger, "found");
			}
			this.claimErrors = counter("pgqrs.claim.errors", "Claims that failed");
			this.delay = Timer.builder("pgqrs.delivery.delay")
				.description("Time from when a message was due until its handler began")
				.tags(this.tags)
				.register(registry);
			this.retried = counter("pgqrs.messages.retried", "Messages to deliver again because their handling failed");
			this.deadLettered = counter("pgqrs.messages.dead.lettered", "Messages that were given up");
			this.leasesLost = counter("pgqrs.leases.lost",
					"Leases that were lost while their messages were being handled");
			this.reclaimed = counter("pgqrs.messages.reclaimed", "Messages that were taken back from dead workers");
		}

		private Counter claims(Trigger trigger, String outcome) {
			return Counter.builder("pgqrs.claims")
				.description("Claims, by what made them and whether they got anything")
				.tags(this.tags)
				.tag("trigger", trigger.name().toLowerCase(Locale.ROOT).replace('_', '-'))
				.tag("outcome", outcome)
				.register(this.registry);
		}

		private Counter counter(String name, String description) {
			return Counter.builder(name).description(description).tags(this.tags).register(this.registry);
		}

		private Counter claims(Trigger trigger, boolean found) {
			return this.claims[index(trigger, found)];
		}

		private static int index(Trigger trigger, boolean found) {
			return trigger.ordinal() * 2 + (found ? 1 : 0);
		}

	}

}
