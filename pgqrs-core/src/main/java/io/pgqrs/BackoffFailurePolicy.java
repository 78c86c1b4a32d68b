package io.pgqrs;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

import org.jspecify.annotations.Nullable;

import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.handler.annotation.support.MethodArgumentNotValidException;
import org.springframework.messaging.handler.annotation.support.MethodArgumentTypeMismatchException;
import org.springframework.messaging.handler.invocation.MethodArgumentResolutionException;
import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * The default: what cannot get better is given up at once, everything else is tried again
 * with the queue's exponential backoff, until its attempts are used up. A
 * {@link FailureDirective} among the causes overrides the backoff.
 *
 * @since 0.1
 */
public final class BackoffFailurePolicy implements FailurePolicy {

	/** Beyond this many doublings any backoff has reached its maximum. */
	private static final int MAX_STEPS = 64;

	/** Each delay is spread by this much in both directions. */
	private static final double JITTER = 0.2;

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
		long initial = queue.initialBackoff().toMillis();
		if (initial == 0) {
			return Duration.ZERO;
		}
		ExponentialBackOff backOff = new ExponentialBackOff(initial, queue.backoffMultiplier());
		backOff.setMaxInterval(queue.maxBackoff().toMillis());
		BackOffExecution execution = backOff.start();
		long delay = 0;
		for (int step = 0; step < Math.min(attempt, MAX_STEPS); step++) {
			delay = execution.nextBackOff();
		}
		double spread = 1 + JITTER * ThreadLocalRandom.current().nextDouble(-1, 1);
		return Duration.ofMillis(Math.min(Math.round(delay * spread), queue.maxBackoff().toMillis()));
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
