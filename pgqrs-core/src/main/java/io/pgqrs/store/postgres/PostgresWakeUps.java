package io.pgqrs.store.postgres;

import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import javax.sql.DataSource;

import io.pgqrs.store.Availability;
import io.pgqrs.store.Availability.Activity;
import io.pgqrs.store.WakeUpTransport;
import io.pgqrs.support.FailureReport;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcUtils;

/**
 * Wake-ups by {@code NOTIFY} and {@code LISTEN}. NOTIFY takes a lock of the whole
 * database at commit, so it is sent by a thread of its own, at once and then at most
 * every 20 ms, for all queues together. The connection that listens is not the pool's;
 * when it breaks it is opened again, with backoff, and everybody is woken: what was sent
 * meanwhile is lost. Behind a pooler that does not keep its session nobody listens.
 */
final class PostgresWakeUps implements WakeUpTransport {

	private static final Log logger = LogFactory.getLog(PostgresWakeUps.class);

	private static final long SEND_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

	/** A notification ends the wait; without one the connection is checked. */
	private static final int WAIT_MILLIS = 10_000;

	private static final long CLOSE_MILLIS = 2_000;

	private static final long MIN_BACKOFF_NANOS = TimeUnit.SECONDS.toNanos(1);

	private static final long MAX_BACKOFF_NANOS = TimeUnit.SECONDS.toNanos(30);

	/** Somebody may change the pooler. */
	private static final long POOLED_NANOS = TimeUnit.MINUTES.toNanos(5);

	// Nobody is left to be woken after a crash, so the commit does not wait for the disk
	// while it holds the lock.
	private static final String NOTIFY = """
			SELECT set_config('synchronous_commit', 'off', true), pg_notify(:channel, payload)
			FROM unnest(:payloads) AS payload""";

	private final JdbcClient jdbc;

	private final DataSource direct;

	private final Availability availability;

	/** The name of the schema: others in the same database do not hear each other. */
	private final String channel;

	private final SessionProbe probe;

	/** Marks what this process sent, which it knows already. */
	private final String origin = HexFormat.of().formatHex(SecureRandom.getSeed(6)) + "/";

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	/**
	 * Queues to announce. Changed under the lock; looked at without it by all who
	 * enqueue.
	 */
	private final Set<String> pending = ConcurrentHashMap.newKeySet();

	private @Nullable Thread sender;

	private volatile boolean closed;

	private volatile @Nullable Connection connection;

	private volatile boolean listening;

	PostgresWakeUps(JdbcClient jdbc, DataSource direct, String channel, Availability availability) {
		this.availability = availability;
		this.jdbc = jdbc;
		this.direct = direct;
		this.channel = channel;
		this.probe = new SessionProbe(jdbc, "pgqrs_probe_" + this.origin);
	}

	@Override
	public void publish(String queue) {
		if (this.pending.contains(queue)) {
			// It is taken from there before it is sent, so what is sent comes after this.
			return;
		}
		this.lock.lock();
		try {
			if (this.closed || !this.pending.add(queue)) {
				return;
			}
			if (this.sender == null) {
				this.sender = daemon("pgqrs-notify", this::sendAll);
			}
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void sendAll() {
		boolean failing = false;
		List<String> queues = next();
		while (!queues.isEmpty()) {
			try {
				String[] payloads = queues.stream().map((queue) -> this.origin + queue).toArray(String[]::new);
				this.jdbc.sql(NOTIFY).param("channel", this.channel).param("payloads", payloads).query((rs) -> {
				});
				failing = false;
			}
			catch (DataAccessException ex) {
				if (!failing && !this.availability.explains(ex)) {
					logger.warn("Could not notify other processes; they poll: " + FailureReport.rootMessage(ex));
				}
				failing = true;
			}
			pause(SEND_INTERVAL_NANOS);
			queues = next();
		}
	}

	/** Waits for something to send; empty when closed, and all is sent. */
	private List<String> next() {
		this.lock.lock();
		try {
			while (this.pending.isEmpty() && !this.closed) {
				this.changed.awaitUninterruptibly();
			}
			List<String> queues = new ArrayList<>(this.pending);
			this.pending.clear();
			return queues;
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void listen(Listener listener) {
		daemon("pgqrs-listen", () -> listenUntilClosed(listener));
	}

	private void listenUntilClosed(Listener listener) {
		long backoff = MIN_BACKOFF_NANOS;
		boolean pooled = false;
		try (Activity connecting = this.availability.activity("the connection that listens for wake-ups", logger)) {
			while (!this.closed) {
				try (Connection connection = this.direct.getConnection()) {
					this.connection = connection;
					if (this.probe.holdsSession(connection)) {
						listen(connection);
						connecting.succeeded();
						pooled = false;
						backoff = MIN_BACKOFF_NANOS;
						listener.wakeUpAll();
						receive(connection, listener);
					}
					else if (!this.closed) {
						connecting.succeeded();
						if (!pooled) {
							logger.info("Wake-ups of other processes do not arrive through a pooler in transaction "
									+ "mode; consumers poll. Point the data source at the server, or at a pooler in "
									+ "session mode");
						}
						pooled = true;
						backoff = POOLED_NANOS;
					}
				}
				catch (SQLException | RuntimeException ex) {
					if (!this.closed) {
						connecting.failed(ex);
					}
				}
				finally {
					this.listening = false;
					this.connection = null;
				}
				pause(backoff);
				backoff = Math.min(backoff * 2, MAX_BACKOFF_NANOS);
			}
		}
	}

	private void listen(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute("LISTEN \"" + this.channel + "\"");
		}
		this.listening = true;
	}

	private void receive(Connection connection, Listener listener) throws SQLException {
		PGConnection notifications = connection.unwrap(PGConnection.class);
		while (!this.closed) {
			PGNotification[] received = notifications.getNotifications(WAIT_MILLIS);
			if (received == null || received.length == 0) {
				if (!connection.isValid(WAIT_MILLIS / 1000)) {
					throw new SQLException("the server does not answer", "08006");
				}
				continue;
			}
			Set<String> queues = new LinkedHashSet<>();
			for (PGNotification notification : received) {
				String payload = notification.getParameter();
				if (!payload.startsWith(this.origin)) {
					queues.add(payload.substring(payload.indexOf('/') + 1));
				}
			}
			queues.forEach(listener::wakeUp);
		}
	}

	private void pause(long nanos) {
		this.lock.lock();
		try {
			long left = nanos;
			while (left > 0 && !this.closed) {
				left = this.changed.awaitNanos(left);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public boolean isListening() {
		return this.listening;
	}

	@Override
	public void close() {
		Thread sending;
		this.lock.lock();
		try {
			this.closed = true;
			this.changed.signalAll();
			sending = this.sender;
		}
		finally {
			this.lock.unlock();
		}
		// Nothing else ends a wait for notifications.
		JdbcUtils.closeConnection(this.connection);
		if (sending != null) {
			awaitEnd(sending);
		}
	}

	/** What a process enqueued just before its end is announced, too. */
	private static void awaitEnd(Thread thread) {
		try {
			thread.join(CLOSE_MILLIS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static Thread daemon(String name, Runnable task) {
		Thread thread = new Thread(task, name);
		thread.setDaemon(true);
		thread.start();
		return thread;
	}

}
