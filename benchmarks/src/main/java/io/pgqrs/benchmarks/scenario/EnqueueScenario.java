package io.pgqrs.benchmarks.scenario;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import io.pgqrs.benchmarks.Comparison;
import io.pgqrs.benchmarks.Comparison.Trial;
import io.pgqrs.benchmarks.contender.JobQueue;
import io.pgqrs.benchmarks.contender.QueueContender;
import io.pgqrs.benchmarks.contender.QueueSettings;
import io.pgqrs.benchmarks.database.Database;

/** Enqueues as fast as it goes: message by message from many threads, and in batches. */
public final class EnqueueScenario implements Scenario {

	private static final int POOL_SIZE = 16;

	private final List<QueueContender> contenders;

	public EnqueueScenario(List<QueueContender> contenders) {
		this.contenders = contenders;
	}

	@Override
	public String name() {
		return "enqueue";
	}

	@Override
	public List<Comparison> comparisons(Database database, boolean full) {
		List<Comparison> comparisons = new ArrayList<>();
		for (int threads : full ? new int[] { 16, 4, 1 } : new int[] { 16 }) {
			comparisons.add(comparison(database, threads, 1, full));
		}
		for (int batch : full ? new int[] { 10, 100, 1_000 } : new int[] { 1_000 }) {
			comparisons.add(comparison(database, 1, batch, full));
		}
		return comparisons;
	}

	private Comparison comparison(Database database, int threads, int batch, boolean full) {
		Map<String, Object> settings = new LinkedHashMap<>();
		settings.put("threads", threads);
		settings.put("batch", batch);
		long nanos = TimeUnit.SECONDS.toNanos(1);
		List<Trial> trials = this.contenders.stream()
			.filter((contender) -> contender.worksOn(database))
			.map((contender) -> new Trial(contender.name(), () -> measure(contender, database, threads, batch, nanos)))
			.toList();
		return new Comparison(name(), settings, full ? 2 : 1, batch == 1 && threads == 16, trials);
	}

	private static Map<String, Double> measure(QueueContender contender, Database database, int threads, int batch,
			long nanos) throws Exception {
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try (JobQueue queue = contender.open(database, new QueueSettings(1, 10, false, POOL_SIZE))) {
			database.settle();
			long start = System.nanoTime();
			Callable<Long> work = () -> enqueue(queue, batch, start + nanos);
			List<Future<Long>> enqueued = new ArrayList<>();
			for (int i = 0; i < threads; i++) {
				enqueued.add(executor.submit(work));
			}
			long messages = 0;
			for (Future<Long> count : enqueued) {
				messages += count.get();
			}
			return Map.of("messages_per_second", messages / ((System.nanoTime() - start) / 1e9));
		}
		finally {
			executor.shutdown();
		}
	}

	private static long enqueue(JobQueue queue, int batch, long deadline) throws Exception {
		long count = 0;
		while (System.nanoTime() < deadline) {
			if (batch == 1) {
				queue.enqueue(count);
			}
			else {
				queue.enqueueAll(LongStream.range(count, count + batch).boxed().toList());
			}
			count += batch;
		}
		return count;
	}

}
