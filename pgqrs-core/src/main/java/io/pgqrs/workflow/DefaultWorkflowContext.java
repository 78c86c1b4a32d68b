package io.pgqrs.workflow;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import io.pgqrs.Arguments;
import io.pgqrs.PgqrsException;
import io.pgqrs.QueueMessage;
import io.pgqrs.listener.Shutdown;
import io.pgqrs.store.RunDirective;
import io.pgqrs.store.RunHistory;
import io.pgqrs.store.RunRecord;
import io.pgqrs.store.SignalReceipt;
import io.pgqrs.store.StepKind;
import io.pgqrs.store.StepOutcome;
import io.pgqrs.store.StepRecord;
import io.pgqrs.support.FailureReport;
import io.pgqrs.workflow.RunInterruption.Reason;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ParameterizedTypeReference;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** One delivery of a run, as its workflow method sees it. */
final class DefaultWorkflowContext implements WorkflowContext {

	private static final Log logger = LogFactory.getLog(WorkflowContext.class);

	private final WorkflowEngine engine;

	private final WorkflowDefinition definition;

	private final QueueMessage message;

	private final Replay replay;

	private final Shutdown shutdown;

	/** How often each name was used; guarded by itself. */
	private final Map<String, Integer> uses = new HashMap<>();

	/** Names of steps; guarded by the uses. */
	private final Set<String> names = new HashSet<>();

	private final AtomicReference<@Nullable RunInterruption> interruption = new AtomicReference<>();

	private volatile boolean closed;

	DefaultWorkflowContext(WorkflowEngine engine, WorkflowDefinition definition, QueueMessage message, Replay replay,
			Shutdown shutdown) {
		this.engine = engine;
		this.definition = definition;
		this.message = message;
		this.replay = replay;
		this.shutdown = shutdown;
	}

	@Override
	public long runId() {
		return this.message.id();
	}

	@Override
	public String workflow() {
		return this.definition.name();
	}

	@Override
	public int attempt() {
		return this.message.attempt();
	}

	@Override
	@SuppressWarnings("NullAway") // the body returns what it returns
	public <T> T step(String name, ParameterizedTypeReference<T> type, StepOptions options,
			Callable<? extends @Nullable T> body) {
		return step(name, type, options, body, false);
	}

	@Override
	@SuppressWarnings("NullAway")
	public <T> T transactionalStep(String name, ParameterizedTypeReference<T> type, StepOptions options,
			Callable<? extends @Nullable T> body) {
		return step(name, type, options, body, true);
	}

	private <T> @Nullable T step(String name, ParameterizedTypeReference<T> type, StepOptions options,
			Callable<? extends @Nullable T> body, boolean transactional) {
		WorkflowNames.step(name);
		Arguments.check(type != null && type.getType() != null, () -> "Step '" + name + "' has no type");
		Arguments.check(options != null, () -> "Step '" + name + "' has no options");
		Arguments.check(body != null, () -> "Step '" + name + "' has no body");
		if (RunScope.isInStepOf(this)) {
			return part(body);
		}
		String step = begin(name);
		StepRecord recorded = recorded(step, StepKind.STEP);
		if (recorded != null && recorded.completedAt() != null) {
			return replayed(recorded, type);
		}
		if (recorded != null && this.replay.isAhead(recorded)) {
			throw interrupt(Reason.SUSPENDED);
		}
		atBoundary();
		int attempt = ((recorded != null) ? recorded.attempts() : 0) + 1;
		StepAttempt<T> attempted = new StepAttempt<>(this, step, attempt, type, options, body);
		return attempted.execute(transactional);
	}

	/** Inside of a step there are no steps. */
	private static <T> @Nullable T part(Callable<? extends @Nullable T> body) {
		try {
			return body.call();
		}
		catch (Exception ex) {
			throw StepAttempt.<RuntimeException>unchecked(ex);
		}
	}

	private <T> @Nullable T replayed(StepRecord recorded, ParameterizedTypeReference<T> type) {
		if (recorded.status().equals(RunRecord.ERROR)) {
			String error = String.valueOf(recorded.error());
			throw new StepFailedException(recorded.name(), RunErrors.message(error), error, null);
		}
		logger.debug(this + " replays step '" + recorded.name() + "'");
		return read(recorded.name(), recorded.output(), type);
	}

