package io.pgqrs.workflow;

import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.pgqrs.Arguments;
import io.pgqrs.PgqrsException;
import io.pgqrs.QueueCatalog;
import io.pgqrs.QueueMessage;
import io.pgqrs.QueueNotFoundException;
import io.pgqrs.WorkflowQueues;
import io.pgqrs.store.Claim;
import io.pgqrs.store.ClaimedMessage;
import io.pgqrs.store.Lease;
import io.pgqrs.store.NewRun;
import io.pgqrs.store.RunEnd;
import io.pgqrs.store.RunRecord;
import io.pgqrs.store.StartedRun;
import io.pgqrs.store.WorkflowRunStore;
import io.pgqrs.support.PayloadJson;
import io.pgqrs.support.QueueEvents;
import io.pgqrs.support.micrometer.Instrumentation;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ParameterizedTypeReference;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The workflows of an application: starts runs, steers them, and waits for their results.
 *
 * @since 0.1
 */
public class WorkflowTemplate implements WorkflowOperations {

	/** How long who executes a run leaves it to others before it looks again. */
	private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

	private final WorkflowEngine engine;

	private final QueueCatalog catalog;

	private final WorkflowRunStore runs;

	/**
	 * Makes a template.
	 * @param engine executes runs
	 * @param catalog the queues
	 */
	public WorkflowTemplate(WorkflowEngine engine, QueueCatalog catalog) {
		this.engine = engine;
		this.catalog = catalog;
		this.runs = engine.store().runs();
	}

	@Override
	public <I, O> WorkflowHandle<O> start(WorkflowRef<I, O> workflow, @Nullable I input) {
		Arguments.check(workflow != null, () -> "'workflow' must not be null");
		return new DefaultStartSpec(this, workflow.name()).input(input).send(workflow.resultType());
	}

	@Override
	public StartSpec start(String workflow) {
		return new DefaultStartSpec(this, workflow);
	}

	Instrumentation instrumentation() {
		return this.engine.instrumentation();
	}

	/** Starts a run and wakes who executes it. */
	long start(NewRun run) {
		StartedRun started = add(run);
		if (started.created()) {
			this.engine.wakeUps().becomesDue(run.queue(), delay(run));
		}
		return started.id();
	}

	private static Duration delay(NewRun run) {
		if (run.at() != null) {
			Duration left = Duration.between(Instant.now(), run.at());
			return left.isNegative() ? Duration.ZERO : left;
		}
		return (run.delay() != null) ? run.delay() : Duration.ZERO;
	}

	private StartedRun add(NewRun run) {
		StartedRun started = this.runs.start(run);
		if (started == null) {
			try {
				this.catalog.create(run.queue());
			}
			catch (QueueNotFoundException ex) {
				throw new WorkflowNotFoundException(run.workflow(), "Workflow '" + run.workflow()
						+ "' is not known: no process has implemented it yet, and pgqrs.queue-not-found-strategy is 'fail'");
			}
			started = this.runs.start(run);
		}
		if (started == null) {
			throw new QueueNotFoundException(run.queue());
		}
		return started;
	}

	/** Of a run of which only the name of the workflow is known. */
	Type resultType(String workflow) {
		WorkflowDefinition definition = this.engine.registry().find(workflow);
		return (definition != null) ? definition.resultType() : Object.class;
	}

	@Nullable String write(String workflow, @Nullable Object input) {
		return (input != null) ? this.engine.payloads().write("workflow '" + workflow + "'", input) : null;
	}

	@Override
	@SuppressWarnings({ "unchecked", "NullAway" }) // run() returns what it was asked for
	public <T> T run(String workflow, @Nullable Object input, Class<T> resultType) {
		return (T) run(workflow, input, (Type) resultType);
	}

	@Override
	@SuppressWarnings({ "unchecked", "NullAway" })
	public <I, O> O run(WorkflowRef<I, O> workflow, @Nullable I input) {
		return (O) run(workflow.name(), input, workflow.resultType());
	}

