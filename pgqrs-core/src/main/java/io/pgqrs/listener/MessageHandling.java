package io.pgqrs.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import io.micrometer.observation.Observation;
import io.pgqrs.FailurePolicy;
import io.pgqrs.FailurePolicy.Failure;
import io.pgqrs.FailurePolicy.Retry;
import io.pgqrs.FailurePolicy.Verdict;
import io.pgqrs.OnSuccess;
import io.pgqrs.PgqrsException;
import io.pgqrs.QueueMessage;
import io.pgqrs.WakeUps;
import io.pgqrs.store.MessageStore;
import io.pgqrs.store.MessageStore.Death;
import io.pgqrs.store.MessageStore.Release;
import io.pgqrs.support.FailureReport;
import io.pgqrs.support.QueueEvents;
import io.pgqrs.support.micrometer.HandleContext;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Calls the listener, and does about its messages what the outcome and the ack mode say.
 */
final class MessageHandling implements Handling {

	private static final Log logger = LogFactory.getLog(MessageHandling.class);

	private final PgqrsListenerEndpoint endpoint;

	private final AckMode ackMode;

	private final ContainerContext context;

	private final MessageStore messages;

	private final WakeUps wakeUps;

	private final FailurePolicy failurePolicy;

	private final Leases leases;

	private final Shutdown shutdown;

	private final TransactionTemplate transaction;

	private final QueueEvents events;

	MessageHandling(PgqrsListenerEndpoint endpoint, AckMode ackMode, ContainerContext context, Leases leases,
			Shutdown shutdown) {
		this.endpoint = endpoint;
		this.ackMode = ackMode;
		this.context = context;
		this.messages = context.store().messages();
		this.wakeUps = context.wakeUps();
		this.failurePolicy = context.failurePolicy();
		this.leases = leases;
		this.shutdown = shutdown;
		this.transaction = new TransactionTemplate(context.transactionManager());
		this.events = context.instrumentation().events();
	}

	@Override
	public void take(List<Delivery> deliveries) {
		// Each call of the listener is on its own.
	}

	@Override
	public List<Delivery> handle(List<Delivery> deliveries) {
		List<Delivery> held = this.leases.giveBackExpired(deliveries);
		if (held.isEmpty()) {
			return List.of();
		}
		String queue = held.get(0).queue().name();
		held.forEach((delivery) -> this.events.delivered(queue, delivery.message().waited()));
		Observation observation = this.context.instrumentation()
			.handle(() -> new HandleContext(queue, this.endpoint.id(),
					held.stream().map((delivery) -> delivery.message().id()).toList(),
					held.stream().map((delivery) -> delivery.message().headers()).toList()));
		return observation.observe(() -> handle(held, observation));
	}

	private List<Delivery> handle(List<Delivery> deliveries, Observation observation) {
		List<Delivery> left = new ArrayList<>(deliveries);
		List<Delivery> done = List.of();
		try {
			while (!left.isEmpty()) {
				try {
					done = attempt(left);
					return done;
				}
				catch (UnreadableMessagesException ex) {
					observation.error(ex);
					giveUpUnreadable(left, ex);
				}
				catch (NotBegun ex) {
					observation.error(Objects.requireNonNullElse(ex.getCause(), ex));
					warn(ex, () -> "Listener '" + this.endpoint.id() + "' was not called for " + messages(left)
							+ ", because no transaction could begin");
					this.leases.giveBack(left, left.get(0).queue().initialBackoff(), false);
					return done;
				}
				catch (Throwable ex) {
					observation.error(ex);
					fail(left, ex);
					return done;
				}
			}
			return done;
		}
		catch (DataAccessException | TransactionException ex) {
			warn(ex, () -> "Could not save what became of " + messages(deliveries)
					+ "; they are delivered again when their leases end");
			return done;
		}
		finally {
			// Only what is yet to be completed goes on being extended, however this
			// ended. After a forced end the container gives it back.
			if (done.isEmpty() && !this.shutdown.isForced()) {
				this.leases.remove(deliveries);
			}
		}
	}

