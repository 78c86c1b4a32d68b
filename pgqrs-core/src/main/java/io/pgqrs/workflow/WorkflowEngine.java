package io.pgqrs.workflow;

import java.lang.reflect.Type;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;

import io.pgqrs.Arguments;
import io.pgqrs.PayloadWriter;
import io.pgqrs.PgqrsException;
import io.pgqrs.WakeUps;
import io.pgqrs.store.MessageStore;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.store.WorkflowStepStore;
import io.pgqrs.support.PayloadJson;
import io.pgqrs.support.micrometer.Instrumentation;

import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Executes runs: what {@link WorkflowContainers} and {@link WorkflowTemplate} share. Its
 * threads only look after time; runs are executed by the threads of containers and
 * callers.
 *
 * @since 0.1
 */
public final class WorkflowEngine implements AutoCloseable {

	private static final int DEFAULT_MAX_DELIVERIES = 10;

	private static final Duration DEFAULT_VISIBILITY_TIMEOUT = Duration.ofSeconds(30);

	private final PgqrsStore store;

	private final WakeUps wakeUps;

	private final PayloadJson json;

	private final PayloadWriter payloads;

	private final WorkflowRegistry registry = new WorkflowRegistry();

	/** Looks after time limits, which must not wait for the database. */
	private final ScheduledThreadPoolExecutor clock = scheduler("pgqrs-workflow-clock");

	/** Asks the database. */
	private final ScheduledThreadPoolExecutor poller = scheduler("pgqrs-workflow-poller");

	private final Watchdog watchdog = new Watchdog(this.clock);

	private final RunResults results;

	private final Saver saver;

	private volatile InlineLeases inlineLeases;

	private volatile TransactionTemplate transaction;

	private volatile Instrumentation instrumentation = Instrumentation.NONE;

	private volatile int maxDeliveries = DEFAULT_MAX_DELIVERIES;

	/**
	 * Makes an engine.
	 * @param store the backend
	 * @param wakeUps is told of runs that become due or end
	 * @param json reads and writes inputs and results
	 */
	public WorkflowEngine(PgqrsStore store, WakeUps wakeUps, PayloadJson json) {
		this.store = store;
		this.wakeUps = wakeUps;
		this.json = json;
		this.payloads = new PayloadWriter(json);
		this.results = new RunResults(store.runs(), wakeUps, this.poller);
		this.saver = new Saver(store.availability());
		this.inlineLeases = new InlineLeases(store, DEFAULT_VISIBILITY_TIMEOUT, this.poller);
		this.transaction = new TransactionTemplate(new DataSourceTransactionManager(store.dataSource()));
	}

