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
import io.pgqrs.store.Availability.Activity;
import io.pgqrs.store.PgqrsStore;
import io.pgqrs.store.Reclaimed;
import io.pgqrs.store.WorkerRecord.Registration;
import io.pgqrs.store.WorkerStore;
import io.pgqrs.support.micrometer.Instrumentation;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * This process as a worker: the name in which its containers claim. Registers with the
 * first container, sends heartbeats while there is one, and looks for workers that fell
 * silent, whose messages it frees. When it was itself declared dead, its containers stop
 * handling what they lost, and it registers anew.
 * <p>
 * Who was silent itself does not judge others: after an outage of the database all
 * workers are late, and whoever comes back first would declare the others dead. So it
 * looks for silent workers only when its own heartbeats have arrived for as long as a
 * worker may be silent.
 *
 * @since 0.1
 */
public final class PgqrsWorker {

	private static final Log logger = LogFactory.getLog(PgqrsWorker.class);

	/** Dead workers are looked for this often while one may be silent. */
	private static final int LOOKS = 10;

	private final WorkerStore store;

	private final WakeUps wakeUps;

	private final String name;

	private final Duration heartbeatInterval;

	private final Duration deadAfter;

	private final Activity beating;

	private final Activity looking;

	/** Of the members and the id. No statement is waited for under it. */
	private final ReentrantLock lock = new ReentrantLock();

	private final ReentrantLock registration = new ReentrantLock();

	private final Map<Object, Member> members = new IdentityHashMap<>();

	private @Nullable ScheduledExecutorService scheduler;

	private volatile long id;

	private volatile Instrumentation instrumentation = Instrumentation.NONE;

	/**
	 * When the last heartbeat arrived, as {@code System.nanoTime()}; null before the
	 * first.
	 */
	private volatile @Nullable Long heardAt;

	/** Since when heartbeats arrive without a gap. */
	private long steadySince;

	/**
	 * Makes a worker whose silence is too long after two and a half heartbeat intervals.
	 * @param store where it registers
	 * @param wakeUps is told when messages were freed
	 * @param name of the worker
	 * @param heartbeatInterval how often it says that it is alive
	 */
	public PgqrsWorker(PgqrsStore store, WakeUps wakeUps, String name, Duration heartbeatInterval) {
		this(store, wakeUps, name, heartbeatInterval, deadAfter(heartbeatInterval));
	}

	/**
	 * Makes a worker.
	 * @param store where it registers
	 * @param wakeUps is told when messages were freed
	 * @param name of the worker
	 * @param heartbeatInterval how often it says that it is alive
	 * @param deadAfter the silence after which others declare it dead; at least twice the
	 * interval
	 */
	public PgqrsWorker(PgqrsStore store, WakeUps wakeUps, String name, Duration heartbeatInterval, Duration deadAfter) {
		Assert.isTrue(heartbeatInterval.toMillis() > 0, "'heartbeatInterval' must be at least a millisecond");
		Assert.isTrue(deadAfter.compareTo(heartbeatInterval.multipliedBy(2)) >= 0, () -> "'deadAfter' (" + deadAfter
				+ ") must be at least twice the heartbeat interval (" + heartbeatInterval + ")");
		this.store = store.workers();
		this.wakeUps = wakeUps;
		this.name = name;
		this.heartbeatInterval = heartbeatInterval;
		this.deadAfter = deadAfter;
		this.beating = store.availability().activity("the heartbeat of worker '" + name + "'", logger);
		this.looking = store.availability().activity("looking for silent workers", logger);
	}

	/**
	 * The silence after which a worker counts as dead unless told otherwise: it may miss
	 * two heartbeats, and is found dead before the third.
	 * @param heartbeatInterval how often it says that it is alive
	 * @return two and a half intervals
	 */
	public static Duration deadAfter(Duration heartbeatInterval) {
		return heartbeatInterval.multipliedBy(5).dividedBy(2);
	}

	/**
	 * Sets where to report what is reclaimed.
	 * @param instrumentation default is {@link Instrumentation#NONE}
	 */
	public void setInstrumentation(Instrumentation instrumentation) {
		this.instrumentation = instrumentation;
	}

	/**
	 * The id to claim with. Registers if need be.
	 * @return id of the worker; 0 if no container runs
	 */
	long id() {
		long current = this.id;
		return (current != 0) ? current : register();
	}

	private long register() {
		this.registration.lock();
		try {
			if (this.id == 0) {
				Registration self = new Registration(this.name, hostname(), ProcessHandle.current().pid(), version(),
						queues(), this.deadAfter);
				if (!become(this.store.register(self))) {
					return 0;
				}
			}
			return this.id;
		}
		finally {
			this.registration.unlock();
		}
	}

	private boolean become(long registered) {
		this.lock.lock();
		try {
			if (!this.members.isEmpty()) {
				this.id = registered;
				return true;
			}
		}
		finally {
			this.lock.unlock();
		}
		sayStopped(registered);
		return false;
	}

