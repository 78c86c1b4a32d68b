package io.pgqrs.spring.boot.autoconfigure;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import io.pgqrs.OnSuccess;
import io.pgqrs.PgqrsStores;
import io.pgqrs.QueueNotFoundStrategy;
import io.pgqrs.StartupFailurePolicy;
import io.pgqrs.listener.AckMode;
import io.pgqrs.listener.PgqrsListenerContainer;
import io.pgqrs.store.sqlite.SqliteOptions.Synchronous;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.util.unit.DataSize;

/**
 * Configuration properties of pgqrs.
 *
 * @since 0.1
 */
@ConfigurationProperties("pgqrs")
public class PgqrsProperties {

	/**
	 * Whether to configure pgqrs.
	 */
	private boolean enabled = true;

	/**
	 * Largest payload that is accepted, as JSON in UTF-8.
	 */
	private DataSize maxPayloadSize = DataSize.ofMegabytes(1);

	/**
	 * What to do about a queue that is used but does not exist.
	 */
	private QueueNotFoundStrategy queueNotFoundStrategy = QueueNotFoundStrategy.CREATE;

	/**
	 * What to do if the database cannot be reached when the application starts.
	 */
	private StartupFailurePolicy startupFailurePolicy = StartupFailurePolicy.FAIL;

	/**
	 * Queues by name. They are created at startup, and those that exist get these
	 * settings. What is not set gets its default. Names with other characters than
	 * lower-case letters, digits and dashes are written in brackets, as in
	 * 'pgqrs.queues[Order.created].max-attempts'.
	 */
	private final Map<String, Queue> queues = new LinkedHashMap<>();

	private final Schema schema = new Schema();

	private final Listener listener = new Listener();

	private final Workflow workflow = new Workflow();

	private final Worker worker = new Worker();

	private final WakeUp wakeUp = new WakeUp();

	private final Sqlite sqlite = new Sqlite();

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

	public DataSize getMaxPayloadSize() {
		return this.maxPayloadSize;
	}

	public void setMaxPayloadSize(DataSize maxPayloadSize) {
		this.maxPayloadSize = maxPayloadSize;
	}

	public QueueNotFoundStrategy getQueueNotFoundStrategy() {
		return this.queueNotFoundStrategy;
	}

	public void setQueueNotFoundStrategy(QueueNotFoundStrategy queueNotFoundStrategy) {
		this.queueNotFoundStrategy = queueNotFoundStrategy;
	}

	public StartupFailurePolicy getStartupFailurePolicy() {
		return this.startupFailurePolicy;
	}

	public void setStartupFailurePolicy(StartupFailurePolicy startupFailurePolicy) {
		this.startupFailurePolicy = startupFailurePolicy;
	}

	public Map<String, Queue> getQueues() {
		return this.queues;
	}

	public Schema getSchema() {
		return this.schema;
	}

	public Listener getListener() {
		return this.listener;
	}

	public Workflow getWorkflow() {
		return this.workflow;
	}

	public Worker getWorker() {
		return this.worker;
	}

	public WakeUp getWakeUp() {
		return this.wakeUp;
	}

	public Sqlite getSqlite() {
		return this.sqlite;
	}

	/** The tables in the database. */
	public static class Schema {

		/**
		 * What to do about the tables at startup.
		 */
		private Mode mode = Mode.MIGRATE;

		/**
		 * Schema that holds the tables on PostgreSQL, created if need be.
		 */
		private String name = PgqrsStores.DEFAULT_SCHEMA;

		public Mode getMode() {
			return this.mode;
		}

		public void setMode(Mode mode) {
			this.mode = mode;
		}

		public String getName() {
			return this.name;
		}

		public void setName(String name) {
			this.name = name;
		}

		/** What to do about the tables at startup. */
		public enum Mode {

			/** Create them, or bring them up to the version of this library. */
			MIGRATE,

			/** Refuse to start if they are not those that this library needs. */
			VALIDATE,

			/** Nothing. */
			NONE

		}

	}

	/** A queue. */
	// The values of a map have no metadata otherwise.
	@ConfigurationPropertiesSource
	public static class Queue {

