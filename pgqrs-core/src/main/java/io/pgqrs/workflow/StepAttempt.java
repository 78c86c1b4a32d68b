package io.pgqrs.workflow;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;

import io.micrometer.observation.Observation;
import io.pgqrs.FailureDirective;
import io.pgqrs.PayloadSerializationException;
import io.pgqrs.PayloadTooLargeException;
import io.pgqrs.store.RunDirective;
import io.pgqrs.store.RunRecord;
import io.pgqrs.store.StepKind;
import io.pgqrs.store.StepOutcome;
import io.pgqrs.store.StepRecord;
import io.pgqrs.support.micrometer.StepContext;
import io.pgqrs.support.micrometer.StepContext.Outcome;
import io.pgqrs.workflow.RunInterruption.Reason;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ParameterizedTypeReference;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * One attempt of a step: calls the body, and records what came of it.
 *
 * @param <T> type of the result
 */
final class StepAttempt<T> {

	private static final Log logger = LogFactory.getLog(WorkflowContext.class);

	private final DefaultWorkflowContext context;

	private final String step;

	private final int attempt;

	private final ParameterizedTypeReference<T> type;

	private final StepOptions options;

	private final Callable<? extends @Nullable T> body;

	private final long begun = System.nanoTime();

	private Observation observation = Observation.NOOP;

	private Outcome outcome = Outcome.UNKNOWN;

	StepAttempt(DefaultWorkflowContext context, String step, int attempt, ParameterizedTypeReference<T> type,
			StepOptions options, Callable<? extends @Nullable T> body) {
		this.context = context;
		this.step = step;
		this.attempt = attempt;
		this.type = type;
		this.options = options;
		this.body = body;
	}

	@Nullable T execute(boolean transactional) {
		this.observation = this.context.engine()
			.instrumentation()
			.step(() -> new StepContext(this.context.workflow(), this.context.runId(), this.step, this.attempt,
					() -> this.outcome))
			.start();
		try (Observation.Scope scope = this.observation.openScope()) {
			@Nullable T value = transactional ? executeInTransaction() : execute();
			this.outcome = Outcome.SUCCESS;
			return value;
		}
		finally {
			if (this.outcome == Outcome.UNKNOWN) {
				this.outcome = Outcome.INTERRUPTED;
			}
			this.observation.stop();
		}
	}

	private @Nullable T execute() {
		this.context.refuseInTransaction(this.step);
		logger.debug(this.context + " executes step '" + this.step + "', attempt " + this.attempt);
		Result<T> result;
		try {
			result = call();
		}
		catch (Throwable ex) {
			throw failed(ex);
		}
		RunDirective directive;
		try {
			directive = this.context.recordResult(success(result));
		}
		catch (DataAccessException | TransactionException ex) {
			throw failed(new PayloadSerializationException(
					"The result of step '" + this.step + "' of " + this.context + " cannot be stored", ex));
		}
		heed(directive);
		return result.value();
	}

	/**
	 * The body and its record are one transaction: the record is fenced, so of several
	 * workers that execute the step at once only one can commit.
	 */
	private @Nullable T executeInTransaction() {
		this.context.refuseInTransaction(this.step);
		logger.debug(this.context + " executes step '" + this.step + "' in a transaction, attempt " + this.attempt);
		Transaction<T> transaction = new Transaction<>();
		try {
			this.context.engine().transaction().executeWithoutResult((status) -> inTransaction(transaction));
		}
		catch (BodyFailed ex) {
			throw failed(ex.getCause());
		}
		catch (NotRecorded ex) {
			heed(RunDirective.LOST);
		}
		catch (RuntimeException ex) {
			return afterUnknownOutcome(transaction, ex);
		}
		heed(transaction.directive);
		return transaction.result().value();
	}

	/** The run may have to leave although the step is done. */
	private void heed(RunDirective directive) {
		if (directive != RunDirective.LOST) {
			this.outcome = Outcome.SUCCESS;
		}
		this.context.heed(this.step, directive);
	}

	private void inTransaction(Transaction<T> transaction) {
		transaction.begun = true;
		this.context.engine().checkTransaction();
		Result<T> result;
		try {
			result = call();
		}
		catch (Throwable ex) {
			throw new BodyFailed(ex);
		}
		transaction.result = result;
		transaction.directive = this.context.recordOnce(success(result));
		if (transaction.directive == RunDirective.LOST) {
			throw new NotRecorded();
		}
	}

	/**
	 * The transaction failed to begin, to record or to commit: what is recorded decides.
	 */
	private @Nullable T afterUnknownOutcome(Transaction<T> transaction, RuntimeException failure) {
		StepRecord recorded = this.context.look(this.step);
		if (recorded != null && recorded.completedAt() != null) {
			return this.context.read(this.step, recorded.output(), this.type);
		}
		if (!transaction.begun) {
			throw this.context.unsaved("step '" + this.step + "' of " + this.context, failure);
		}
		throw failed(failure);
	}

