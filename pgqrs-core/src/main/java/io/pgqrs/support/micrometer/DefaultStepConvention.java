package io.pgqrs.support.micrometer;

import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.pgqrs.support.micrometer.PgqrsObservation.HighCardinalityKey;
import io.pgqrs.support.micrometer.PgqrsObservation.LowCardinalityKey;

/**
 * Name and keys of {@link PgqrsObservation#STEP}.
 *
 * @since 0.1
 */
public class DefaultStepConvention implements ObservationConvention<StepContext> {

	static final DefaultStepConvention INSTANCE = new DefaultStepConvention();

	@Override
	public String getName() {
		return "pgqrs.workflow.step";
	}

	@Override
	public String getContextualName(StepContext context) {
		return "step of " + context.getWorkflow();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(StepContext context) {
		return KeyValues.of(LowCardinalityKey.WORKFLOW.withValue(context.getWorkflow()),
				LowCardinalityKey.OUTCOME.withValue(context.getOutcome().tag()));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(StepContext context) {
		return KeyValues.of(HighCardinalityKey.RUN_ID.withValue(Long.toString(context.getRunId())),
				HighCardinalityKey.STEP_NAME.withValue(context.getStep()),
				HighCardinalityKey.STEP_ATTEMPT.withValue(Integer.toString(context.getAttempt())));
	}

	@Override
	public boolean supportsContext(Observation.Context context) {
		return context instanceof StepContext;
	}

}