	private static ScheduledThreadPoolExecutor scheduler(String name) {
		ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1, (task) -> {
			Thread thread = new Thread(task, name);
			thread.setDaemon(true);
			return thread;
		});
		scheduler.setRemoveOnCancelPolicy(true);
		return scheduler;
	}

	/**
	 * Sets the transactions of transactional steps.
	 * @param transactionManager of the data source that holds the runs; default is a
	 * {@link DataSourceTransactionManager}
	 */
	public void setTransactionManager(PlatformTransactionManager transactionManager) {
		this.transaction = new TransactionTemplate(transactionManager);
	}

	/**
	 * Sets how often a run is delivered without recording a step before it is given up:
	 * what kills its process each time must not do so for ever.
	 * @param maxDeliveries at least 1; default 10
	 */
	public void setMaxDeliveries(int maxDeliveries) {
		this.maxDeliveries = Arguments.atLeastOne("maxDeliveries", maxDeliveries);
	}

	/**
	 * Sets how long a lease lasts of a run that its caller executes. It is extended as
	 * long as the run is being executed.
	 * @param visibilityTimeout at least 10 ms; default 30 s
	 */
	public void setVisibilityTimeout(Duration visibilityTimeout) {
		Arguments.check(visibilityTimeout.toMillis() >= 10,
				() -> "'visibilityTimeout' must be at least 10 ms, but is " + visibilityTimeout);
		this.inlineLeases = new InlineLeases(this.store, visibilityTimeout, this.poller);
	}

	/**
	 * Sets the largest input, result or signal that is accepted.
	 * @param bytes of JSON in UTF-8, at least 1; default 1 MiB
	 */
	public void setMaxPayloadSize(long bytes) {
		this.payloads.setMaxSize(bytes);
	}

	/**
	 * Sets where to report what is started and executed.
	 * @param instrumentation default is {@link Instrumentation#NONE}
	 */
	public void setInstrumentation(Instrumentation instrumentation) {
		this.instrumentation = instrumentation;
	}

	/**
	 * The workflows that this process implements.
	 * @return the registry
	 */
	public WorkflowRegistry registry() {
		return this.registry;
	}

	/** Stops looking after time: nothing may be executed any more. */
	@Override
	public void close() {
		this.results.close();
		this.watchdog.close();
		this.poller.shutdownNow();
	}

	PgqrsStore store() {
		return this.store;
	}

	WorkflowStepStore steps() {
		return this.store.steps();
	}

	MessageStore messages() {
		return this.store.messages();
	}

	WakeUps wakeUps() {
		return this.wakeUps;
	}

	PayloadJson json() {
		return this.json;
	}

	PayloadWriter payloads() {
		return this.payloads;
	}

	Watchdog watchdog() {
		return this.watchdog;
	}

	RunResults results() {
		return this.results;
	}

	Saver saver() {
		return this.saver;
	}

	InlineLeases inlineLeases() {
		return this.inlineLeases;
	}

	TransactionTemplate transaction() {
		return this.transaction;
	}

	Instrumentation instrumentation() {
		return this.instrumentation;
	}

	int maxDeliveries() {
		return this.maxDeliveries;
	}

	/** A transaction elsewhere would not be one with the record of the step. */
	void checkTransaction() {
		if (!TransactionSynchronizationManager.hasResource(this.store.dataSource())) {
			throw new PgqrsException("A transactional step needs a transaction on the data source that holds the runs, "
					+ "but its transaction manager works on another one. Give WorkflowEngine that of this data source");
		}
	}

	/**
	 * Reads what is recorded. Unlike a payload that an application sends to itself, text
	 * is a JSON string and nothing else.
	 */
	@Nullable Object readResult(String output, Type type) {
		if (type == String.class && !output.startsWith("\"")) {
			throw new IllegalArgumentException("it is no text");
		}
		return this.json.read(output, type);
	}

	/**
	 * Ends runs.
	 * @param tasks each with its end
	 * @return ids of those that ended; the others lost their lease
	 */
	Set<Long> finish(List<RunTask> tasks) {
		Map<Long, String> ended = finishAll(tasks);
		if (!ended.isEmpty()) {
			this.results.someEnded();
		}
		tasks.forEach((task) -> task.reportEnd(ended));
		return ended.keySet();
	}

	private Map<Long, String> finishAll(List<RunTask> tasks) {
		try {
			return steps().end(tasks.stream().map(RunTask::requiredEnd).toList());
		}
		catch (DataAccessException ex) {
			if (Saver.isPassing(ex)) {
				throw ex;
			}
			return finishOneByOne(tasks);
		}
	}

	/** One of them cannot be stored, and must not hold up the others. */
	private Map<Long, String> finishOneByOne(List<RunTask> tasks) {
		Map<Long, String> ended = new HashMap<>();
		for (RunTask task : tasks) {
			try {
				ended.putAll(steps().end(List.of(task.requiredEnd())));
			}
			catch (DataAccessException ex) {
				if (Saver.isPassing(ex)) {
					throw ex;
				}
				ended.putAll(steps().end(List.of(task.unstorable(ex))));
			}
		}
		return ended;
	}

}
