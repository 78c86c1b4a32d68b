package io.pgqrs.spring.boot.autoconfigure.endpoint;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.pgqrs.InvalidArgumentException;
import org.jspecify.annotations.Nullable;

/** Reads what a request says, and answers what is wrong with it. */
final class RequestValues {

	private static final int DEFAULT_LIMIT = 20;

	private static final int MAX_LIMIT = 1000;

	private RequestValues() {
	}

	static long id(String what, String text) {
		try {
			return Long.parseLong(text);
		}
		catch (NumberFormatException ex) {
			throw new InvalidArgumentException("'" + text + "' is not the id of a " + what + ", which is a number");
		}
	}

	static int limit(@Nullable String text) {
		if (text == null) {
			return DEFAULT_LIMIT;
		}
		int limit = 0;
		try {
			limit = Integer.parseInt(text);
		}
		catch (NumberFormatException ex) {
			// Out of range, too.
		}
		if (limit < 1 || limit > MAX_LIMIT) {
			throw new InvalidArgumentException(
					"'limit' must be a number from 1 to " + MAX_LIMIT + ", but is '" + text + "'");
		}
		return limit;
	}

	static InvalidArgumentException unknownAction(@Nullable String action, String target, String... known) {
		return new InvalidArgumentException(((action != null) ? "'" + action + "' is no action for a "
				: "The body must name an \"action\" for the ") + target + ". There are " + List.of(known));
	}

	static @Nullable Duration between(@Nullable Instant start, @Nullable Instant end) {
		return (start != null && end != null) ? Duration.between(start, end) : null;
	}

}
