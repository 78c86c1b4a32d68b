package io.pgqrs.benchmarks.scenario;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.pgqrs.benchmarks.Comparison;
import io.pgqrs.benchmarks.Comparison.Trial;
import io.pgqrs.benchmarks.contender.QueueContender;
import io.pgqrs.benchmarks.contender.QueueSettings;
import io.pgqrs.benchmarks.database.Database;

/**
 * Drains a backlog of messages that do nothing: those who claim in batches with four
 * consumers, the others with eight threads.
 */
public final class PeerDrainScenario implements Scenario {

	private static final QueueSettings SETTINGS = new QueueSettings(4, 50, false, 16);

	private static final int PEER_THREADS = 8;

	private final List<QueueContender> batching;

	private final List<QueueContender> peers;

	/**
	 * Makes the scenario.
	 * @param batching those who claim in batches
	 * @param peers those who do not, or decide on the size by themselves
	 */
	public PeerDrainScenario(List<QueueContender> batching, List<QueueContender> peers) {
		this.batching = batching;
		this.peers = peers;
	}

	@Override
	public String name() {
		return "drain-peers";
	}

	@Override
	public List<Comparison> comparisons(Database database, boolean full) {
		int messages = full ? 50_000 : 20_000;
		Duration limit = Duration.ofSeconds(full ? 8 : 2);
		List<Trial> batches = new ArrayList<>(trials(this.batching, database, SETTINGS, messages, limit));
		batches.addAll(trials(this.peers, database, SETTINGS.consumers(PEER_THREADS), messages, limit));
		QueueSettings single = new QueueSettings(SETTINGS.consumers(), 1, SETTINGS.archive(), SETTINGS.poolSize());
		// Nobody empties it one by one within the limit. What a claim costs by the
		// backlog is
		// to be met at its mean, half of it.
		List<Trial> singles = trials(this.batching, database, single, messages / 2, limit);
		return List.of(comparison(SETTINGS, messages, batches, full), comparison(single, messages / 2, singles, full));
	}

	private Comparison comparison(QueueSettings settings, int messages, List<Trial> trials, boolean full) {
		Map<String, Object> named = new LinkedHashMap<>();
		named.put("consumers", settings.consumers());
		named.put("batch", settings.batch());
		named.put("onSuccess", "delete");
		named.put("peerThreads", PEER_THREADS);
		named.put("messages", messages);
		return new Comparison(name(), named, full ? 3 : 1, settings.batch() > 1, trials);
	}

	private static List<Trial> trials(List<QueueContender> contenders, Database database, QueueSettings settings,
			int messages, Duration limit) {
		return contenders.stream()
			.filter((contender) -> contender.worksOn(database))
			.map((contender) -> DrainScenario.trial(contender, database, settings, messages, limit))
			.toList();
	}

}
