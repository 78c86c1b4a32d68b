package com.example.shop;

import io.pgqrs.annotation.PgqrsWorkflow;
import io.pgqrs.workflow.PermanentStepException;
import io.pgqrs.workflow.WorkflowContext;

import org.springframework.stereotype.Component;

@Component
class DataPipeline {

	volatile boolean offline;

	@PgqrsWorkflow("data_pipeline")
	String run(WorkflowContext ctx, String url) {
		String data = ctx.step("fetch_data", String.class, () -> fetch(url));
		int lines = ctx.step("process_data", Integer.class, () -> count(data));
		return "Processed " + lines + " lines";
	}

	private String fetch(String url) {
		if (this.offline) {
			throw new PermanentStepException(url + " cannot be reached");
		}
		return "one\ntwo\nthree";
	}

	private int count(String data) {
		return (int) data.lines().count();
	}

}
