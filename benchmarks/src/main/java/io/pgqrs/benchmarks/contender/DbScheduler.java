package io.pgqrs.benchmarks.contender;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import io.pgqrs.benchmarks.database.Database;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/**
 * db-scheduler: a message is a one-time task without data, its number in the name of the
 * instance. It polls every 100 ms and fetches and locks in one statement, the fastest of
 * its strategies, which it does not have on SQLite.
 */
public final class DbScheduler implements QueueContender {

	private static final Duration POLLING_INTERVAL = Duration.ofMillis(100);

	private static final Duration SHUTDOWN_MAX_WAIT = Duration.ofSeconds(1);

	private final double lower;

	private final double upper;

	/**
	 * With a tuning of its own.
	 * @param lower it fetches again when fewer messages are left for each thread
	 * @param upper how many messages it holds for each thread at the most; at least 1
	 */
	public DbScheduler(double lower, double upper) {
		this.lower = lower;
		this.upper = upper;
	}

	/** The tunings that its documentation recommends or measures. */
	public static List<DbScheduler> tunings() {
		return List.of(new DbScheduler(0.5, 1.0), new DbScheduler(1.0, 4.0), new DbScheduler(4.0, 20.0));
	}

	@Override
	public String name() {
		return String.format(Locale.ROOT, "db-scheduler %.1f/%.1f", this.lower, this.upper);
	}

	@Override
	public boolean worksOn(Database database) {
		return database.isPostgres();
	}

	@Override
	public JobQueue open(Database database, QueueSettings settings) {
		new ResourceDatabasePopulator(new ClassPathResource("db-scheduler.sql", DbScheduler.class))
			.execute(database.direct());
		return new Queue(database.pool(settings.poolSize()), settings.consumers());
	}

	private final class Queue implements JobQueue {

		// A row as the client writes it. Not measured.
		private static final String FILL = """
				INSERT INTO scheduled_tasks (task_name, task_instance, execution_time, picked, version)
				SELECT :task, n || ':', now() - interval '1 minute', false, 1
				FROM generate_series(0, :messages - 1) AS n""";

		private static final String DRAINED = "SELECT NOT EXISTS (SELECT FROM scheduled_tasks)";

		private final HikariDataSource pool;

		private final int threads;

		private final JdbcClient jdbc;

		private final OneTimeTask<Void> task;

		private final AtomicLong enqueued = new AtomicLong();

		private volatile LongConsumer handler = (value) -> {
		};

		private volatile SchedulerClient client;

		private @Nullable Scheduler scheduler;

		Queue(HikariDataSource pool, int threads) {
			this.pool = pool;
			this.threads = threads;
			this.jdbc = JdbcClient.create(pool);
			this.task = Tasks.oneTime("benchmark")
				.execute((instance, context) -> this.handler.accept(value(instance.getId())));
			this.client = SchedulerClient.Builder.create(pool, this.task).build();
		}

		@Override
		public void fill(int messages) {
			this.jdbc.sql(FILL).param("task", this.task.getName()).param("messages", messages).update();
		}

		@Override
		public void enqueue(long value) {
			this.client.scheduleIfNotExists(instance(value), Instant.now());
		}

		@Override
		public void enqueueAll(List<Long> values) {
			List<TaskInstance<?>> instances = new ArrayList<>(values.size());
			for (long value : values) {
				instances.add(instance(value));
			}
			// One JDBC batch, which the driver sends as one implicit transaction.
			this.client.scheduleBatch(instances, Instant.now());
		}

		// The same number may be enqueued twice, the same instance may not.
		private TaskInstance<Void> instance(long value) {
			return this.task.instance(value + ":" + this.enqueued.incrementAndGet());
		}

		private static long value(String instance) {
			return Long.parseLong(instance, 0, instance.indexOf(':'), 10);
		}

		@Override
		public void consume(LongConsumer handler) {
			this.handler = handler;
			Scheduler scheduler = Scheduler.create(this.pool, this.task)
				.threads(this.threads)
				.pollUsingLockAndFetch(DbScheduler.this.lower, DbScheduler.this.upper)
				.pollingInterval(POLLING_INTERVAL)
				.enableImmediateExecution()
				.shutdownMaxWait(SHUTDOWN_MAX_WAIT)
				.build();
			this.scheduler = scheduler;
			scheduler.start();
			// What the scheduler itself schedules wakes it up; a mere client does not.
			this.client = scheduler;
		}

		@Override
		public boolean isDrained() {
			return this.jdbc.sql(DRAINED).query(Boolean.class).single();
		}

		@Override
		public void close() {
			if (this.scheduler != null) {
				this.scheduler.stop();
			}
			this.pool.close();
		}

	}

}
