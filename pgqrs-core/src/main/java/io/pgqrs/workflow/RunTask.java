package io.pgqrs.workflow;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.micrometer.observation.Observation;
import io.pgqrs.PayloadConversionException;
import io.pgqrs.QueueMessage;
import io.pgqrs.listener.AccountingListener;
import io.pgqrs.listener.Shutdown;
import io.pgqrs.store.MessageStore.Death;
import io.pgqrs.store.MessageStore.Release;
import io.pgqrs.store.NewRun;
import io.pgqrs.store.RunEnd;
import io.pgqrs.store.RunHistory;
import io.pgqrs.store.RunRecord;
import io.pgqrs.store.WorkflowStepStore;
import io.pgqrs.support.Backoff;
import io.pgqrs.support.FailureReport;
import io.pgqrs.support.QueueEvents;
import io.pgqrs.support.micrometer.ExecutionContext;
import io.pgqrs.support.micrometer.ExecutionContext.Outcome;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** One delivery of a run: replays what is recorded, and goes on from there. */
final class RunTask implements AccountingListener.Task {

	private static final Log logger = LogFactory.getLog(RunTask.class);

	private static final Duration INITIAL_BACKOFF = Duration.ofSeconds(1);

	private static final Duration MAX_BACKOFF = Duration.ofMinutes(1);

	private final WorkflowEngine engine;

	private final WorkflowDefinition definition;

	private final QueueMessage message;

	private final @Nullable Replay replay;

	private @Nullable RunEnd end;

	private @Nullable String status;

	private @Nullable Throwable failure;

	private @Nullable Duration suspendedFor;

	private Outcome outcome = Outcome.UNKNOWN;

	/** A run whose recorded steps, if it has any, are still to be read. */
	RunTask(WorkflowEngine engine, WorkflowDefinition definition, QueueMessage message) {
		this(engine, definition, message, isFresh(message) ? Replay.nothing() : null);
	}

	RunTask(WorkflowEngine engine, WorkflowDefinition definition, QueueMessage message, @Nullable Replay replay) {
		this.engine = engine;
		this.definition = definition;
		this.message = message;
		this.replay = replay;
	}

	/** Whether a run was never delivered before and has no timeout. */
	static boolean isFresh(QueueMessage message) {
		return message.lease().deliveryCount() == 1 && !message.headers().containsKey(NewRun.TIMEOUT_HEADER);
	}

	String workflow() {
		return this.definition.name();
	}

	/** How the run ends; null if it does not. */
	@Nullable RunEnd end() {
		return this.end;
	}

	RunEnd requiredEnd() {
		return Objects.requireNonNull(this.end);
	}

	/**
	 * What the run ended with, which is not what its end says if it was cancelled
	 * meanwhile; null if it did not end here.
	 */
	@Nullable String status() {
		return this.status;
	}

	/** What the workflow threw; null if it did not. */
	@Nullable Throwable failure() {
		return this.failure;
	}

	/** Until the run is due again; null if it was not suspended. */
	@Nullable Duration suspendedFor() {
		return this.suspendedFor;
	}

	@Override
	public boolean perform(Shutdown shutdown) {
		Observation observation = this.engine.instrumentation()
			.execution(() -> new ExecutionContext(this.definition.name(), this.message.id(), this.message.attempt(),
					this.message.headers(), () -> this.outcome));
		return observation.observe(() -> perform(shutdown, observation));
	}

	private boolean perform(Shutdown shutdown, Observation observation) {
		try {
			this.end = execute(shutdown);
			if (this.end != null) {
				this.outcome = Outcome.valueOf(this.end.status());
			}
			else if (this.outcome == Outcome.UNKNOWN) {
				this.outcome = Outcome.INTERRUPTED;
			}
		}
		catch (DataAccessException | TransactionException ex) {
			this.outcome = Outcome.INTERRUPTED;
			observation.error(ex);
			if (!this.engine.store().availability().explains(ex)) {
				logger.warn(this + " could not go on, and is delivered again when its lease ends: "
						+ FailureReport.rootMessage(ex));
			}
		}
		if (this.failure != null) {
			observation.error(this.failure);
		}
		if (this.outcome == Outcome.LOST) {
			this.engine.instrumentation().events().leasesLost(this.message.queue(), 1);
		}
		return this.end != null;
	}

	/**
	 * Tells that the run has ended, or that its lease was lost before it could.
	 * @param ended the statuses of those that ended
	 */
	void reportEnd(Map<Long, String> ended) {
		QueueEvents events = this.engine.instrumentation().events();
		this.status = ended.get(this.message.id());
		if (this.status != null) {
			events.runEnded(this.definition.name(), this.status,
					Duration.between(this.message.enqueuedAt(), this.message.dueAt()).plus(this.message.waited()));
		}
		else {
			events.leasesLost(this.message.queue(), 1);
		}
	}

	private @Nullable RunEnd execute(Shutdown shutdown) {
		Replay replay = (this.replay != null) ? this.replay : read(shutdown);
		if (replay == null) {
			giveUpWithoutRun();
			return null;
		}
		switch (replay.directive()) {
			case CANCEL -> {
				return cancelled();
			}
			case PAUSE -> {
				suspend(shutdown);
				return null;
			}
			default -> {
			}
		}
		Duration timeLeft = replay.timeLeft();
		if (timeLeft != null && timeLeft.isNegative()) {
			return timedOut();
		}
		if (this.message.attempt() - replay.lastProgress() > this.engine.maxDeliveries()) {
			return failed("DeliveredTooOften",
					"The run was delivered " + this.engine.maxDeliveries()
							+ " times without recording a step: each time "
							+ "its process died, or lost its lease. It is not tried again by itself");
		}
		return execute(new DefaultWorkflowContext(this.engine, this.definition, this.message, replay, shutdown),
				shutdown);
	}

