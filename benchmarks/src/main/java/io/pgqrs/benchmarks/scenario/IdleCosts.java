package io.pgqrs.benchmarks.scenario;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.pgqrs.benchmarks.Comparison;
import io.pgqrs.benchmarks.Comparison.Trial;
import io.pgqrs.benchmarks.contender.IdleContender;
import io.pgqrs.benchmarks.database.Costs;
import io.pgqrs.benchmarks.database.Database;

/** What it costs to wait for work. */
final class IdleCosts {

	private static final int QUEUES = 5;

	/** Until what a process does when it starts is done. */
	private static final Duration BEFORE = Duration.ofSeconds(3);

	private final String scenario;

	private final List<IdleContender> contenders;

	private final Database database;

	private final Meter meter;

	private final Duration measured;

	IdleCosts(String scenario, List<IdleContender> contenders, Database database, Duration measured) {
		this.scenario = scenario;
		this.contenders = contenders.stream().filter((contender) -> contender.worksOn(database)).toList();
		this.database = database;
		this.meter = new Meter(database);
		this.measured = measured;
	}

	List<Comparison> comparisons() {
		if (this.contenders.isEmpty()) {
			return List.of();
		}
		Map<String, Object> settings = new LinkedHashMap<>();
		settings.put("what", "idle");
		settings.put("queues", QUEUES);
		return List.of(new Comparison(this.scenario, settings, 1, false,
				this.contenders.stream()
					.map((contender) -> new Trial(contender.name(), () -> measure(contender)))
					.toList()));
	}

	private Map<String, Double> measure(IdleContender contender) throws Exception {
		this.database.clean();
		AutoCloseable idle = contender.idle(this.database, QUEUES);
		try {
			pause(BEFORE);
			Costs costs = this.meter.costsOf(() -> pause(this.measured));
			double seconds = this.measured.toSeconds();
			// The log is also written by the server itself.
			return Map.of("statements_per_second", costs.statements() / seconds, "transactions_per_second",
					costs.transactions() / seconds);
		}
		finally {
			idle.close();
		}
	}

	private static void pause(Duration duration) throws InterruptedException {
		TimeUnit.NANOSECONDS.sleep(duration.toNanos());
	}

}
