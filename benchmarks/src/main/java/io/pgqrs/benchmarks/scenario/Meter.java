package io.pgqrs.benchmarks.scenario;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.pgqrs.benchmarks.database.Costs;
import io.pgqrs.benchmarks.database.Database;

/** Tells what a database spends on some work, without what looking at it costs. */
final class Meter {

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private static final Duration PAUSE = Duration.ofMillis(10);

	private final Database database;

	Meter(Database database) {
		this.database = database;
	}

	/** What some work costs. */
	Costs costsOf(Work work) throws Exception {
		Costs before = this.database.costs();
		Costs between = this.database.costs();
		work.run();
		return this.database.costs().since(between).since(between.since(before));
	}

	/**
	 * What some work costs that goes on by itself.
	 * @param work begins it
	 * @param done whether it is done; asks the database, which is not counted
	 */
	Costs costsUntil(Work work, Condition done) throws Exception {
		Costs look = costsOf(done::isTrue);
		int[] looks = new int[1];
		Costs costs = costsOf(() -> {
			work.run();
			long begin = System.nanoTime();
			for (looks[0] = 1; !done.isTrue(); looks[0]++) {
				if (System.nanoTime() - begin > PATIENCE.toNanos()) {
					throw new TimeoutException("Not done within " + PATIENCE);
				}
				TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
			}
		});
		return new Costs(costs.statements() - looks[0] * look.statements(), costs.transactions(), costs.walBytes());
	}

	static Costs sum(Costs a, Costs b) {
		return new Costs(a.statements() + b.statements(), a.transactions() + b.transactions(),
				a.walBytes() + b.walBytes());
	}

	/** Figures by name, such as {@code statements_per_message}. */
	static Map<String, Double> per(String unit, double count, Costs costs) {
		Map<String, Double> figures = new LinkedHashMap<>();
		figures.put("statements_per_" + unit, costs.statements() / count);
		figures.put("transactions_per_" + unit, costs.transactions() / count);
		figures.put("wal_bytes_per_" + unit, costs.walBytes() / count);
		return figures;
	}

	/** Something to do. */
	@FunctionalInterface
	interface Work {

		void run() throws Exception;

	}

	/** Something to wait for. */
	@FunctionalInterface
	interface Condition {

		boolean isTrue() throws Exception;

	}

}
