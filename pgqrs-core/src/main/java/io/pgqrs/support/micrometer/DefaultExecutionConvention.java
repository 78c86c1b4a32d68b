package io.pgqrs.support.micrometer;

import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.pgqrs.support.micrometer.PgqrsObservation.HighCardinalityKey;
import io.pgqrs.support.micrometer.PgqrsObservation.LowCardinalityKey;

/**
 * Name and keys of {@link PgqrsObservation#EXECUTION}.
 *
 * @since 0.1
 */
public class DefaultExecutionConvention implements ObservationConvention<ExecutionContext> {

	static final DefaultExecutionConvention INSTANCE = new DefaultExecutionConvention();

	@Override
	public String getName() {
		return "pgqrs.workflow.execution";
	}

	@Override
	public String getContextualName(ExecutionContext context) {
		return "execute " + context.getWorkflow();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(ExecutionContext context) {
		return KeyValues.of(LowCardinalityKey.WORKFLOW.withValue(context.getWorkflow()),
				LowCardinalityKey.OUTCOME.withValue(context.getOutcome().tag()));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(ExecutionContext context) {
		return KeyValues.of(HighCardinalityKey.RUN_ID.withValue(Long.toString(context.getRunId())),
				HighCardinalityKey.RUN_ATTEMPT.withValue(Integer.toString(context.getAttempt())));
	}

	@Override
	public boolean supportsContext(Observation.Context context) {
		return context instanceof ExecutionContext;
	}

}
