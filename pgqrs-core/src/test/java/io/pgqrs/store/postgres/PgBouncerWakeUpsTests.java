package io.pgqrs.store.postgres;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.pgqrs.store.WakeUpTransport;
import io.pgqrs.test.RequiresPgBouncer;
import io.pgqrs.test.TestDatabase;
import io.pgqrs.test.TestPgBouncer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/** Two processes whose connections all lead through a PgBouncer. */
@RequiresPgBouncer
class PgBouncerWakeUpsTests {

	private static final String ALL = "*";

	private final Logger logger = (Logger) LoggerFactory.getLogger(PostgresWakeUps.class);

	private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

	private final Queue<String> heard = new ConcurrentLinkedQueue<>();

	@BeforeEach
	void readLog() {
		this.lines.start();
		this.logger.addAppender(this.lines);
	}

	@AfterEach
	void leaveLog() {
		this.logger.detachAppender(this.lines);
	}

	@Test
	void whereTransactionsArePooledNobodyListensAndOneLineSaysSo() {
		try (TestDatabase database = TestDatabase.pgBouncer()) {
			WakeUpTransport listening = database.anotherStore().wakeUps();
			listen(listening);
			await(() -> !this.lines.list.isEmpty());
			database.store().wakeUps().publish("emails");
			database.store().wakeUps().close();
			assertThat(listening.isListening()).isFalse();
			assertThat(this.heard).isEmpty();
			assertThat(this.lines.list).extracting(ILoggingEvent::getFormattedMessage)
				.containsExactly("Wake-ups of other processes do not arrive through a pooler in transaction mode; "
						+ "consumers poll. Point the data source at the server, or at a pooler in session mode");
		}
	}

	@Test
	void whereSessionsArePooledWakeUpsArrive() {
		try (TestPgBouncer pooler = TestPgBouncer.start("session");
				TestDatabase database = TestDatabase.pgBouncer(pooler)) {
			WakeUpTransport listening = database.anotherStore().wakeUps();
			listen(listening);
			await(listening::isListening);
			await(() -> this.heard.contains(ALL));
			database.store().wakeUps().publish("emails");
			await(() -> this.heard.contains("emails"));
			assertThat(this.heard).containsExactly(ALL, "emails");
			assertThat(this.lines.list).isEmpty();
		}
	}

	@Test
	void aCloseDoesNotWaitForTheAnswer() {
		try (TestDatabase database = TestDatabase.pgBouncer()) {
			WakeUpTransport listening = database.anotherStore().wakeUps();
			listen(listening);
			listening.close();
			await(() -> Thread.getAllStackTraces()
				.keySet()
				.stream()
				.noneMatch((t) -> t.getName().equals("pgqrs-listen")));
			assertThat(this.lines.list).isEmpty();
		}
	}

	private void listen(WakeUpTransport transport) {
		transport.listen(new WakeUpTransport.Listener() {

			@Override
			public void wakeUp(String queue) {
				PgBouncerWakeUpsTests.this.heard.add(queue);
			}

			@Override
			public void wakeUpAll() {
				PgBouncerWakeUpsTests.this.heard.add(ALL);
			}

		});
	}

	private static void await(Callable<Boolean> condition) {
		Awaitility.await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(10)).until(condition);
	}

}
