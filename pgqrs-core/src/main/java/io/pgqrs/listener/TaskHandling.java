package io.pgqrs.listener;

import java.time.Duration;
import java.util.List;
import java.util.Set;

import io.pgqrs.listener.AccountingListener.Task;
import io.pgqrs.support.QueueEvents;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.util.Assert;

/**
 * Has an {@link AccountingListener} take, perform and settle. Failures of handling are
 * that listener's own affair; what it throws is a defect.
 */
final class TaskHandling implements Handling {

	private static final Log logger = LogFactory.getLog(TaskHandling.class);

	private final String id;

	private final AccountingListener listener;

	private final QueueEvents events;

	private final Leases leases;

	private final Shutdown shutdown;

	TaskHandling(String id, AccountingListener listener, QueueEvents events, Leases leases, Shutdown shutdown) {
		this.id = id;
		this.listener = listener;
		this.events = events;
		this.leases = leases;
		this.shutdown = shutdown;
	}

	@Override
	public void take(List<Delivery> deliveries) {
		List<? extends Task> tasks = this.listener.take(deliveries.stream().map(Delivery::message).toList());
		Assert.state(tasks.size() == deliveries.size(), () -> "Listener '" + this.id + "' took " + deliveries.size()
				+ " messages, but made " + tasks.size() + " tasks of them");
		for (int i = 0; i < tasks.size(); i++) {
			deliveries.get(i).becomes(tasks.get(i));
		}
	}

	@Override
	public List<Delivery> handle(List<Delivery> deliveries) {
		return this.leases.giveBackExpired(deliveries).stream().filter(this::perform).toList();
	}

	/** Whether the task is to be settled, and its lease to be kept for that. */
	private boolean perform(Delivery delivery) {
		this.events.delivered(delivery.queue().name(), delivery.message().waited());
		try {
			if (call(delivery.task())) {
				return true;
			}
			// After a forced end the container gives it back.
			if (!this.shutdown.isForced()) {
				this.leases.remove(List.of(delivery));
			}
		}
		catch (Throwable ex) {
			if (!this.shutdown.isForced()) {
				fail(delivery, ex);
			}
		}
		return false;
	}

	private boolean call(Task task) {
		try {
			return task.perform(this.shutdown);
		}
		finally {
			if (!this.shutdown.isForced()) {
				// An interrupt that the task left behind would break what follows.
				Thread.interrupted();
			}
		}
	}

	private void fail(Delivery delivery, Throwable exception) {
		Duration backoff = delivery.queue().initialBackoff();
		logger.error("Listener '" + this.id + "' failed unexpectedly on " + delivery.message() + "; next attempt in "
				+ backoff, exception);
		this.leases.giveBack(List.of(delivery), backoff, true);
		this.events.retried(delivery.queue().name(), 1);
	}

	@Override
	public Set<Long> complete(List<Delivery> deliveries) {
		return this.listener.settle(deliveries.stream().map(Delivery::task).toList());
	}

	@Override
	public boolean needsDurableClaims() {
		return true;
	}

}
