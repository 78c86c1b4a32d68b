package io.pgqrs.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.pgqrs.PgqrsException;
import io.pgqrs.QueueMessage;
import io.pgqrs.WakeUps.Subscription;
import io.pgqrs.store.Availability.Activity;
import io.pgqrs.store.Claim;
import io.pgqrs.store.Claims;
import io.pgqrs.support.QueueEvents;
import io.pgqrs.support.QueueEvents.Trigger;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.core.task.TaskRejectedException;

/**
 * A container between one start and the stop that follows: a thread that claims and
 * extends leases, threads that handle, and one that completes.
 */
final class ContainerRun {

	private static final Log logger = LogFactory.getLog(ContainerRun.class);

	private static final long MIN_BACKOFF_NANOS = TimeUnit.SECONDS.toNanos(1);

	private static final long MAX_BACKOFF_NANOS = TimeUnit.SECONDS.toNanos(30);

	/** How long a thread may take to begin. */
	private static final long BEGIN_SECONDS = 10;

	private final String id;

	private final ContainerOptions options;

	private final ContainerContext context;

	private final List<ConsumedQueue> queues;

	private final List<Subscription> subscriptions = new ArrayList<>();

	private final Waiter waiter = new Waiter();

	private final ContainerShutdown shutdown = new ContainerShutdown();

	private final Permits permits;

	private final Leases leases;

	private final Handling handling;

	private final Completions completions;

	private final Handlers handlers;

	private final CountDownLatch begun;

	private final AtomicBoolean fetching = new AtomicBoolean();

	private final CompletableFuture<Void> ended = new CompletableFuture<>();

	private final Activity consuming;

	private volatile boolean failed;

	/** Which queue goes first: each in its turn. */
	private int first;

	/** Whether the database has answered in this round. */
	private boolean answered;

	private volatile boolean paused;

	private volatile boolean wantsPermits;

	ContainerRun(PgqrsListenerEndpoint endpoint, ContainerOptions options, ContainerContext context, boolean paused) {
		this.id = endpoint.id();
		this.options = options;
		this.context = context;
		this.paused = paused;
		this.consuming = context.store().availability().activity(activity(this.id), logger);
		this.queues = endpoint.queues()
			.stream()
			.map((name) -> new ConsumedQueue(context.catalog().open(name), context.catalog(),
					context.store().messages().claimer(name), options))
			.toList();
		this.permits = new Permits(options);
		this.leases = new Leases(this.id, this.queues, context.store(), context.wakeUps(),
				(endpoint.listener() instanceof AccountingListener) ? QueueEvents.NONE
						: context.instrumentation().events());
		this.handling = (endpoint.listener() instanceof AccountingListener listener)
				? new TaskHandling(this.id, listener, context.instrumentation().events(), this.leases, this.shutdown)
				: new MessageHandling(endpoint, options.ackMode(), context, this.leases, this.shutdown);
		this.completions = new Completions(this.handling, this.leases, this.permits::someAreHandled,
				context.store().availability().activity("completing messages of listener '" + this.id + "'", logger));
		this.handlers = new Handlers(options.concurrency(), this::handle, this.waiter);
		this.begun = new CountDownLatch(options.concurrency() + 2);
	}

	/** What a container is called where the database is said to be out of reach. */
	static String activity(String listenerId) {
		return "listener '" + listenerId + "'";
	}

