package io.pgqrs.listener;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import io.pgqrs.WakeUps;
import io.pgqrs.store.Reclaimed;
import io.pgqrs.store.WorkerRecord.Registration;
import io.pgqrs.store.WorkerStore;
import io.pgqrs.support.FailureReport;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * This process as a worker: the name in which its containers claim. Registers with the
 * first container, sends heartbeats while there is one, and looks for workers that fell
 * silent, whose messages it frees. When it was itself declared dead it registers anew.
 *
 * @since 0.1
 */
public final class PgqrsWorker {

	private static final Log logger = LogFactory.getLog(PgqrsWorker.class);

	private final WorkerStore store;

	private final WakeUps wakeUps;

	private final String name;

	private final Duration heartbeatInterval;

	private final Duration deadAfter;

	private final ReentrantLock lock = new ReentrantLock();

	private final Map<Object, Collection<String>> members = new IdentityHashMap<>();

	private @Nullable ScheduledExecutorService scheduler;

	private volatile long id;

	private boolean failing;

	/**
	 * Makes a worker.
	 * @param store where it registers
	 * @param wakeUps is told when messages were freed
	 * @param name of the worker
	 * @param heartbeatInterval how often it says that it is alive
	 * @param deadAfter the silence after which others, and it itself, declare a worker
	 * dead
	 */
	public PgqrsWorker(WorkerStore store, WakeUps wakeUps, String name, Duration heartbeatInterval,
			Duration deadAfter) {
		Assert.isTrue(heartbeatInterval.toMillis() > 0, "'heartbeatInterval' must be at least a millisecond");
		Assert.isTrue(deadAfter.compareTo(heartbeatInterval.multipliedBy(2)) >= 0, () -> "'deadAfter' (" + deadAfter
				+ ") must be at least twice the heartbeat interval (" + heartbeatInterval + ")");
		this.store = store;
		this.wakeUps = wakeUps;
		this.name = name;
		this.heartbeatInterval = heartbeatInterval;
		this.deadAfter = deadAfter;
	}

	/**
	 * The id to claim with. Registers if need be.
	 * @return id of the worker
	 */
	long id() {
		long current = this.id;
		return (current != 0) ? current : register();
	}

	private long register() {
		this.lock.lock();
		try {
			if (this.id == 0) {
				this.id = this.store.register(
						new Registration(this.name, hostname(), ProcessHandle.current().pid(), version(), queues()));
			}
			return this.id;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** A container begins to consume. */
	void join(Object container, Collection<String> queues) {
		this.lock.lock();
		try {
			this.members.put(container, queues);
			if (this.scheduler != null) {
				// So that the others see at once what it consumes by now.
				this.scheduler.execute(this::beat);
			}
			else {
				this.scheduler = Executors.newSingleThreadScheduledExecutor((task) -> {
					Thread thread = new Thread(task, "pgqrs-heartbeat");
					thread.setDaemon(true);
					return thread;
				});
				this.scheduler.scheduleWithFixedDelay(this::beat, this.heartbeatInterval.toMillis(),
						this.heartbeatInterval.toMillis(), TimeUnit.MILLISECONDS);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/** A container holds nothing any more. */
	void leave(Object container) {
		this.lock.lock();
		try {
			this.members.remove(container);
			if (!this.members.isEmpty() || this.scheduler == null) {
				return;
			}
			this.scheduler.shutdownNow();
			this.scheduler = null;
			if (this.id != 0) {
				this.store.stopped(this.id);
				this.id = 0;
			}
		}
		catch (RuntimeException ex) {
			logger.debug("Could not say that this worker stopped; others will find it silent", ex);
			this.id = 0;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void beat() {
		try {
			long current = this.id;
			if (current != 0 && !this.store.heartbeat(current, queues())) {
				logger
					.warn("Worker " + current + " ('" + this.name + "') was declared dead: it was silent for more than "
							+ this.deadAfter + ". What it held is delivered again; it registers anew");
				this.id = 0;
				id();
			}
			Reclaimed reclaimed = this.store.reclaim(this.deadAfter);
			if (!reclaimed.workers().isEmpty()) {
				logger.warn("Declared " + reclaimed.workers() + " dead, silent for more than " + this.deadAfter
						+ ", and freed what they held: " + reclaimed.messages());
				reclaimed.messages().keySet().forEach((queue) -> this.wakeUps.becomesDue(queue, Duration.ZERO));
			}
			this.failing = false;
		}
		catch (RuntimeException ex) {
			if (!this.failing) {
				logger.warn("No heartbeat: " + FailureReport.rootMessage(ex));
			}
			this.failing = true;
		}
	}

	private List<String> queues() {
		this.lock.lock();
		try {
			return this.members.values().stream().flatMap(Collection::stream).distinct().sorted().toList();
		}
		finally {
			this.lock.unlock();
		}
	}

	private static String hostname() {
		try {
			return InetAddress.getLocalHost().getHostName();
		}
		catch (UnknownHostException ex) {
			return "unknown";
		}
	}

	private static String version() {
		String version = PgqrsWorker.class.getPackage().getImplementationVersion();
		return (version != null) ? version : "development";
	}

}
