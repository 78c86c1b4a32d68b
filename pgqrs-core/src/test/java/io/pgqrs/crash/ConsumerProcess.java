package io.pgqrs.crash;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.pgqrs.PgqrsStores;
import io.pgqrs.QueueCatalog;
import io.pgqrs.QueueNotFoundStrategy;
import io.pgqrs.WakeUps;
import io.pgqrs.listener.AckMode;
import io.pgqrs.listener.ContainerOptions;
import io.pgqrs.listener.DefaultPgqrsListenerContainerFactory;
import io.pgqrs.listener.PgqrsListenerContainer;
import io.pgqrs.listener.PgqrsListenerEndpoint;
import io.pgqrs.listener.PgqrsWorker;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.store.sqlite.SqliteOptions;
import io.pgqrs.support.PayloadJson;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * One JVM that consumes a queue and writes a row for each message into a table, until its
 * standard input ends. Arguments: JDBC URL, schema, queue, ack mode, milliseconds a
 * handler takes, milliseconds between two heartbeats.
 */
final class ConsumerProcess {

	static final int HANDLERS = 4;

	private static final String EFFECT = "INSERT INTO effects (queue, message_id) VALUES (:queue, :message)";

	private ConsumerProcess() {
	}

	public static void main(String[] args) throws IOException {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(args[0]);
		config.setMaximumPoolSize(8);
		PgqrsStore store = PgqrsStores.create(new HikariDataSource(config), args[1], null, SqliteOptions.defaults());
		WakeUps wakeUps = new WakeUps(store.wakeUps());
		PgqrsWorker worker = new PgqrsWorker(store, wakeUps, "crash", Duration.ofMillis(Long.parseLong(args[5])));
		DefaultPgqrsListenerContainerFactory factory = new DefaultPgqrsListenerContainerFactory(store,
				new QueueCatalog(store.queues(), QueueNotFoundStrategy.CREATE, List.of()), wakeUps,
				new PayloadJson(JsonMapper.shared()), worker);
		factory.setOptions(ContainerOptions.builder()
			.concurrency(HANDLERS)
			.batchSize(20)
			.ackMode(AckMode.valueOf(args[3]))
			.pollInterval(Duration.ofMillis(200))
			.build());
		JdbcClient jdbc = JdbcClient.create(store.dataSource());
		long nanos = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(args[4]));
		PgqrsListenerContainer container = factory
			.createContainer(PgqrsListenerEndpoint.of("crash", List.of(args[2]), (messages, acknowledgment) -> {
				jdbc.sql(EFFECT).param("queue", args[2]).param("message", messages.get(0).id()).update();
				LockSupport.parkNanos(nanos);
			}));
		container.start();
		System.in.transferTo(OutputStream.nullOutputStream());
		container.stop();
		System.exit(0);
	}

}
