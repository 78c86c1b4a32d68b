package io.pgqrs.spring.boot.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;

import io.pgqrs.Maintenance;
import io.pgqrs.Maintenance.Kind;
import io.pgqrs.PgqrsAdmin;
import io.pgqrs.PgqrsStores;
import io.pgqrs.QueueInfo;
import io.pgqrs.WorkflowQueues;
import io.pgqrs.annotation.PgqrsWorkflow;
import io.pgqrs.store.PgqrsStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Who cleans up. */
class PgqrsMaintenanceAutoConfigurationTests {

	@TempDir
	private Path directory;

	private ApplicationDatabase database;

	private ApplicationContextRunner application;

	@BeforeEach
	void createApplication() {
		this.database = ApplicationDatabase.sqlite(this.directory);
		this.application = Applications.on(this.database);
	}

	@Test
	void maintenanceRunsWithTheApplication() {
		this.application.run((context) -> {
			Maintenance maintenance = context.getBean(Maintenance.class);
			assertThat(maintenance.isRunning()).isTrue();
			context.close();
			assertThat(maintenance.isRunning()).isFalse();
		});
	}

	@Test
	void whatHasExpiredIsRemoved() {
		this.application
			.withPropertyValues("pgqrs.maintenance.interval=50ms", "pgqrs.maintenance.worker-retention=0s",
					"pgqrs.queues.emails.retention=1ms")
			.run((context) -> {
				this.database.sql().sql("""
						INSERT INTO pgqrs_archive (id, archived_at, enqueued_at, queue_id, priority, attempts, payload)
						SELECT 4711, 0, 0, id, 0, 1, '1' FROM pgqrs_queues WHERE name = 'emails'""").update();
				this.database.sql()
					.sql("""
							INSERT INTO pgqrs_workers (name, hostname, pid, version, queues, status, started_at, heartbeat_at)
							VALUES ('name', 'host', 1, '0.1', '[]', 'stopped', 0, 0)""")
					.update();
				Maintenance maintenance = context.getBean(Maintenance.class);
				await().until(() -> maintenance.removed(Kind.ARCHIVED_MESSAGES) == 1
						&& maintenance.removed(Kind.WORKERS) == 1);
			});
	}

	@Test
	void maintenanceCanBeLeftToOthers() {
		this.application.withPropertyValues("pgqrs.maintenance.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(Maintenance.class));
		this.application.withPropertyValues("pgqrs.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(Maintenance.class));
	}

	@Test
	void anOwnMaintenanceReplacesOurs() {
		this.application
			.withBean("mine", Maintenance.class,
					() -> new Maintenance(PgqrsStores.create(this.database.dataSource()), Duration.ofHours(1),
							Duration.ZERO, Duration.ZERO))
			.run((context) -> assertThat(context).hasSingleBean(Maintenance.class).hasBean("mine"));
	}

	@Test
	void aProcessThatImplementsAWorkflowSaysHowLongItsRunsAreKept() {
		this.application.withBean(Pipeline.class)
			.withPropertyValues("pgqrs.workflow.retention=10d", "pgqrs.workflow.failed-retention=20d",
					"pgqrs.workflow.overrides.imports.retention=5d")
			.run((context) -> {
				assertThat(retention(context.getBean(PgqrsAdmin.class), "pipeline"))
					.containsExactly(Duration.ofDays(10), Duration.ofDays(20));
				assertThat(retention(context.getBean(PgqrsAdmin.class), "imports")).containsExactly(Duration.ofDays(5),
						Duration.ofDays(20));
			});
		this.application.withBean(Pipeline.class).run((context) -> {
			assertThat(context).hasSingleBean(PgqrsStore.class);
			assertThat(retention(context.getBean(PgqrsAdmin.class), "imports")).containsExactly(Duration.ofDays(30),
					Duration.ofDays(30));
		});
	}

	private static Duration[] retention(PgqrsAdmin admin, String workflow) {
		QueueInfo queue = admin.queue(WorkflowQueues.of(workflow));
		return new Duration[] { queue.retention(), queue.deadLetterRetention() };
	}

	static class Pipeline {

		@PgqrsWorkflow
		void pipeline() {
		}

		@PgqrsWorkflow
		void imports() {
		}

	}

}
