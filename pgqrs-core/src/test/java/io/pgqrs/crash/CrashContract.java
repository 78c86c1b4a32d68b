package io.pgqrs.crash;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import io.pgqrs.PgqrsTemplate;
import io.pgqrs.QueueCatalog;
import io.pgqrs.QueueDefinition;
import io.pgqrs.QueueNotFoundStrategy;
import io.pgqrs.WakeUps;
import io.pgqrs.listener.AckMode;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.store.WakeUpTransport;
import io.pgqrs.support.PayloadJson;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Processes that drain one queue while one after another is killed and replaced: nothing
 * is lost, and in a transaction nothing is done twice.
 */
abstract class CrashContract {

	/** The full size, by {@code -Psoak}. */
	private static final boolean SOAK = System.getProperty("pgqrs.soak") != null;

	private static final int MESSAGES = SOAK ? 20_000 : 1_000;

	private static final int KILLS = SOAK ? 20 : 4;

	private static final Log logger = LogFactory.getLog(CrashContract.class);

	/** What the processes that were killed hold is due again after this. */
	private static final Duration LEASE = Duration.ofSeconds(2);

	private static final Duration BETWEEN_KILLS = Duration.ofMillis(900);

	private static final Duration PATIENCE = Duration.ofMinutes(5);

	@TempDir
	Path directory;

	abstract PgqrsStore store();

	abstract String url();

	abstract String schema();

	abstract int processes();

	/** How many handlers work at once, over all processes. */
	abstract int parallelism(AckMode ackMode);

	@Test
	void effectsInTransactionsHappenExactlyOnceHoweverProcessesDie() throws IOException {
		List<Long> effects = drainWhileKilling(AckMode.TRANSACTIONAL);
		assertThat(effects).hasSize(MESSAGES).doesNotHaveDuplicates();
	}

	@Test
	void everyMessageIsHandledAtLeastOnceHoweverProcessesDie() throws IOException {
		List<Long> effects = drainWhileKilling(AckMode.ON_SUCCESS);
		assertThat(effects.stream().distinct()).hasSize(MESSAGES);
		// Only what was in flight when a process died comes again.
		assertThat(effects.size() - MESSAGES).isLessThan(KILLS * 100);
	}

	private List<Long> drainWhileKilling(AckMode ackMode) throws IOException {
		PgqrsStore store = store();
		JdbcClient jdbc = JdbcClient.create(store.dataSource());
		jdbc.sql("CREATE TABLE IF NOT EXISTS effects (queue text NOT NULL, message_id bigint NOT NULL)").update();
		String queue = this.schema() + "_" + ackMode;
		QueueCatalog catalog = new QueueCatalog(store.queues(), QueueNotFoundStrategy.FAIL,
				List.of(QueueDefinition.named(queue).visibilityTimeout(LEASE).maxAttempts(1_000)));
		catalog.saveDefinitions();
		List<Long> ids = new PgqrsTemplate(store, catalog, new WakeUps(WakeUpTransport.none()),
				new PayloadJson(JsonMapper.shared()))
			.enqueueAll(queue, IntStream.range(0, MESSAGES).boxed().toList());
		// The work takes as long as all the kills.
		long millis = Math.max(1, (KILLS + 2) * BETWEEN_KILLS.toMillis() * parallelism(ackMode) / MESSAGES);
		try (Processes consumers = new Processes(this.directory, url(), schema(), queue, ackMode.name(),
				Long.toString(millis))) {
			consumers.start(processes());
			for (int kill = 0; kill < KILLS; kill++) {
				Awaitility.await().pollDelay(BETWEEN_KILLS).until(() -> true);
				consumers.killOne();
			}
			Awaitility.await()
				.atMost(PATIENCE)
				.pollInterval(Duration.ofMillis(100))
				.until(() -> store.queues().counts(queue).get(0).ready() == 0
						&& store.queues().counts(queue).get(0).inFlight() == 0);
		}
		assertThat(store.deadLetters().find(queue, 10)).isEmpty();
		List<Long> effects = jdbc.sql("SELECT message_id FROM effects WHERE queue = :queue")
			.param("queue", queue)
			.query((rs, index) -> rs.getLong("message_id"))
			.list();
		assertThat(effects).containsAll(ids);
		logger.info(ackMode + " on " + store.database() + ": " + MESSAGES + " messages, " + processes() + " processes, "
				+ KILLS + " kills, " + redelivered(jdbc, queue) + " messages delivered again, "
				+ (effects.size() - MESSAGES) + " effects done again");
		return effects;
	}

	private long redelivered(JdbcClient jdbc, String queue) {
		String tables = url().startsWith("jdbc:sqlite:") ? "" : schema() + ".";
		return jdbc
			.sql("SELECT count(*) FROM " + tables + "pgqrs_archive WHERE attempts > 1 AND queue_id = (SELECT id FROM "
					+ tables + "pgqrs_queues WHERE name = :queue)")
			.param("queue", queue)
			.query((rs, index) -> rs.getLong(1))
			.single();
	}

}