	private void warn(RuntimeException failure, Supplier<String> text) {
		if (!this.context.store().availability().failed(ContainerRun.activity(this.endpoint.id()), failure)) {
			logger.warn(text.get() + ": " + FailureReport.rootMessage(failure));
		}
	}

	private List<Delivery> attempt(List<Delivery> deliveries) throws Exception {
		switch (this.ackMode) {
			case ON_SUCCESS -> {
				call(deliveries);
				return deliveries;
			}
			case TRANSACTIONAL -> callInTransaction(deliveries);
			// What was settled before a failure is touched no more: it has no lease,
			// unless the settlement was rolled back.
			case MANUAL -> call(deliveries);
		}
		return List.of();
	}

	private void call(List<Delivery> deliveries) throws Exception {
		List<QueueMessage> arguments = messages(deliveries);
		try {
			this.endpoint.listener()
				.onMessages(arguments,
						new ContainerAcknowledgment(this.ackMode, deliveries, this.messages, this.wakeUps));
		}
		catch (UnreadableMessagesException ex) {
			throw ex;
		}
		catch (Exception ex) {
			if (this.endpoint.errorHandler() == null) {
				throw ex;
			}
			this.endpoint.errorHandler().handleError(arguments, ex);
		}
		finally {
			if (!this.shutdown.isForced()) {
				// An interrupt that the listener left behind would break the statements
				// that follow.
				Thread.interrupted();
			}
		}
	}

	private void callInTransaction(List<Delivery> deliveries) throws Exception {
		AtomicBoolean called = new AtomicBoolean();
		AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
		try {
			boolean archive = isArchiving(deliveries);
			this.transaction.executeWithoutResult((status) -> {
				checkTransaction();
				called.set(true);
				try {
					call(deliveries);
					completeInTransaction(deliveries, archive);
				}
				catch (Exception ex) {
					// Not thrown on: the template would log it as an error, with its
					// stack trace, whenever there is no database to roll back.
					status.setRollbackOnly();
					failure.set(ex);
				}
			});
		}
		catch (DataAccessException | TransactionException ex) {
			if (failure.get() == null) {
				throw called.get() ? ex : new NotBegun(ex);
			}
		}
		Exception thrown = failure.get();
		if (thrown instanceof LeaseLost) {
			logger.warn("Rolled back what listener '" + this.endpoint.id() + "' did about " + messages(deliveries)
					+ ", because the lease was lost meanwhile");
		}
		else if (thrown != null) {
			throw thrown;
		}
	}

	private void checkTransaction() {
		if (!TransactionSynchronizationManager.hasResource(this.context.store().dataSource())) {
			throw new PgqrsException(
					"Listener '" + this.endpoint.id() + "' has ack mode TRANSACTIONAL, but its transaction manager ("
							+ this.context.transactionManager().getClass().getName()
							+ ") does not work on the data source that holds the queue");
		}
	}

	private void completeInTransaction(List<Delivery> deliveries, boolean archive) {
		Set<Long> completed = complete(deliveries, archive);
		if (completed.size() < deliveries.size()) {
			this.leases.settle(deliveries, completed);
			throw new LeaseLost();
		}
	}

	@Override
	public boolean needsDurableClaims() {
		return false;
	}

	@Override
	public Set<Long> complete(List<Delivery> deliveries) {
		return complete(deliveries, isArchiving(deliveries));
	}

	private Set<Long> complete(List<Delivery> deliveries, boolean archive) {
		return this.messages.complete(deliveries.stream().map((delivery) -> delivery.message().lease()).toList(),
				archive);
	}

	private static boolean isArchiving(List<Delivery> deliveries) {
		return deliveries.get(0).queue().info().onSuccess() == OnSuccess.ARCHIVE;
	}

