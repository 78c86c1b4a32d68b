package io.pgqrs.samples.pipeline;

import io.pgqrs.workflow.WorkflowContext;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.stereotype.Component;

/** Ends the JVM between two steps, as {@code kill -9} would. */
@Component
class CrashPoint {

	private static final Log logger = LogFactory.getLog(CrashPoint.class);

	/** As a shell reports {@code kill -9}. */
	private static final int KILLED = 137;

	private final PipelineProperties properties;

	CrashPoint(PipelineProperties properties) {
		this.properties = properties;
	}

	/**
	 * Says that a step was recorded. A run crashes once: the same command resumes it.
	 */
	void after(String step, WorkflowContext context) {
		if (step.equals(this.properties.crashAfter()) && context.attempt() == 1) {
			logger.info("Run " + context.runId() + " crashes after '" + step + "'. Start again to resume it");
			Runtime.getRuntime().halt(KILLED);
		}
	}

}
