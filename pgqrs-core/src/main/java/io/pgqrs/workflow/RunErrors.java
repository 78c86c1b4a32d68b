package io.pgqrs.workflow;

import java.util.LinkedHashMap;
import java.util.Map;

import io.pgqrs.support.FailureReport;
import io.pgqrs.support.PayloadJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Errors of runs and steps: JSON objects with {@code type}, {@code message}, {@code step}
 * and {@code attempts}, and more to find the cause.
 */
final class RunErrors {

	private static final TypeReference<LinkedHashMap<String, @Nullable Object>> OBJECT = new TypeReference<>() {
	};

	private RunErrors() {
	}

	static String ofStep(Throwable exception, String step, int attempts) {
		return FailureReport.of(exception, context(exception, step, attempts));
	}

	/** A run whose step failed has that step's error. */
	static String ofRun(Throwable exception, int attempts) {
		if (exception instanceof StepFailedException failed) {
			return failed.getError();
		}
		StepFailedException failed = step(exception);
		return FailureReport.of(exception, context(exception, (failed != null) ? failed.getStep() : null, attempts));
	}

	static String ofRun(String type, String message, int attempts) {
		Map<String, @Nullable Object> error = new LinkedHashMap<>();
		error.put("type", type);
		error.put("message", message);
		error.put("step", null);
		error.put("attempts", attempts);
		return PayloadJson.writePlain(error);
	}

	private static Map<String, @Nullable Object> context(Throwable exception, @Nullable String step, int attempts) {
		Map<String, @Nullable Object> context = new LinkedHashMap<>();
		context.put("step", step);
		context.put("attempts", attempts);
		if (exception instanceof TransientStepException passing) {
			context.put("code", passing.getCode());
		}
		return context;
	}

	private static @Nullable StepFailedException step(Throwable exception) {
		for (@Nullable
		Throwable cause = exception; cause != null; cause = cause.getCause()) {
			if (cause instanceof StepFailedException failed) {
				return failed;
			}
		}
		return null;
	}

	/** The message of an error. */
	static String message(String error) {
		return String.valueOf(JsonMapper.shared().readValue(error, OBJECT).get("message"));
	}

}
