package io.pgqrs.support.micrometer;

import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.pgqrs.support.micrometer.PgqrsObservation.HighCardinalityKey;
import io.pgqrs.support.micrometer.PgqrsObservation.LowCardinalityKey;

/**
 * Name and keys of {@link PgqrsObservation#HANDLE}.
 *
 * @since 0.1
 */
public class DefaultHandleConvention implements ObservationConvention<HandleContext> {

	static final DefaultHandleConvention INSTANCE = new DefaultHandleConvention();

	@Override
	public String getName() {
		return "pgqrs.handle";
	}

	@Override
	public String getContextualName(HandleContext context) {
		return "handle " + context.getQueue();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(HandleContext context) {
		return KeyValues.of(LowCardinalityKey.QUEUE.withValue(context.getQueue()),
				LowCardinalityKey.LISTENER.withValue(context.getListener()));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(HandleContext context) {
		return KeyValues.of(HighCardinalityKey.MESSAGE_COUNT.withValue(Integer.toString(context.getMessages().size())),
				HighCardinalityKey.MESSAGE_ID.withValue(Long.toString(context.getMessages().get(0))));
	}

	@Override
	public boolean supportsContext(Observation.Context context) {
		return context instanceof HandleContext;
	}

}
