package io.pgqrs.benchmarks.scenario;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import io.pgqrs.benchmarks.Comparison;
import io.pgqrs.benchmarks.Comparison.Trial;
import io.pgqrs.benchmarks.contender.JobQueue;
import io.pgqrs.benchmarks.contender.QueueContender;
import io.pgqrs.benchmarks.contender.QueueSettings;
import io.pgqrs.benchmarks.database.Costs;
import io.pgqrs.benchmarks.database.Database;

/** What a message costs: to enqueue it alone, in a batch, and to handle it. */
final class QueueCosts {

	private static final int CONSUMERS = 4;

	private static final int BATCH = 50;

	private static final int POOL_SIZE = 10;

	private static final int ENQUEUE_BATCH = 100;

	private static final long PATIENCE_SECONDS = 60;

	private final String scenario;

	private final List<QueueContender> contenders;

	private final Database database;

	private final Meter meter;

	private final int messages;

	QueueCosts(String scenario, List<QueueContender> contenders, Database database, int messages) {
		this.scenario = scenario;
		this.contenders = contenders.stream().filter((contender) -> contender.worksOn(database)).toList();
		this.database = database;
		this.meter = new Meter(database);
		this.messages = messages;
	}

	List<Comparison> comparisons(boolean full) {
		if (this.contenders.isEmpty()) {
			return List.of();
		}
		List<Comparison> comparisons = new ArrayList<>();
		comparisons.add(comparison(Map.of("what", "enqueue"), settings(BATCH, false), this::enqueue));
		comparisons.add(comparison(named("enqueueAll", ENQUEUE_BATCH), settings(BATCH, false), this::enqueueAll));
		for (int batch : full ? new int[] { BATCH, 1 } : new int[] { BATCH }) {
			for (boolean archive : full ? new boolean[] { false, true } : new boolean[] { false }) {
				Map<String, Object> settings = named("drain", batch);
				settings.put("consumers", CONSUMERS);
				settings.put("onSuccess", archive ? "archive" : "delete");
				comparisons.add(comparison(settings, settings(batch, archive), this::drain));
			}
		}
		return comparisons;
	}

	private static QueueSettings settings(int batch, boolean archive) {
		return new QueueSettings(CONSUMERS, batch, archive, POOL_SIZE);
	}

	private static Map<String, Object> named(String what, int batch) {
		Map<String, Object> settings = new LinkedHashMap<>();
		settings.put("what", what);
		settings.put("batch", batch);
		return settings;
	}

	private Comparison comparison(Map<String, Object> named, QueueSettings settings, Operation operation) {
		return new Comparison(this.scenario, named, 1, false,
				this.contenders.stream()
					.map((contender) -> new Trial(contender.name(), () -> measure(contender, settings, operation)))
					.toList());
	}

	private Map<String, Double> measure(QueueContender contender, QueueSettings settings, Operation operation)
			throws Exception {
		this.database.clean();
		try (JobQueue queue = contender.open(this.database, settings)) {
			return Meter.per("message", this.messages, operation.costs(queue));
		}
	}

	private Costs enqueue(JobQueue queue) throws Exception {
		// The first one may create a queue, and fills caches.
		queue.enqueue(0);
		return this.meter.costsOf(() -> {
			for (long value = 1; value <= this.messages; value++) {
				queue.enqueue(value);
			}
		});
	}

	private Costs enqueueAll(JobQueue queue) throws Exception {
		queue.enqueueAll(List.of(0L));
		return this.meter.costsOf(() -> {
			for (long value = 0; value < this.messages; value += ENQUEUE_BATCH) {
				queue.enqueueAll(
						LongStream.range(value, Math.min(value + ENQUEUE_BATCH, this.messages)).boxed().toList());
			}
		});
	}

	private Costs drain(JobQueue queue) throws Exception {
		queue.fill(this.messages);
		this.database.settle();
		CountDownLatch left = new CountDownLatch(this.messages);
		return this.meter.costsUntil(() -> {
			queue.consume((value) -> left.countDown());
			left.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
		}, queue::isDrained);
	}

	/** What is done with a queue. */
	@FunctionalInterface
	private interface Operation {

		Costs costs(JobQueue queue) throws Exception;

	}

}