	private Result<T> call() throws Exception {
		Duration limit = limit();
		Watchdog.Guard guard = this.context.engine().watchdog().guard(limit);
		@Nullable T value;
		try {
			value = RunScope.<@Nullable T>call(this.context, true, this.body);
		}
		catch (Exception ex) {
			if (limit != null && guard.close()) {
				throw new StepTimeoutException(this.step, limit, ex);
			}
			throw ex;
		}
		finally {
			this.context.clearInterrupt(guard.close());
		}
		return result(value);
	}

	private @Nullable Duration limit() {
		Duration own = this.options.timeout();
		Duration run = this.context.timeLeft();
		if (own == null || run == null) {
			return (own != null) ? own : run;
		}
		return (own.compareTo(run) <= 0) ? own : run;
	}

	/** What a replay will return, and so the first time too. */
	private Result<T> result(@Nullable T value) {
		if (value == null) {
			return new Result<>(null, null);
		}
		String output = this.context.engine().payloads().write("step '" + this.step + "' of " + this.context, value);
		try {
			return new Result<>(this.context.read(this.step, output, this.type), output);
		}
		catch (StepMismatchException ex) {
			throw new PayloadSerializationException("The result of step '" + this.step + "' of " + this.context
					+ ", of type " + value.getClass().getName() + ", can be written as JSON but not be read back as "
					+ this.type.getType().getTypeName(), ex.getCause());
		}
	}

	private StepOutcome success(Result<T> result) {
		return new StepOutcome(this.step, StepKind.STEP, RunRecord.SUCCESS, this.attempt, result.output(), null,
				elapsed(), null);
	}

	private Duration elapsed() {
		return Duration.ofNanos(System.nanoTime() - this.begun);
	}

	/** Records a failed attempt, and makes the run leave or the step fail. */
	private RuntimeException failed(Throwable exception) {
		if (exception instanceof RunInterruption interruption) {
			throw interruption;
		}
		this.observation.error(exception);
		if (this.context.isForced()) {
			throw this.context.interrupt(Reason.STOPPED);
		}
		if (this.context.isTimedOut()) {
			throw this.context.interrupt(Reason.TIMED_OUT);
		}
		if (exception instanceof InterruptedException && this.context.isInterruptedInline()) {
			throw this.context.interrupt(Reason.SUSPENDED);
		}
		String error = RunErrors.ofStep(exception, this.step, this.attempt);
		FailureDirective directive = directive(exception);
		Optional<Duration> asked = (directive != null) ? directive.retryAfter() : Optional.empty();
		boolean permanent = (directive != null) ? asked.isEmpty() : isPermanent(exception);
		if (!permanent && this.attempt < this.options.maxAttempts()) {
			Duration delay = asked.orElseGet(() -> this.options.delay(this.attempt));
			if (!this.context.engine().store().availability().explains(exception)) {
				logger.warn("Step '" + this.step + "' of " + this.context + " failed in attempt " + this.attempt
						+ " of " + this.options.maxAttempts() + "; next in " + delay + ": " + exception);
			}
			logger.debug("The failure was", exception);
			this.outcome = Outcome.RETRY;
			this.context.record(new StepOutcome(this.step, StepKind.STEP, RunRecord.QUEUED, this.attempt, null, error,
					elapsed(), delay));
			throw this.context.interrupt(Reason.SUSPENDED);
		}
		this.outcome = Outcome.ERROR;
		this.context.record(
				new StepOutcome(this.step, StepKind.STEP, RunRecord.ERROR, this.attempt, null, error, elapsed(), null));
		return new StepFailedException(this.step, String.valueOf(exception.getMessage()), error, exception);
	}

	/** Its result would be the same after another execution. */
	private static boolean isPermanent(Throwable exception) {
		return exception instanceof PayloadSerializationException || exception instanceof PayloadTooLargeException;
	}

	private static @Nullable FailureDirective directive(Throwable exception) {
		for (@Nullable
		Throwable cause = exception; cause != null; cause = cause.getCause()) {
			if (cause instanceof FailureDirective directive) {
				return directive;
			}
		}
		return null;
	}

	/** Throws a checked exception where none is declared. */
	@SuppressWarnings("unchecked") // erased: the cast is none
	static <X extends Throwable> RuntimeException unchecked(Throwable exception) throws X {
		throw (X) exception;
	}

	/** What the body returned, as it was read back, and its JSON. */
	private record Result<T>(@Nullable T value, @Nullable String output) {
	}

	/** How far a transaction came. */
	private static final class Transaction<T> {

		private boolean begun;

		private @Nullable Result<T> result;

		private RunDirective directive = RunDirective.LOST;

		Result<T> result() {
			return Objects.requireNonNull(this.result);
		}

	}

	/** Carries what the body threw through the transaction, and rolls that back. */
	private static final class BodyFailed extends RuntimeException {

		private static final long serialVersionUID = 1L;

		private final Throwable exception;

		BodyFailed(Throwable exception) {
			super(null, exception, false, false);
			this.exception = exception;
		}

		@Override
		public Throwable getCause() {
			return this.exception;
		}

	}

	/** Rolls back what was done under a lease that is gone. */
	private static final class NotRecorded extends RuntimeException {

		private static final long serialVersionUID = 1L;

		NotRecorded() {
			super(null, null, false, false);
		}

	}

}
