package io.pgqrs;

import java.time.Duration;
import java.util.Optional;

import io.pgqrs.support.Backoff;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.handler.annotation.support.MethodArgumentNotValidException;
import org.springframework.messaging.handler.annotation.support.MethodArgumentTypeMismatchException;
import org.springframework.messaging.handler.invocation.MethodArgumentResolutionException;

/**
 * The default: what cannot get better is given up at once, everything else is tried again
 * with the queue's exponential backoff, until its attempts are used up. A
 * {@link FailureDirective} among the causes overrides the backoff.
 *
 * @since 0.1
 */
public final class BackoffFailurePolicy implements FailurePolicy {

	@Override
	public Verdict decide(Failure failure) {
		FailureDirective directive = find(failure.exception(), FailureDirective.class);
		Optional<Duration> asked = (directive != null) ? directive.retryAfter() : Optional.empty();
		boolean fatal = (directive != null) ? asked.isEmpty() : isFatal(failure.exception());
		int attempt = failure.message().attempt();
		if (fatal || attempt >= failure.maxAttempts()) {
			return new GiveUp();
		}
		return new Retry(asked.orElseGet(() -> backoff(failure.queue(), attempt)));
	}

	/** The payload or the method's signature is wrong, and stays wrong. */
	private static boolean isFatal(Throwable exception) {
		return find(exception, PayloadConversionException.class) != null
				|| find(exception, MessageConversionException.class) != null
				|| find(exception, MethodArgumentNotValidException.class) != null
				|| find(exception, MethodArgumentTypeMismatchException.class) != null
				|| find(exception, MethodArgumentResolutionException.class) != null;
	}

	private static Duration backoff(QueueInfo queue, int attempt) {
		return Backoff.delay(queue.initialBackoff(), queue.backoffMultiplier(), queue.maxBackoff(), attempt);
	}

	private static <T> @Nullable T find(Throwable exception, Class<T> type) {
		for (@Nullable
		Throwable cause = exception; cause != null; cause = cause.getCause()) {
			if (type.isInstance(cause)) {
				return type.cast(cause);
			}
		}
		return null;
	}

}
