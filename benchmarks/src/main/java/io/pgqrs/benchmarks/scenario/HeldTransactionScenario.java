package io.pgqrs.benchmarks.scenario;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
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
 * Drains a backlog while a transaction is open elsewhere in the database, as a report or
 * a forgotten session has it: no row that is deleted goes away, and no index entry.
 */
public final class HeldTransactionScenario implements Scenario {

	private static final QueueSettings SETTINGS = new QueueSettings(4, 50, false, 16);

	private final List<QueueContender> contenders;

	public HeldTransactionScenario(List<QueueContender> contenders) {
		this.contenders = contenders;
	}

	@Override
	public String name() {
		return "held-transaction";
	}

	@Override
	public List<Comparison> comparisons(Database database, boolean full) {
		if (!database.isPostgres()) {
			return List.of();
		}
		int messages = full ? 200_000 : 50_000;
		Duration limit = Duration.ofSeconds(full ? 12 : 4);
		Map<String, Object> settings = new LinkedHashMap<>();
		settings.put("messages", messages);
		settings.put("consumers", SETTINGS.consumers());
		settings.put("batch", SETTINGS.batch());
		List<Trial> trials = this.contenders.stream()
			.filter((contender) -> contender.worksOn(database))
			.map((contender) -> new Trial(contender.name(), () -> measure(contender, database, messages, limit)))
			.toList();
		return List.of(new Comparison(name(), settings, full ? 2 : 1, false, trials));
	}

	private static Map<String, Double> measure(QueueContender contender, Database database, int messages,
			Duration limit) throws Exception {
		try (JobQueue queue = contender.open(database, SETTINGS)) {
			queue.fill(messages);
			database.settle();
			try (Connection elsewhere = database.direct().getConnection();
					Statement statement = elsewhere.createStatement()) {
				elsewhere.setAutoCommit(false);
				elsewhere.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
				statement.execute("SELECT pg_current_xact_id()");
				Drain drain = new Drain(messages).run(queue, limit);
				Map<String, Double> figures = new LinkedHashMap<>();
				figures.put("messages_per_second", drain.messagesPerSecond());
				figures.put("first_fifth_per_second", drain.fifthPerSecond(0));
				figures.put("last_fifth_per_second", drain.fifthPerSecond(4));
				figures.put("ratio", drain.fifthPerSecond(4) / drain.fifthPerSecond(0));
				figures.values().removeIf((figure) -> figure.isNaN());
				return figures;
			}
		}
	}

}