	private @Nullable Replay read(Shutdown shutdown) {
		long readAt = System.nanoTime();
		RunHistory history = this.engine.saver()
			.save(toString(), shutdown, () -> this.engine.steps().histories(List.of(this.message.lease())))
			.get(this.message.id());
		return (history != null) ? new Replay(history, readAt) : null;
	}

	/** Lost meanwhile; or no run at all, and then nobody can do anything about it. */
	private void giveUpWithoutRun() {
		boolean dead = !this.engine.messages()
			.deadLetter(List.of(new Death(this.message.lease(),
					FailureReport.of("RunNotFound",
							"There is no run " + this.message.id()
									+ ": the message was not written by WorkflowOperations.start"))))
			.isEmpty();
		if (dead) {
			this.engine.instrumentation().events().deadLettered(this.message.queue(), 1);
		}
		else {
			this.outcome = Outcome.LOST;
		}
		logger.warn(dead ? this.message + " stands for no run; it became a dead letter"
				: this + " was taken over by somebody else before it began here");
	}

	private @Nullable RunEnd execute(DefaultWorkflowContext context, Shutdown shutdown) {
		RunEnd end = null;
		try {
			Object output = RunScope.call(context, false, () -> this.definition.run(context, input()));
			end = new RunEnd(this.message.lease(), RunRecord.SUCCESS, write(output), null);
		}
		catch (Throwable ex) {
			if (context.close() == null) {
				if (shutdown.isForced()) {
					return null;
				}
				if (ex instanceof InterruptedException && context.isInterruptedInline()) {
					suspend(shutdown);
					return null;
				}
				logger.warn(this + " failed: " + ex);
				logger.debug("The failure was", ex);
				this.failure = ex;
				return failed(ex);
			}
		}
		finally {
			context.clearInterrupt(false);
		}
		// Counts however the method ended: a workflow may have caught what was to leave
		// it.
		RunInterruption interruption = context.close();
		return (interruption != null) ? interrupted(interruption, shutdown) : end;
	}

	private @Nullable Object input() {
		String payload = this.message.payload();
		if (payload.equals("null") || this.definition.inputType() == Void.class) {
			return null;
		}
		try {
			return this.engine.json().read(payload, this.definition.inputType());
		}
		catch (JacksonException | IllegalArgumentException ex) {
			throw new PayloadConversionException("The input of run " + this.message.id() + " cannot be read as "
					+ this.definition.inputType().getTypeName() + ", which workflow '" + this.definition.name()
					+ "' takes: " + ex.getMessage(), ex);
		}
	}

	private @Nullable String write(@Nullable Object output) {
		return (output != null) ? this.engine.payloads().write("the result of " + this, output) : null;
	}

	private @Nullable RunEnd interrupted(RunInterruption interruption, Shutdown shutdown) {
		return switch (interruption.reason()) {
			case CANCELLED -> cancelled();
			case TIMED_OUT -> timedOut();
			case SUSPENDED -> {
				suspend(shutdown);
				yield null;
			}
			case UNSAVED -> {
				giveBack();
				yield null;
			}
			case LOST -> {
				this.outcome = Outcome.LOST;
				yield null;
			}
			case STOPPED -> null;
		};
	}

	private void suspend(Shutdown shutdown) {
		Duration delay = this.engine.saver()
			.save(toString(), shutdown, () -> this.engine.steps().suspend(this.message.lease()));
		if (delay == null) {
			this.outcome = Outcome.LOST;
			logger.warn(this + " lost its lease: it goes on elsewhere");
			return;
		}
		this.outcome = Outcome.SUSPENDED;
		this.suspendedFor = delay;
		if (delay.compareTo(WorkflowStepStore.NEVER) < 0) {
			this.engine.wakeUps().becomesDue(this.message.queue(), delay);
		}
	}

	/** The attempt counts: what fails for ever comes to an end. */
	private void giveBack() {
		Duration delay = Backoff.delay(INITIAL_BACKOFF, 2, MAX_BACKOFF, this.message.attempt());
		this.engine.messages().release(List.of(new Release(this.message.lease(), delay, true)));
		this.engine.wakeUps().becomesDue(this.message.queue(), delay);
	}

	private RunEnd cancelled() {
		return new RunEnd(this.message.lease(), RunRecord.CANCELLED, null, null);
	}

	private RunEnd timedOut() {
		String timeout = this.message.headers().get(NewRun.TIMEOUT_HEADER);
		this.failure = new WorkflowTimeoutException("The run did not end within its timeout"
				+ ((timeout != null) ? " of " + Duration.ofMillis(Long.parseLong(timeout)) : ""));
		logger.warn(this + " failed: " + this.failure.getMessage());
		return failed(this.failure);
	}

	private RunEnd failed(Throwable exception) {
		return new RunEnd(this.message.lease(), RunRecord.ERROR, null,
				RunErrors.ofRun(exception, this.message.attempt()));
	}

	private RunEnd failed(String type, String text) {
		logger.error(this + " is given up: " + text);
		return new RunEnd(this.message.lease(), RunRecord.ERROR, null,
				RunErrors.ofRun(type, text, this.message.attempt()));
	}

	/** The same end, if its result cannot be stored. */
	RunEnd unstorable(DataAccessException exception) {
		RunEnd end = new RunEnd(this.message.lease(), RunRecord.ERROR, null,
				RunErrors.ofRun("UnstorableResult",
						"The result of the run cannot be stored: " + FailureReport.rootMessage(exception),
						this.message.attempt()));
		this.end = end;
		return end;
	}

	@Override
	public String toString() {
		return "Run " + this.message.id() + " of workflow '" + this.definition.name() + "'";
	}

}
