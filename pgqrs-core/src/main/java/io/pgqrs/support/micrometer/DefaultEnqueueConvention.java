package io.pgqrs.support.micrometer;

import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.pgqrs.support.micrometer.PgqrsObservation.HighCardinalityKey;
import io.pgqrs.support.micrometer.PgqrsObservation.LowCardinalityKey;

/**
 * Name and keys of {@link PgqrsObservation#ENQUEUE}.
 *
 * @since 0.1
 */
public class DefaultEnqueueConvention implements ObservationConvention<EnqueueContext> {

	static final DefaultEnqueueConvention INSTANCE = new DefaultEnqueueConvention();

	@Override
	public String getName() {
		return "pgqrs.enqueue";
	}

	@Override
	public String getContextualName(EnqueueContext context) {
		return "enqueue " + context.getQueue();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(EnqueueContext context) {
		return KeyValues.of(LowCardinalityKey.QUEUE.withValue(context.getQueue()));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(EnqueueContext context) {
		return KeyValues.of(HighCardinalityKey.MESSAGE_COUNT.withValue(Integer.toString(context.getMessages())));
	}

	@Override
	public boolean supportsContext(Observation.Context context) {
		return context instanceof EnqueueContext;
	}

}
