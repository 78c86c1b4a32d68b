package io.pgqrs.benchmarks.report;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;

import io.pgqrs.benchmarks.Names;
import io.pgqrs.benchmarks.report.Chart.Axes;
import io.pgqrs.benchmarks.report.Chart.Form;
import org.jspecify.annotations.Nullable;

/** Which charts show a scenario. */
final class Charts {

	private static final String MESSAGES = "messages per second";

	private final String scenario;

	private final String database;

	private final Measurements measurements;

	/**
	 * Chooses charts.
	 * @param measurements of this scenario and this database
	 */
	Charts(String scenario, String database, Measurements measurements) {
		this.scenario = scenario;
		this.database = database;
		this.measurements = measurements;
	}

	List<Chart> all() {
		Stream<Chart> charts = switch (this.scenario) {
			case Names.DRAIN -> batches(this::drain);
			case Names.DRAIN_PEERS -> batches(this::drainOfPeers);
			case Names.ENQUEUE -> Stream.of(enqueueSingle(), enqueueBatches());
			case Names.LATENCY -> Stream.of(latency());
			case Names.CLAIM -> Stream.of(claim());
			case Names.HELD_TRANSACTION -> Stream.of(heldTransaction());
			case Names.WORKFLOWS -> Stream.of(workflows(Names.INLINE), workflows(Names.QUEUED));
			case Names.COSTS -> Stream.of(costs());
			default -> Stream.empty();
		};
		return charts.filter((chart) -> !chart.isEmpty()).toList();
	}

	// A chart for each: a batch of 50 would make that of 1 invisible.
	private Stream<Chart> batches(Function<Object, Chart> chart) {
		return this.measurements.values(Names.BATCH).stream().map(chart);
	}

	private Chart drain(Object batch) {
		return chart("-batch-" + batch, "Drain, batch " + batch, new Axes("consumers", MESSAGES), Form.BARS,
				List.of(Names.MESSAGES_PER_SECOND),
				(trial, figure) -> trial.has(Names.BATCH, batch) ? trial.setting(Names.CONSUMERS) : null,
				(trial, figure) -> trial.contender() + ", " + trial.setting(Names.ON_SUCCESS));
	}

	private Chart drainOfPeers(Object batch) {
		return chart("-batch-" + batch, "Drain, compared with others", new Axes("", MESSAGES), Form.BARS,
				List.of(Names.MESSAGES_PER_SECOND), (trial, figure) -> trial.has(Names.BATCH, batch)
						? "batch " + batch + " (of those that have batches)" : null,
				(trial, figure) -> trial.contender());
	}

	private Chart enqueueSingle() {
		return chart("-single", "Enqueue one by one", new Axes("threads", MESSAGES), Form.BARS,
				List.of(Names.MESSAGES_PER_SECOND),
				(trial, figure) -> trial.has(Names.BATCH, 1) ? trial.setting(Names.THREADS) : null,
				(trial, figure) -> trial.contender());
	}

	private Chart enqueueBatches() {
		return chart("-batches", "Enqueue in batches, one thread", new Axes("batch", MESSAGES), Form.BARS,
				List.of(Names.MESSAGES_PER_SECOND),
				(trial, figure) -> (trial.has(Names.THREADS, 1) && !trial.has(Names.BATCH, 1))
						? trial.setting(Names.BATCH) : null,
				(trial, figure) -> trial.contender());
	}

	private Chart latency() {
		return chart("", "From enqueue to the start of the handler", new Axes("percentile", "milliseconds"), Form.LINES,
				List.of(Names.P50, Names.P95, Names.P99, Names.MAX), (trial, figure) -> figure.replace("_ms", ""),
				(trial, figure) -> trial.contender() + ", "
						+ (trial.has(Names.RATE, Names.IDLE) ? Names.IDLE : trial.setting(Names.RATE) + " msg/s"));
	}

	private Chart claim() {
		boolean oneBatch = this.measurements.values(Names.BATCH).size() <= 1;
		return chart("", "Claim", new Axes("messages waiting", "milliseconds"), Form.LINES,
				List.of(Names.P50, Names.P99), (trial, figure) -> trial.setting(Names.BACKLOG),
				(trial, figure) -> trial.contender() + (oneBatch ? "" : ", batch " + trial.setting(Names.BATCH)) + ", "
						+ figure.replace("_ms", ""));
	}

	private Chart heldTransaction() {
		return chart("", "Drain with a transaction open elsewhere", new Axes("messages of the drain", MESSAGES),
				Form.BARS, List.of(Names.FIRST_FIFTH, Names.LAST_FIFTH),
				(trial, figure) -> figure.equals(Names.FIRST_FIFTH) ? "first fifth" : "last fifth",
				(trial, figure) -> trial.contender());
	}

	private Chart workflows(String mode) {
		return chart("-" + mode, "Workflows, " + mode + ", best pool size",
				new Axes("steps of a run", "runs per second"), Form.BARS, List.of(Names.RUNS_PER_SECOND),
				(trial, figure) -> trial.has(Names.MODE, mode) ? trial.setting(Names.STEPS) : null,
				(trial, figure) -> trial.contender());
	}

	private Chart costs() {
		return chart("", "Statements", new Axes("", "statements per message or run"), Form.BARS,
				List.of(Names.STATEMENTS_PER_MESSAGE, Names.STATEMENTS_PER_RUN), (trial, figure) -> {
					String steps = trial.setting(Names.STEPS);
					return trial.setting(Names.WHAT) + ((steps != null) ? ", " + steps + " steps" : "");
				}, (trial, figure) -> trial.contender());
	}

	private Chart chart(String suffix, String title, Axes axes, Form form, List<String> figures,
			BiFunction<Trial, String, @Nullable String> category, BiFunction<Trial, String, @Nullable String> series) {
		return Chart.of(Words.file(this.scenario + suffix + "-" + this.database), title + ", " + this.database, axes,
				form, this.measurements, figures, category, series);
	}

}
