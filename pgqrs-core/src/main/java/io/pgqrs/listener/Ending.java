package io.pgqrs.listener;

import java.time.Duration;

import io.pgqrs.support.FailureReport;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * The end of a container's run: gives back what was not begun, waits for what was, has
 * the last completions saved, and then gives back the rest.
 */
final class Ending {

	private static final Log logger = LogFactory.getLog(Ending.class);

	private final String id;

	private final Duration timeout;

	private final ContainerShutdown shutdown;

	private final Handlers handlers;

	private final Completions completions;

	private final Leases leases;

	Ending(String id, Duration timeout, ContainerShutdown shutdown, Handlers handlers, Completions completions,
			Leases leases) {
		this.id = id;
		this.timeout = timeout;
		this.shutdown = shutdown;
		this.handlers = handlers;
		this.completions = completions;
		this.leases = leases;
	}

	void run() {
		try {
			this.leases.giveBack(this.handlers.end(), Duration.ZERO, false);
			if (!awaitHandlers()) {
				this.shutdown.force();
				this.handlers.interrupt();
			}
			this.completions.flush();
			this.leases.giveBack(this.leases.all(), Duration.ZERO, false);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			this.completions.abandon();
		}
	}

	private boolean awaitHandlers() throws InterruptedException {
		long left = this.timeout.toNanos();
		long deadline = System.nanoTime() + left;
		while (!this.handlers.awaitEnd(Math.min(left, this.leases.interval()))) {
			left = deadline - System.nanoTime();
			if (left <= 0) {
				return false;
			}
			keepLeases();
		}
		return true;
	}

	private void keepLeases() {
		try {
			this.leases.keep();
		}
		catch (RuntimeException ex) {
			logger.warn("Listener '" + this.id + "' could not extend its leases: " + FailureReport.rootMessage(ex));
		}
	}

}
