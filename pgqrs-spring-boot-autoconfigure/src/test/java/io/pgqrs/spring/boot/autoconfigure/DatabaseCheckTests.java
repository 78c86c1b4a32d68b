package io.pgqrs.spring.boot.autoconfigure;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

import javax.sql.DataSource;

import io.pgqrs.spring.boot.autoconfigure.DatabaseCheck.Result;
import io.pgqrs.spring.boot.autoconfigure.PgqrsSampler.Sample;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.store.SchemaStatus;
import io.pgqrs.store.SchemaStatus.State;
import io.pgqrs.store.SchemaStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.dao.DataRetrievalFailureException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;

class DatabaseCheckTests {

	private final PgqrsStore store = mock();

	private final DataSource dataSource = mock();

	private final Connection connection = mock();

	private final SchemaStore schema = mock();

	private final PgqrsSampler sampler = mock();

	private final Sample sample = new Sample(List.of(), List.of(), List.of(), System.nanoTime());

	@BeforeEach
	void aDatabaseThatAnswers() throws SQLException {
		given(this.store.dataSource()).willReturn(this.dataSource);
		given(this.dataSource.getConnection()).willReturn(this.connection);
		given(this.connection.isValid(anyInt())).willReturn(true);
		given(this.store.schema()).willReturn(this.schema);
		given(this.schema.status()).willReturn(new SchemaStatus(State.CURRENT, "3", ""));
		given(this.sampler.sample()).willReturn(this.sample);
	}

	@Test
	void findsOutAll() throws SQLException {
		Result result = check().check();
		assertThat(result.reachable()).isTrue();
		assertThat(result.schema()).isNotNull().extracting(SchemaStatus::state).isEqualTo(State.CURRENT);
		assertThat(result.sample()).isSameAs(this.sample);
		assertThat(result.error()).isNull();
		then(this.connection).should().close();
	}

	@Test
	void aDatabaseWithoutConnectionsIsNotReachable() throws SQLException {
		given(this.dataSource.getConnection()).willThrow(new SQLException("Connection refused"));
		assertThat(check().check()).isEqualTo(new Result(false, null, null, "Connection refused"));
	}

	@Test
	void aConnectionThatDoesNotWorkIsAsGoodAsNone() throws SQLException {
		given(this.connection.isValid(anyInt())).willReturn(false);
		assertThat(check().check().reachable()).isFalse();
		then(this.connection).should().close();
	}

	@Test
	void waitsNoLongerThanToldAndAsksOnlyOnceAtATime() throws SQLException, InterruptedException {
		CountDownLatch outage = new CountDownLatch(1);
		given(this.dataSource.getConnection()).will((invocation) -> {
			outage.await();
			return this.connection;
		});
		DatabaseCheck check = new DatabaseCheck(this.store, this.sampler, Duration.ofMillis(20));
		Result noAnswer = Result.unreachable("no answer within PT0.02S");
		assertThat(check.check()).isEqualTo(noAnswer);
		assertThat(check.check()).isEqualTo(noAnswer);
		then(this.dataSource).should(times(1)).getConnection();
		outage.countDown();
		assertThat(check().check().reachable()).isTrue();
	}

	@Test
	void aCheckThatHangsForAMinuteIsReplaced() throws SQLException {
		CountDownLatch outage = new CountDownLatch(1);
		given(this.dataSource.getConnection()).will((invocation) -> {
			outage.await();
			return this.connection;
		}).willReturn(this.connection);
		AtomicLong nanoTime = new AtomicLong();
		DatabaseCheck check = new DatabaseCheck(this.store, this.sampler, Duration.ofMillis(500), nanoTime::get);
		assertThat(check.check().reachable()).isFalse();
		nanoTime.addAndGet(Duration.ofMinutes(1).toNanos());
		assertThat(check.check().reachable()).isFalse();
		then(this.dataSource).should(times(1)).getConnection();
		nanoTime.addAndGet(1);
		assertThat(check.check().reachable()).isTrue();
		outage.countDown();
	}

	@Test
	void whatTheDatabaseRefusesIsNoOutage() {
		given(this.sampler.sample()).willThrow(new DataRetrievalFailureException("permission denied"));
		Result result = check().check();
		assertThat(result.reachable()).isTrue();
		assertThat(result.sample()).isNull();
		assertThat(result.error()).isEqualTo("permission denied");
		assertThat(result.schema()).isNotNull();
	}

	@Test
	void aSchemaThatFitsIsNotLookedAtEachTime() {
		DatabaseCheck check = check();
		check.check();
		check.check();
		then(this.schema).should(times(1)).status();
	}

	@Test
	void aSchemaThatFitsIsComparedAgainOnlyIfItsVersionChanges() {
		given(this.schema.installedVersion()).willReturn("3", "3", "4");
		given(this.schema.status()).willReturn(new SchemaStatus(State.CURRENT, "3", ""),
				new SchemaStatus(State.NEWER, "4", "knows 3"));
		AtomicLong nanoTime = new AtomicLong();
		DatabaseCheck check = new DatabaseCheck(this.store, this.sampler, Duration.ofSeconds(20), nanoTime::get);
		for (int look = 0; look < 6; look++) {
			assertThat(check.check().schema()).isNotNull().extracting(SchemaStatus::state).isEqualTo(State.CURRENT);
			nanoTime.addAndGet(Duration.ofSeconds(30).toNanos());
		}
		then(this.schema).should(times(1)).status();
		then(this.schema).should(times(2)).installedVersion();
		assertThat(check.check().schema()).isNotNull().extracting(SchemaStatus::state).isEqualTo(State.NEWER);
	}

	@Test
	void aSchemaWhoseVersionCannotBeReadIsComparedAgain() {
		AtomicLong nanoTime = new AtomicLong();
		DatabaseCheck check = new DatabaseCheck(this.store, this.sampler, Duration.ofSeconds(20), nanoTime::get);
		check.check();
		nanoTime.addAndGet(Duration.ofMinutes(1).toNanos());
		check.check();
		then(this.schema).should(times(2)).status();
	}

	@Test
	void aSchemaThatDoesNotFitIsLookedAtUntilItDoes() {
		given(this.schema.status()).willReturn(new SchemaStatus(State.OLDER, "2", "needs 3"))
			.willReturn(new SchemaStatus(State.CURRENT, "3", ""));
		DatabaseCheck check = check();
		assertThat(check.check().schema()).isNotNull().extracting(SchemaStatus::state).isEqualTo(State.OLDER);
		assertThat(check.check().schema()).isNotNull().extracting(SchemaStatus::state).isEqualTo(State.CURRENT);
	}

	private DatabaseCheck check() {
		return new DatabaseCheck(this.store, this.sampler, Duration.ofSeconds(20));
	}

}