	void start() {
		for (ConsumedQueue queue : this.queues) {
			this.subscriptions.add(this.context.wakeUps().subscribe(List.of(queue.name()), (delay) -> {
				queue.becomesDue(delay);
				this.waiter.wakeUp();
			}));
		}
		this.context.worker()
			.join(this, this.queues.stream().map(ConsumedQueue::name).toList(), this::stopHandlingWhatIsLost);
		try {
			this.context.taskExecutor().execute(this::completeUntilClosed);
			for (int i = 0; i < this.options.concurrency(); i++) {
				this.context.taskExecutor().execute(this::handleUntilEnd);
			}
			this.context.taskExecutor().execute(this::fetchUntilStopped);
			if (!this.begun.await(BEGIN_SECONDS, TimeUnit.SECONDS)) {
				throw new TaskRejectedException("not all of them began within " + BEGIN_SECONDS + " s");
			}
		}
		catch (TaskRejectedException ex) {
			cancel();
			throw new PgqrsException("Listener '" + this.id + "' needs " + (this.options.concurrency() + 2)
					+ " threads for itself as long as it runs, one for each handler and two more, but its task executor "
					+ "has not as many to spare", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			cancel();
		}
	}

	/** Ends the threads that began, and tells those that begin later to end at once. */
	private void cancel() {
		this.shutdown.request();
		this.waiter.wakeUp();
		if (this.fetching.compareAndSet(false, true)) {
			end();
		}
	}

	/** Whether it claims, or would if there was something to claim. */
	boolean isRunning() {
		return !this.shutdown.isRequested() && !this.ended.isDone();
	}

	/** Whether it would claim, but cannot. */
	boolean isRecovering() {
		return this.consuming.isFailing();
	}

	/** Whether it stopped because of an error. */
	boolean hasFailed() {
		return this.failed;
	}

	void setPaused(boolean paused) {
		this.paused = paused;
		this.waiter.wakeUp();
	}

	/**
	 * Begins to stop.
	 * @return is completed when nothing runs and nothing is held any more
	 */
	CompletableFuture<Void> stop() {
		this.shutdown.request();
		this.waiter.wakeUp();
		return this.ended;
	}

	/** Whether the calling thread is one of the handlers. */
	boolean isHandler() {
		return this.handlers.includeCaller();
	}

	private void fetchUntilStopped() {
		this.begun.countDown();
		if (!this.fetching.compareAndSet(false, true)) {
			return;
		}
		try {
			long backoff = 0;
			while (!this.shutdown.isRequested()) {
				try {
					this.answered = this.leases.keep();
					boolean more = !this.paused && claim();
					if (this.answered) {
						this.consuming.succeeded();
					}
					else if (this.paused) {
						this.consuming.close();
					}
					backoff = 0;
					if (!more) {
						this.waiter.sleepUntil(nextLook());
					}
				}
				catch (RuntimeException ex) {
					this.consuming.failed(ex);
					backoff = Math.min(Math.max(backoff * 2, MIN_BACKOFF_NANOS), MAX_BACKOFF_NANOS);
					// No longer than leases can wait for their extension.
					sleepOut(Math.min(backoff, this.leases.interval()));
				}
			}
		}
		catch (InterruptedException ex) {
			logger.warn("Listener '" + this.id + "' was interrupted and stops");
		}
		catch (Throwable ex) {
			this.failed = true;
			logger.error("Listener '" + this.id + "' stops, because of an error", ex);
		}
		finally {
			this.shutdown.request();
			end();
		}
	}

	/** The worker was declared dead: most of it, if not all, is with others. */
	private void stopHandlingWhatIsLost() {
		try {
			this.handlers.interrupt(this.leases.forgetLost(this.leases.all()));
		}
		catch (RuntimeException ex) {
			logger.debug("Could not find out what was lost; the next extension of the leases will", ex);
		}
	}

	/** Sleeps although wake-ups come: they say nothing about a database that fails. */
	private void sleepOut(long nanos) throws InterruptedException {
		long deadline = System.nanoTime() + nanos;
		while (!this.shutdown.isRequested() && deadline - System.nanoTime() > 0) {
			this.waiter.sleepUntil(deadline);
		}
	}

	/**
	 * Claims from each queue that is due, in turns.
	 * @return whether there may be more to claim at once
	 */
	private boolean claim() {
		boolean more = false;
		this.first = (this.first + 1) % this.queues.size();
		for (int i = 0; i < this.queues.size(); i++) {
			ConsumedQueue queue = this.queues.get((this.first + i) % this.queues.size());
			if (!this.shutdown.isRequested() && queue.isDue()) {
				int limit = limit();
				if (limit == 0) {
					return false;
				}
				more |= claim(queue, limit);
			}
		}
		return more;
	}

	/**
	 * How many to claim; when it is 0, a handler that begins or ends wakes this thread.
	 */
	private int limit() {
		this.wantsPermits = false;
		int limit = this.permits.limit(this.handlers.areIdle());
		if (limit == 0) {
			this.wantsPermits = true;
			limit = this.permits.limit(this.handlers.areIdle());
			// A handler began meanwhile. Nobody wakes this thread any more, so it has to
			// poll.
			this.wantsPermits = limit == 0;
		}
		return limit;
	}

	private boolean claim(ConsumedQueue queue, int limit) {
		Trigger trigger = queue.claiming();
		QueueEvents events = this.context.instrumentation().events();
		try {
			long start = System.nanoTime();
			Claims claims = queue.claimer()
				.claim(new Claim(limit, this.context.worker().id(), this.options.visibilityTimeout(),
						this.options.maxAttempts(), false, trigger != Trigger.POLL,
						this.handling.needsDurableClaims()));
			this.answered = true;
			claims.exhausted()
				.forEach((message) -> logger.warn("Message " + message + " of queue '" + queue.name()
						+ "' had lost the lease of each delivery; it became a dead letter"));
			dispatch(claims.messages()
				.stream()
				.map((claimed) -> new Delivery(queue, new QueueMessage(queue.name(), claimed, this.context.json()),
						start))
				.toList());
			events.claimed(queue.name(), trigger, claims.messages().size());
			if (!claims.exhausted().isEmpty()) {
				events.deadLettered(queue.name(), claims.exhausted().size());
			}
			boolean full = claims.size() == limit;
			if (full) {
				queue.hasBacklog();
			}
			return full;
		}
		catch (RuntimeException ex) {
			events.claimFailed(queue.name());
			queue.becomesDueAgain();
			throw ex;
		}
	}

	private void dispatch(List<Delivery> deliveries) {
		if (deliveries.isEmpty()) {
			return;
		}
		deliveries.forEach(this.leases::add);
		try {
			this.handling.take(deliveries);
		}
		catch (RuntimeException ex) {
			this.leases.giveBack(deliveries, Duration.ZERO, false);
			throw ex;
		}
		this.permits.take(deliveries.size());
		if (this.options.batch()) {
			this.handlers.add(new Work(deliveries));
		}
		else {
			deliveries.forEach((delivery) -> this.handlers.add(new Work(List.of(delivery))));
		}
	}

	private long nextLook() {
		long next = System.nanoTime() + this.leases.interval();
		if (!this.paused && !this.wantsPermits) {
			for (ConsumedQueue queue : this.queues) {
				next = Math.min(next, queue.nextLook());
			}
		}
		return next;
	}

	private void handleUntilEnd() {
		this.handlers.join();
		this.begun.countDown();
		this.handlers.run();
	}

	private void handle(List<Delivery> deliveries) {
		// What was waiting for a thread waits no longer: there may be room for more.
		wakeUpIfPermitted();
		long start = System.nanoTime();
		List<Delivery> done = List.of();
		try {
			done = this.handling.handle(deliveries);
		}
		catch (RuntimeException | Error ex) {
			logger.error("Listener '" + this.id + "': could not handle " + deliveries.size() + " messages", ex);
			if (!this.shutdown.isForced()) {
				this.leases.giveBack(deliveries, deliveries.get(0).queue().initialBackoff(), true);
			}
		}
		finally {
			this.permits.giveBack(deliveries.size(), System.nanoTime() - start);
			if (!done.isEmpty()) {
				this.completions.add(done);
			}
			wakeUpIfPermitted();
		}
	}

	private void wakeUpIfPermitted() {
		if (this.wantsPermits && this.permits.limit(this.handlers.areIdle()) > 0) {
			this.waiter.wakeUp();
		}
	}

	private void completeUntilClosed() {
		this.begun.countDown();
		try {
			this.completions.run();
		}
		catch (Throwable ex) {
			this.failed = true;
			logger.error("Listener '" + this.id + "' stops, because of an error", ex);
			this.completions.abandon();
			stop();
		}
	}

	private void end() {
		try {
			new Ending(this.id, this.options.shutdownTimeout(), this.shutdown, this.handlers, this.completions,
					this.leases)
				.run();
		}
		finally {
			this.subscriptions.forEach(Subscription::close);
			this.consuming.close();
			this.context.worker().leave(this);
			logger.info("Listener '" + this.id + "' stopped");
			this.ended.complete(null);
		}
	}

}
