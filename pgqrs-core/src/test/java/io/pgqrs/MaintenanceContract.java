package io.pgqrs;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.pgqrs.Maintenance.Kind;
import io.pgqrs.store.Claim;
import io.pgqrs.store.ClaimedMessage;
import io.pgqrs.store.Enqueue;
import io.pgqrs.store.Lease;
import io.pgqrs.store.MessageStore.Death;
import io.pgqrs.store.NewRun;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.store.RunEnd;
import io.pgqrs.store.RunRecord;
import io.pgqrs.store.StepKind;
import io.pgqrs.store.StepOutcome;
import io.pgqrs.store.WorkerRecord.Registration;
import io.pgqrs.test.LogLines;
import io.pgqrs.test.StatementLog;
import io.pgqrs.test.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What one process does for all. */
abstract class MaintenanceContract {

	private static final Duration INTERVAL = Duration.ofMinutes(1);

	private static final Duration DAY = Duration.ofDays(1);

	private static final Duration A_BIT = Duration.ofSeconds(1);

	private final StatementLog log = new StatementLog();

	TestDatabase database;

	PgqrsStore store;

	private PgqrsAdmin admin;

	private Maintenance maintenance;

	protected abstract TestDatabase open(UnaryOperator<DataSource> decorator);

	@BeforeEach
	void openDatabase() {
		this.database = open(this.log::wrap);
		this.store = this.database.store();
		this.admin = new PgqrsAdmin(this.store,
				new QueueCatalog(this.store.queues(), QueueNotFoundStrategy.FAIL, List.of()),
				new WakeUps(this.store.wakeUps()));
		this.admin.createQueue(QueueDefinition.named("jobs").retention(DAY).deadLetterRetention(DAY.multipliedBy(2)));
		this.maintenance = maintenance(this.store, DAY);
	}

	@AfterEach
	void closeDatabase() {
		this.database.close();
	}

	static Maintenance maintenance(PgqrsStore store, Duration transactionWarning) {
		return new Maintenance(store, INTERVAL, transactionWarning, DAY);
	}

	@Test
	void whatHasExpiredIsRemovedByTheRetentionOfItsQueueOrWorkflow() {
		this.admin.createQueue(QueueDefinition.named("kept").retention(DAY.multipliedBy(9)));
		this.admin.createQueue(QueueDefinition.named("workflow:short").retention(DAY));
		archive("jobs", 3);
		archive("kept", 1);
		kill("jobs", 2);
		endRun("short", RunRecord.SUCCESS);
		endRun("short", RunRecord.ERROR);
		stopWorker();
		this.database.elapse(DAY.plus(A_BIT));
		archive("jobs", 1);
		enqueue("jobs", 1);
		this.maintenance.runOnce();
		assertThat(Stream.of(Kind.values()).map(this.maintenance::removed)).containsExactly(3L, 0L, 1L, 1L);
		assertThat(this.admin.metrics("jobs").archived()).isEqualTo(1);
		assertThat(this.admin.metrics("jobs").ready()).isEqualTo(1);
		assertThat(this.admin.metrics("jobs").dead()).isEqualTo(2);
		assertThat(this.admin.metrics("kept").archived()).isEqualTo(1);
		this.database.elapse(DAY);
		this.maintenance.runOnce();
		assertThat(Stream.of(Kind.values()).map(this.maintenance::removed)).containsExactly(4L, 2L, 1L, 1L);
	}

	@Test
	void aRunIsRemovedWithItsStepsAndSignals() {
		this.admin.createQueue(QueueDefinition.named("workflow:short").retention(DAY));
		long run = endRun("short", RunRecord.SUCCESS);
		assertThat(this.store.runs().steps(run)).hasSize(1);
		this.database.elapse(DAY.plus(A_BIT));
		this.maintenance.runOnce();
		assertThat(this.store.runs().find(run)).isNull();
		for (String table : List.of("pgqrs_workflow_steps", "pgqrs_workflow_signals")) {
			assertThat(this.database.sql("SELECT count(*) FROM " + table).query(Long.class).single()).isZero();
		}
	}

	@Test
	void oneOfSeveralProcessesDoesItInEachInterval() {
		Maintenance another = maintenance(this.database.anotherStore(), DAY);
		for (int interval = 1; interval <= 5; interval++) {
			archive("jobs", 10);
			this.database.elapse(DAY.plus(A_BIT));
			long mine = this.maintenance.removed(Kind.ARCHIVED_MESSAGES);
			CompletableFuture
				.allOf(CompletableFuture.runAsync(this.maintenance::runOnce),
						CompletableFuture.runAsync(another::runOnce))
				.join();
			assertThat(this.maintenance.removed(Kind.ARCHIVED_MESSAGES) - mine).isIn(0L, 10L);
			assertThat(this.maintenance.removed(Kind.ARCHIVED_MESSAGES) + another.removed(Kind.ARCHIVED_MESSAGES))
				.isEqualTo(interval * 10);
			this.log.clear();
			this.maintenance.runOnce();
			assertThat(this.log.statements()).noneMatch((sql) -> sql.contains("DELETE"));
		}
	}

	@Test
	void muchIsRemovedInBatchesAndInTurns() {
		archive("jobs", 2 * RetentionTask.BATCH + 500);
		kill("jobs", RetentionTask.BATCH + 1);
		this.database.elapse(DAY.multipliedBy(3));
		this.log.clear();
		this.maintenance.runOnce();
		assertThat(this.maintenance.removed(Kind.ARCHIVED_MESSAGES)).isEqualTo(2 * RetentionTask.BATCH + 500);
		assertThat(this.maintenance.removed(Kind.DEAD_LETTERS)).isEqualTo(RetentionTask.BATCH + 1);
		List<String> deletions = this.log.statements()
			.stream()
			.filter((sql) -> sql.contains("DELETE"))
			.map((sql) -> sql.contains("archive WHERE") ? "archive" : sql.contains("dead_letters WHERE") ? "dead" : "")
			.filter((table) -> !table.isEmpty())
			.toList();
		assertThat(deletions).containsExactly("archive", "dead", "archive", "dead", "archive");
	}

