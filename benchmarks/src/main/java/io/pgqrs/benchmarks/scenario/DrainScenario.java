package io.pgqrs.benchmarks.scenario;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.pgqrs.benchmarks.Comparison;
import io.pgqrs.benchmarks.Comparison.Trial;
import io.pgqrs.benchmarks.contender.JobQueue;
import io.pgqrs.benchmarks.contender.QueueContender;
import io.pgqrs.benchmarks.contender.QueueSettings;
import io.pgqrs.benchmarks.database.Database;

/**
 * Drains a backlog of messages that do nothing: by consumers and batch size, with a
 * handled message deleted or kept.
 */
public final class DrainScenario implements Scenario {

	private static final int POOL_SIZE = 16;

	private final List<QueueContender> contenders;

	/**
	 * Makes the scenario.
	 * @param contenders those that claim in batches
	 */
	public DrainScenario(List<QueueContender> contenders) {
		this.contenders = contenders;
	}

	@Override
	public String name() {
		return "drain";
	}

	@Override
	public List<Comparison> comparisons(Database database, boolean full) {
		List<Comparison> comparisons = new ArrayList<>();
		for (boolean archive : new boolean[] { false, true }) {
			for (int batch : full ? new int[] { 1, 10, 50 } : new int[] { 50 }) {
				for (int consumers : full ? new int[] { 1, 2, 4 } : new int[] { 4 }) {
					QueueSettings settings = new QueueSettings(consumers, batch, archive, POOL_SIZE);
					comparisons.add(comparison(database, settings, full));
				}
			}
		}
		return comparisons;
	}

	private Comparison comparison(Database database, QueueSettings settings, boolean full) {
		int messages = full ? 50_000 : 20_000;
		Map<String, Object> named = new LinkedHashMap<>();
		named.put("consumers", settings.consumers());
		named.put("batch", settings.batch());
		named.put("onSuccess", settings.archive() ? "archive" : "delete");
		named.put("messages", messages);
		Duration limit = Duration.ofMillis(1_500);
		List<Trial> trials = this.contenders.stream()
			.filter((contender) -> contender.worksOn(database))
			.map((contender) -> trial(contender, database, settings, messages, limit))
			.toList();
		return new Comparison(name(), named, full ? 2 : 1, false, trials);
	}

	/**
	 * One contender's drain. What takes longer than the limit is stopped there; the rate
	 * is that of the time until then.
	 */
	static Trial trial(QueueContender contender, Database database, QueueSettings settings, int messages,
			Duration limit) {
		return new Trial(contender.name(), () -> {
			try (JobQueue queue = contender.open(database, settings)) {
				queue.fill(messages);
				database.settle();
				Drain drain = new Drain(messages).run(queue, limit);
				return Map.of("messages_per_second", drain.messagesPerSecond());
			}
		});
	}

}
