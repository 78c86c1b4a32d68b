package io.pgqrs.support;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.core.NestedExceptionUtils;

/**
 * What is kept of an exception: a JSON object with {@code type}, {@code message} and
 * {@code stackTrace}, shortened.
 *
 * @since 0.1
 */
public final class FailureReport {

	private static final int MAX_MESSAGE = 2_000;

	private static final int MAX_FRAMES = 15;

	private static final int MAX_CAUSES = 5;

	private FailureReport() {
	}

	/**
	 * Describes an exception.
	 * @param exception what was thrown
	 * @return a JSON object
	 */
	public static String of(Throwable exception) {
		return of(exception, Map.of());
	}

	/**
	 * Describes an exception and where it was thrown.
	 * @param exception what was thrown
	 * @param context more to put into the report
	 * @return a JSON object
	 */
	public static String of(Throwable exception, Map<String, ? extends @Nullable Object> context) {
		Map<String, @Nullable Object> report = new LinkedHashMap<>();
		report.put("type", exception.getClass().getName());
		report.put("message", shorten(String.valueOf(exception.getMessage())));
		report.putAll(context);
		report.put("stackTrace", stackTrace(exception));
		return PayloadJson.writePlain(report);
	}

	/**
	 * Describes a failure that is no exception.
	 * @param type what kind
	 * @param message in words
	 * @return a JSON object
	 */
	public static String of(String type, String message) {
		Map<String, String> report = new LinkedHashMap<>();
		report.put("type", type);
		report.put("message", message);
		return PayloadJson.writePlain(report);
	}

	/**
	 * What a failure comes down to, for a line in the log: without the statements that
	 * Spring puts before it.
	 * @param exception what was thrown
	 * @return the message of its root cause
	 */
	public static String rootMessage(Throwable exception) {
		return String.valueOf(NestedExceptionUtils.getMostSpecificCause(exception).getMessage());
	}

	private static String stackTrace(Throwable exception) {
		StringBuilder text = new StringBuilder();
		Throwable cause = exception;
		for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++, cause = cause.getCause()) {
			text.append((depth > 0) ? "Caused by: " : "").append(shorten(String.valueOf(cause))).append('\n');
			StackTraceElement[] frames = cause.getStackTrace();
			for (int i = 0; i < Math.min(frames.length, MAX_FRAMES); i++) {
				text.append("\tat ").append(frames[i]).append('\n');
			}
			if (frames.length > MAX_FRAMES) {
				text.append("\t… ").append(frames.length - MAX_FRAMES).append(" more\n");
			}
		}
		return text.toString();
	}

	/** A text column of PostgreSQL holds no NUL. */
	private static String shorten(String text) {
		String clean = text.replace('\0', '\uFFFD');
		return (clean.length() <= MAX_MESSAGE) ? clean : clean.substring(0, MAX_MESSAGE) + "…";
	}

}