	@Override
	public void sleep(String name, Duration duration) {
		WorkflowNames.step(name);
		refuseInStep("sleep");
		String step = begin(name);
		StepRecord recorded = recorded(step, StepKind.SLEEP);
		if (recorded == null) {
			// Only now: the time until some moment is negative when that is over.
			Arguments.notNegative("duration", duration);
			refuseInTransaction(step);
			record(new StepOutcome(step, StepKind.SLEEP, RunRecord.PAUSED, 0, null, null, Duration.ZERO, duration));
			if (duration.isZero()) {
				return;
			}
			logger.debug(this + " sleeps '" + step + "' for " + duration);
			throw interrupt(Reason.SUSPENDED);
		}
		if (this.replay.isAhead(recorded)) {
			throw interrupt(Reason.SUSPENDED);
		}
		logger.debug(this + " has slept '" + step + "'");
	}

	@Override
	public <T> Optional<T> awaitSignal(String name, ParameterizedTypeReference<T> type, Duration timeout) {
		WorkflowNames.signal(name);
		refuseInStep("awaitSignal");
		String step = begin(name);
		StepRecord recorded = recorded(step, StepKind.SIGNAL);
		if (recorded == null) {
			Arguments.notNegative("timeout", timeout);
		}
		if (recorded != null && recorded.completedAt() != null) {
			logger.debug(this + " replays signal '" + step + "'");
			return Optional.ofNullable(read(step, recorded.output(), type));
		}
		refuseInTransaction(step);
		SignalReceipt receipt = save("signal '" + step + "' of " + this,
				() -> this.engine.steps().receive(this.message.lease(), step, name, timeout));
		heed(step, receipt.directive());
		if (receipt.state() == SignalReceipt.State.WAITING) {
			logger.debug(this + " waits for signal '" + step + "'");
			throw interrupt(Reason.SUSPENDED);
		}
		logger.debug(this + ((receipt.state() == SignalReceipt.State.RECEIVED) ? " receives signal '"
				: " waits no longer for signal '") + step + "'");
		return Optional.ofNullable(read(step, receipt.payload(), type));
	}

	private void refuseInStep(String what) {
		if (RunScope.isInStepOf(this)) {
			throw new PgqrsException("Inside of a step there is no " + what
					+ ": the step would be executed again from its beginning. Call it between steps");
		}
	}

	/** What the step of a name is called, when it may begin. */
	private String begin(String name) {
		RunInterruption pending = this.interruption.get();
		if (pending != null) {
			throw pending;
		}
		if (this.closed) {
			throw new PgqrsException(this + " has left its workflow method, which has to wait for all its steps");
		}
		synchronized (this.uses) {
			String step;
			do {
				int use = this.uses.merge(name, 1, Integer::sum);
				step = (use == 1) ? name : name + "#" + use;
			}
			while (!this.names.add(step));
			return step;
		}
	}

	private @Nullable StepRecord recorded(String step, StepKind kind) {
		StepRecord recorded = this.replay.step(step);
		if (recorded != null && recorded.kind() != kind) {
			throw new StepMismatchException("'" + step + "' of " + this + " is recorded as a " + recorded.kind()
					+ ", but the workflow now comes to a " + kind
					+ " of that name. Give the new one another name, or the changed workflow", null);
		}
		return recorded;
	}

	/** Where a run can leave before a step has begun. */
	private void atBoundary() {
		if (this.shutdown.isRequested()) {
			throw interrupt(Reason.SUSPENDED);
		}
		if (isTimedOut()) {
			throw interrupt(Reason.TIMED_OUT);
		}
	}

	boolean isTimedOut() {
		Duration left = timeLeft();
		return left != null && (left.isNegative() || left.isZero());
	}

	@Nullable Duration timeLeft() {
		return this.replay.timeLeft();
	}

	boolean isForced() {
		return this.shutdown.isForced();
	}

	void refuseInTransaction(String step) {
		if (TransactionSynchronizationManager.isActualTransactionActive()) {
			throw new PgqrsException("Step '" + step + "' of " + this
					+ " was called inside of a transaction, with which its record would be rolled back. Take "
					+ "@Transactional off the workflow, and make the steps transactional that need it");
		}
	}

