package io.pgqrs.support.micrometer;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/**
 * What is observed, and the keys of each observation, which are always all there. Names
 * and keys can be changed by a
 * {@link io.micrometer.observation.GlobalObservationConvention} for one of the contexts.
 *
 * @since 0.1
 */
public enum PgqrsObservation implements ObservationDocumentation {

	/** Messages are enqueued, or a run is started. */
	ENQUEUE {

		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultEnqueueConvention.class;
		}

		@Override
		public KeyName[] getLowCardinalityKeyNames() {
			return new KeyName[] { LowCardinalityKey.QUEUE };
		}

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return new KeyName[] { HighCardinalityKey.MESSAGE_COUNT };
		}

	},

	/** A listener, or another handler, is called. */
	HANDLE {

		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultHandleConvention.class;
		}

		@Override
		public KeyName[] getLowCardinalityKeyNames() {
			return new KeyName[] { LowCardinalityKey.QUEUE, LowCardinalityKey.LISTENER };
		}

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return new KeyName[] { HighCardinalityKey.MESSAGE_COUNT, HighCardinalityKey.MESSAGE_ID };
		}

	},

	/** A run is executed, from one delivery of its message to where it ends or waits. */
	EXECUTION {

		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultExecutionConvention.class;
		}

		@Override
		public KeyName[] getLowCardinalityKeyNames() {
			return new KeyName[] { LowCardinalityKey.WORKFLOW, LowCardinalityKey.OUTCOME };
		}

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return new KeyName[] { HighCardinalityKey.RUN_ID, HighCardinalityKey.RUN_ATTEMPT };
		}

	},

	/** The body of a step is executed, and its result recorded. */
	STEP {

		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultStepConvention.class;
		}

		@Override
		public KeyName[] getLowCardinalityKeyNames() {
			return new KeyName[] { LowCardinalityKey.WORKFLOW, LowCardinalityKey.OUTCOME };
		}

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return new KeyName[] { HighCardinalityKey.RUN_ID, HighCardinalityKey.STEP_NAME,
					HighCardinalityKey.STEP_ATTEMPT };
		}

	};

	/** Keys with few values: tags of metrics. */
	public enum LowCardinalityKey implements KeyName {

		/** Name of the queue. */
		QUEUE("queue"),

		/** Id of the listener, or {@code none}. */
		LISTENER("listener"),

		/** Name of the workflow. */
		WORKFLOW("workflow"),

		/** What came of it. */
		OUTCOME("outcome");

		private final String key;

		LowCardinalityKey(String key) {
			this.key = key;
		}

		@Override
		public String asString() {
			return this.key;
		}

	}

	/** Keys with any number of values: for traces only. */
	public enum HighCardinalityKey implements KeyName {

		/** How many messages. */
		MESSAGE_COUNT("pgqrs.message.count"),

		/** Id of the message, or of the first one. */
		MESSAGE_ID("pgqrs.message.id"),

		/** Id of the run. */
		RUN_ID("pgqrs.run.id"),

		/** Attempt of the run. */
		RUN_ATTEMPT("pgqrs.run.attempt"),

		/** Name of the step, as it is recorded. */
		STEP_NAME("pgqrs.step.name"),

		/** Attempt of the step. */
		STEP_ATTEMPT("pgqrs.step.attempt");

		private final String key;

		HighCardinalityKey(String key) {
			this.key = key;
		}

		@Override
		public String asString() {
			return this.key;
		}

	}

}
