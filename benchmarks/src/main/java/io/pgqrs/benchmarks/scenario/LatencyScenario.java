package io.pgqrs.benchmarks.scenario;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

import io.pgqrs.benchmarks.Comparison;
import io.pgqrs.benchmarks.Comparison.Trial;
import io.pgqrs.benchmarks.contender.JobQueue;
import io.pgqrs.benchmarks.contender.QueueContender;
import io.pgqrs.benchmarks.contender.QueueSettings;
import io.pgqrs.benchmarks.database.Database;

/**
 * The time from the call that enqueues to the beginning of the handler: when nothing else
 * is to be done, and at a steady rate. At a rate the time begins when the call was due,
 * so that an enqueuer that is held up hides nothing.
 */
public final class LatencyScenario implements Scenario {

	private static final QueueSettings SETTINGS = new QueueSettings(4, 10, false, 16);

	private static final int THREADS = 8;

	/** Until the consumers have settled. */
	private static final int WARM_UP = 20;

	private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(30);

	private final List<QueueContender> contenders;

	public LatencyScenario(List<QueueContender> contenders) {
		this.contenders = contenders;
	}

	@Override
	public String name() {
		return "latency";
	}

	@Override
	public List<Comparison> comparisons(Database database, boolean full) {
		List<Comparison> comparisons = new ArrayList<>();
		Duration time = Duration.ofSeconds(full ? 4 : 3);
		comparisons.add(comparison(database, "idle", (contender) -> idle(contender, database, time), full));
		for (int rate : full ? new int[] { 100, 1_000 } : new int[0]) {
			comparisons.add(comparison(database, rate, (contender) -> steady(contender, database, rate, time), full));
		}
		return comparisons;
	}

	private Comparison comparison(Database database, Object rate, Measurement measurement, boolean full) {
		List<Trial> trials = this.contenders.stream()
			.filter((contender) -> contender.worksOn(database))
			.map((contender) -> new Trial(contender.name(), () -> measurement.of(contender)))
			.toList();
		return new Comparison(name(), Map.of("rate", rate), full ? 2 : 1, false, trials);
	}

	private static Map<String, Double> idle(QueueContender contender, Database database, Duration time)
			throws Exception {
		try (JobQueue queue = contender.open(database, SETTINGS)) {
			Arrivals arrivals = new Arrivals((int) (time.toNanos() / PAUSE_NANOS) + WARM_UP);
			queue.consume(arrivals::arrive);
			database.settle();
			long deadline = System.nanoTime() + time.toNanos();
			int count = 0;
			while (count < arrivals.capacity() && System.nanoTime() < deadline) {
				arrivals.depart(count, System.nanoTime());
				queue.enqueue(count);
				arrivals.await(count++);
				LockSupport.parkNanos(PAUSE_NANOS);
			}
			return Latencies.figures(arrivals.latencies(Math.min(WARM_UP, count / 2), count));
		}
	}

	private static Map<String, Double> steady(QueueContender contender, Database database, int rate, Duration time)
			throws Exception {
		int messages = (int) (rate * time.toSeconds());
		ExecutorService threads = Executors.newFixedThreadPool(THREADS);
		try (JobQueue queue = contender.open(database, SETTINGS)) {
			Arrivals arrivals = new Arrivals(messages);
			queue.consume(arrivals::arrive);
			database.settle();
			long start = System.nanoTime();
			List<Future<?>> enqueuing = new ArrayList<>();
			for (int i = 0; i < THREADS; i++) {
				int first = i;
				enqueuing.add(threads.submit(() -> {
					enqueue(queue, arrivals, start, rate, first);
					return null;
				}));
			}
			for (Future<?> thread : enqueuing) {
				thread.get();
			}
			arrivals.awaitAll();
			return Latencies.figures(arrivals.latencies(Math.min(rate / 2, messages / 4), messages));
		}
		finally {
			threads.shutdown();
		}
	}

	private static void enqueue(JobQueue queue, Arrivals arrivals, long start, int rate, int first) throws Exception {
		for (int i = first; i < arrivals.capacity(); i += THREADS) {
			long due = start + TimeUnit.SECONDS.toNanos(i) / rate;
			LockSupport.parkNanos(due - System.nanoTime());
			arrivals.depart(i, due);
			queue.enqueue(i);
		}
	}

	/** Measures one contender. */
	private interface Measurement {

		Map<String, Double> of(QueueContender contender) throws Exception;

	}

	/** When messages were enqueued and when they arrived. */
	private static final class Arrivals {

		private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(20);

		private final long[] departed;

		private final AtomicLongArray arrived;

		Arrivals(int capacity) {
			this.departed = new long[capacity];
			this.arrived = new AtomicLongArray(capacity);
		}

		int capacity() {
			return this.departed.length;
		}

		void depart(int message, long nanoTime) {
			this.departed[message] = nanoTime;
		}

		void arrive(long message) {
			this.arrived.compareAndSet((int) message, 0, System.nanoTime());
		}

		void await(int message) {
			long deadline = System.nanoTime() + LIMIT_NANOS;
			while (this.arrived.get(message) == 0) {
				if (System.nanoTime() > deadline) {
					throw new IllegalStateException("message " + message + " did not arrive within 20 s");
				}
				LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(100));
			}
		}

		void awaitAll() {
			for (int i = 0; i < capacity(); i++) {
				await(i);
			}
		}

		long[] latencies(int from, int to) {
			long[] latencies = new long[to - from];
			Arrays.setAll(latencies, (i) -> this.arrived.get(from + i) - this.departed[from + i]);
			return latencies;
		}

	}

}
