package io.pgqrs.spring.boot.autoconfigure.metrics;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.pgqrs.PgqrsAdmin;
import io.pgqrs.PgqrsOperations;
import io.pgqrs.spring.boot.autoconfigure.ApplicationDatabase;
import io.pgqrs.spring.boot.autoconfigure.metrics.MonitoredApplication.Orders;
import io.pgqrs.store.Claim;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.store.WorkerRecord.Registration;
import io.pgqrs.support.QueueEvents;
import io.pgqrs.workflow.WorkflowOperations;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/** Metrics of an application with the actuator and nothing more, on each backend. */
abstract class MetricsContract {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private ApplicationDatabase database;

	ApplicationContextRunner application;

	abstract ApplicationDatabase newDatabase();

	@BeforeEach
	void createDatabase() {
		this.database = newDatabase();
		this.application = MonitoredApplication.on(this.database);
	}

	@AfterEach
	void removeDatabase() {
		this.database.close();
	}

	@Test
	void observationsAreTimers() {
		this.application.run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			context.getBean(Orders.class).place("book");
			await(() -> assertThat(count(registry, "pgqrs.workflow.run", "workflow", "shipping", "status", "success"))
				.isEqualTo(1));
			await(() -> assertThat(count(registry, "pgqrs.workflow.execution", "workflow", "shipping", "outcome",
					"success", "error", "none"))
				.isEqualTo(1));
			assertThat(count(registry, "pgqrs.enqueue", "queue", "orders", "error", "none")).isEqualTo(1);
			assertThat(count(registry, "pgqrs.enqueue", "queue", "workflow:shipping", "error", "none")).isEqualTo(1);
			assertThat(count(registry, "pgqrs.handle", "queue", "orders", "listener", "desk", "error", "none"))
				.isEqualTo(1);
			assertThat(count(registry, "pgqrs.workflow.execution", "workflow", "shipping", "outcome", "suspended",
					"error", "none"))
				.isEqualTo(1);
			assertThat(count(registry, "pgqrs.workflow.step", "workflow", "shipping", "outcome", "success", "error",
					"none"))
				.isEqualTo(2);
			assertThat(count(registry, "pgqrs.delivery.delay", "queue", "orders")).isEqualTo(1);
			assertThat(count(registry, "pgqrs.delivery.delay", "queue", "workflow:shipping")).isEqualTo(2);
			assertThat(registry.get("pgqrs.workflow.run").timer().totalTime(TimeUnit.MILLISECONDS))
				.isGreaterThanOrEqualTo(50);
		});
	}

	@Test
	void retriesAndDeadLettersAreCounted() {
		this.application.run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			context.getBean(Orders.class).place("fail");
			await(() -> assertThat(counter(registry, "pgqrs.messages.dead.lettered", "orders")).isEqualTo(1));
			await(() -> assertThat(count(registry, "pgqrs.handle", "queue", "orders", "listener", "desk", "error",
					"IllegalStateException"))
				.isEqualTo(2));
			assertThat(counter(registry, "pgqrs.messages.retried", "orders")).isEqualTo(1);
			assertThat(counter(registry, "pgqrs.leases.lost", "orders")).isZero();
			await(() -> assertThat(messages(registry, "orders", "dead")).isEqualTo(1));
		});
	}

	@Test
	void aLostLeaseIsCounted() {
		this.application.run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			Orders orders = context.getBean(Orders.class);
			orders.place("wait");
			await(() -> assertThat(orders.waiting).isNotEmpty());
			context.getBean(PgqrsAdmin.class).purgeQueue("orders");
			orders.goOn.release();
			await(() -> assertThat(counter(registry, "pgqrs.leases.lost", "orders")).isEqualTo(1));
		});
	}

	@Test
	void whatADeadWorkerHeldIsCounted() {
		this.application.withPropertyValues("pgqrs.worker.heartbeat-interval=100ms", "pgqrs.worker.dead-after=300ms")
			.run((context) -> {
				MeterRegistry registry = context.getBean(MeterRegistry.class);
				PgqrsStore store = context.getBean(PgqrsStore.class);
				long dead = store.workers()
					.register(new Registration("dead", "elsewhere", 1, "any", List.of("orders"), Duration.ofMillis(1)));
				context.getBean(PgqrsOperations.class).enqueue("elsewhere", "x");
				store.messages()
					.claimer("elsewhere")
					.claim(new Claim(1, dead, Duration.ofHours(1), null, true, true, true));
				await(() -> assertThat(counter(registry, "pgqrs.messages.reclaimed", "elsewhere")).isEqualTo(1));
				await(() -> assertThat(gauge(registry, "pgqrs.workers", "status", "dead")).isEqualTo(1));
				assertThat(gauge(registry, "pgqrs.workers", "status", "running")).isEqualTo(1);
			});
	}

	@Test
	void claimsAreCountedByTheirTriggerAndThoseThatFailToo() {
		this.application.run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			await(() -> assertThat(claims(registry, "poll", "empty")).isPositive());
			context.getBean(Orders.class).place("book");
			await(() -> assertThat(claims(registry, "wake-up", "found") + claims(registry, "poll", "found"))
				.isPositive());
			assertThat(counter(registry, "pgqrs.claim.errors", "orders")).isZero();
			breakQueue();
			await(() -> assertThat(counter(registry, "pgqrs.claim.errors", "orders")).isPositive());
			mendQueue();
		});
	}

	@Test
	void whatMaintenanceRemovesIsCounted() {
		this.application
			.withPropertyValues("pgqrs.maintenance.interval=50ms", "pgqrs.queues.orders.retention=1ms",
					"pgqrs.queues.orders.dead-letter-retention=1d")
			.run((context) -> {
				MeterRegistry registry = context.getBean(MeterRegistry.class);
				context.getBean(Orders.class).place("book");
				await(() -> assertThat(removed(registry, "archived-messages")).isEqualTo(1));
				for (String kind : List.of("dead-letters", "runs", "workers")) {
					assertThat(removed(registry, kind)).isZero();
				}
			});
	}

	@Test
	void nothingIsRemovedWithoutMaintenance() {
		this.application.withPropertyValues("pgqrs.maintenance.enabled=false").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(MeterRegistry.class).find("pgqrs.maintenance.removed").functionCounter())
				.isNull();
		});
	}

	@Test
	void gaugesShowWhatTheDatabaseHolds() {
		this.application.run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			PgqrsOperations pgqrs = context.getBean(PgqrsOperations.class);
			PgqrsAdmin admin = context.getBean(PgqrsAdmin.class);
			pgqrs.enqueueAll("reports", List.of(1, 2, 3));
			pgqrs.enqueue().message(4).to("reports").delay(Duration.ofHours(1)).send();
			pgqrs.dequeue("reports", 1);
			pgqrs.archive(pgqrs.dequeue("reports", 1).get(0));
			admin.pauseQueue("reports");
			await(() -> assertThat(gauge(registry, "pgqrs.queue.paused", "queue", "reports")).isEqualTo(1));
			assertThat(messages(registry, "reports", "ready")).isEqualTo(1);
			assertThat(messages(registry, "reports", "delayed")).isEqualTo(1);
			assertThat(messages(registry, "reports", "in-flight")).isEqualTo(1);
			assertThat(messages(registry, "reports", "archived")).isEqualTo(1);
			assertThat(messages(registry, "reports", "dead")).isZero();
			await(() -> assertThat(gauge(registry, "pgqrs.queue.oldest.ready.age", "queue", "reports")).isBetween(0.1,
					20.0));
			assertThat(gauge(registry, "pgqrs.queue.paused", "queue", "orders")).isZero();
			context.getBean(WorkflowOperations.class).start("shipping").delay(Duration.ofHours(1)).send();
			await(() -> assertThat(gauge(registry, "pgqrs.workflow.runs", "workflow", "shipping", "status", "queued"))
				.isEqualTo(1));
			assertThat(gauge(registry, "pgqrs.workflow.runs", "workflow", "shipping", "status", "success")).isZero();
		});
	}

	@Test
	void gaugesOfAQueueGoWithTheQueue() {
		this.application.run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			PgqrsAdmin admin = context.getBean(PgqrsAdmin.class);
			admin.createQueue("passing");
			await(() -> assertThat(messages(registry, "passing", "ready")).isZero());
			admin.deleteQueue("passing");
			await(() -> assertThat(registry.find("pgqrs.queue.messages").tag("queue", "passing").gauges()).isEmpty());
		});
	}

	@Test
	void gaugesShowNothingThatIsTooOld() {
		this.application.run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			await(() -> assertThat(messages(registry, "orders", "ready")).isZero());
			breakQueue();
			await(() -> assertThat(messages(registry, "orders", "ready")).isNaN());
			assertThat(gauge(registry, "pgqrs.workers", "status", "running")).isNaN();
			mendQueue();
			await(() -> assertThat(messages(registry, "orders", "ready")).isZero());
		});
	}

	@Test
	void aFloodOfQueuesGetsNoMetrics() {
		this.application.withPropertyValues("pgqrs.metrics.max-queues=3").run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			PgqrsOperations pgqrs = context.getBean(PgqrsOperations.class);
			for (int i = 0; i < 20; i++) {
				pgqrs.enqueue("flood-" + i, "x");
			}
			await(() -> assertThat(registry.find("pgqrs.queue.messages").gauges()).isNotEmpty());
			assertThat(registry.getMeters()
				.stream()
				.map(Meter::getId)
				.filter((id) -> id.getName().startsWith("pgqrs."))
				.map((id) -> id.getTag("queue"))
				.filter(Objects::nonNull)
				.distinct()).hasSize(3);
		});
	}

	@Test
	void tagsOfAMeterAreAlwaysTheSame() {
		this.application.run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			context.getBean(Orders.class).place("book");
			context.getBean(Orders.class).place("fail");
			await(() -> assertThat(counter(registry, "pgqrs.messages.dead.lettered", "orders")).isEqualTo(1));
			await(() -> assertThat(registry.find("pgqrs.workflow.run").timer()).isNotNull());
			assertThat(
					registry.getMeters()
						.stream()
						.map(Meter::getId)
						.filter((id) -> id.getName().startsWith("pgqrs."))
						.collect(Collectors.groupingBy(Meter.Id::getName,
								Collectors.mapping((id) -> id.getTags().stream().map(Tag::getKey).toList(),
										Collectors.toSet()))))
				.allSatisfy((name, keys) -> assertThat(keys).as(name).hasSize(1));
		});
	}

	@Test
	void histogramsComeFromThePropertiesOfBoot() {
		this.application
			.withPropertyValues("management.metrics.distribution.slo.pgqrs.handle=100ms",
					"management.metrics.distribution.percentiles.pgqrs.delivery.delay=0.95")
			.run((context) -> {
				MeterRegistry registry = context.getBean(MeterRegistry.class);
				context.getBean(Orders.class).place("book");
				await(() -> assertThat(registry.find("pgqrs.handle").timer()).isNotNull());
				assertThat(registry.get("pgqrs.handle").timer().takeSnapshot().histogramCounts()).isNotEmpty();
				assertThat(registry.get("pgqrs.delivery.delay").timer().takeSnapshot().percentileValues()).hasSize(1);
			});
	}

	@Test
	void metricsCanBeSwitchedOff() {
		this.application.withPropertyValues("pgqrs.metrics.enabled=false", "management.observations.enable.pgqrs=false")
			.run((context) -> {
				MeterRegistry registry = context.getBean(MeterRegistry.class);
				context.getBean(Orders.class).place("book");
				PgqrsAdmin admin = context.getBean(PgqrsAdmin.class);
				await(() -> assertThat(admin.metrics("orders").archived()).isEqualTo(1));
				assertThat(registry.getMeters()).extracting((meter) -> meter.getId().getName())
					.noneMatch((name) -> name.startsWith("pgqrs."));
				assertThat(context).doesNotHaveBean(QueueEvents.class).doesNotHaveBean(PgqrsGauges.class);
			});
	}

	/** Neither claims nor counts work. */
	private void breakQueue() {
		this.database.sql().sql("ALTER TABLE " + schema() + "pgqrs_messages RENAME COLUMN priority TO hidden").update();
	}

	private void mendQueue() {
		this.database.sql().sql("ALTER TABLE " + schema() + "pgqrs_messages RENAME COLUMN hidden TO priority").update();
	}

	/** Where the tables are, with a dot. */
	abstract String schema();

	private static double claims(MeterRegistry registry, String trigger, String outcome) {
		return registry.get("pgqrs.claims")
			.tags("queue", "orders", "trigger", trigger, "outcome", outcome)
			.counter()
			.count();
	}

	private static double removed(MeterRegistry registry, String kind) {
		return registry.get("pgqrs.maintenance.removed").tags("kind", kind).functionCounter().count();
	}

	private static double counter(MeterRegistry registry, String name, String queue) {
		return registry.get(name).tags("queue", queue).counter().count();
	}

	private static double messages(MeterRegistry registry, String queue, String state) {
		return gauge(registry, "pgqrs.queue.messages", "queue", queue, "state", state);
	}

	private static double gauge(MeterRegistry registry, String name, String... tags) {
		Gauge gauge = registry.get(name).tags(tags).gauge();
		return gauge.value();
	}

	private static long count(MeterRegistry registry, String name, String... tags) {
		Timer timer = registry.get(name).tags(tags).timer();
		return timer.count();
	}

	private static void await(ThrowingRunnable assertion) {
		Awaitility.await().atMost(PATIENCE).ignoreExceptions().untilAsserted(assertion);
	}

}