	private @Nullable Object run(String workflow, @Nullable Object input, Type resultType) {
		checkType(resultType);
		String name = WorkflowNames.workflow(workflow);
		WorkflowDefinition definition = this.engine.registry().find(name);
		if (definition == null) {
			throw new WorkflowNotFoundException(name,
					"This process does not implement workflow '" + name
							+ "' and so cannot execute it. Start it, for a process that does; implemented here: "
							+ this.engine.registry().names().stream().sorted().toList());
		}
		if (TransactionSynchronizationManager.isActualTransactionActive()) {
			throw new PgqrsException("run(..) was called inside of a transaction: no step of workflow '" + name
					+ "' would be durable before that commits. Call it after the commit, or start(..) the run");
		}
		Duration visibilityTimeout = this.engine.inlineLeases().visibilityTimeout();
		String json = write(name, input);
		ClaimedMessage claimed = instrumentation().enqueue(WorkflowQueues.of(name), 1, Map.of(), (headers) -> {
			String text = PayloadJson.writeHeaders(headers);
			StartedRun started = add(new NewRun(name, WorkflowQueues.of(name), null, json, 0, null, null, null, text,
					visibilityTimeout));
			Instant now = Instant.now();
			return new ClaimedMessage(new Lease(started.id(), 1), 1, 0, Objects.requireNonNull(started.payload()), text,
					now, now, now, now.plus(visibilityTimeout));
		});
		return execute(definition, claimed, resultType);
	}

	private @Nullable Object execute(WorkflowDefinition definition, ClaimedMessage claimed, Type resultType) {
		long id = claimed.lease().messageId();
		try {
			InlineShutdown shutdown = new InlineShutdown();
			RunTask task = perform(definition, claimed, shutdown);
			EndedRun ended = ended(task);
			if (ended != null) {
				shutdown.passOn();
				return ended.result(this.engine.json(), resultType, task.failure());
			}
			shutdown.check();
			return EndedRun.of(goOn(definition, id, task.suspendedFor(), shutdown))
				.result(this.engine.json(), resultType, null);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new PgqrsException("The thread was interrupted while it executed run " + id
					+ ". The run is not lost: it goes on in a process that implements the workflow", ex);
		}
	}

	/** What a run ended with, also if somebody else ended it; null if it goes on. */
	private @Nullable EndedRun ended(RunTask task) {
		if (task.end() == null) {
			return null;
		}
		RunEnd end = task.requiredEnd();
		if (task.status() != null) {
			return new EndedRun(end.lease().messageId(), task.workflow(), task.status(), end.output(), end.error());
		}
		RunRecord run = this.runs.find(end.lease().messageId());
		return (run != null && isEnded(run)) ? EndedRun.of(run) : null;
	}

	/**
	 * Executes a run whenever it is due, unless somebody else does, until it has ended.
	 */
	private RunRecord goOn(WorkflowDefinition definition, long id, @Nullable Duration suspendedFor,
			InlineShutdown shutdown) throws InterruptedException {
		CompletableFuture<RunRecord> ended = this.engine.results().await(id);
		try {
			Duration wait = suspendedFor;
			while (true) {
				RunRecord run = get(ended, (wait != null && wait.compareTo(LOOK_AGAIN) < 0) ? wait : LOOK_AGAIN);
				if (run != null) {
					shutdown.passOn();
					return run;
				}
				shutdown.check();
				ClaimedMessage claimed = this.engine.steps()
					.claim(id, Claim.NO_WORKER, this.engine.inlineLeases().visibilityTimeout());
				wait = (claimed != null) ? perform(definition, claimed, shutdown).suspendedFor() : null;
			}
		}
		finally {
			this.engine.results().forget(id, ended);
		}
	}

	private RunTask perform(WorkflowDefinition definition, ClaimedMessage claimed, InlineShutdown shutdown) {
		RunTask task = new RunTask(this.engine, definition,
				new QueueMessage(WorkflowQueues.of(definition.name()), claimed, this.engine.json()));
		this.engine.inlineLeases().add(claimed.lease());
		try {
			if (task.perform(shutdown)) {
				this.engine.saver().save("the end of " + task, shutdown, () -> this.engine.finish(List.of(task)));
			}
		}
		finally {
			this.engine.inlineLeases().remove(claimed.lease());
		}
		return task;
	}