	@Test
	void whatCannotBeRemovedKeepsNothingFromTheRestAndIsLoggedOnce() {
		kill("jobs", 1);
		this.database.elapse(DAY.multipliedBy(3));
		this.database.sql("ALTER TABLE pgqrs_archive RENAME TO mislaid").update();
		try (LogLines lines = new LogLines()) {
			for (int interval = 0; interval < 3; interval++) {
				this.maintenance.runOnce();
				this.database.sql("DELETE FROM pgqrs_maintenance").update();
			}
			assertThat(this.maintenance.removed(Kind.DEAD_LETTERS)).isEqualTo(1);
			assertThat(lines.lines()).singleElement()
				.asString()
				.startsWith("WARN the removal of expired archived messages failed");
		}
	}

	@Test
	void itBeginsByItselfAndEndsWhenItIsStopped() {
		Maintenance own = new Maintenance(this.store, Duration.ofMillis(50), DAY, DAY);
		archive("jobs", 5);
		this.database.elapse(DAY.plus(A_BIT));
		own.start();
		assertThat(own.isRunning()).isTrue();
		await().untilAsserted(() -> assertThat(own.removed(Kind.ARCHIVED_MESSAGES)).isEqualTo(5));
		own.stop();
		assertThat(own.isRunning()).isFalse();
		archive("jobs", 5);
		this.database.elapse(DAY.plus(A_BIT));
		own.runOnce();
		assertThat(own.removed(Kind.ARCHIVED_MESSAGES)).isEqualTo(5);
	}

	@Test
	void anAdminRemovesAllAtOnce() {
		this.admin.createQueue(QueueDefinition.named("workflow:short").retention(DAY));
		archive("jobs", RetentionTask.BATCH + 1);
		kill("jobs", 2);
		endRun("short", RunRecord.SUCCESS);
		assertThat(this.admin.removeExpired()).isZero();
		this.database.elapse(DAY.multipliedBy(3));
		assertThat(this.admin.removeExpired()).isEqualTo(RetentionTask.BATCH + 4);
	}

	@Test
	void queuesOfWorkflowsKeepRunsForAMonthUnlessToldOtherwise() {
		QueueCatalog catalog = new QueueCatalog(this.store.queues(), QueueNotFoundStrategy.CREATE, List.of());
		catalog.create("workflow:plain");
		assertThat(this.admin.queue("workflow:plain").retention()).isEqualTo(Duration.ofDays(30));
		assertThat(this.admin.queue("workflow:plain").deadLetterRetention()).isEqualTo(Duration.ofDays(30));
	}

	@Test
	void aQueueThatIsDeclaredIsSavedWhenAConsumerOpensIt() {
		this.admin.createQueue("workflow:declared");
		this.admin.pauseQueue("workflow:declared");
		QueueCatalog catalog = new QueueCatalog(this.store.queues(), QueueNotFoundStrategy.CREATE, List.of());
		assertThat(catalog.get("workflow:declared").retention()).isEqualTo(Duration.ofDays(30));
		catalog.declare(QueueDefinition.named("workflow:declared").retention(DAY));
		assertThat(catalog.get("workflow:declared").retention()).isEqualTo(Duration.ofDays(30));
		QueueInfo queue = catalog.open("workflow:declared");
		assertThat(queue.retention()).isEqualTo(DAY);
		assertThat(queue.paused()).isTrue();
		assertThat(catalog.get("workflow:declared").retention()).isEqualTo(DAY);
	}

	List<Long> enqueue(String queue, int count) {
		List<String> payloads = IntStream.range(0, count).mapToObj(Integer::toString).toList();
		return this.store.messages().enqueue(new Enqueue(queue, payloads, null, 0, null, null, null));
	}

	private List<Lease> claim(String queue, int count) {
		List<Long> ids = enqueue(queue, count);
		List<Lease> leases = this.store.messages()
			.claimer(queue)
			.claim(new Claim(Integer.MAX_VALUE, Claim.NO_WORKER, null, null))
			.messages()
			.stream()
			.map(ClaimedMessage::lease)
			.filter((lease) -> ids.contains(lease.messageId()))
			.toList();
		assertThat(leases).hasSize(count);
		return leases;
	}

	private void archive(String queue, int count) {
		this.store.messages().complete(claim(queue, count), true);
	}

	private void kill(String queue, int count) {
		this.store.messages().deadLetter(claim(queue, count).stream().map((lease) -> new Death(lease, "{}")).toList());
	}

	private long endRun(String workflow, String status) {
		long id = Objects
			.requireNonNull(this.store.runs()
				.start(new NewRun(workflow, WorkflowQueues.of(workflow), null, null, 0, null, null, null, DAY)))
			.id();
		Lease lease = new Lease(id, 1);
		this.store.steps()
			.record(lease,
					new StepOutcome("step", StepKind.STEP, RunRecord.SUCCESS, 1, "1", null, Duration.ZERO, null));
		this.store.runs().signal(id, "signal", null);
		this.store.steps().finish(List.of(new RunEnd(lease, status, null, null)));
		return id;
	}

	private void stopWorker() {
		this.store.workers()
			.stopped(this.store.workers()
				.register(new Registration("name", "host", 1, "0.1", List.of(), Duration.ofSeconds(30))));
	}

}
