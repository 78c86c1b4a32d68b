package io.pgqrs.support.micrometer;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;

/**
 * One delivery of a run. The carrier is the headers of its message.
 *
 * @since 0.1
 */
public final class ExecutionContext extends ReceiverContext<Map<String, String>> {

	private final String workflow;

	private final long runId;

	private final int attempt;

	private final Supplier<Outcome> outcome;

	/**
	 * A delivery to come.
	 * @param workflow name of the workflow
	 * @param runId id of the run
	 * @param attempt of the run
	 * @param headers of its message
	 * @param outcome knows what has come of it by now
	 */
	public ExecutionContext(String workflow, long runId, int attempt, Map<String, String> headers,
			Supplier<Outcome> outcome) {
		super((carrier, name) -> Objects.requireNonNull(carrier).get(name), Kind.CONSUMER);
		this.workflow = workflow;
		this.runId = runId;
		this.attempt = attempt;
		this.outcome = outcome;
		setCarrier(headers);
	}

	/**
	 * The workflow.
	 * @return its name
	 */
	public String getWorkflow() {
		return this.workflow;
	}

	/**
	 * The run.
	 * @return its id
	 */
	public long getRunId() {
		return this.runId;
	}

	/**
	 * The attempt of the run.
	 * @return from 1
	 */
	public int getAttempt() {
		return this.attempt;
	}

	/**
	 * What has come of it by now.
	 * @return {@link Outcome#UNKNOWN} until it is over
	 */
	public Outcome getOutcome() {
		return this.outcome.get();
	}

	/** What comes of a delivery. */
	public enum Outcome {

		/** It is not over yet. */
		UNKNOWN,

		/** The run ends with a result. */
		SUCCESS,

		/** The run ends with an error. */
		ERROR,

		/** The run ends because somebody cancelled it. */
		CANCELLED,

		/** The run waits: for time, for a signal, or for another attempt of a step. */
		SUSPENDED,

		/** The lease is lost, and the run goes on elsewhere. */
		LOST,

		/** The run was stopped from outside, and is delivered again. */
		INTERRUPTED;

		/**
		 * As a tag.
		 * @return the name in lower case
		 */
		public String tag() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

}
