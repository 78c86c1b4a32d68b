package io.pgqrs.support.micrometer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.pgqrs.support.QueueEvents;

/**
 * Where templates, containers and workflows report what they do. Where nobody observes,
 * nothing is built for observers.
 *
 * @param observations observes what takes time
 * @param events counts what happens
 * @since 0.1
 */
public record Instrumentation(ObservationRegistry observations, QueueEvents events) {

	/** Reports to nobody. */
	public static final Instrumentation NONE = new Instrumentation(ObservationRegistry.NOOP, QueueEvents.NONE);

	/**
	 * Observes an enqueue. The trace context goes with the messages.
	 * @param <T> type of the result
	 * @param queue name of the queue
	 * @param messages how many
	 * @param headers of the messages; a trace header counts more than one of them
	 * @param send enqueues messages with the headers that it is given
	 * @return what {@code send} returns
	 */
	public <T> T enqueue(String queue, int messages, Map<String, String> headers,
			Function<Map<String, String>, T> send) {
		if (this.observations.isNoop()) {
			return send.apply(headers);
		}
		Map<String, String> all = new LinkedHashMap<>(headers);
		return PgqrsObservation.ENQUEUE
			.observation(null, DefaultEnqueueConvention.INSTANCE, () -> new EnqueueContext(queue, messages, all),
					this.observations)
			.observe(() -> send.apply(all));
	}

	/**
	 * An observation of a handler.
	 * @param context what is handled
	 * @return not started yet
	 */
	public Observation handle(Supplier<HandleContext> context) {
		return this.observations.isNoop() ? Observation.NOOP : PgqrsObservation.HANDLE.observation(null,
				DefaultHandleConvention.INSTANCE, context, this.observations);
	}

	/**
	 * An observation of one delivery of a run.
	 * @param context what is executed
	 * @return not started yet
	 */
	public Observation execution(Supplier<ExecutionContext> context) {
		return this.observations.isNoop() ? Observation.NOOP : PgqrsObservation.EXECUTION.observation(null,
				DefaultExecutionConvention.INSTANCE, context, this.observations);
	}

	/**
	 * An observation of one attempt of a step.
	 * @param context what is executed
	 * @return not started yet
	 */
	public Observation step(Supplier<StepContext> context) {
		return this.observations.isNoop() ? Observation.NOOP
				: PgqrsObservation.STEP.observation(null, DefaultStepConvention.INSTANCE, context, this.observations);
	}

}