		/**
		 * How long a lease lasts, unless a consumer asks for another time.
		 */
		private Duration visibilityTimeout = Duration.ofSeconds(30);

		/**
		 * How often a message is delivered before it becomes a dead letter.
		 */
		private int maxAttempts = 5;

		private final Backoff backoff = new Backoff();

		/**
		 * What becomes of a handled message.
		 */
		private OnSuccess onSuccess = OnSuccess.ARCHIVE;

		/**
		 * How long the archive keeps a handled message.
		 */
		private Duration retention = Duration.ofDays(7);

		/**
		 * How long dead letters are kept.
		 */
		private Duration deadLetterRetention = Duration.ofDays(30);

		public Duration getVisibilityTimeout() {
			return this.visibilityTimeout;
		}

		public void setVisibilityTimeout(Duration visibilityTimeout) {
			this.visibilityTimeout = visibilityTimeout;
		}

		public int getMaxAttempts() {
			return this.maxAttempts;
		}

		public void setMaxAttempts(int maxAttempts) {
			this.maxAttempts = maxAttempts;
		}

		public Backoff getBackoff() {
			return this.backoff;
		}

		public OnSuccess getOnSuccess() {
			return this.onSuccess;
		}

		public void setOnSuccess(OnSuccess onSuccess) {
			this.onSuccess = onSuccess;
		}

		public Duration getRetention() {
			return this.retention;
		}

		public void setRetention(Duration retention) {
			this.retention = retention;
		}

		public Duration getDeadLetterRetention() {
			return this.deadLetterRetention;
		}

		public void setDeadLetterRetention(Duration deadLetterRetention) {
			this.deadLetterRetention = deadLetterRetention;
		}

		/** The delay between attempts, spread by a fifth at random. */
		public static class Backoff {

			/**
			 * Delay after the first failure.
			 */
			private Duration initial = Duration.ofSeconds(1);

			/**
			 * Growth of the delay from failure to failure.
			 */
			private double multiplier = 2;

			/**
			 * Longest delay.
			 */
			private Duration max = Duration.ofMinutes(5);

			public Duration getInitial() {
				return this.initial;
			}

			public void setInitial(Duration initial) {
				this.initial = initial;
			}

			public double getMultiplier() {
				return this.multiplier;
			}

			public void setMultiplier(double multiplier) {
				this.multiplier = multiplier;
			}

			public Duration getMax() {
				return this.max;
			}

			public void setMax(Duration max) {
				this.max = max;
			}

		}

	}

	/** Listener containers, unless the annotation of a listener says otherwise. */
	public static class Listener {

		/**
		 * Whether to start containers with the application context, unless their listener
		 * says it itself.
		 */
		private boolean autoStartup = true;

		/**
		 * How many handlers a container runs at once.
		 */
		private int concurrency = 1;

		/**
		 * How many messages one claim returns at the most.
		 */
		private int batchSize = 10;

		/**
		 * When a message counts as handled.
		 */
		private AckMode ackMode = AckMode.ON_SUCCESS;

		/**
		 * How often to look for messages that no wake-up announced.
		 */
		private Duration pollInterval = Duration.ofSeconds(1);

		/**
		 * How long a lease lasts. By default the setting of the queue.
		 */
		private @Nullable Duration visibilityTimeout;

		/**
		 * How often a message is delivered before it becomes a dead letter. By default
		 * the setting of the queue.
		 */
		private @Nullable Integer maxAttempts;

		/**
		 * How long a stop waits for running handlers before it gives back what they hold.
		 */
		private Duration shutdownTimeout = Duration.ofSeconds(20);

		/**
		 * Phase of the application context in which containers start and stop.
		 */
		private int phase = PgqrsListenerContainer.DEFAULT_PHASE;

		public boolean isAutoStartup() {
			return this.autoStartup;
		}

		public void setAutoStartup(boolean autoStartup) {
			this.autoStartup = autoStartup;
		}

		public int getConcurrency() {
			return this.concurrency;
		}

		public void setConcurrency(int concurrency) {
			this.concurrency = concurrency;
		}

		public int getBatchSize() {
			return this.batchSize;
		}

		public void setBatchSize(int batchSize) {
			this.batchSize = batchSize;
		}

