package io.pgqrs.spring.boot.autoconfigure.health;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.pgqrs.QueueMetrics;
import io.pgqrs.WorkerInfo;
import io.pgqrs.listener.ContainerState;
import io.pgqrs.listener.PgqrsListenerContainer;
import io.pgqrs.spring.boot.autoconfigure.DatabaseCheck;
import io.pgqrs.spring.boot.autoconfigure.DatabaseCheck.Result;
import io.pgqrs.spring.boot.autoconfigure.LocalConsumers;
import io.pgqrs.spring.boot.autoconfigure.PgqrsSampler.Sample;
import io.pgqrs.store.SchemaStatus;
import io.pgqrs.store.SchemaStatus.State;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

class PgqrsHealthIndicatorTests {

	private static final Sample SAMPLE = new Sample(
			List.of(new QueueMetrics("emails", 10_000, 7, 3, 10_000, 10_000, Duration.ofDays(3), true),
					new QueueMetrics("idle", 0, 0, 0, 0, 0, null, false)),
			List.of(), List.of(worker("running", 4), worker("running", 2), worker("dead", 300), worker("stopped", 900)),
			System.nanoTime());

	private final DatabaseCheck database = mock();

	private final LocalConsumers consumers = mock();

	@BeforeEach
	void allIsWell() {
		given(this.database.database()).willReturn("PostgreSQL");
		givenSchema(State.CURRENT);
		given(this.consumers.wakeUp()).willReturn("listening");
		givenContainer(ContainerState.RUNNING);
	}

	@Test
	void isUpWhenAllIsWell() {
		Health health = health();
		assertThat(health.getStatus()).isEqualTo(Status.UP);
		assertThat(health.getDetails()).containsEntry("database", "PostgreSQL")
			.containsEntry("schema", Map.of("state", "CURRENT", "version", "3"))
			.containsEntry("wakeUp", "listening")
			.containsEntry("listeners", Map.of("mailer", "RUNNING"))
			.containsEntry("workers", Map.of("running", 2, "dead", 1, "oldestHeartbeatAge", "PT4S"))
			.doesNotContainKey("problems");
	}

	@Test
	void isUpWhateverThereIsToDo() {
		Health health = health();
		assertThat(health.getStatus()).isEqualTo(Status.UP);
		assertThat(health.getDetails()).containsEntry("queues",
				Map.of("emails",
						Map.of("ready", 10_000L, "delayed", 7L, "inFlight", 3L, "dead", 10_000L, "oldestReadyAge",
								"PT72H", "paused", true),
						"idle", Map.of("ready", 0L, "delayed", 0L, "inFlight", 0L, "dead", 0L, "paused", false)));
	}

	@Test
	void isDownWithoutTheDatabase() {
		given(this.database.check()).willReturn(new Result(false, null, null, "Connection refused"));
		assertIsDown("The database cannot be reached: Connection refused");
		assertThat(health().getDetails()).containsKeys("database", "wakeUp", "listeners")
			.doesNotContainKeys("schema", "queues", "workers");
	}

	@Test
	void isDownAsLongAsItHasNotStarted() {
		given(this.consumers.startupProblem()).willReturn("Queue 'emial' does not exist");
		assertIsDown("The startup of pgqrs is not done yet, and tries on: Queue 'emial' does not exist");
	}

	@Test
	void isDownIfOthersMayDeclareThisProcessDead() {
		given(this.consumers.isHeartbeatOverdue()).willReturn(true);
		assertIsDown("The heartbeat of this process is overdue: others may declare it dead");
	}

	@Test
	void isDownIfTheTablesCannotBeRead() {
		given(this.database.check())
			.willReturn(new Result(true, new SchemaStatus(State.CURRENT, "3", ""), null, "permission denied"));
		assertIsDown("The tables cannot be read: permission denied");
	}

	@ParameterizedTest
	@EnumSource(names = { "MISSING", "OLDER", "DIFFERENT" })
	void isDownIfTheTablesAreNotThoseThatItNeeds(State state) {
		givenSchema(state);
		assertIsDown("The schema is " + state + ": some detail");
	}

