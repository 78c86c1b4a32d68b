package io.pgqrs;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/** Checks what callers pass in, and says what is wrong with it. */
final class Arguments {

	private static final int MAX_NAME_LENGTH = 200;

	/** A hundred years: far beyond any use, and far from the limits of a timestamp. */
	private static final Duration MAX_DURATION = Duration.ofDays(36_525);

	private Arguments() {
	}

	static void check(boolean condition, Supplier<String> message) {
		if (!condition) {
			throw new InvalidArgumentException(message.get());
		}
	}

	static String queueName(@Nullable String name) {
		return name("queue", name);
	}

	static String name(String what, @Nullable String name) {
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

	static Duration notNegative(String what, @Nullable Duration duration) {
		if (duration == null) {
			throw new InvalidArgumentException("'" + what + "' must not be null");
		}
		check(!duration.isNegative(), () -> "'" + what + "' must not be negative, but is " + duration);
		check(duration.compareTo(MAX_DURATION) <= 0,
				() -> "'" + what + "' must not be longer than a hundred years, but is " + duration);
		return duration;
	}

	static Duration positive(String what, @Nullable Duration duration) {
		Duration value = notNegative(what, duration);
		check(value.toMillis() > 0, () -> "'" + what + "' must be at least a millisecond, but is " + value);
		return value;
	}

	static Instant time(String what, @Nullable Instant time) {
		if (time == null) {
			throw new InvalidArgumentException("'" + what + "' must not be null");
		}
		check(Duration.between(Instant.now(), time).abs().compareTo(MAX_DURATION) <= 0,
				() -> "'" + what + "' must not be further away than a hundred years, but is " + time);
		return time;
	}

	static int atLeastOne(String what, int value) {
		check(value >= 1, () -> "'" + what + "' must be at least 1, but is " + value);
		return value;
	}

}
