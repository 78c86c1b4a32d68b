package io.pgqrs.support.micrometer;

import java.util.Locale;
import java.util.function.Supplier;

import io.micrometer.observation.Observation;

/**
 * One attempt of a step. A step that is replayed is none.
 *
 * @since 0.1
 */
public final class StepContext extends Observation.Context {

	private final String workflow;

	private final long runId;

	private final String step;

	private final int attempt;

	private final Supplier<Outcome> outcome;

	/**
	 * An attempt to come.
	 * @param workflow name of the workflow
	 * @param runId id of the run
	 * @param step name of the step, as it is recorded
	 * @param attempt of the step
	 * @param outcome knows what has come of it by now
	 */
	public StepContext(String workflow, long runId, String step, int attempt, Supplier<Outcome> outcome) {
		this.workflow = workflow;
		this.runId = runId;
		this.step = step;
		this.attempt = attempt;
		this.outcome = outcome;
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
	 * The step.
	 * @return its name, as it is recorded
	 */
	public String getStep() {
		return this.step;
	}

	/**
	 * The attempt of the step.
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

	/** What comes of an attempt. */
	public enum Outcome {

		/** It is not over yet. */
		UNKNOWN,

		/** The result is recorded. */
		SUCCESS,

		/** It failed, and there will be another attempt. */
		RETRY,

		/** It failed for good. */
		ERROR,

		/** The run left before that was known. */
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
