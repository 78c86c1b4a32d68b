package io.pgqrs.store.sqlite;

import java.time.Duration;

import org.springframework.util.Assert;

/**
 * How the connections to a SQLite file are set up.
 *
 * @param busyTimeout how long SQLite itself waits for another process that holds the
 * file's write lock; zero does not wait at all
 * @param synchronous when a commit is on disk
 * @param lockTimeout how long a thread waits for its turn to write before it gives up
 * with an exception that names the thread in front of it; a shorter query timeout of the
 * statement wins
 * @since 0.1.0
 */
public record SqliteOptions(Duration busyTimeout, Synchronous synchronous, Duration lockTimeout) {

	private static final Duration DEFAULT_BUSY_TIMEOUT = Duration.ofSeconds(5);

	private static final Duration DEFAULT_LOCK_TIMEOUT = Duration.ofSeconds(30);

	/**
	 * Checks the values.
	 */
	public SqliteOptions {
		Assert.isTrue(!busyTimeout.isNegative() && busyTimeout.toMillis() <= Integer.MAX_VALUE,
				() -> "The busy timeout must be between 0 and 24 days, but is " + busyTimeout);
		Assert.isTrue(!lockTimeout.isNegative() && !lockTimeout.isZero(),
				() -> "The lock timeout must be positive, but is " + lockTimeout);
	}

	/**
	 * The defaults: 5 s for other processes, {@link Synchronous#NORMAL}, 30 s for other
	 * threads.
	 * @return the default options
	 */
	public static SqliteOptions defaults() {
		return new SqliteOptions(DEFAULT_BUSY_TIMEOUT, Synchronous.NORMAL, DEFAULT_LOCK_TIMEOUT);
	}

	/**
	 * A copy with another busy timeout.
	 * @param busyTimeout how long to wait for other processes
	 * @return the copy
	 */
	public SqliteOptions withBusyTimeout(Duration busyTimeout) {
		return new SqliteOptions(busyTimeout, this.synchronous, this.lockTimeout);
	}

	/**
	 * A copy with another durability.
	 * @param synchronous when a commit is on disk
	 * @return the copy
	 */
	public SqliteOptions withSynchronous(Synchronous synchronous) {
		return new SqliteOptions(this.busyTimeout, synchronous, this.lockTimeout);
	}

	/**
	 * A copy with another lock timeout.
	 * @param lockTimeout how long to wait for other threads of this process
	 * @return the copy
	 */
	public SqliteOptions withLockTimeout(Duration lockTimeout) {
		return new SqliteOptions(this.busyTimeout, this.synchronous, lockTimeout);
	}

	/**
	 * When a commit is on disk. Neither can damage the file.
	 */
	public enum Synchronous {

		/**
		 * A commit survives the end of the process. The last commits before a power
		 * failure may be lost.
		 */
		NORMAL,

		/**
		 * A commit survives a power failure, at the price of one sync of the disk each.
		 */
		FULL

	}

}