	private static @Nullable RunRecord get(CompletableFuture<RunRecord> ended, Duration timeout)
			throws InterruptedException {
		try {
			return ended.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (TimeoutException ex) {
			return null;
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public WorkflowRun get(long runId) {
		return WorkflowRun.of(require(runId));
	}

	private RunRecord require(long runId) {
		RunRecord run = this.runs.find(runId);
		if (run == null) {
			throw new RunNotFoundException(runId);
		}
		return run;
	}

	@Override
	public <O> WorkflowHandle<O> handle(long runId, Class<O> resultType) {
		require(runId);
		return new DefaultWorkflowHandle<>(this, runId, resultType);
	}

	@Override
	public Optional<WorkflowRun> find(String workflow, String key) {
		return Optional.ofNullable(this.runs.find(WorkflowNames.workflow(workflow), WorkflowNames.key(key)))
			.map(WorkflowRun::of);
	}

	@Override
	public List<WorkflowRun> list(RunQuery query) {
		Arguments.check(query != null, () -> "'query' must not be null. RunQuery.all() is for all runs");
		return this.runs.list(query.filter()).stream().map(WorkflowRun::of).toList();
	}

	@Override
	public List<WorkflowMetrics> metrics() {
		return WorkflowMetrics.of(this.runs.counts());
	}

	@Override
	public List<StepInfo> steps(long runId) {
		require(runId);
		return this.runs.steps(runId).stream().map(StepInfo::of).toList();
	}

	@Override
	@SuppressWarnings({ "unchecked", "NullAway" }) // result() returns what it was asked
													// for
	public <T> T result(long runId, Class<T> type, Duration timeout) {
		return (T) result(runId, (Type) type, timeout);
	}

	@Override
	@SuppressWarnings({ "unchecked", "NullAway" })
	public <T> T result(long runId, ParameterizedTypeReference<T> type, Duration timeout) {
		return (T) result(runId, type.getType(), timeout);
	}

	private static void checkType(Type type) {
		Arguments.check(type != null, () -> "The type of the result must not be null. Void.class is for none");
	}

	@Nullable Object result(long runId, Type type, Duration timeout) {
		checkType(type);
		Arguments.notNegative("timeout", timeout);
		// Before the first look, so that an end in between is not missed.
		CompletableFuture<RunRecord> ended = this.engine.results().await(runId);
		try {
			RunRecord run = require(runId);
			if (!isEnded(run)) {
				run = get(ended, timeout);
			}
			if (run == null) {
				throw new WorkflowTimeoutException("Run " + runId + " has not ended within " + timeout
						+ ". It goes on; its result can be asked for again");
			}
			return EndedRun.of(run).result(this.engine.json(), type, null);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new PgqrsException("The thread was interrupted while it waited for run " + runId, ex);
		}
		finally {
			this.engine.results().forget(runId, ended);
		}
	}

	private static boolean isEnded(RunRecord run) {
		return RunStatus.valueOf(run.status()).isEnded();
	}

	@Override
	public boolean cancel(long runId) {
		RunRecord run = require(runId);
		String status = this.runs.cancel(runId);
		if (RunRecord.CANCELLED.equals(status)) {
			reportCancelled(runId);
			this.engine.results().someEnded();
		}
		else if (RunRecord.CANCELLING.equals(status)) {
			this.engine.wakeUps().becomesDue(WorkflowQueues.of(run.workflow()), Duration.ZERO);
		}
		return status != null;
	}

	/** Nobody was executing it, who would do so. */
	private void reportCancelled(long runId) {
		QueueEvents events = instrumentation().events();
		RunRecord run = (events != QueueEvents.NONE) ? this.runs.find(runId) : null;
		if (run != null && run.completedAt() != null) {
			events.runEnded(run.workflow(), run.status(), Duration.between(run.createdAt(), run.completedAt()));
		}
	}

	@Override
	public boolean pause(long runId) {
		require(runId);
		return this.runs.pause(runId);
	}

	@Override
	public boolean resume(long runId) {
		RunRecord run = require(runId);
		return wakeUp(run, this.runs.resume(runId));
	}

	@Override
	public void signal(long runId, String name, @Nullable Object payload) {
		String signal = WorkflowNames.signal(name);
		RunRecord run = require(runId);
		String json = (payload != null)
				? this.engine.payloads().write("signal '" + signal + "' to run " + runId, payload) : null;
		if (!wakeUp(run, this.runs.signal(runId, signal, json))) {
			throw new RunEndedException(runId, signal);
		}
	}

	@Override
	public boolean retry(long runId) {
		RunRecord run = require(runId);
		if (!run.status().equals(RunRecord.ERROR)) {
			return false;
		}
		String queue = WorkflowQueues.of(run.workflow());
		this.catalog.get(queue);
		return wakeUp(run, this.runs.retry(runId, queue));
	}

	private boolean wakeUp(RunRecord run, boolean isDue) {
		if (isDue) {
			this.engine.wakeUps().becomesDue(WorkflowQueues.of(run.workflow()), Duration.ZERO);
		}
		return isDue;
	}

}
