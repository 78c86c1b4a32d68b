package io.pgqrs.benchmarks.scenario;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.pgqrs.benchmarks.Comparison;
import io.pgqrs.benchmarks.Comparison.Trial;
import io.pgqrs.benchmarks.contender.ClaimContender;
import io.pgqrs.benchmarks.contender.ClaimContender.Completion;
import io.pgqrs.benchmarks.contender.ClaimContender.Consumer;
import io.pgqrs.benchmarks.database.Database;

/** The time of one claim, by the size of the backlog. */
public final class ClaimScenario implements Scenario {

	private static final int BATCH = 10;

	private static final int WARM_UP = 100;

	private static final int CLAIMS = 800;

	private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(5);

	private final List<ClaimContender> contenders;

	public ClaimScenario(List<ClaimContender> contenders) {
		this.contenders = contenders;
	}

	@Override
	public String name() {
		return "claim";
	}

	@Override
	public List<Comparison> comparisons(Database database, boolean full) {
		return IntStream
			.of((full && database.isPostgres()) ? new int[] { 10_000, 1_000_000, 5_000_000 }
					: new int[] { 10_000, 1_000_000 })
			.mapToObj((backlog) -> comparison(database, backlog, (full && backlog <= 1_000_000) ? 3 : 1))
			.toList();
	}

	private Comparison comparison(Database database, int backlog, int rounds) {
		Map<String, Object> settings = new LinkedHashMap<>();
		settings.put("backlog", backlog);
		settings.put("batch", BATCH);
		List<Trial> trials = this.contenders.stream()
			.filter((contender) -> contender.worksOn(database))
			.map((contender) -> new Trial(contender.name(), () -> measure(contender, database, backlog)))
			.toList();
		return new Comparison(name(), settings, rounds, false, trials);
	}

	private static Map<String, Double> measure(ClaimContender contender, Database database, int backlog)
			throws Exception {
		try (Consumer consumer = contender.open(database, backlog)) {
			database.settle();
			long[] nanos = new long[WARM_UP + CLAIMS];
			long deadline = System.nanoTime() + LIMIT_NANOS;
			int count = 0;
			while (count < nanos.length && (System.nanoTime() < deadline || count < 2)) {
				long start = System.nanoTime();
				Completion completion = consumer.claim(BATCH);
				nanos[count++] = System.nanoTime() - start;
				completion.complete();
			}
			return Latencies.figures(Arrays.copyOfRange(nanos, Math.min(WARM_UP, count / 2), count));
		}
	}

}