		public AckMode getAckMode() {
			return this.ackMode;
		}

		public void setAckMode(AckMode ackMode) {
			this.ackMode = ackMode;
		}

		public Duration getPollInterval() {
			return this.pollInterval;
		}

		public void setPollInterval(Duration pollInterval) {
			this.pollInterval = pollInterval;
		}

		public @Nullable Duration getVisibilityTimeout() {
			return this.visibilityTimeout;
		}

		public void setVisibilityTimeout(@Nullable Duration visibilityTimeout) {
			this.visibilityTimeout = visibilityTimeout;
		}

		public @Nullable Integer getMaxAttempts() {
			return this.maxAttempts;
		}

		public void setMaxAttempts(@Nullable Integer maxAttempts) {
			this.maxAttempts = maxAttempts;
		}

		public Duration getShutdownTimeout() {
			return this.shutdownTimeout;
		}

		public void setShutdownTimeout(Duration shutdownTimeout) {
			this.shutdownTimeout = shutdownTimeout;
		}

		public int getPhase() {
			return this.phase;
		}

		public void setPhase(int phase) {
			this.phase = phase;
		}

	}

	/** Containers that execute runs of workflows, and the runs themselves. */
	public static class Workflow {

		/**
		 * Whether to execute runs as soon as the application has started, unless the
		 * annotation of a workflow says it itself.
		 */
		private boolean autoStartup = true;

		/**
		 * How many runs of a workflow this process executes at once.
		 */
		private int concurrency = 4;

		/**
		 * How many runs one claim returns at the most.
		 */
		private int batchSize = 10;

		/**
		 * How often to look for runs that no wake-up announced.
		 */
		private Duration pollInterval = Duration.ofSeconds(1);

		/**
		 * How long a lease of a run lasts. It is extended as long as the run is being
		 * executed.
		 */
		private Duration visibilityTimeout = Duration.ofSeconds(30);

		/**
		 * How often a run is delivered without recording a step before it ends with an
		 * error.
		 */
		private int maxDeliveries = 10;

		/**
		 * How long a stop waits for running steps.
		 */
		private Duration shutdownTimeout = Duration.ofSeconds(20);

		/**
		 * How long runs are kept that succeeded or were cancelled, with their steps.
		 * Their key is remembered as long.
		 */
		private Duration retention = Duration.ofDays(30);

		/**
		 * How long runs are kept that ended with an error, and can be retried.
		 */
		private Duration failedRetention = Duration.ofDays(30);

		/**
		 * Settings by name of a workflow, which count more than those of its annotation.
		 * Names with other characters than lower-case letters, digits and dashes are
		 * written in brackets, as in
		 * 'pgqrs.workflow.overrides[data_pipeline].concurrency'.
		 */
		private final Map<String, Options> overrides = new LinkedHashMap<>();

		public boolean isAutoStartup() {
			return this.autoStartup;
		}

		public void setAutoStartup(boolean autoStartup) {
			this.autoStartup = autoStartup;
		}

		public int getConcurrency() {
			return this.concurrency;
		}

		public void setConcurrency(int concurrency) {
			this.concurrency = concurrency;
		}

		public int getBatchSize() {
			return this.batchSize;
		}

		public void setBatchSize(int batchSize) {
			this.batchSize = batchSize;
		}

		public Duration getPollInterval() {
			return this.pollInterval;
		}

		public void setPollInterval(Duration pollInterval) {
			this.pollInterval = pollInterval;
		}

		public Duration getVisibilityTimeout() {
			return this.visibilityTimeout;
		}

		public void setVisibilityTimeout(Duration visibilityTimeout) {
			this.visibilityTimeout = visibilityTimeout;
		}

		public int getMaxDeliveries() {
			return this.maxDeliveries;
		}

		public void setMaxDeliveries(int maxDeliveries) {
			this.maxDeliveries = maxDeliveries;
		}

		public Duration getShutdownTimeout() {
			return this.shutdownTimeout;
		}

		public void setShutdownTimeout(Duration shutdownTimeout) {
			this.shutdownTimeout = shutdownTimeout;
		}

		public Duration getRetention() {
			return this.retention;
		}

		public void setRetention(Duration retention) {
			this.retention = retention;
		}