	@Test
	void isUpWithNewerTablesSoThatInstancesCanBeUpgradedOneByOne() {
		givenSchema(State.NEWER);
		assertThat(health().getStatus()).isEqualTo(Status.UP);
		assertThat(health().getDetails()).containsEntry("schema",
				Map.of("state", "NEWER", "version", "3", "detail", "some detail"));
	}

	@Test
	void isUpIfSomebodyElseInstalledTheTablesWithoutARecord() {
		givenSchema(State.MISSING);
		assertThat(indicator(false, Duration.ofMinutes(1)).health().getStatus()).isEqualTo(Status.UP);
	}

	@Test
	void isDownIfAContainerFailed() {
		givenContainer(ContainerState.FAILED);
		assertIsDown("Listener 'mailer' stopped because of an error");
	}

	@ParameterizedTest
	@EnumSource(names = { "PAUSED", "STOPPED" })
	void isUpIfSomebodyPausedOrStoppedAContainer(ContainerState state) {
		givenContainer(state);
		assertThat(health().getStatus()).isEqualTo(Status.UP);
		assertThat(health().getDetails()).containsEntry("listeners", Map.of("mailer", state.name()));
	}

	@ParameterizedTest
	@ValueSource(strings = { "polling", "disabled" })
	void isUpWithoutAConnectionThatListens(String wakeUp) {
		given(this.consumers.wakeUp()).willReturn(wakeUp);
		assertThat(health().getStatus()).isEqualTo(Status.UP);
		assertThat(health().getDetails()).containsEntry("wakeUp", wakeUp);
	}

	@Test
	void aContainerMayRecoverForAWhile() {
		givenContainer(ContainerState.RECOVERING);
		PgqrsHealthIndicator indicator = indicator(true, Duration.ofMinutes(1));
		assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
		assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
		assertThat(indicator.health().getDetails()).containsEntry("listeners", Map.of("mailer", "RECOVERING"));
	}

	@Test
	void isDownIfAContainerRecoversInVain() {
		givenContainer(ContainerState.RECOVERING);
		PgqrsHealthIndicator indicator = indicator(true, Duration.ZERO);
		assertThat(indicator.health().getDetails()).extractingByKey("problems", LIST)
			.first()
			.asString()
			.contains("Listener 'mailer' has not been able to consume");
	}

	@Test
	void aContainerThatRecoveredMayRecoverAgain() {
		Duration recovery = Duration.ofMillis(50);
		PgqrsHealthIndicator indicator = indicator(true, recovery);
		givenContainer(ContainerState.RECOVERING);
		assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
		givenContainer(ContainerState.RUNNING);
		Awaitility.await().pollDelay(recovery).untilAsserted(() -> indicator.health());
		givenContainer(ContainerState.RECOVERING);
		assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
	}

	private void assertIsDown(String problem) {
		Health health = health();
		assertThat(health.getStatus()).isEqualTo(Status.DOWN);
		assertThat(health.getDetails()).containsEntry("problems", List.of(problem));
	}

	private Health health() {
		return indicator(true, Duration.ofMinutes(1)).health();
	}

	private PgqrsHealthIndicator indicator(boolean schemaIsOurs, Duration recovery) {
		return new PgqrsHealthIndicator(this.database, this.consumers, schemaIsOurs, recovery);
	}

	private void givenSchema(State state) {
		given(this.database.check())
			.willReturn(new Result(true, new SchemaStatus(state, "3", "some detail"), SAMPLE, null));
	}

	private void givenContainer(ContainerState state) {
		PgqrsListenerContainer container = mock();
		given(container.getListenerId()).willReturn("mailer");
		given(container.getState()).willReturn(state);
		given(this.consumers.containers()).willReturn(List.of(container));
	}

	private static WorkerInfo worker(String status, int silence) {
		return new WorkerInfo(1, "shop-1", "host", 1, "0.1", List.of(), status, Instant.EPOCH, Instant.EPOCH,
				Duration.ofSeconds(silence));
	}

}
