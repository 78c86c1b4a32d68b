package io.pgqrs.samples.pipeline;

import java.time.Duration;

import io.pgqrs.annotation.PgqrsWorkflow;
import io.pgqrs.workflow.StepOptions;
import io.pgqrs.workflow.WorkflowContext;

import org.springframework.stereotype.Component;

/**
 * The workflow. Whenever a run goes on, after a crash or a wait, this method is called
 * again from the beginning: steps that are complete return at once what they returned the
 * first time.
 */
@Component
class DataPipeline {

	static final String NAME = "data-pipeline";

	static final String APPROVE = "approve";

	private static final StepOptions FETCH = StepOptions.defaults().timeout(Duration.ofSeconds(30));

	private static final Duration PATIENCE = Duration.ofDays(7);

	private final TextSource texts;

	private final TextSplitter splitter;

	private final ReportWriter reports;

	private final CrashPoint crash;

	DataPipeline(TextSource texts, TextSplitter splitter, ReportWriter reports, CrashPoint crash) {
		this.texts = texts;
		this.splitter = splitter;
		this.reports = reports;
		this.crash = crash;
	}

	@PgqrsWorkflow(NAME)
	Report run(WorkflowContext context, PipelineInput input) {
		String text = context.step("fetch", String.class, FETCH, () -> this.texts.fetch(input.source()));
		this.crash.after("fetch", context);
		int parts = this.splitter.split(context.runId(), text);
		this.crash.after("split", context);
		int words = awaitCounts(parts, context);
		if (input.approval()) {
			receive(APPROVE, Boolean.class, context);
			this.crash.after(APPROVE, context);
		}
		long lines = text.lines().count();
		Report report = context.step("report", Report.class,
				() -> this.reports.write(context.runId(), input.source(), lines, words));
		this.crash.after("report", context);
		return report;
	}

	/** Each part has a signal of its own, so it does not matter which one comes first. */
	private int awaitCounts(int parts, WorkflowContext context) {
		int words = 0;
		for (int part = 1; part <= parts; part++) {
			words += receive(counted(part), Integer.class, context);
			this.crash.after(counted(part), context);
		}
		return words;
	}

	static String counted(int part) {
		return "counted-" + part;
	}

	/** The run leaves its thread until the signal comes. */
	private static <T> T receive(String signal, Class<T> type, WorkflowContext context) {
		return context.awaitSignal(signal, type, PATIENCE)
			.orElseThrow(() -> new IllegalStateException(
					"No signal '" + signal + "' came within " + PATIENCE.toDays() + " days"));
	}

}
