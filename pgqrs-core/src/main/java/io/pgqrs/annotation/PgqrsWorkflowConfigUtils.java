package io.pgqrs.annotation;

/**
 * Names of the beans behind {@link PgqrsWorkflow} and {@link PgqrsStep}.
 *
 * @since 0.1
 */
public final class PgqrsWorkflowConfigUtils {

	/** What finds the workflows. */
	public static final String WORKFLOW_ANNOTATION_PROCESSOR_BEAN_NAME = "io.pgqrs.annotation.internalPgqrsWorkflowAnnotationProcessor";

	/** What has calls of steps intercepted. */
	public static final String STEP_ANNOTATION_PROCESSOR_BEAN_NAME = "io.pgqrs.annotation.internalPgqrsStepAnnotationProcessor";

	private PgqrsWorkflowConfigUtils() {
	}

}
