package io.pgqrs.benchmarks.contender;

import java.time.Duration;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;

import com.zaxxer.hikari.HikariDataSource;
import io.pgqrs.benchmarks.Names;
import io.pgqrs.benchmarks.database.Database;
import org.jobrunr.jobs.lambdas.JobRequest;
import org.jobrunr.jobs.lambdas.JobRequestHandler;
import org.jobrunr.jobs.mappers.JobMapper;
import org.jobrunr.scheduling.JobRequestScheduler;
import org.jobrunr.server.BackgroundJobServer;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.server.JobActivator;
import org.jobrunr.server.configuration.BackgroundJobServerThreadType;
import org.jobrunr.server.configuration.DefaultBackgroundJobServerWorkerPolicy;
import org.jobrunr.storage.StorageProvider;
import org.jobrunr.storage.sql.postgres.PostgresStorageProvider;
import org.jobrunr.utils.mapper.JsonMapper;
import org.jobrunr.utils.mapper.jackson3.Jackson3JsonMapper;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * JobRunr, put together as its Spring Boot starter does it, without a dashboard: a
 * message is a job request, its number the argument. Its first poll comes up to 5 seconds
 * after its start, the shortest interval it accepts; from then on it claims whenever a
 * thread is idle.
 */
public final class JobRunr implements QueueContender {

	private static final Duration POLL_INTERVAL = Duration.ofSeconds(5);

	private static final Duration STOP_LIMIT = Duration.ofSeconds(1);

	@Override
	public String name() {
		return Names.JOBRUNR;
	}

	@Override
	public boolean worksOn(Database database) {
		return database.isPostgres();
	}

	@Override
	public JobQueue open(Database database, QueueSettings settings) {
		return new Queue(database.pool(settings.poolSize()), settings.consumers());
	}

	private static final class Queue implements JobQueue {

		// Served by the index on state. A job that failed counts: it is retried.
		private static final String DRAINED = """
				SELECT NOT EXISTS (SELECT FROM jobrunr_jobs
					WHERE state IN ('AWAITING', 'SCHEDULED', 'ENQUEUED', 'PROCESSING', 'PROCESSED', 'FAILED'))""";

		private final HikariDataSource pool;

		private final int threads;

		private final JsonMapper json = new Jackson3JsonMapper();

		private final StorageProvider storage;

		private final JobRequestScheduler scheduler;

		private @Nullable BackgroundJobServer server;

		Queue(HikariDataSource pool, int threads) {
			this.pool = pool;
			this.threads = threads;
			// Makes the tables.
			this.storage = new PostgresStorageProvider(pool);
			this.storage.setJobMapper(new JobMapper(this.json));
			this.scheduler = new JobRequestScheduler(this.storage);
		}

		@Override
		public void fill(int messages) {
			this.scheduler.enqueue(LongStream.range(0, messages).mapToObj(Message::new));
		}

		@Override
		public void enqueue(long value) {
			this.scheduler.enqueue(new Message(value));
		}

		@Override
		public void enqueueAll(List<Long> values) {
			this.scheduler.enqueue(values.stream().map(Message::new));
		}

		@Override
		public void consume(LongConsumer handler) {
			BackgroundJobServerConfiguration configuration = BackgroundJobServerConfiguration
				.usingStandardBackgroundJobServerConfiguration()
				.andPollInterval(POLL_INTERVAL)
				.andInterruptJobsAwaitDurationOnStopBackgroundJobServer(STOP_LIMIT)
				.andBackgroundJobServerWorkerPolicy(new DefaultBackgroundJobServerWorkerPolicy(this.threads,
						BackgroundJobServerThreadType.PlatformThreads));
			this.server = new BackgroundJobServer(this.storage, this.json, new HandlerActivator(handler),
					configuration);
			this.server.start();
		}

		@Override
		public boolean isDrained() {
			return JdbcClient.create(this.pool).sql(DRAINED).query(Boolean.class).single();
		}

		@Override
		public void close() {
			this.scheduler.shutdown();
			if (this.server != null) {
				this.server.stop();
			}
			this.storage.close();
			this.pool.close();
		}

	}

	/**
	 * What JobRunr writes as JSON and reads again.
	 *
	 * @param value the number of the message
	 */
	public record Message(long value) implements JobRequest {

		@Override
		public Class<Handler> getJobRequestHandler() {
			return Handler.class;
		}

	}

	/**
	 * What JobRunr calls by reflection.
	 *
	 * @param handler is handed the number of each message
	 */
	public record Handler(LongConsumer handler) implements JobRequestHandler<Message> {

		@Override
		public void run(Message message) {
			this.handler.accept(message.value());
		}

	}

	private record HandlerActivator(Handler handler) implements JobActivator {

		HandlerActivator(LongConsumer handler) {
			this(new Handler(handler));
		}

		@Override
		public <T> T activateJob(Class<T> type) {
			return type.cast(this.handler);
		}

	}

}
