package io.pgqrs;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Checks what callers pass in, and says what is wrong with it by an
 * {@link InvalidArgumentException}.
 *
 * @since 0.1
 */
public final class Arguments {

	private static final int MAX_NAME_LENGTH = 200;

	/** A hundred years: far beyond any use, and far from the limits of a timestamp. */
	private static final Duration MAX_DURATION = Duration.ofDays(36_525);

	private Arguments() {
	}

	/**
	 * Checks a condition.
	 * @param condition what is to be true
	 * @param message what is wrong otherwise
	 */
	public static void check(boolean condition, Supplier<String> message) {
		if (!condition) {
			throw new InvalidArgumentException(message.get());
		}
	}

	static String queueName(@Nullable String name) {
		return name("queue", name);
	}

	/** The name of a queue that is not a workflow's. */
	static String messageQueueName(@Nullable String name) {
		String queue = queueName(name);
		check(!WorkflowQueues.isOne(queue), () -> "Queue '" + queue
				+ "' carries the runs of a workflow. Start these, and steer them, by WorkflowOperations");
		return queue;
	}

	/**
	 * Checks a name.
	 * @param what it is the name of
	 * @param name 1 to 200 characters, none of them control characters
	 * @return the name
	 */
	public static String name(String what, @Nullable String name) {
		if (name == null || name.isBlank()) {
			throw new InvalidArgumentException("The name of a " + what + " must not be empty");
		}
		check(name.length() <= MAX_NAME_LENGTH, () -> "The name of a " + what + " must not be longer than "
				+ MAX_NAME_LENGTH + " characters; '" + name.substring(0, 40) + "…' has " + name.length());
		check(name.chars().noneMatch(Character::isISOControl),
				() -> "The name of a " + what + " must not contain control characters");
		check(!hasLoneSurrogate(name), () -> "The name of a " + what + " contains half of a surrogate pair");
		return name;
	}

	/** No database can hold half a character. */
	static boolean hasLoneSurrogate(String text) {
		return text.codePoints()
			.anyMatch((character) -> character <= 0xFFFF && Character.isSurrogate((char) character));
	}

	/**
	 * Checks a duration.
	 * @param what it is
	 * @param duration from zero to a hundred years
	 * @return the duration
	 */
	public static Duration notNegative(String what, @Nullable Duration duration) {
		if (duration == null) {
			throw new InvalidArgumentException("'" + what + "' must not be null");
		}
		check(!duration.isNegative(), () -> "'" + what + "' must not be negative, but is " + duration);
		check(duration.compareTo(MAX_DURATION) <= 0,
				() -> "'" + what + "' must not be longer than a hundred years, but is " + duration);
		return duration;
	}

	/**
	 * Checks a duration.
	 * @param what it is
	 * @param duration from a millisecond to a hundred years
	 * @return the duration
	 */
	public static Duration positive(String what, @Nullable Duration duration) {
		Duration value = notNegative(what, duration);
		check(value.toMillis() > 0, () -> "'" + what + "' must be at least a millisecond, but is " + value);
		return value;
	}

	/**
	 * Checks a time.
	 * @param what it is
	 * @param time no further away than a hundred years
	 * @return the time
	 */
	public static Instant time(String what, @Nullable Instant time) {
		if (time == null) {
			throw new InvalidArgumentException("'" + what + "' must not be null");
		}
		check(Duration.between(Instant.now(), time).abs().compareTo(MAX_DURATION) <= 0,
				() -> "'" + what + "' must not be further away than a hundred years, but is " + time);
		return time;
	}

	/**
	 * Checks a number.
	 * @param what it is
	 * @param value at least 1
	 * @return the number
	 */
	public static int atLeastOne(String what, int value) {
		check(value >= 1, () -> "'" + what + "' must be at least 1, but is " + value);
		return value;
	}

}