	/**
	 * A container begins to consume.
	 * @param declaredDead is called when the worker was declared dead
	 */
	void join(Object container, Collection<String> queues, Runnable declaredDead) {
		this.lock.lock();
		try {
			this.members.put(container, new Member(queues, declaredDead));
			if (this.scheduler != null) {
				// So that the others see at once what it consumes by now.
				this.scheduler.execute(this::beat);
				return;
			}
			ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor((task) -> {
				Thread thread = new Thread(task, "pgqrs-heartbeat");
				thread.setDaemon(true);
				return thread;
			});
			scheduler.scheduleWithFixedDelay(this::beat, 0, this.heartbeatInterval.toMillis(), TimeUnit.MILLISECONDS);
			long look = Math.max(1, this.deadAfter.toMillis() / LOOKS);
			scheduler.scheduleWithFixedDelay(this::lookForSilentWorkers, look, look, TimeUnit.MILLISECONDS);
			this.scheduler = scheduler;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** A container holds nothing any more. */
	void leave(Object container) {
		long last;
		this.lock.lock();
		try {
			this.members.remove(container);
			if (!this.members.isEmpty() || this.scheduler == null) {
				return;
			}
			this.scheduler.shutdownNow();
			this.scheduler = null;
			this.heardAt = null;
			last = this.id;
			this.id = 0;
		}
		finally {
			this.lock.unlock();
		}
		this.beating.close();
		this.looking.close();
		if (last != 0) {
			sayStopped(last);
		}
	}

	private void sayStopped(long stopped) {
		try {
			this.store.stopped(stopped);
		}
		catch (RuntimeException ex) {
			logger.debug("Could not say that this worker stopped; others will find it silent", ex);
		}
	}

	/**
	 * How long this worker has been silent.
	 * @return since its last heartbeat arrived; null if none has, or no container runs
	 */
	@Nullable Duration silence() {
		Long heard = this.heardAt;
		return (heard != null) ? Duration.ofNanos(System.nanoTime() - heard) : null;
	}

	/**
	 * Whether it has been silent for so long that others may declare it dead.
	 * @return false if no container runs
	 */
	public boolean isOverdue() {
		Duration silence = silence();
		return silence != null && silence.compareTo(this.deadAfter) > 0;
	}

	private void beat() {
		try {
			long current = this.id;
			if (current != 0 && !this.store.heartbeat(current, queues())) {
				declaredDead(current);
			}
			id();
			heard();
			this.beating.succeeded();
		}
		catch (Throwable ex) {
			this.steadySince = System.nanoTime();
			failed(this.beating, ex);
		}
	}

	/** What a stop interrupted is nobody's failure. */
	private void failed(Activity activity, Throwable failure) {
		if (isRunning()) {
			activity.failed(failure);
		}
	}

	private boolean isRunning() {
		this.lock.lock();
		try {
			return !this.members.isEmpty();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void heard() {
		long now = System.nanoTime();
		Long last = this.heardAt;
		if (last == null || now - last > this.deadAfter.toNanos()) {
			this.steadySince = now;
		}
		this.lock.lock();
		try {
			if (!this.members.isEmpty()) {
				this.heardAt = now;
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void declaredDead(long dead) {
		List<Member> all;
		this.lock.lock();
		try {
			if (this.id != dead) {
				// It stopped meanwhile, and may have begun anew.
				return;
			}
			this.id = 0;
			all = List.copyOf(this.members.values());
		}
		finally {
			this.lock.unlock();
		}
		logger
			.warn("Worker " + dead + " ('" + this.name + "') was declared dead, because nobody had heard of it for too "
					+ "long. What it held is delivered again; it registers anew");
		all.forEach((member) -> member.declaredDead().run());
	}

	private void lookForSilentWorkers() {
		Duration silence = silence();
		if (silence == null || silence.compareTo(this.deadAfter) >= 0
				|| System.nanoTime() - this.steadySince < this.deadAfter.toNanos()) {
			this.looking.close();
			return;
		}
		try {
			Reclaimed reclaimed = this.store.reclaim(this.deadAfter);
			if (!reclaimed.workers().isEmpty()) {
				logger.warn("Declared " + reclaimed.workers() + " dead, which were silent for too long, and freed what "
						+ "they held: " + reclaimed.messages());
				reclaimed.messages().forEach(this.instrumentation.events()::reclaimed);
				reclaimed.messages().keySet().forEach((queue) -> this.wakeUps.becomesDue(queue, Duration.ZERO));
			}
			this.looking.succeeded();
		}
		catch (Throwable ex) {
			failed(this.looking, ex);
		}
	}

	private List<String> queues() {
		this.lock.lock();
		try {
			return this.members.values()
				.stream()
				.flatMap((member) -> member.queues().stream())
				.distinct()
				.sorted()
				.toList();
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

	/**
	 * A container.
	 *
	 * @param queues what it consumes
	 * @param declaredDead is called when the worker was declared dead
	 */
	private record Member(Collection<String> queues, Runnable declaredDead) {
	}

}
