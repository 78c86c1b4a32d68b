package io.pgqrs.workflow;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.pgqrs.store.Availability.Activity;
import io.pgqrs.store.Lease;
import io.pgqrs.store.MessageStore;
import io.pgqrs.store.PgqrsStore;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The leases of runs that their callers execute: all of them are extended in one
 * statement, every third of the visibility timeout.
 */
final class InlineLeases {

	private static final Log logger = LogFactory.getLog(InlineLeases.class);

	private final MessageStore messages;

	private final Activity extending;

	private final Duration visibilityTimeout;

	private final ScheduledThreadPoolExecutor scheduler;

	private final Set<Lease> held = ConcurrentHashMap.newKeySet();

	private @Nullable ScheduledFuture<?> keeping;

	InlineLeases(PgqrsStore store, Duration visibilityTimeout, ScheduledThreadPoolExecutor scheduler) {
		this.messages = store.messages();
		this.extending = store.availability().activity("extending the leases of runs", logger);
		this.visibilityTimeout = visibilityTimeout;
		this.scheduler = scheduler;
	}

	Duration visibilityTimeout() {
		return this.visibilityTimeout;
	}

	void add(Lease lease) {
		this.held.add(lease);
		begin();
	}

	private synchronized void begin() {
		if (this.keeping == null) {
			long interval = Math.max(1, this.visibilityTimeout.toMillis() / 3);
			this.keeping = this.scheduler.scheduleWithFixedDelay(this::keep, interval, interval, TimeUnit.MILLISECONDS);
		}
	}

	void remove(Lease lease) {
		this.held.remove(lease);
	}

	private void keep() {
		List<Lease> leases = List.copyOf(this.held);
		if (leases.isEmpty()) {
			this.extending.close();
			end();
			return;
		}
		try {
			Set<Long> extended = this.messages.tryExtend(leases, this.visibilityTimeout);
			if (extended.size() < leases.size()) {
				forgetLost(leases);
			}
			this.extending.succeeded();
		}
		catch (RuntimeException ex) {
			this.extending.failed(ex);
		}
	}

	private void forgetLost(List<Lease> leases) {
		Set<Long> current = this.messages.held(leases);
		for (Lease lease : leases) {
			if (!current.contains(lease.messageId()) && this.held.remove(lease)) {
				logger.warn("Lost the lease of run " + lease.messageId() + ": it goes on elsewhere");
			}
		}
	}

	private synchronized void end() {
		if (this.held.isEmpty() && this.keeping != null) {
			this.keeping.cancel(false);
			this.keeping = null;
		}
	}

}
