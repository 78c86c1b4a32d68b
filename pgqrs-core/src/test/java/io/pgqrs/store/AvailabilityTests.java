package io.pgqrs.store;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

import io.pgqrs.store.Availability.Activity;
import io.pgqrs.test.LogLines;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.transaction.CannotCreateTransactionException;

import static org.assertj.core.api.Assertions.assertThat;

class AvailabilityTests {

	private static final RuntimeException OUTAGE = new CannotGetJdbcConnectionException("no connection",
			new SQLTransientConnectionException("connection refused"));

	private static final RuntimeException REFUSAL = new BadSqlGrammarException("claim", "SELECT",
			new SQLException("permission denied", "42501"));

	private final LogLines log = new LogLines();

	private final Availability availability = new Availability("PostgreSQL");

	private final Activity listener = activity("listener 'orders'");

	private final Activity heartbeat = activity("the heartbeat");

	private Activity activity(String name) {
		return this.availability.activity(name, LogFactory.getLog(AvailabilityTests.class));
	}

	@AfterEach
	void close() {
		this.log.close();
	}

	@Test
	void anOutageIsOneLineWhenItBeginsAndOneWhenItIsOver() {
		for (int attempt = 0; attempt < 10; attempt++) {
			this.listener.failed(OUTAGE);
			this.heartbeat.failed(OUTAGE);
		}
		assertThat(this.availability.isInterrupted()).isTrue();
		this.listener.succeeded();
		this.heartbeat.succeeded();
		assertThat(this.availability.isInterrupted()).isFalse();
		assertThat(this.log.lines()).hasSize(2);
		assertThat(this.log.lines().get(0)).startsWith("WARN PostgreSQL cannot be reached, as listener 'orders' finds: "
				+ "connection refused. All that needs it tries on");
		assertThat(this.log.lines().get(1)).startsWith("INFO PostgreSQL answers again, after 0 s")
			.endsWith("20 attempts failed");
	}

	@Test
	void aFailureWithoutAMessageIsNamedByItsClass() {
		this.listener
			.failed(new CannotGetJdbcConnectionException("no connection", new SQLTransientConnectionException()));
		assertThat(this.log.lines()).singleElement()
			.asString()
			.contains("finds: java.sql.SQLTransientConnectionException. All");
	}

	@Test
	void itIsOverWhenAllThatFailedHasSucceeded() {
		this.listener.failed(OUTAGE);
		this.heartbeat.failed(OUTAGE);
		this.listener.succeeded();
		assertThat(this.availability.isInterrupted()).isTrue();
		assertThat(this.heartbeat.isFailing()).isTrue();
		assertThat(this.listener.isFailing()).isFalse();
	}

	@Test
	void whatIsGivenUpKeepsNoOutageAlive() {
		this.listener.failed(OUTAGE);
		this.listener.close();
		assertThat(this.availability.isInterrupted()).isFalse();
	}

	@Test
	void aRefusalIsALineOfWhomItConcerns() {
		this.listener.failed(REFUSAL);
		this.listener.failed(REFUSAL);
		this.heartbeat.succeeded();
		this.listener.succeeded();
		this.listener.succeeded();
		assertThat(this.availability.isInterrupted()).isFalse();
		assertThat(this.log.lines()).containsExactly("WARN listener 'orders' failed, and tries on: permission denied",
				"INFO listener 'orders' goes on");
	}

	@Test
	void whoIsRefusedAfterAnOutageWasAnswered() {
		this.listener.failed(OUTAGE);
		this.listener.failed(REFUSAL);
		assertThat(this.availability.isInterrupted()).isFalse();
		assertThat(this.log.lines()).hasSize(3).last().asString().contains("permission denied");
	}

	@Test
	void whatIsGivenUpIsForgotten() {
		this.listener.failed(REFUSAL);
		this.listener.close();
		this.listener.succeeded();
		this.listener.failed(REFUSAL);
		assertThat(this.log.lines()).hasSize(2).allMatch((line) -> line.endsWith("permission denied"));
	}

	@Test
	void aSecondOutageIsLoggedAgain() {
		this.listener.failed(OUTAGE);
		this.listener.succeeded();
		this.listener.failed(OUTAGE);
		assertThat(this.log.lines()).hasSize(3);
	}

	@Test
	void onlyAKnownOutageExplainsAFailure() {
		assertThat(this.availability.explains(OUTAGE)).isFalse();
		this.listener.failed(OUTAGE);
		assertThat(this.availability.explains(OUTAGE)).isTrue();
		assertThat(this.availability.explains(REFUSAL)).isFalse();
	}

	@Test
	void outagesAreToldFromRefusals() {
		assertThat(Availability.isOutage(OUTAGE)).isTrue();
		assertThat(Availability.isOutage(new CannotCreateTransactionException("begin", OUTAGE))).isTrue();
		assertThat(Availability.isOutage(new DataAccessResourceFailureException("reset"))).isTrue();
		assertThat(Availability.isOutage(new IllegalStateException(new SQLException("shutdown", "57P01")))).isTrue();
		assertThat(Availability.isOutage(new IllegalStateException(new SQLException("starting up", "57P03")))).isTrue();
		assertThat(Availability.isOutage(new IllegalStateException(new SQLException("too many", "53300")))).isTrue();
		assertThat(Availability.isOutage(REFUSAL)).isFalse();
		assertThat(Availability.isOutage(new DataAccessResourceFailureException("full", new SQLException("", "53100"))))
			.isFalse();
		assertThat(Availability.isOutage(new CannotGetJdbcConnectionException("none",
				new SQLException("Interrupted during connection acquisition", new InterruptedException()))))
			.isFalse();
		assertThat(Availability.isOutage(new DuplicateKeyException("twice"))).isFalse();
		assertThat(Availability.isOutage(new IllegalStateException("a handler's own"))).isFalse();
	}

}