		public Duration getFailedRetention() {
			return this.failedRetention;
		}

		public void setFailedRetention(Duration failedRetention) {
			this.failedRetention = failedRetention;
		}

		public Map<String, Options> getOverrides() {
			return this.overrides;
		}

		/** Settings of one workflow. */
		// The values of a map have no metadata otherwise.
		@ConfigurationPropertiesSource
		public static class Options {

			/**
			 * How many of its runs this process executes at once.
			 */
			private @Nullable Integer concurrency;

			/**
			 * How long a lease of one of its runs lasts.
			 */
			private @Nullable Duration visibilityTimeout;

			/**
			 * Whether to execute its runs as soon as the application has started.
			 */
			private @Nullable Boolean autoStartup;

			/**
			 * How long its runs are kept that succeeded or were cancelled.
			 */
			private @Nullable Duration retention;

			/**
			 * How long its runs are kept that ended with an error.
			 */
			private @Nullable Duration failedRetention;

			public @Nullable Integer getConcurrency() {
				return this.concurrency;
			}

			public void setConcurrency(@Nullable Integer concurrency) {
				this.concurrency = concurrency;
			}

			public @Nullable Duration getVisibilityTimeout() {
				return this.visibilityTimeout;
			}

			public void setVisibilityTimeout(@Nullable Duration visibilityTimeout) {
				this.visibilityTimeout = visibilityTimeout;
			}

			public @Nullable Boolean getAutoStartup() {
				return this.autoStartup;
			}

			public void setAutoStartup(@Nullable Boolean autoStartup) {
				this.autoStartup = autoStartup;
			}

			public @Nullable Duration getRetention() {
				return this.retention;
			}

			public void setRetention(@Nullable Duration retention) {
				this.retention = retention;
			}

			public @Nullable Duration getFailedRetention() {
				return this.failedRetention;
			}

			public void setFailedRetention(@Nullable Duration failedRetention) {
				this.failedRetention = failedRetention;
			}

		}

	}

	/** This process as a worker. */
	public static class Worker {

		/**
		 * Name of this process among the workers. By default the name of the application,
		 * or of the host, and the process id.
		 */
		private @Nullable String name;

		/**
		 * How often a process with running containers says that it is alive.
		 */
		private Duration heartbeatInterval = Duration.ofSeconds(10);

		/**
		 * Silence after which a process counts as dead, and what it held is delivered
		 * again. At least twice the heartbeat interval; by default two and a half of
		 * them.
		 */
		private @Nullable Duration deadAfter;

		public @Nullable String getName() {
			return this.name;
		}

		public void setName(@Nullable String name) {
			this.name = name;
		}

		public Duration getHeartbeatInterval() {
			return this.heartbeatInterval;
		}

		public void setHeartbeatInterval(Duration heartbeatInterval) {
			this.heartbeatInterval = heartbeatInterval;
		}

		public @Nullable Duration getDeadAfter() {
			return this.deadAfter;
		}

		public void setDeadAfter(@Nullable Duration deadAfter) {
			this.deadAfter = deadAfter;
		}

	}

	/** Wake-ups between processes. */
	public static class WakeUp {

		/**
		 * Whether processes wake each other by LISTEN and NOTIFY on PostgreSQL. Without
		 * it they poll for what others enqueue.
		 */
		private boolean enabled = true;

		public boolean isEnabled() {
			return this.enabled;
		}

		public void setEnabled(boolean enabled) {
			this.enabled = enabled;
		}

	}

	/** Connections to a SQLite file. */
	public static class Sqlite {

		/**
		 * How long to wait for another process that writes to the file.
		 */
		private Duration busyTimeout = Duration.ofSeconds(5);

		/**
		 * When a commit is on disk.
		 */
		private Synchronous synchronous = Synchronous.NORMAL;

		public Duration getBusyTimeout() {
			return this.busyTimeout;
		}

		public void setBusyTimeout(Duration busyTimeout) {
			this.busyTimeout = busyTimeout;
		}

		public Synchronous getSynchronous() {
			return this.synchronous;
		}

		public void setSynchronous(Synchronous synchronous) {
			this.synchronous = synchronous;
		}

	}

}