	private void giveUpUnreadable(List<Delivery> deliveries, UnreadableMessagesException unreadable) {
		List<Delivery> dead = deliveries.stream()
			.filter((delivery) -> unreadable.getFailures().containsKey(delivery.message()))
			.toList();
		if (dead.isEmpty()) {
			// Not about these messages: a failure like any other.
			fail(deliveries, unreadable);
			deliveries.clear();
			return;
		}
		deliveries.removeAll(dead);
		List<Death> deaths = new ArrayList<>();
		unreadable.getFailures().forEach((message, exception) -> {
			logger.warn("Cannot read " + message + "; it becomes a dead letter", exception);
			deaths.add(new Death(message.lease(), FailureReport.of(exception)));
		});
		int held = this.leases.remove(dead);
		report(dead.get(0).queue(), held, this.messages.deadLetter(deaths).size(), 0);
	}

	private void fail(List<Delivery> deliveries, Throwable exception) {
		if (this.shutdown.isForced()) {
			return;
		}
		int held = this.leases.remove(deliveries);
		boolean explained = this.context.store().availability().explains(exception);
		ConsumedQueue queue = deliveries.get(0).queue();
		List<Release> releases = new ArrayList<>();
		List<Death> deaths = new ArrayList<>();
		for (Delivery delivery : deliveries) {
			QueueMessage message = delivery.message();
			if (decide(new Failure(message, exception, queue.maxAttempts(), queue.info())) instanceof Retry retry) {
				releases.add(new Release(message.lease(), retry.delay(), true));
			}
			else {
				deaths.add(new Death(message.lease(), FailureReport.of(exception)));
			}
		}
		Set<Long> dead = deaths.isEmpty() ? Set.of() : this.messages.deadLetter(deaths);
		if (!dead.isEmpty()) {
			logger.warn(failedOn(dead, deliveries) + "; dead letters now", exception);
		}
		Set<Long> released = releases.isEmpty() ? Set.of() : this.messages.release(releases);
		if (!releases.isEmpty()) {
			Duration delay = releases.stream().map(Release::delay).min(Duration::compareTo).orElseThrow();
			if (!released.isEmpty() && !explained && !this.context.store().availability().explains(exception)) {
				logger.warn(failedOn(released, deliveries) + "; next attempt in " + delay + ": " + exception);
			}
			logger.debug("The failure was", exception);
			this.wakeUps.becomesDue(queue.name(), delay);
		}
		report(queue, held, dead.size(), released.size());
	}

	/** What was lost meanwhile is somebody else's, and no longer worth a word. */
	private String failedOn(Set<Long> settled, List<Delivery> deliveries) {
		return "Listener '" + this.endpoint.id() + "' failed on "
				+ messages(deliveries).stream().filter((message) -> settled.contains(message.id())).toList();
	}

	/** Of those that were held, who is neither dead nor retried had lost its lease. */
	private void report(ConsumedQueue queue, int held, int dead, int retried) {
		if (dead > 0) {
			this.events.deadLettered(queue.name(), dead);
		}
		if (retried > 0) {
			this.events.retried(queue.name(), retried);
		}
		if (held > dead + retried) {
			this.events.leasesLost(queue.name(), held - dead - retried);
		}
	}

	private Verdict decide(Failure failure) {
		try {
			return this.failurePolicy.decide(failure);
		}
		catch (RuntimeException ex) {
			logger.error("The failure policy failed on " + failure.message() + "; retrying after the longest backoff",
					ex);
			return new Retry(failure.queue().maxBackoff());
		}
	}

	private static List<QueueMessage> messages(List<Delivery> deliveries) {
		return deliveries.stream().map(Delivery::message).toList();
	}

	/** There was no transaction to call the listener in. */
	private static final class NotBegun extends RuntimeException {

		private static final long serialVersionUID = 1L;

		NotBegun(RuntimeException cause) {
			super(null, cause, false, false);
		}

	}

	/** Rolls back what was done under a lease that is gone. */
	private static final class LeaseLost extends RuntimeException {

		private static final long serialVersionUID = 1L;

		LeaseLost() {
			super(null, null, false, false);
		}

	}

}
