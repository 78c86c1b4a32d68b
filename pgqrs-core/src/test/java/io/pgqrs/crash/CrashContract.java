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
import io.pgqrs.store.WorkerRecord;
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

	/** Heartbeats so far apart that nobody is declared dead: leases have to end. */
	private static final Duration NO_DEATH = Duration.ofMinutes(10);

	private static final Duration HEARTBEAT = SOAK ? Duration.ofSeconds(10) : Duration.ofSeconds(4);

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

	@Test
	void whatAKilledProcessHeldIsHandledElsewhereWithinThreeHeartbeats() throws IOException {
		PgqrsStore store = store();
		createEffects(store);
		String queue = schema() + "_death";
		List<Long> ids = enqueue(store, QueueDefinition.named(queue).visibilityTimeout(Duration.ofMinutes(10)),
				ConsumerProcess.HANDLERS);
		try (Processes consumers = new Processes(this.directory, url(), schema(), queue, AckMode.ON_SUCCESS.name(),
				Long.toString(Duration.ofHours(1).toMillis()), Long.toString(HEARTBEAT.toMillis()))) {
			Process victim = consumers.start();
			Awaitility.await().atMost(PATIENCE).until(() -> effects(store, queue).size() == ids.size());
			Process heir = consumers.start();
			Awaitility.await().atMost(PATIENCE).until(() -> store.workers().findAll().size() == 2);
			consumers.kill(victim);
			long killed = System.nanoTime();
			Awaitility.await()
				.atMost(PATIENCE)
				.pollInterval(Duration.ofMillis(20))
				.until(() -> effects(store, queue).size() == 2 * ids.size());
			Duration took = Duration.ofNanos(System.nanoTime() - killed);
			consumers.kill(heir);
			logger.info("Killed on " + store.database() + ", handled elsewhere after " + took.toMillis()
					+ " ms, with a heartbeat every " + HEARTBEAT.toMillis() + " ms");
			assertThat(took).isLessThan(HEARTBEAT.multipliedBy(3));
			assertThat(store.workers().findAll()).extracting(WorkerRecord::status)
				.containsExactlyInAnyOrder(WorkerRecord.RUNNING, WorkerRecord.DEAD);
		}
		assertThat(effects(store, queue)).containsAll(ids);
	}

	private static void createEffects(PgqrsStore store) {
		JdbcClient.create(store.dataSource())
			.sql("CREATE TABLE IF NOT EXISTS effects (queue text NOT NULL, message_id bigint NOT NULL)")
			.update();
	}

	private static List<Long> effects(PgqrsStore store, String queue) {
		return JdbcClient.create(store.dataSource())
			.sql("SELECT message_id FROM effects WHERE queue = :queue")
			.param("queue", queue)
			.query((rs, index) -> rs.getLong("message_id"))
			.list();
	}

	private static List<Long> enqueue(PgqrsStore store, QueueDefinition queue, int messages) {
		QueueCatalog catalog = new QueueCatalog(store.queues(), QueueNotFoundStrategy.FAIL, List.of(queue));
		catalog.saveDefinitions();
		return new PgqrsTemplate(store, catalog, new WakeUps(WakeUpTransport.none()),
				new PayloadJson(JsonMapper.shared()))
			.enqueueAll(queue.name(), IntStream.range(0, messages).boxed().toList());
	}

	private List<Long> drainWhileKilling(AckMode ackMode) throws IOException {
		PgqrsStore store = store();
		createEffects(store);
		String queue = this.schema() + "_" + ackMode;
		List<Long> ids = enqueue(store, QueueDefinition.named(queue).visibilityTimeout(LEASE).maxAttempts(1_000),
				MESSAGES);
		// The work takes as long as all the kills.
		long millis = Math.max(1, (KILLS + 2) * BETWEEN_KILLS.toMillis() * parallelism(ackMode) / MESSAGES);
		try (Processes consumers = new Processes(this.directory, url(), schema(), queue, ackMode.name(),
				Long.toString(millis), Long.toString(NO_DEATH.toMillis()))) {
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
		List<Long> effects = effects(store, queue);
		assertThat(effects).containsAll(ids);
		logger.info(ackMode + " on " + store.database() + ": " + MESSAGES + " messages, " + processes() + " processes, "
				+ KILLS + " kills, " + redelivered(store, queue) + " messages delivered again, "
				+ (effects.size() - MESSAGES) + " effects done again");
		return effects;
	}

	private long redelivered(PgqrsStore store, String queue) {
		String tables = url().startsWith("jdbc:sqlite:") ? "" : schema() + ".";
		return JdbcClient.create(store.dataSource())
			.sql("SELECT count(*) FROM " + tables + "pgqrs_archive WHERE attempts > 1 AND queue_id = (SELECT id FROM "
					+ tables + "pgqrs_queues WHERE name = :queue)")
			.param("queue", queue)
			.query((rs, index) -> rs.getLong(1))
			.single();
	}

}
