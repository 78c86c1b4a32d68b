package io.pgqrs.crash;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.pgqrs.PgqrsTemplate;
import io.pgqrs.QueueCatalog;
import io.pgqrs.QueueNotFoundStrategy;
import io.pgqrs.WakeUps;
import io.pgqrs.listener.ContainerOptions;
import io.pgqrs.listener.DefaultPgqrsListenerContainerFactory;
import io.pgqrs.listener.PgqrsListenerContainer;
import io.pgqrs.listener.PgqrsListenerEndpoint;
import io.pgqrs.listener.PgqrsWorker;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.store.postgres.PostgresStore;
import io.pgqrs.support.PayloadJson;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

import static org.assertj.core.api.Assertions.assertThat;

/** The server of PostgreSQL is restarted while messages are enqueued and handled. */
class ServerRestartTests {

	private static final int RESTARTS = 3;

	@TempDir
	Path directory;

	private int port;

	private EmbeddedPostgres server;

	@Test
	void whatWasEnqueuedIsHandledAndContainersGoOnByThemselves() throws Exception {
		startServer();
		String url = this.server.getJdbcUrl("postgres", "postgres");
		PGSimpleDataSource direct = new PGSimpleDataSource();
		direct.setUrl(url);
		HikariConfig config = new HikariConfig();
		config.setDataSource(direct);
		config.setConnectionTimeout(500);
		config.setValidationTimeout(300);
		try (HikariDataSource pool = new HikariDataSource(config)) {
			PgqrsStore store = PostgresStore.create(pool, "pgqrs", direct);
			store.schema().migrate();
			QueueCatalog catalog = new QueueCatalog(store.queues(), QueueNotFoundStrategy.CREATE, List.of());
			WakeUps wakeUps = new WakeUps(store.wakeUps());
			wakeUps.listen();
			PayloadJson json = new PayloadJson(JsonMapper.shared());
			PgqrsTemplate pgqrs = new PgqrsTemplate(store, catalog, wakeUps, json);
			DefaultPgqrsListenerContainerFactory factory = new DefaultPgqrsListenerContainerFactory(store, catalog,
					wakeUps, json,
					new PgqrsWorker(store, wakeUps, "restart", Duration.ofSeconds(1), Duration.ofSeconds(60)));
			factory
				.setOptions(ContainerOptions.builder().concurrency(2).visibilityTimeout(Duration.ofSeconds(2)).build());
			Set<Long> handled = ConcurrentHashMap.newKeySet();
			PgqrsListenerContainer container = factory.createContainer(PgqrsListenerEndpoint.of("restart",
					List.of("restart"), (messages, acknowledgment) -> handled.add(messages.get(0).id())));
			container.start();
			Queue<Long> enqueued = new ConcurrentLinkedQueue<>();
			AtomicBoolean producing = new AtomicBoolean(true);
			Thread producer = new Thread(() -> produce(pgqrs, enqueued, producing));
			producer.start();
			for (int restart = 0; restart < RESTARTS; restart++) {
				int before = enqueued.size();
				Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> enqueued.size() > before + 100);
				this.server.close();
				Awaitility.await().pollDelay(Duration.ofMillis(700)).until(() -> true);
				assertThat(container.isRunning()).isTrue();
				startServer();
			}
			int before = enqueued.size();
			Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> enqueued.size() > before + 100);
			producing.set(false);
			producer.join();
			Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> handled.containsAll(enqueued));
			Awaitility.await().atMost(Duration.ofSeconds(60)).until(wakeUps::isListening);
			assertThat(container.isRunning()).isTrue();
			Awaitility.await()
				.atMost(Duration.ofSeconds(60))
				.until(() -> store.queues().counts("restart").get(0).inFlight() == 0);
			assertThat(store.queues().counts("restart").get(0).ready()).isZero();
			assertThat(store.deadLetters().find("restart", 1)).isEmpty();
			container.stop();
			wakeUps.close();
		}
		finally {
			this.server.close();
		}
	}

	private static void produce(PgqrsTemplate pgqrs, Queue<Long> enqueued, AtomicBoolean producing) {
		while (producing.get()) {
			try {
				enqueued.add(pgqrs.enqueue("restart", "x"));
			}
			catch (DataAccessException | TransactionException ex) {
				// The server is away: this one was not enqueued, or nobody was told that
				// it was.
				LockSupport.parkNanos(10_000_000);
			}
		}
	}

	private void startServer() throws IOException {
		if (this.port == 0) {
			try (ServerSocket socket = new ServerSocket(0)) {
				this.port = socket.getLocalPort();
			}
		}
		this.server = EmbeddedPostgres.builder()
			.setPort(this.port)
			.setDataDirectory(this.directory.resolve("data"))
			.setCleanDataDirectory(false)
			.setOverrideWorkingDirectory(this.directory.resolve("work").toFile())
			.start();
	}

}