	/** Records a step, and lets the run go on or leave. */
	void record(StepOutcome outcome) {
		heed(outcome.name(), save("step '" + outcome.name() + "' of " + this, () -> recordOnce(outcome)));
	}

	/**
	 * Records the result of a step.
	 * @return what the run is to heed then
	 * @throws DataAccessException if the database can be reached, but refuses it
	 */
	RunDirective recordResult(StepOutcome outcome) {
		String what = "step '" + outcome.name() + "' of " + this;
		try {
			return this.engine.saver().save(what, this.shutdown, () -> recordOnce(outcome));
		}
		catch (DataAccessException | TransactionException ex) {
			if (!Saver.isPassing(ex)) {
				throw ex;
			}
			throw unsaved(what, ex);
		}
	}

	/** Records a step; in the transaction of the caller, if there is one. */
	RunDirective recordOnce(StepOutcome outcome) {
		return this.engine.steps().record(this.message.lease(), outcome);
	}

	private <R> R save(String what, Supplier<R> statement) {
		try {
			return this.engine.saver().save(what, this.shutdown, statement);
		}
		catch (DataAccessException | TransactionException ex) {
			throw unsaved(what, ex);
		}
	}

	/** The database does not take what has to be recorded: not the workflow's fault. */
	RunInterruption unsaved(String what, RuntimeException exception) {
		if (this.shutdown.isForced()) {
			return interrupt(Reason.STOPPED);
		}
		logger
			.error("Could not save " + what + "; the run is delivered again: " + FailureReport.rootMessage(exception));
		return interrupt(Reason.UNSAVED);
	}

	/**
	 * Ends an interrupt that would break the statements that follow.
	 * @param own whether it is one of ours
	 */
	void clearInterrupt(boolean own) {
		if (!this.shutdown.isForced() && Thread.interrupted() && !own) {
			isInterruptedInline();
		}
	}

	/**
	 * The thread was interrupted by somebody else: where it is the caller's own, that is
	 * what the run is to end with.
	 * @return whether it is the caller's own
	 */
	boolean isInterruptedInline() {
		if (this.shutdown instanceof InlineShutdown inline) {
			inline.request();
			return true;
		}
		return false;
	}

	void heed(String step, RunDirective directive) {
		switch (directive) {
			case CONTINUE -> {
			}
			case PAUSE -> throw interrupt(Reason.SUSPENDED);
			case CANCEL -> throw interrupt(Reason.CANCELLED);
			case LOST -> {
				logger.warn(this + " lost its lease: step '" + step
						+ "' is not recorded here, and the run goes on elsewhere");
				throw interrupt(Reason.LOST);
			}
		}
	}

	/** What is recorded of a step by now; null if nothing is. */
	@Nullable StepRecord look(String step) {
		long readAt = System.nanoTime();
		RunHistory history = save("step '" + step + "' of " + this,
				() -> this.engine.steps().histories(List.of(this.message.lease())))
			.get(this.message.id());
		if (history == null) {
			heed(step, RunDirective.LOST);
		}
		return (history != null) ? new Replay(history, readAt).step(step) : null;
	}

	/** Makes the run leave; the first reason counts. */
	RunInterruption interrupt(Reason reason) {
		RunInterruption next = new RunInterruption(reason);
		RunInterruption first = this.interruption.compareAndExchange(null, next);
		return (first != null) ? first : next;
	}

	/**
	 * The workflow method has ended: nothing more is recorded.
	 * @return why it had to leave, or null
	 */
	@Nullable RunInterruption close() {
		this.closed = true;
		return this.interruption.get();
	}

	WorkflowEngine engine() {
		return this.engine;
	}

	@SuppressWarnings("unchecked") // read() returns what it was asked for
	<T> @Nullable T read(String step, @Nullable String output, ParameterizedTypeReference<T> type) {
		try {
			return (output != null) ? (T) this.engine.readResult(output, type.getType()) : null;
		}
		catch (RuntimeException ex) {
			throw new StepMismatchException("What is recorded of step '" + step + "' of " + this + " cannot be read as "
					+ type.getType().getTypeName() + ". Give the step its former type, or another name: "
					+ ex.getMessage(), ex);
		}
	}

	@Override
	public String toString() {
		return "Run " + runId() + " of workflow '" + workflow() + "'";
	}

}
