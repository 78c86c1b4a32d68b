package io.pgqrs;

import java.time.Duration;
import java.util.Optional;

/**
 * An exception that itself says what becomes of the message whose handling it ended,
 * whatever the backoff of the queue. For exceptions of an application's own as well.
 *
 * @since 0.1
 */
public interface FailureDirective {

	/**
	 * When to try again.
	 * @return the delay of the next attempt, if there is one left; empty to give up at
	 * once
	 */
	Optional<Duration> retryAfter();

}
